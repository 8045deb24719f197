"""A planner drops the shop's own spreadsheets in, is told twenty things that are wrong with them, and mends every one in the browser."""

import asyncio
import base64
from collections.abc import Iterator
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
