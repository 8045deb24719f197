"""A shift at a press whose network comes and goes, and whose tablet loses power: what was touched is what the
ledger holds."""

import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from tests.support.browser import PATIENCE_MS
from tests.support.caller import Caller, Shop
from tests.support.press import BOX, MACHINE, OPERATOR, PIN, prepare
from tests.support.suite import running_suite
from tests.support.tablet import Tablet
from tests.support.wire import Wire

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
ORDERS = 6


@dataclass
class Pieces:
    """What was touched on one job."""

    good: int = 0
    scrap: int = 0


@dataclass
class ShiftOfTouches:
    """An operator at a tablet, and what he knows that he has touched."""

    tablet: Tablet
    wire: Wire
    chance: random.Random
    touched: dict[str, Pieces] = field(default_factory=dict)
    last: tuple[str, int, int] | None = None
    touches: int = 0
    outages: int = 0
    power_cuts: int = 0
    is_connected: bool = True

    async def work(self, touches: int, cuts: int, power_cuts: int) -> None:
        """So many touches; the network goes and comes, and the power goes, somewhere in between."""
        moments = self.chance.sample(range(1, touches), 2 * cuts + power_cuts)
        off = set(moments[:power_cuts])
        switched = set(moments[power_cuts:])
        for number in range(touches):
            if number in switched:
                await self._switch_the_network()
            if number in off:
                await self._lose_power()
            await self._touch()
        if not self.is_connected:
            await self._switch_the_network()

    async def _touch(self) -> None:
        """One thing that an operator does; the screen answers before any server could."""
        self.touches += 1
        state = await self._state()
        if state in ("ready", "paused"):
            await self.tablet.window.find("job-start").click()
            await self._is("running")
            return
        deed = self.chance.choices(
            [self._box, self._pad, self._undo, self._pause, self._finish], weights=[40, 25, 15, 15, 3]
        )[0]
        await deed()

    async def _box(self) -> None:
        await self.tablet.page.wait_for_timeout(550)  # a second touch sooner than that is the same finger
        await self.tablet.window.find("good-plus-box").click()
        await self._counted(BOX, 0)

    async def _pad(self) -> None:
        good, burrs = self.chance.randint(0, 40), self.chance.randint(1, 3)
        await self.tablet.window.find("good-input").click()
        sheet = self.tablet.window.find("report-sheet")
        await sheet.get_by_test_id("good-input").fill(str(good))
        for _ in range(burrs):
            await sheet.get_by_test_id("scrap-BURR").click()
        await sheet.get_by_test_id("report-submit").click(click_count=2)
        await expect(sheet).to_have_count(0)
        await self._counted(good, burrs)

    async def _undo(self) -> None:
        undo = self.tablet.window.find("undo")
        if self.last is None or self.last[0] != await self._number() or not await undo.count():
            await self._box()
            return
        _, good, scrap = self.last
        await undo.click()
        await self._counted(-good, -scrap)
        self.last = None

    async def _pause(self) -> None:
        await self.tablet.window.find("job-pause").click()
        await self.tablet.window.find("reason-U2").click()
        await self._is("paused")

    async def _finish(self) -> None:
        if len(self.touched) == ORDERS:
            await self._box()
            return
        number = await self._number()
        await self.tablet.window.find("job-finish").click()
        await self.tablet.window.find("finish-sheet").get_by_test_id("job-finish").click()
        await expect(self.tablet.page.locator(f'.job[data-testid="job-{number}-10"]')).to_have_count(0)

    async def _counted(self, good: int, scrap: int) -> None:
        number = await self._number()
        pieces = self.touched.setdefault(number, Pieces())
        pieces.good += good
        pieces.scrap += scrap
        self.last = (number, good, scrap)
        await self._shows(pieces)

    async def _shows(self, pieces: Pieces) -> None:
        await expect(self.tablet.window.find("job-good")).to_have_attribute("data-value", str(pieces.good))
        await expect(self.tablet.window.find("job-scrap")).to_have_attribute("data-value", str(pieces.scrap))

    async def _number(self) -> str:
        name = await self.tablet.page.locator(".job").get_attribute("data-testid")
        assert name
        return name.removeprefix("job-").removesuffix("-10")

    async def _state(self) -> str | None:
        return await self.tablet.page.locator(".job").get_attribute("data-state")

    async def _is(self, state: str) -> None:
        await expect(self.tablet.page.locator(".job")).to_have_attribute("data-state", state)

    async def _switch_the_network(self) -> None:
        if self.is_connected:
            await self.wire.cut()
            self.outages += 1
        else:
            await self.wire.mend()
        self.is_connected = not self.is_connected

    async def _lose_power(self) -> None:
        """The screen comes back as it was, with or without a network."""
        self.power_cuts += 1
        number, state = await self._number(), await self._state()
        await self.tablet.lose_power()
        await self.tablet.switch_on(f"/station/{MACHINE}")
        self.last = None  # who had to wait for a tablet does not take back what was before
        await expect(self.tablet.page.locator(f'.job[data-testid="job-{number}-10"]')).to_be_visible()
        await self._is(str(state))
        await self._shows(self.touched.get(number, Pieces()))


async def ledger(admin: Caller) -> dict[str, Pieces]:
    """What the results of each order's first operation add up to."""
    sums: dict[str, Pieces] = {}
    for result in await admin.every("/production/results", machine=MACHINE):
        pieces = sums.setdefault(result["number"], Pieces())
        pieces.good += int(result["good"])
        pieces.scrap += sum(int(entry["quantity"]) for entry in result["scrap"])
    return sums


@pytest.mark.parametrize(
    ("touches", "cuts", "power_cuts"),
    [
        pytest.param(30, 5, 1, marks=pytest.mark.long),
        pytest.param(200, 30, 5, marks=pytest.mark.faults, id="a whole shift"),
    ],
)
async def test_what_was_touched_in_a_shift_with_a_bad_network_is_what_the_ledger_holds(
    playwright: Playwright, tmp_path: Path, touches: int, cuts: int, power_cuts: int
) -> None:
    chance = random.Random(int(os.environ.get("SEED") or 20241125))
    with running_suite(tmp_path / "data") as suite:
        async with Shop(suite) as shop, Wire(suite.port) as wire:
            admin = await prepare(shop, ORDERS)
            tablet = Tablet(playwright, wire.address, tmp_path / "tablet")
            await tablet.join(admin, MACHINE)
            await tablet.window.sign_in_by_pin(OPERATOR, PIN)
            await tablet.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
            shift = ShiftOfTouches(tablet, wire, chance)
            await shift.work(touches, cuts, power_cuts)
            commands = await tablet.until_sent()
            assert (shift.touches, shift.outages, shift.power_cuts) == (touches, cuts, power_cuts)
            assert {command["state"] for command in commands} <= {"done", "flagged", "undone"}, commands
            assert await ledger(admin) == shift.touched
            await tablet.switch_off()
