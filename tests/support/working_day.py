"""A morning and half an afternoon at the demo factory, lived through the public API."""

import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.support import suite as suites
from tests.support.caller import Caller, Shop
from tests.support.shop_clock import ShopClock
from tests.support.world import eventually

SEOUL = ZoneInfo("Asia/Seoul")
NOW = "14:32"
"""When the pictures are taken."""
EVERY = timedelta(minutes=20)
"""How often an operator reports."""
PINS = {"1101": "482917", "1106": "619304", "1110": "750283"}
"""The PINs of those who can sign in on a tablet, by person."""


@dataclass(frozen=True)
class Run:
    """A machine makes an item's n-th order from one time to another, ``cycle`` seconds a piece."""

    machine: str
    item: str
    order: int
    begins: str
    ends: str
    cycle: float
    defects: tuple[str, ...]
    setup_until: str = ""
    stops: tuple[tuple[str, str, str], ...] = ()
    """From, to and the reason; an open end lasts until now."""
    finished: bool = True


LUNCH = ("12:10", "13:00", "P1")
DAY = (
    Run("PR200P", "HB1001", 0, "08:30", "11:32", 1.55, ("BURR", "BURR", "DENT"), "09:02", (("10:05", "10:16", "U3"),)),
    Run("PR200P", "HB1001", 1, "11:34", "12:09", 1.5, ("BURR", "DIMENSION"), "11:40"),
    Run(
        "PR200P",
        "HB1001",
        3,
        "12:09",
        NOW,
        1.57,
        ("BURR", "DENT"),
        "",
        (LUNCH, ("13:41", "13:47", "U4")),
        finished=False,
    ),
    Run("PR110", "HB2001", 0, "08:31", "09:43", 2.1, ("DENT",), "08:52"),
    Run("PR110", "HB2001", 1, "13:24", NOW, 2.2, ("DENT", "CRACK"), "13:46", finished=False),
    Run("PR200", "HB2001", 0, "09:13", "13:58", 8.2, ("CRACK", "DENT"), "09:40", (LUNCH, ("11:15", "11:23", "U7"))),
    Run("PR200", "HB2001", 1, "14:14", NOW, 8.2, (), NOW, finished=False),
    Run(
        "PR150",
        "HB2001",
        0,
        "11:08",
        NOW,
        7.4,
        ("MISSING_HOLE", "BURR"),
        "11:31",
        (LUNCH, ("14:09", NOW, "U2")),
        finished=False,
    ),
    Run(
        "SW1",
        "HB2001",
        0,
        "11:52",
        NOW,
        14.6,
        ("WELD", "WELD", "CRACK"),
        "12:01",
        (LUNCH, ("13:22", "13:31", "U5")),
        finished=False,
    ),
    Run("PK", "HB1001", 0, "09:40", "13:51", 2.6, ("DIMENSION", "DENT"), "", (LUNCH,)),
)


def at(time: str) -> datetime:
    """On the day of this run, in the shop."""
    day = os.environ.get("DURE_TEST_DAY") or datetime.now(SEOUL).date().isoformat()
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SEOUL)


@asynccontextmanager
async def working_day(folder: Path) -> AsyncIterator[tuple[Shop, Caller]]:
    """The demo factory at ``NOW``, and its administrator; a test run lives the day once, and copies it."""
    if suites.shared_folder is None:
        async with _lived(folder) as shop_and_admin:
            yield shop_and_admin
        return
    with suites.made_once("working-day") as (made, is_missing):
        if is_missing:
            half = made.with_name("half-a-day")
            async with _lived(half):
                pass
            half.rename(made)
    suites.copy_folder(made, folder)
    with _demo(folder) as suite:
        async with Shop(suite) as shop:
            yield shop, await shop.sign_in()


@asynccontextmanager
async def _lived(folder: Path) -> AsyncIterator[tuple[Shop, Caller]]:
    clock = ShopClock(folder / "clock")
    clock.set(at("08:20"))
    with _demo(folder) as suite:
        async with Shop(suite) as shop:
            admin = await shop.set_up()
            await WorkingDay(admin, clock).live()
            yield shop, admin


def _demo(folder: Path) -> AbstractContextManager[suites.Suite]:
    """The demo factory, whose clock is the file in ``folder``."""
    environment = {"DURE_SHOP_CLOCK": str(folder / "clock"), "DURE_DEMO_DAYS": "0"}
    return suites.running_suite(folder / "data", "--demo", "hanbyeol_press", keep=True, **environment)


URGENT = (("HB2001", 240, "13:00", "대성오토텍"), ("HB1001", 800, "18:00", "㈜금강모터스"))
"""The orders that came in by telephone: item, quantity, until when, for whom."""


@dataclass
class WorkingDay:
    """Lives ``DAY`` with the clock of a suite, then leaves it at ``NOW``."""

    admin: Caller
    clock: ShopClock
    jobs: dict[Run, dict[str, Any]] = field(default_factory=dict)

    async def live(self) -> None:
        """Everything that happens, in its order."""
        for code, pin in PINS.items():
            assert (await self.admin.http.patch(f"/people/{code}", json={"pin": pin})).is_success
        chance = random.Random(7)
        happenings = sorted((step for run in DAY for step in self._steps(run, chance)), key=lambda step: step[0])
        for moment, run, action, body in happenings:
            self.clock.set(moment)
            if run not in self.jobs:
                self.jobs[run] = await self._job(run)
            await self.admin.post(f"/production/jobs/{self.jobs[run]['id']}/{action}", body)
        self.clock.set(at(NOW))
        for item, quantity, due, customer in URGENT:
            body = {"item": item, "quantity": quantity, "due_at": at(due).isoformat(), "customer": customer}
            order = await self.admin.post("/orders/work-orders", body)
            await self.admin.post(f"/orders/work-orders/{order['id']}/release")

    def _steps(self, run: Run, chance: random.Random) -> Iterator[tuple[datetime, Run, str, dict[str, Any]]]:
        begins = at(run.setup_until or run.begins)
        yield at(run.begins), run, "start", {"machine": run.machine}
        if run.setup_until:
            yield at(run.begins), run, "pause", {"reason": "S1"}
            if run.setup_until != NOW:
                yield begins, run, "resume", {}
        for start, end, reason in sorted(run.stops):
            yield at(start), run, "pause", {"reason": reason}
            if end != NOW:
                yield at(end), run, "resume", {}
        made = begins
        while made < at(run.ends):
            until = min(made + EVERY, at(run.ends))
            if seconds := self._running_seconds(run, made, until):
                scrap = [
                    {"defect": defect, "quantity": chance.randint(1, 3)}
                    for defect in run.defects[: chance.randint(0, 2)]
                ]
                yield until, run, "results", {"good": int(seconds / run.cycle), "scrap": _merged(scrap)}
            made = until
        if run.finished:
            yield at(run.ends), run, "finish", {}

    def _running_seconds(self, run: Run, begins: datetime, ends: datetime) -> float:
        stopped = sum(
            max(0.0, (min(ends, at(end)) - max(begins, at(start))).total_seconds()) for start, end, _ in run.stops
        )
        return (ends - begins).total_seconds() - stopped

    async def _job(self, run: Run) -> dict[str, Any]:
        """The item's n-th open order on the machine, by due date."""

        async def look() -> list[dict[str, Any]]:
            found = await self.admin.every("/production/jobs", machine=run.machine)
            mine = [job for job in found if job["item"] == run.item]
            return sorted(mine, key=lambda job: (job["due_at"], job["number"]))

        return (await eventually(look, lambda jobs: len(jobs) > run.order))[run.order]


def _merged(scrap: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each defect once."""
    sums: dict[str, int] = {}
    for one in scrap:
        sums[one["defect"]] = sums.get(one["defect"], 0) + one["quantity"]
    return [{"defect": defect, "quantity": quantity} for defect, quantity in sums.items()]
