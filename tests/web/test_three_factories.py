"""Three factories come in from their own faulty files; a planner mends every fault in the browser, and one factory
lives a whole order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import Window
from tests.support.caller import Caller, Shop
from tests.support.faulty_factories import FACTORIES, HANBYEOL, INSTRUCTION, IRUM, ONGOEUL, FaultyFactory
from tests.support.suite import running_suite
from tests.support.waiting import jobs_of
from tests.support.world import eventually
from tests.web.mending import (
    REVIEWER,
    drop,
    expect_all_named,
    finding,
    mend_the_moulders,
    mend_the_press_shop,
    mend_the_sauces,
    set_the_rule_of_codes,
)
from tests.web.order_life import OPERATOR, PIN, Moulders

pytestmark = pytest.mark.anyio
PATIENCE_MS = 30_000
PIECES = 50
RUNNING_S = 5
"""Fifty pieces in five seconds: 0.1 s for each, where the routing says 1.5 s."""
Office = tuple[Shop, Caller, Window]


@asynccontextmanager
async def office(browser: Browser, folder: Path) -> AsyncIterator[Office]:
    """A shop that has nothing yet, its administrator, and the planner's window."""
    expect.set_options(timeout=PATIENCE_MS)
    with running_suite(folder / "data") as suite:
        async with Shop(suite) as shop:
            admin = await shop.set_up()
            planner = await Window.open(browser, suite.address)
            planner.context.set_default_timeout(PATIENCE_MS)
            await planner.enter("/imports")
            yield shop, admin, planner
            assert planner.complaints == []
            await planner.context.close()


async def bring_in(factory: FaultyFactory, planner: Window) -> None:
    """All files of the factory, one after the other, and how its codes shall look."""
    for kind, file in factory.files().items():
        await drop(planner, factory, kind, file)
    await set_the_rule_of_codes(planner, factory)


async def expect_all_mended(factory: FaultyFactory, admin: Caller, planner: Window) -> None:
    """No fault is named any more, and of the rest only instructions that nobody has written yet."""
    for fault in factory.faults:
        await expect(finding(planner, fault.finding, fault.key), str(fault)).to_have_count(0)
    left = (await admin.get("/orders/readiness"))["findings"]
    assert {finding["code"] for finding in left} <= {"instruction_missing"}


def test_there_are_twenty_faults() -> None:
    assert sum(len(factory.faults) for factory in FACTORIES) == 20


@pytest.mark.faults
async def test_the_press_shops_faults_are_named_and_mended(browser: Browser, tmp_path: Path) -> None:
    async with office(browser, tmp_path) as (_, admin, planner):
        await admin.post("/people", REVIEWER)
        await admin.put(f"/orders/instructions/{INSTRUCTION}", {"title": "외관·치수", "pages": [{"text": "5개마다"}]})
        await bring_in(HANBYEOL, planner)
        await stamp_too_fast(admin)
        await expect_all_named(planner, HANBYEOL)
        await mend_the_press_shop(planner, browser)
        await expect_all_mended(HANBYEOL, admin, planner)


async def stamp_too_fast(admin: Caller) -> None:
    """The first order of the bracket is stamped in a fraction of the time that its routing says."""
    order = await admin.post("/orders/work-orders", {"item": "HB1001", "quantity": PIECES, "due_at": soon()})
    await admin.post(f"/orders/work-orders/{order['id']}/release")
    job = (await jobs_of(admin, order))[0]
    await admin.post(f"/production/jobs/{job['id']}/start")
    await asyncio.sleep(RUNNING_S)
    await admin.post(f"/production/jobs/{job['id']}/results", {"good": PIECES})
    await admin.post(f"/production/jobs/{job['id']}/finish")

    async def report() -> dict[str, Any]:
        found: dict[str, Any] = await admin.get("/orders/readiness")
        return found

    await eventually(report, lambda found: "time_contradicted" in found["by_code"])


def soon() -> str:
    """In three days."""
    return (datetime.now(UTC) + timedelta(days=3)).isoformat()


@pytest.mark.faults
async def test_the_sauce_makers_faults_are_named_and_mended(browser: Browser, tmp_path: Path) -> None:
    async with office(browser, tmp_path) as (_, admin, planner):
        await bring_in(ONGOEUL, planner)
        await expect_all_named(planner, ONGOEUL)
        await mend_the_sauces(planner, ONGOEUL)
        await expect_all_mended(ONGOEUL, admin, planner)


@pytest.mark.long
async def test_the_moulders_faults_are_mended_an_order_lives_and_all_moves_to_an_empty_factory(
    browser: Browser, tmp_path: Path
) -> None:
    async with office(browser, tmp_path / "here") as (shop, admin, planner):
        await bring_in(IRUM, planner)
        await expect_all_named(planner, IRUM)
        await mend_the_moulders(planner)
        await expect_all_mended(IRUM, admin, planner)
        await admin.post("/people", {"code": OPERATOR, "name": "장미란", "roles": ["operator"], "pin": PIN})
        await live_an_order(Moulders(shop, admin, planner))
        exported = await export(planner, tmp_path / "everything.json")
        here = await admin.get("/orders/exchange/export.json")
    async with office(browser, tmp_path / "there") as (_, admin, planner):
        await planner.find("filter-everything").click()
        await planner.find("import-file").set_input_files(exported)
        await planner.find("import-apply").click()
        await expect(planner.page.locator(".import-done")).to_be_visible()
        assert (await admin.get("/orders/exchange/export.json"))["kinds"] == here["kinds"]


async def live_an_order(moulders: Moulders) -> None:
    """A thousand cap assemblies: exploded, released, one order changed, one split, all worked, completed and closed."""
    numbers = await moulders.explode(1000)
    cap, inner, assembly = numbers["CAP24"], numbers["INN24"], numbers["CAP24A"]
    await moulders.release_all()
    await moulders.change(inner, 1050, 10, "INJ06")
    rest = await moulders.split(cap, 400)

    await moulders.work(cap, 10, "INJ03", 598, BLACK_SPOT=2)
    await moulders.work(rest, 10, "INJ03", 402)
    await moulders.work(inner, 10, "INJ06", 1040, FLASH=10)
    await moulders.work(assembly, 10, None, 1000)
    await moulders.work(assembly, 20, "AS1", 995, SCRATCH=5)
    await moulders.work(assembly, 30, "AS1", 994, COLOUR=1)

    await moulders.close(cap, "2 EA 적게")
    await moulders.close(rest)
    await moulders.close(inner, "10 EA 적게")
    await moulders.close(assembly, "6 EA 적게", "994")
    made = {number: await moulders.order(number) for number in (cap, rest, inner, assembly)}
    assert {
        number: (order["state"], order["quantity"], order["good"], order["scrap"]) for number, order in made.items()
    } == {
        cap: ("closed", "600", "598", "2"),
        rest: ("closed", "400", "402", "0"),
        inner: ("closed", "1050", "1040", "10"),
        assembly: ("closed", "1000", "994", "6"),
    }


async def export(planner: Window, path: Path) -> Path:
    """Everything, taken away as JSON."""
    await planner.visit("/imports")
    await planner.find("tab-files").click()
    async with planner.page.expect_download() as saved:
        await planner.find("export-json").click()
    await (await saved.value).save_as(path)
    return path
