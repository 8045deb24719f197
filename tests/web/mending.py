"""What a planner does to bring a factory's faulty files in and to mend what the readiness report names, in the
browser."""

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Locator, expect

from tests.support.browser import Window
from tests.support.faulty_factories import INSTRUCTION, FaultyFactory

REVIEWER = {
    "code": "QC1",
    "name": "정수빈",
    "roles": ["quality"],
    "login": "quality",
    "password": "kkumi-7-haneul",
}
"""Who approves what a planner has written."""


async def expect_fit(planner: Window, name: str) -> None:
    """A careful person would object to nothing on this screen."""
    objections = await planner.inspect(name)
    assert not objections, "\n".join(objections)


async def drop(planner: Window, factory: FaultyFactory, kind: str, file: bytes) -> None:
    """Let a file fall onto the page of imports, and apply what can be taken."""
    await planner.find(f"filter-{kind}").click()
    held = await planner.page.evaluate_handle(
        """([name, content]) => {
            const held = new DataTransfer();
            held.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
            return held;
        }""",
        [factory.file_name(kind), base64.b64encode(file).decode()],
    )
    for happening in ("dragenter", "dragover", "drop"):
        await planner.page.dispatch_event("main", happening, {"dataTransfer": held})
    await expect(planner.page.locator(".import-file")).to_contain_text(factory.encoding)
    await planner.find("import-apply").click()
    await expect(planner.page.locator(".import-done")).to_be_visible()


async def set_the_rule_of_codes(planner: Window, factory: FaultyFactory) -> None:
    """How the shop's item codes shall look."""
    await planner.visit("/readiness")
    await planner.find("rule-items").fill(factory.item_rule)
    await planner.find("rule-save-items").click()
    await expect(planner.find("rule-save-items")).to_have_count(0)


def finding(planner: Window, code: str, key: str) -> Locator:
    """The lines of the report that name this fault."""
    return planner.page.locator(f'[data-testid="finding"][data-code="{code}"][data-key="{key}"]')


async def unfold(planner: Window) -> None:
    """All lines of the report, also of kinds that have many."""
    await expect(planner.find("readiness-figures")).to_be_visible()
    more = planner.page.locator(".findings .list-more button")
    while await more.count():
        await more.first.click()


async def expect_all_named(planner: Window, factory: FaultyFactory) -> None:
    """The report names each fault of the factory."""
    await planner.visit("/readiness")
    await unfold(planner)
    for fault in factory.faults:
        await expect(finding(planner, fault.finding, fault.key).first, str(fault)).to_be_visible()
    await expect_fit(planner, f"readiness-{factory}")


@asynccontextmanager
async def mending(planner: Window, code: str, key: str) -> AsyncIterator[str]:
    """Follow a line of the report to where it is mended; when that is done, the report no longer has the line."""
    words = await finding(planner, code, key).first.locator(".grow").inner_text()
    line = finding(planner, code, key).filter(has_text=words)
    await line.first.click()
    await expect(planner.find("readiness-figures")).to_have_count(0)
    await planner.settled()
    yield words
    report = planner.page.locator('a.nav-item[href="/readiness"]').first
    if not await report.is_visible():  # the mending has ended on a page of another group
        await planner.find("nav-group-setup").first.click()
    await report.click()
    await unfold(planner)
    await expect(line).to_have_count(0)


async def save(planner: Window) -> None:
    """Save what was typed."""
    await planner.find("document-save").click()
    await expect(planner.find("save-bar")).to_have_count(0)


async def fill(planner: Window, field: str, value: str) -> None:
    """Type into one field, and save."""
    await planner.find(f"fact-{field}").fill(value)
    await save(planner)


async def pick(planner: Window, field: Locator, code: str) -> None:
    """Look for an entry by its code and take it."""
    await field.fill(code)
    option = planner.page.locator(".picker [role=option]").filter(has=planner.page.get_by_text(code, exact=True))
    await option.first.click()


async def take_out_of_use(planner: Window) -> None:
    """The item is not to be used any more."""
    await planner.find("fact-active").uncheck()
    await save(planner)


async def open_item(planner: Window, code: str) -> None:
    """From an item's page to another item's."""
    await planner.page.locator("a.back-link").click()
    await planner.page.get_by_role("searchbox").fill(code)
    await planner.page.locator(".items-table tbody tr").filter(has=planner.page.get_by_text(code, exact=True)).click()
    await planner.settled()


async def compose(planner: Window, *lines: tuple[str, str]) -> None:
    """The lines of an item's first BOM: component and quantity."""
    await planner.find("bom-edit").click()
    for place, (component, quantity) in enumerate(lines):
        if place:
            await planner.find("line-add").click()
        await pick(planner, planner.find("line-component").nth(place), component)
        await planner.find("line-quantity").nth(place).fill(quantity)
    await save(planner)


async def mend_the_press_shop(planner: Window, browser: Browser) -> None:
    """Codes that look like others, one that nobody understands, a lead time, a component, an instruction, a
    standard."""
    async with mending(planner, "code_alike", "HB-1001"):
        await take_out_of_use(planner)
    async with mending(planner, "code_alike", "HB2001"):
        await open_item(planner, "ＨＢ２００１")
        await take_out_of_use(planner)
    async with mending(planner, "code_off_rule", "1001B"):
        await take_out_of_use(planner)
    async with mending(planner, "lead_time_missing", "HB2001"):
        await fill(planner, "lead_time_d", "2")
    async with mending(planner, "row_rejected", "HB1001"):
        await compose(planner, ("SAPH440-2.0", "0.412"))
    async with mending(planner, "instruction_not_approved", "HB2001"):
        await planner.find("instruction-submit").click()
        await expect(planner.find("instruction-state")).to_have_attribute("data-state", "in_review")
        await approve(browser, planner.address)
    for _ in ("10", "20"):
        async with mending(planner, "instruction_missing", "HB1001"):
            await pick(planner, planner.find("fact-instruction"), INSTRUCTION)
            await save(planner)
    async with mending(planner, "time_contradicted", "HB1001") as words:
        await fill(planner, "cycle_s", measured(words))


async def approve(browser: Browser, address: str) -> None:
    """Another person reads the instruction and approves it."""
    reviewer = await Window.open(browser, address)
    await reviewer.enter(f"/instructions/{INSTRUCTION}", str(REVIEWER["login"]), str(REVIEWER["password"]))
    await reviewer.find("instruction-approve").click()
    await reviewer.find("approve-confirm").click()
    await expect(reviewer.find("instruction-state")).to_have_attribute("data-state", "approved")
    assert reviewer.complaints == []
    await reviewer.context.close()


def measured(words: str) -> str:
    """The seconds a piece that the floor needed, as the report says them."""
    found = re.search(r"실측 ([\d.]+)초", words)
    assert found, words
    return found[1]


async def mend_the_moulders(planner: Window) -> None:
    """A unit, a cycle time, two entries that are there already, a machine that was forgotten, a BOM that leads back
    to itself."""
    async with mending(planner, "unit_missing", "CAP24"):
        await fill(planner, "unit", "EA")
    async with mending(planner, "name_alike", "INN23"):
        await take_out_of_use(planner)
    async with mending(planner, "code_alike", "M-CAP-24"):
        await planner.find("fact-active").uncheck()
        await planner.find("document-save").click()
        await expect(planner.find("definition-sheet")).to_have_count(0)
    async with mending(planner, "time_missing", "INN24"):
        await fill(planner, "cycle_s", "22")
    async with mending(planner, "machine_missing", "CAP24A"):
        await planner.visit("/definitions/machines")
        await planner.find("definition-add").first.click()
        await planner.find("definition-code").fill("AS1")
        await planner.find("fact-name-ko").fill("조립 1라인")
        await pick(planner, planner.find("fact-work_center"), "ASSY")
        await planner.find("document-save").click()
        await expect(planner.find("definition-sheet")).to_have_count(0)
    async with mending(planner, "row_rejected", "CAP24A") as words:
        assert "CAP24A → CAP24 → CAP24A" in words
        await open_item(planner, "CAP24")
        await planner.find("tab-bom").click()
        await planner.find("bom-edit").click()
        await planner.page.locator('[data-field="lines.CAP24A"]').get_by_test_id("line-remove").click()
        await save(planner)
        await open_item(planner, "CAP24A")
        await planner.find("tab-bom").click()
        await compose(planner, ("CAP24", "1"), ("INN24", "1"))


async def mend_the_sauces(planner: Window, factory: FaultyFactory) -> None:
    """A unit, a row that could not be taken, a jar that is there already, a code of somebody's own, a product that
    nobody can make yet."""
    planner.expect_refusal(404)
    async with mending(planner, "row_rejected", "SC 2K"):
        await expect_fit(planner, "item-unknown")
        await planner.find("item-import").click()
        await drop(planner, factory, "items", factory.corrected("items"))
    async with mending(planner, "code_alike", "PM-01"):
        await take_out_of_use(planner)
    async with mending(planner, "code_off_rule", "깨소금"):
        await take_out_of_use(planner)
    async with mending(planner, "routing_missing", "SC1K"):
        await planner.find("operation-add").click()
        await planner.find("fact-name-ko").fill("라벨·박스")
        await pick(planner, planner.find("fact-machine"), "LB1")
        await fill(planner, "cycle_s", "1.5")
    async with mending(planner, "bom_missing", "SC1K"):
        await compose(planner, ("RM01", "0.38"), ("RM02", "0.24"), ("PM01", "1"))
