"""What happens to a tablet without a network, and to the shop while it is away: told as it happens on the floor."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Playwright, expect

from tests.support.browser import PATIENCE_MS
from tests.support.caller import Caller, Shop
from tests.support.press import BOX, MACHINE, OPERATOR, PIN, SECOND, prepare, release_order, until
from tests.support.suite import Suite
from tests.support.tablet import Tablet
from tests.support.wire import Wire
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        yield await prepare(shop, orders=0)


@dataclass
class Station:
    """A tablet at the press, its cable, an order for it, and the administrator in the office."""

    admin: Caller
    tablet: Tablet
    wire: Wire
    order: dict[str, Any]

    async def opens(self) -> None:
        """The operator chooses the order."""
        await self.tablet.window.find(f"job-{self.order['number']}-10").click()

    async def starts(self) -> None:
        """The operator chooses the order and starts it."""
        await self.opens()
        await self.tablet.window.find("job-start").click()
        await self.is_("running")

    async def makes_a_box(self, total: int) -> None:
        """One more box; the screen counts it at once."""
        await self.tablet.page.wait_for_timeout(550)
        await self.tablet.window.find("good-plus-box").click()
        await self.shows(total)

    async def finishes(self) -> None:
        """The order is done, as the operator sees it."""
        await self.tablet.window.find("job-finish").click()
        await self.tablet.window.find("finish-sheet").get_by_test_id("job-finish").click()
        await expect(self.tablet.page.locator(f'.job[data-testid="job-{self.order["number"]}-10"]')).to_have_count(0)

    async def is_(self, state: str) -> None:
        job = self.tablet.page.locator(f'.job[data-testid="job-{self.order["number"]}-10"]')
        await expect(job).to_have_attribute("data-state", state)

    async def shows(self, good: int) -> None:
        await expect(self.tablet.window.find("job-good")).to_have_attribute("data-value", str(good))

    async def states(self) -> dict[str, str]:
        """Each command by its kind, and its final state."""
        return {command["kind"]: command["state"] for command in await self.tablet.until_sent()}


@pytest.fixture
async def station(suite: Suite, admin: Caller, browser: Browser) -> AsyncIterator[Station]:
    async with working(suite, admin, browser) as station:
        yield station


@pytest.fixture
async def switchable(suite: Suite, admin: Caller, playwright: Playwright, tmp_path: Path) -> AsyncIterator[Station]:
    async with working(suite, admin, playwright, tmp_path / "tablet") as station:
        yield station


@asynccontextmanager
async def working(
    suite: Suite, admin: Caller, engine: Browser | Playwright, profile: Path | None = None
) -> AsyncIterator[Station]:
    """An operator has signed in, and the app is stored."""
    order = await release_order(admin)
    async with Wire(suite.port) as wire:
        tablet = Tablet(engine, wire.address, profile)
        await tablet.join(admin, MACHINE)
        await tablet.window.sign_in_by_pin(OPERATOR, PIN)
        await tablet.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        yield Station(admin, tablet, wire, order)
        await tablet.switch_off()
    job = await until(admin, order)
    if job["state"] in ("running", "paused"):
        await admin.post(f"/production/jobs/{job['id']}/finish")


async def test_a_tablet_that_was_off_starts_without_a_network_and_knows_its_machine(switchable: Station) -> None:
    station = switchable
    await station.starts()
    await station.tablet.until_sent()
    await station.wire.cut()
    await station.tablet.lose_power()
    await station.tablet.switch_on(f"/station/{MACHINE}")
    await station.is_("running")
    await expect(station.tablet.window.find("connection")).to_have_attribute("data-state", "offline")
    await station.makes_a_box(BOX)
    await expect(station.tablet.window.find("queue-depth")).to_have_text("1")
    await station.wire.mend()
    assert await station.states() == {"start": "done", "result": "done"}
    await until(station.admin, station.order, good=str(BOX))
    await expect(station.tablet.window.find("connection")).to_have_attribute("data-state", "online")


async def test_who_signs_in_without_a_network_works_and_what_he_did_is_sent_in_his_name(station: Station) -> None:
    await sign_out(station.tablet)
    await station.tablet.window.sign_in_by_pin(SECOND, PIN)
    await sign_out(station.tablet)
    await station.wire.cut()
    await station.tablet.page.reload()
    await station.tablet.window.sign_in_by_pin(SECOND, PIN)
    await station.starts()
    await station.makes_a_box(BOX)
    await sign_out(station.tablet)
    assert len(await station.tablet.queue()) == 2, "what was touched stays on the tablet when its operator goes"
    await station.wire.mend()

    async def results() -> list[Any]:
        found: list[Any] = (await station.admin.get("/production/results", work_order=station.order["id"]))["items"]
        return found

    sent = await eventually(results, bool)
    assert [(result["good"], result["person"]) for result in sent] == [(str(BOX), SECOND)]


async def test_a_wrong_pin_opens_nothing_without_a_network_either(station: Station) -> None:
    await sign_out(station.tablet)
    await station.wire.cut()
    for pin in ("111222", "111223"):
        await station.tablet.window.find("sign-in-person").first.wait_for()
        await station.tablet.page.locator(f'[data-testid="sign-in-person"][data-code="{OPERATOR}"]').click()
        await station.tablet.window.find("sign-in-pin").fill(pin)
        await station.tablet.window.find("sign-in-submit").click()
        await expect(station.tablet.page.get_by_role("alert")).to_contain_text("PIN")
        await station.tablet.page.reload()
    await station.wire.mend()


async def test_an_order_that_was_cancelled_meanwhile_keeps_what_was_made_of_it(station: Station) -> None:
    await station.starts()
    await station.tablet.until_sent()
    await station.wire.cut()
    await station.makes_a_box(BOX)
    await station.admin.post(f"/orders/work-orders/{station.order['id']}/cancel", {"reason": "customer"})
    await until(station.admin, station.order, state="cancelled")
    await station.finishes()
    await station.wire.mend()
    assert await station.states() == {"start": "done", "result": "flagged", "finish": "review", "label": "done"}
    job = await until(station.admin, station.order)
    assert job["good"] == str(BOX), "the pieces are there, whatever the office says"
    review = await review_of(station, "finish")
    assert (review["command"]["person"], review["machine"], review["problem"]["status"]) == (OPERATOR, MACHINE, 409)
    await station.tablet.window.find("log-open").click()
    entry = station.tablet.page.locator('[data-testid="log-entry"][data-kind="finish"]')
    await expect(entry).to_have_attribute("data-state", "review")
    await expect(entry).to_contain_text("반장")


async def test_an_order_that_was_put_on_hold_meanwhile_is_started_by_a_leader_or_not_at_all(station: Station) -> None:
    await station.opens()
    await station.wire.cut()
    await station.admin.post(f"/orders/work-orders/{station.order['id']}/hold", {"reason": "drawing"})
    await until(station.admin, station.order, state="blocked")
    await station.starts()
    await station.makes_a_box(BOX)
    await station.wire.mend()
    states = await station.states()
    assert states == {"start": "review", "result": "flagged"}
    assert (await until(station.admin, station.order))["good"] == str(BOX)
    await station.shows(BOX)


async def test_an_order_that_was_changed_meanwhile_counts_against_its_new_quantity(station: Station) -> None:
    await station.starts()
    await station.tablet.until_sent()
    await station.wire.cut()
    await station.makes_a_box(BOX)
    change = await station.admin.post(
        f"/orders/work-orders/{station.order['id']}/changes", {"quantity": "100", "reason": "the customer takes less"}
    )
    confirmed = [warning["code"] for warning in change["warnings"]]
    await station.admin.post(f"/orders/changes/{change['id']}/apply", {"confirmed": confirmed})
    await until(station.admin, station.order, planned="100")
    await expect(station.tablet.window.find("job-target")).to_have_attribute("data-value", "20000")
    await station.wire.mend()
    assert await station.states() == {"start": "done", "result": "flagged"}
    await expect(station.tablet.window.find("job-target")).to_have_attribute("data-value", "100")


async def test_an_order_that_was_split_meanwhile_goes_on_as_its_first_part(station: Station) -> None:
    await station.opens()
    await station.wire.cut()
    await station.starts()
    await station.makes_a_box(BOX)
    await station.admin.post(f"/orders/work-orders/{station.order['id']}/split", {"quantities": ["15000", "5000"]})
    await until(station.admin, station.order, planned="15000")
    await station.wire.mend()
    assert await station.states() == {"start": "done", "result": "done"}
    await until(station.admin, station.order, good=str(BOX), state="running")
    await expect(station.tablet.window.find("job-target")).to_have_attribute("data-value", "15000")
    await expect(station.tablet.page.locator(".queue-job")).to_contain_text([f"{station.order['number']}"])


async def test_two_tablets_on_one_job_add_up(station: Station, suite: Suite, browser: Browser) -> None:
    await station.starts()
    await station.tablet.until_sent()
    other = Tablet(browser, suite.address)
    await other.join(station.admin, MACHINE)
    await other.window.sign_in_by_pin(SECOND, PIN)
    await station.wire.cut()
    await station.makes_a_box(BOX)
    await other.window.find("good-plus-box").click()
    await expect(other.window.find("job-good")).to_have_attribute("data-value", str(BOX))
    await other.until_sent()
    await station.makes_a_box(2 * BOX)
    await station.wire.mend()
    await station.tablet.until_sent()
    await station.shows(3 * BOX)
    await expect(other.window.find("job-good")).to_have_attribute("data-value", str(3 * BOX))
    await until(station.admin, station.order, good=str(3 * BOX))
    await other.switch_off()


async def test_what_has_not_left_the_tablet_is_taken_back_without_a_trace_in_the_ledger(station: Station) -> None:
    await station.starts()
    await station.tablet.until_sent()
    await station.wire.cut()
    await station.makes_a_box(BOX)
    await station.makes_a_box(2 * BOX)
    await station.tablet.window.find("undo").click()
    await station.shows(BOX)
    await station.wire.mend()
    await station.tablet.until_sent()
    results = (await station.admin.get("/production/results", work_order=station.order["id"]))["items"]
    assert [result["good"] for result in results] == [str(BOX)]


@pytest.mark.faults
async def test_a_new_build_is_not_taken_while_somebody_works_or_something_waits(station: Station) -> None:
    page = station.tablet.page
    await station.starts()
    station.wire.build = b"a-build-of-today"[:16].replace(b"-", b"0")
    await page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.update())")
    waits = "() => navigator.serviceWorker.getRegistration().then((registration) => Boolean(registration.waiting))"
    await page.wait_for_function(waits)
    begun = await page.evaluate("performance.timeOrigin")
    await station.makes_a_box(BOX)
    await station.wire.cut()
    await station.makes_a_box(2 * BOX)
    await sign_out(station.tablet)
    await page.wait_for_timeout(9000)
    assert await page.evaluate("performance.timeOrigin") == begun, "what waits to be sent is not interrupted"
    await station.wire.mend()
    await page.wait_for_function("begun => performance.timeOrigin !== begun", arg=begun, timeout=40_000)
    assert await page.evaluate("caches.keys()") == [f"dure-{station.wire.build.decode()}"]
    await until(station.admin, station.order, good=str(2 * BOX))


async def sign_out(tablet: Tablet) -> None:
    await tablet.window.find("person").click()
    await tablet.window.find("sign-out").click()
    await expect(tablet.window.find("sign-in-person").first).to_be_visible()


async def review_of(station: Station, kind: str) -> dict[str, Any]:
    """What a leader finds of a command that was not accepted."""
    command = next(one for one in await station.tablet.queue() if one["kind"] == kind)
    review: dict[str, Any] = await station.admin.get(f"/production/reviews/of-command/{command['id']}")
    return review


async def test_a_page_that_the_worker_missed_is_taken_by_it_and_needs_no_network_from_then_on(station: Station) -> None:
    assert station.tablet.context is not None
    engine = await station.tablet.context.new_cdp_session(station.tablet.page)
    await engine.send("Page.reload", {"ignoreCache": True})  # such a page is loaded past its worker
    await station.tablet.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await station.wire.cut()
    await station.tablet.page.reload()
    await expect(station.tablet.window.find("connection")).to_have_attribute("data-state", "offline")
    await station.wire.mend()


async def test_what_is_weighed_is_typed_with_its_decimals_and_what_is_counted_without(station: Station) -> None:
    admin, find = station.admin, station.tablet.window.find
    sheet = find("report-sheet")
    await station.starts()
    await find("good-input").click()
    await expect(sheet.locator(".pad")).to_be_visible()
    await expect(sheet.locator('[data-digit="."]')).to_have_count(0)
    await sheet.get_by_test_id("good-input").fill("7.5")
    await expect(sheet.get_by_test_id("good-input")).to_have_value("7")
    await sheet.get_by_test_id("good-input").fill("")
    await station.tablet.page.keyboard.press("Escape")
    await station.finishes()

    await admin.put("/orders/items/POWDER", {"name": "분말", "kind": "finished", "unit": "KG"})
    steps = [{"op": 10, "name": "분쇄", "machine": MACHINE, "cycle_s": 10}]
    await admin.put("/orders/routings/POWDER", {"operations": steps})
    wish = {"item": "POWDER", "quantity": "20.5", "due_at": "2027-01-15T18:00:00+09:00"}
    station.order = await admin.post("/orders/work-orders", wish)
    await admin.post(f"/orders/work-orders/{station.order['id']}/release")
    await station.starts()
    await station.wire.cut()
    await find("good-input").click()
    for part in ("12.5", "", "0.35"):
        for digit in part:
            await sheet.locator(f'[data-digit="{digit}"]').click()
        if not part:
            await sheet.get_by_test_id("scrap-open").click()
            await sheet.get_by_test_id("scrap-BURR").click()
    await sheet.get_by_test_id("report-submit").click()
    await expect(find("job-good")).to_have_attribute("data-value", "12.5")
    await station.wire.mend()
    await until(admin, station.order, good="12.5", scrap="0.35")
    await station.finishes()
