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
class Place:
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
async def place(suite: Suite, admin: Caller, browser: Browser) -> AsyncIterator[Place]:
    async with working(suite, admin, browser) as place:
        yield place


@pytest.fixture
async def switchable(suite: Suite, admin: Caller, playwright: Playwright, tmp_path: Path) -> AsyncIterator[Place]:
    async with working(suite, admin, playwright, tmp_path / "tablet") as place:
        yield place


@asynccontextmanager
async def working(
    suite: Suite, admin: Caller, engine: Browser | Playwright, profile: Path | None = None
) -> AsyncIterator[Place]:
    """An operator has signed in, and the app is stored."""
    order = await release_order(admin)
    async with Wire(suite.port) as wire:
        tablet = Tablet(engine, wire.address, profile)
        await tablet.join(admin, MACHINE)
        await tablet.window.sign_in_by_pin(OPERATOR, PIN)
        await tablet.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        yield Place(admin, tablet, wire, order)
        await tablet.switch_off()
    job = await until(admin, order)
    if job["state"] in ("running", "paused"):
        await admin.post(f"/production/jobs/{job['id']}/finish")


async def test_a_tablet_that_was_off_starts_without_a_network_and_knows_its_machine(switchable: Place) -> None:
    place = switchable
    await place.starts()
    await place.tablet.until_sent()
    await place.wire.cut()
    await place.tablet.lose_power()
    await place.tablet.switch_on(f"/station/{MACHINE}")
    await place.is_("running")
    await expect(place.tablet.window.find("connection")).to_have_attribute("data-state", "offline")
    await place.makes_a_box(BOX)
    await expect(place.tablet.window.find("queue-depth")).to_have_text("1")
    await place.wire.mend()
    assert await place.states() == {"start": "done", "result": "done"}
    await until(place.admin, place.order, good=str(BOX))
    await expect(place.tablet.window.find("connection")).to_have_attribute("data-state", "online")


async def test_who_signs_in_without_a_network_works_and_what_he_did_is_sent_in_his_name(place: Place) -> None:
    await sign_out(place.tablet)
    await place.tablet.window.sign_in_by_pin(SECOND, PIN)
    await sign_out(place.tablet)
    await place.wire.cut()
    await place.tablet.page.reload()
    await place.tablet.window.sign_in_by_pin(SECOND, PIN)
    await place.starts()
    await place.makes_a_box(BOX)
    await sign_out(place.tablet)
    assert len(await place.tablet.queue()) == 2, "what was touched stays on the tablet when its operator goes"
    await place.wire.mend()

    async def results() -> list[Any]:
        found: list[Any] = (await place.admin.get("/production/results", work_order=place.order["id"]))["items"]
        return found

    sent = await eventually(results, bool)
    assert [(result["good"], result["person"]) for result in sent] == [(str(BOX), SECOND)]


async def test_a_wrong_pin_opens_nothing_without_a_network_either(place: Place) -> None:
    await sign_out(place.tablet)
    await place.wire.cut()
    for pin in ("111222", "111223"):
        await place.tablet.window.find("sign-in-person").first.wait_for()
        await place.tablet.page.locator(f'[data-testid="sign-in-person"][data-code="{OPERATOR}"]').click()
        await place.tablet.window.find("sign-in-pin").fill(pin)
        await place.tablet.window.find("sign-in-submit").click()
        await expect(place.tablet.page.get_by_role("alert")).to_contain_text("PIN")
        await place.tablet.page.reload()
    await place.wire.mend()


async def test_an_order_that_was_cancelled_meanwhile_keeps_what_was_made_of_it(place: Place) -> None:
    await place.starts()
    await place.tablet.until_sent()
    await place.wire.cut()
    await place.makes_a_box(BOX)
    await place.admin.post(f"/orders/work-orders/{place.order['id']}/cancel", {"reason": "customer"})
    await until(place.admin, place.order, state="cancelled")
    await place.finishes()
    await place.wire.mend()
    assert await place.states() == {"start": "done", "result": "flagged", "finish": "review", "label": "done"}
    job = await until(place.admin, place.order)
    assert job["good"] == str(BOX), "the pieces are there, whatever the office says"
    review = await review_of(place, "finish")
    assert (review["command"]["person"], review["machine"], review["problem"]["status"]) == (OPERATOR, MACHINE, 409)
    await place.tablet.window.find("log-open").click()
    entry = place.tablet.page.locator('[data-testid="log-entry"][data-kind="finish"]')
    await expect(entry).to_have_attribute("data-state", "review")
    await expect(entry).to_contain_text("리더")


async def test_an_order_that_was_put_on_hold_meanwhile_is_started_by_a_leader_or_not_at_all(place: Place) -> None:
    await place.opens()
    await place.wire.cut()
    await place.admin.post(f"/orders/work-orders/{place.order['id']}/hold", {"reason": "drawing"})
    await until(place.admin, place.order, state="blocked")
    await place.starts()
    await place.makes_a_box(BOX)
    await place.wire.mend()
    states = await place.states()
    assert states == {"start": "review", "result": "flagged"}
    assert (await until(place.admin, place.order))["good"] == str(BOX)
    await place.shows(BOX)


async def test_an_order_that_was_changed_meanwhile_counts_against_its_new_quantity(place: Place) -> None:
    await place.starts()
    await place.tablet.until_sent()
    await place.wire.cut()
    await place.makes_a_box(BOX)
    change = await place.admin.post(
        f"/orders/work-orders/{place.order['id']}/changes", {"quantity": "100", "reason": "the customer takes less"}
    )
    confirmed = [warning["code"] for warning in change["warnings"]]
    await place.admin.post(f"/orders/changes/{change['id']}/apply", {"confirmed": confirmed})
    await until(place.admin, place.order, planned="100")
    await expect(place.tablet.window.find("job-target")).to_have_attribute("data-value", "20000")
    await place.wire.mend()
    assert await place.states() == {"start": "done", "result": "flagged"}
    await expect(place.tablet.window.find("job-target")).to_have_attribute("data-value", "100")


async def test_an_order_that_was_split_meanwhile_goes_on_as_its_first_part(place: Place) -> None:
    await place.opens()
    await place.wire.cut()
    await place.starts()
    await place.makes_a_box(BOX)
    await place.admin.post(f"/orders/work-orders/{place.order['id']}/split", {"quantities": ["15000", "5000"]})
    await until(place.admin, place.order, planned="15000")
    await place.wire.mend()
    assert await place.states() == {"start": "done", "result": "done"}
    await until(place.admin, place.order, good=str(BOX), state="running")
    await expect(place.tablet.window.find("job-target")).to_have_attribute("data-value", "15000")
    await expect(place.tablet.page.locator(".queue-job")).to_contain_text([f"{place.order['number']}"])


async def test_two_tablets_on_one_job_add_up(place: Place, suite: Suite, browser: Browser) -> None:
    await place.starts()
    await place.tablet.until_sent()
    other = Tablet(browser, suite.address)
    await other.join(place.admin, MACHINE)
    await other.window.sign_in_by_pin(SECOND, PIN)
    await place.wire.cut()
    await place.makes_a_box(BOX)
    await other.window.find("good-plus-box").click()
    await expect(other.window.find("job-good")).to_have_attribute("data-value", str(BOX))
    await other.until_sent()
    await place.makes_a_box(2 * BOX)
    await place.wire.mend()
    await place.tablet.until_sent()
    await place.shows(3 * BOX)
    await expect(other.window.find("job-good")).to_have_attribute("data-value", str(3 * BOX))
    await until(place.admin, place.order, good=str(3 * BOX))
    await other.switch_off()


async def test_what_has_not_left_the_tablet_is_taken_back_without_a_trace_in_the_ledger(place: Place) -> None:
    await place.starts()
    await place.tablet.until_sent()
    await place.wire.cut()
    await place.makes_a_box(BOX)
    await place.makes_a_box(2 * BOX)
    await place.tablet.window.find("undo").click()
    await place.shows(BOX)
    await place.wire.mend()
    await place.tablet.until_sent()
    results = (await place.admin.get("/production/results", work_order=place.order["id"]))["items"]
    assert [result["good"] for result in results] == [str(BOX)]


@pytest.mark.faults
async def test_a_new_build_is_not_taken_while_somebody_works_or_something_waits(place: Place) -> None:
    page = place.tablet.page
    await place.starts()
    place.wire.build = b"a-build-of-today"[:16].replace(b"-", b"0")
    await page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.update())")
    waits = "() => navigator.serviceWorker.getRegistration().then((registration) => Boolean(registration.waiting))"
    await page.wait_for_function(waits)
    begun = await page.evaluate("performance.timeOrigin")
    await place.makes_a_box(BOX)
    await place.wire.cut()
    await place.makes_a_box(2 * BOX)
    await sign_out(place.tablet)
    await page.wait_for_timeout(9000)
    assert await page.evaluate("performance.timeOrigin") == begun, "what waits to be sent is not interrupted"
    await place.wire.mend()
    await page.wait_for_function("begun => performance.timeOrigin !== begun", arg=begun, timeout=40_000)
    assert await page.evaluate("caches.keys()") == [f"dure-{place.wire.build.decode()}"]
    await until(place.admin, place.order, good=str(2 * BOX))


async def sign_out(tablet: Tablet) -> None:
    await tablet.window.find("person").click()
    await tablet.window.find("sign-out").click()
    await expect(tablet.window.find("sign-in-person").first).to_be_visible()


async def review_of(place: Place, kind: str) -> dict[str, Any]:
    """What a leader finds of a command that was not accepted."""
    command = next(one for one in await place.tablet.queue() if one["kind"] == kind)
    review: dict[str, Any] = await place.admin.get(f"/production/reviews/of-command/{command['id']}")
    return review


async def test_a_page_that_the_worker_missed_is_taken_by_it_and_needs_no_network_from_then_on(place: Place) -> None:
    assert place.tablet.context is not None
    engine = await place.tablet.context.new_cdp_session(place.tablet.page)
    await engine.send("Page.reload", {"ignoreCache": True})  # such a page is loaded past its worker
    await place.tablet.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await place.wire.cut()
    await place.tablet.page.reload()
    await expect(place.tablet.window.find("connection")).to_have_attribute("data-state", "offline")
    await place.wire.mend()
