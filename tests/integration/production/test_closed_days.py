"""Days that are closed keep every figure, whatever is changed about shifts and calendars afterwards.

Entries of a calendar are dated facts, and count until their day is closed: they need no day from which they are valid.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.kit.clock import utc_now
from tests.integration.production.test_time import at, day, define, report
from tests.support.factory import define_bracket
from tests.support.jobs import do, first_job, idle_since
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio
WORKED, RESTED, OPEN = 8, 7, 1
"""Days ago: a day with overtime, a day off on which somebody worked, and yesterday."""


@pytest.fixture
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A shop that was set up three weeks ago, and told ten days ago what the calendar says of the days after that."""
    services = ["orders", "production", "quality"]
    async with running(cluster, tmp_path_factory.mktemp("closed"), services) as world:
        orders = world.apps["orders"].state.database
        orders.clock = lambda: utc_now() - timedelta(days=21)
        await define_bracket(world)
        orders.clock = lambda: utc_now() - timedelta(days=10)
        overtime = [{"date": str(day(WORKED)), "shift": "D", "ends": "20:30"}]
        rest = [{"date": str(day(RESTED)), "name": "휴무"}]
        await define(world, "calendars/SHOP", name="공장", overtime=overtime, days_off=rest)
        orders.clock = utc_now
        yield world


async def work(world: World, floor: httpx.AsyncClient, days_ago: int) -> None:
    """A day at the press, with a stop, scrap, and somebody who stayed until nine in the evening."""
    _, job = await first_job(world, floor)
    async with world.client("production", "leader", person="P09") as leader:
        for kind, clock in (("in", "08:00"), ("out", "21:00")):
            body = {"kind": kind, "person": "T01", "at": at(days_ago, clock)}
            assert (await leader.post("/attendance", json=body, headers=key())).is_success
    async with world.client("production", "operator", person="T01") as person:
        assert (await do(person, job, "start", machine="PR1", at=at(days_ago, "09:00"))).is_success
        assert (await do(person, job, "pause", reason="U2", at=at(days_ago, "19:00"))).is_success
        assert (await do(person, job, "resume", at=at(days_ago, "19:50"))).is_success
        for good, clock in ((40, "12:00"), (30, "20:00"), (20, "20:40")):
            await report(person, job, good, at(days_ago, clock))
        scrap = {"good": 0, "scrap": [{"defect": "DENT", "quantity": 3}], "at": at(days_ago, "20:10")}
        assert (await do(person, job, "results", **scrap)).status_code == 201
        assert (await do(person, job, "finish", at=at(days_ago, "20:50"))).is_success


async def figures(world: World, days_ago: range) -> dict[str, Any]:
    """All that is told of days: pieces, times, stops, labour and defects."""
    found: dict[str, Any] = {}
    async with world.client("production", "leader", person="P09") as leader, world.client("quality", "leader") as qa:
        for before in days_ago:
            asked = {"date": str(day(before))}
            shown = (await leader.get("/daily-report", params=asked)).json()
            found[f"daily report {before}"] = {name: value for name, value in shown.items() if name != "at"}
            for by in ("person", "job", "machine", "shift"):
                sheet = await leader.get("/labour", params={"by": by, "first_date": str(day(before))})
                found[f"labour {before} by {by}"] = sheet.json()
            counts = await qa.get("/pareto", params={"from": str(day(before)), "to": str(day(before))})
            found[f"defects {before}"] = counts.json()
        span = {"by": "shift", "first_date": str(day(max(days_ago))), "last_date": str(day(min(days_ago)))}
        found["labour by shift"] = (await leader.get("/labour", params=span)).json()
        results = (await leader.get("/results", params={"from": at(max(days_ago), "00:00"), "limit": 200})).json()
        found["results"] = results["items"]
    return found


def hours(found: dict[str, Any], days_ago: int) -> dict[str, float]:
    """The hours of attendance of a day by shift."""
    return {row["shift"]: row["attendance_s"] / 3600 for row in found[f"labour {days_ago} by shift"]["items"]}


async def test_closed_days_keep_every_figure_and_open_ones_are_corrected_on_purpose(
    world: World, floor: httpx.AsyncClient
) -> None:
    await idle_since(world, "PR1", days=20)
    for before in (WORKED, RESTED, OPEN):
        await work(world, floor, before)
    closed = range(5, 12)
    before = await figures(world, closed)
    worked = {(row["shift"], row["good"]) for row in before[f"daily report {WORKED}"]["items"] if row["job_id"]}
    assert worked == {("D", "70"), ("N", "20")}
    rested = {(row["shift"], row["good"]) for row in before[f"daily report {RESTED}"]["items"] if row["job_id"]}
    assert rested == {(None, "90")}
    assert hours(before, WORKED) == {"D": 12, "N": 1}, "the night goes on into the day off"
    assert hours(await figures(world, range(OPEN, OPEN + 1)), OPEN) == {"D": 11, "N": 1.5}

    every = [{"date": str(day(number)), "name": "휴무"} for number in range(2, 15) if number != RESTED]
    longer = [{"date": str(day(RESTED)), "shift": "D", "ends": "22:00"}]
    late = [{"date": str(day(OPEN)), "shift": "D", "ends": "21:00"}]
    await define(world, "calendars/SHOP", name="다시", overtime=[*longer, *late], days_off=every)
    await define(world, "calendars/OTHER", name="다른", overtime=longer, days_off=[])
    await define(world, "calendars/SHOP", name="다시", overtime=late, days_off=[])
    await define(world, "calendars/OTHER", name="다른", overtime=longer, days_off=every, active=False)
    await define(world, "shifts/N", name="야간", starts="23:00", ends="07:00")
    await define(world, "shifts/L", name="늦은", starts="12:00", ends="18:00")
    await define(world, "shifts/D", name="주간", starts="06:00", ends="15:00", active=False)
    assert await figures(world, closed) == before

    assert hours(await figures(world, range(OPEN, OPEN + 1)), OPEN) == {"D": 12.5}
    async with world.client("orders", "planner") as planner:
        shown = (await planner.get("/calendars/SHOP")).json()
        assert shown["closed"]["days_off"] == [str(day(RESTED))]
    trail = await world.fetch("orders", "SELECT changes::text FROM audit WHERE subject = 'calendar/SHOP'")
    assert ["overtime" in row["changes"] for row in trail] == [True] * 3
