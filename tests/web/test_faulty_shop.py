"""A planner drops the shop's own spreadsheets in, is told twenty things that are wrong with them, and mends every one in the browser."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.support.browser import Window
from tests.support.caller import Caller, Shop
from tests.support.factory import furnish
from tests.support.faulty_shop import BOMS, FAULTS, ITEMS, ROUTINGS
from tests.support.suite import Suite, running_suite
from tests.support.waiting import jobs_of
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
PATIENCE_MS = 30_000
RULE = "@@####, @@-####, @@@##, @@@##@, @@###, COIL, NUT#"
INSTRUCTION = "WI-HB1001"
PASSWORD = "kkumi-7-haneul"
PIECES = 50
RUNNING_S = 15
"""Fifty pieces in fifteen seconds: 0.3 s for each, where the routing says 1.5 s."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    with running_suite(tmp_path_factory.mktemp("faulty-shop") / "data") as suite:
        yield suite


async def test_twenty_faults_of_the_shops_files_are_named_and_each_is_mended_in_the_browser(
    suite: Suite, browser: Browser
) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        await furnish(admin)
        await admin.put("/orders/work-centers/INJ", {"name": "사출"})
        reviewer = {"code": "QC1", "name": "정수빈", "roles": ["quality"], "login": "quality", "password": PASSWORD}
        await admin.post("/people", reviewer)
        planner = await Window.open(browser, suite.address)
        planner.context.set_default_timeout(PATIENCE_MS)
        async with asyncio.TaskGroup() as meanwhile:
            meanwhile.create_task(stamp_too_fast(admin))
            await drop_the_files(planner)
        await draft_an_instruction(admin)
        await eventually(lambda: named(admin), lambda found: ("time_contradicted", "HB1001") in found)

        await set_the_rule_of_codes(planner)
        await expect_all_named(planner)
        await mend_items(planner)
        await mend_rejected_rows(planner)
        await mend_operations(planner)
        await mend_the_bracket(planner, browser)
        for code, key in FAULTS:
            await expect(finding(planner, code, key), f"{code} of {key}").to_have_count(0)
        assert planner.complaints == []
        await planner.context.close()


async def stamp_too_fast(admin: Caller) -> None:
    """The first order of the bracket is stamped in a fraction of the time that its routing says."""
    due = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    order = await admin.post("/orders/work-orders", {"item": "HB1001", "quantity": PIECES, "due_at": due})
    await admin.post(f"/orders/work-orders/{order['id']}/release")
    job = (await jobs_of(admin, order))[0]
    await admin.post(f"/production/jobs/{job['id']}/start")
    await asyncio.sleep(RUNNING_S)
    await admin.post(f"/production/jobs/{job['id']}/results", {"good": PIECES})
    await admin.post(f"/production/jobs/{job['id']}/finish")


async def draft_an_instruction(admin: Caller) -> None:
    """Op 20 of the bracket is made by an instruction that nobody has approved yet."""
    await admin.put(f"/orders/instructions/{INSTRUCTION}", {"title": "마운팅 브라켓", "pages": [{"text": "200개씩"}]})
    routing = await admin.get("/orders/routings/HB1001")
    kept = ("op", "name", "work_center", "machine", "cycle_s", "per_cycle", "setup_s", "crew")
    first, second = ({name: step[name] for name in kept} for step in routing["operations"])
    await admin.put("/orders/routings/HB1001", {"operations": [first, second | {"instruction": INSTRUCTION}]})


async def named(caller: Caller) -> set[tuple[str, str]]:
    """What the report names: finding and entry."""
    report: dict[str, Any] = await caller.get("/orders/readiness")
    return {(finding["code"], finding["key"]) for finding in report["findings"]}


async def drop_the_files(planner: Window) -> None:
    """Item list, routings and BOMs, one after the other."""
    await planner.sign_in("/imports")
    for kind, content in (("items", ITEMS), ("routings", ROUTINGS), ("boms", BOMS)):
        await drop(planner, kind, content)


async def drop(planner: Window, kind: str, content: str) -> None:
    """Let a file as the shop's Excel writes it fall onto the page, and apply what can be taken."""
    await planner.find(f"filter-{kind}").click()
    held = await planner.page.evaluate_handle(
        """([name, content]) => {
            const held = new DataTransfer();
            held.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, { type: "text/csv" }));
            return held;
        }""",
        [f"{kind}.csv", base64.b64encode(content.encode("cp949")).decode()],
    )
    for happening in ("dragenter", "dragover", "drop"):
        await planner.page.dispatch_event("main", happening, {"dataTransfer": held})
    await expect(planner.page.locator(".import-file")).to_contain_text("CP949")
    await planner.find("import-apply").click()
    await expect(planner.page.locator(".import-done")).to_be_visible()


async def set_the_rule_of_codes(planner: Window) -> None:
    """How the shop's item codes shall look."""
    await planner.go("/readiness")
    await planner.find("rule-items").fill(RULE)
    await planner.find("rule-save-items").click()
    await expect(planner.find("rule-save-items")).to_have_count(0)


def finding(planner: Window, code: str, key: str) -> Locator:
    """A line of the report."""
    return planner.page.locator(f'[data-testid="finding"][data-code="{code}"][data-key="{key}"]')


async def unfold(planner: Window) -> None:
    """All lines of the report, also of kinds that have many."""
    await expect(planner.find("readiness-figures")).to_be_visible()
    more = planner.page.locator(".findings .list-more button")
    while await more.count():
        await more.first.click()


async def expect_all_named(planner: Window) -> None:
    """The report names each of the faults."""
    await unfold(planner)
    for code, key in FAULTS:
        await expect(finding(planner, code, key).first, f"{code} of {key}").to_be_visible()


@asynccontextmanager
async def mending(planner: Window, code: str, key: str, place: str = "") -> AsyncIterator[str]:
    """Follow the report's line to where it is mended; when that is done, the report no longer has the line."""
    line = finding(planner, code, key)
    if place:
        line = planner.page.locator(f'[data-testid="finding"][data-code="{code}"][data-key="{key}"][href$="{place}"]')
    words = await line.inner_text()
    await line.click()
    await expect(planner.find("readiness-figures")).to_have_count(0)
    await planner.settled()
    yield words
    await planner.page.locator('a.nav-item[href="/readiness"]').first.click()
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


async def pick(planner: Window, field: str, code: str) -> None:
    """Look for an entry by its code and take it."""
    await planner.find(field).fill(code)
    await planner.page.locator(".picker [role=option]", has_text=code).first.click()


async def take_out_of_use(planner: Window) -> None:
    """The item is not to be used any more."""
    await planner.find("fact-active").uncheck()
    await save(planner)


async def mend_items(planner: Window) -> None:
    """Units, codes and names that look like others, a code that nobody understands, and the row whose code has a space."""
    for code in ("HB3001", "CAP30"):
        async with mending(planner, "unit_missing", code):
            await fill(planner, "unit", "EA")
    async with mending(planner, "code_alike", "HB-1001"):
        await take_out_of_use(planner)
    async with mending(planner, "code_alike", "HB2001"):
        await planner.page.locator("a.back-link").click()
        await planner.page.get_by_role("searchbox").fill("HB2001")
        await planner.page.locator(".items-table tbody tr", has_text="ＨＢ２００１").click()
        await take_out_of_use(planner)
    async with mending(planner, "name_alike", "HB2001"):
        await fill(planner, "name-ko", "보강 ASSY 전착")
    async with mending(planner, "code_off_rule", "X1"):
        await take_out_of_use(planner)
    planner.expect_refusal(404)
    async with mending(planner, "row_rejected", "SC 500"):
        assert await planner.inspect("item-unknown") == []
        await planner.find("item-import").click()
        await drop(planner, "items", "품번,품명,구분,단위,박스수량\nSC500,고추장 소스 500g,완제품,EA,12\n")


async def mend_rejected_rows(planner: Window) -> None:
    """The routings and BOMs whose rows could not be taken are put together by hand."""
    async with mending(planner, "row_rejected", "HB4001", "#routing"):
        await add_an_operation(planner, "용접", "PR1", "5")
    await expect(finding(planner, "routing_missing", "HB4001")).to_have_count(0)
    async with mending(planner, "row_rejected", "HB4001", "#bom"):
        await begin_a_bom(planner, "COIL", "0.3")
    await expect(finding(planner, "bom_missing", "HB4001")).to_have_count(0)
    async with mending(planner, "row_rejected", "CAP24A"):
        await add_an_operation(planner, "조립", "PK", "2")
    await expect(finding(planner, "routing_missing", "CAP24A")).to_have_count(0)
    async with mending(planner, "row_rejected", "CAP24"):
        await begin_a_bom(planner, "COIL", "0.01")


async def add_an_operation(planner: Window, name: str, machine: str, seconds: str) -> None:
    """The first operation of an item."""
    await planner.find("operation-add").click()
    await planner.find("fact-name-ko").fill(name)
    await pick(planner, "fact-machine", machine)
    await fill(planner, "cycle_s", seconds)


async def begin_a_bom(planner: Window, component: str, quantity: str) -> None:
    """The first line of an item's BOM."""
    await planner.find("bom-edit").click()
    await pick(planner, "line-component", component)
    await planner.find("line-quantity").fill(quantity)
    await save(planner)


async def mend_operations(planner: Window) -> None:
    """Times, a lead time, and a machine at a work center that has none."""
    for code, seconds in (("HB3001", "4"), ("CAP30", "12")):
        async with mending(planner, "time_missing", code):
            await fill(planner, "cycle_s", seconds)
    async with mending(planner, "lead_time_missing", "HB2001"):
        await fill(planner, "lead_time_d", "2")
    async with mending(planner, "machine_missing", "CAP24"):
        await planner.go("/definitions/machines")
        await planner.find("definition-add").first.click()
        await planner.find("definition-code").fill("IJ1")
        await planner.find("fact-name-ko").fill("사출 1호기")
        await pick(planner, "fact-work_center", "INJ")
        await planner.find("document-save").click()
        await expect(planner.find("definition-sheet")).to_have_count(0)


async def mend_the_bracket(planner: Window, browser: Browser) -> None:
    """Another person approves the instruction, both operations name it, and the standard becomes what the press needs."""
    async with mending(planner, "instruction_not_approved", "HB1001"):
        await planner.find("instruction-submit").click()
        await expect(planner.find("instruction-state")).to_have_attribute("data-state", "in_review")
        reviewer = await Window.open(browser, planner.address)
        await reviewer.sign_in(f"/instructions/{INSTRUCTION}", "quality", PASSWORD)
        await reviewer.find("instruction-approve").click()
        await reviewer.find("approve-confirm").click()
        await expect(reviewer.find("instruction-state")).to_have_attribute("data-state", "approved")
        assert reviewer.complaints == []
        await reviewer.context.close()
    async with mending(planner, "instruction_missing", "HB1001"):
        await pick(planner, "fact-instruction", INSTRUCTION)
        await save(planner)
    async with mending(planner, "time_contradicted", "HB1001") as words:
        await fill(planner, "cycle_s", measured(words))


def measured(words: str) -> str:
    """The seconds a piece that the floor needed, as the report says them."""
    found = re.search(r"실측 ([\d.]+)초", words)
    assert found, words
    return found[1]
