"""Why a machine stood, said wrongly at first: by whom and until when it is put right, and the numbers that follow."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.support.jobs import ago, do, first_job, idle_since, state_of
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", autouse=True)
async def more_reasons(world: World) -> None:
    """Two more than the shop has."""
    async with world.client("orders", "planner") as orders:
        for code in ("U4", "U7"):
            await orders.put(f"/reasons/{code}", json={"name": code, "kind": "unplanned"})

    async def known() -> set[str]:
        return {row["code"] for row in await world.fetch("production", "SELECT code FROM reason")}

    await eventually(known, lambda codes: {"U4", "U7"} <= codes)


async def timeline(client: httpx.AsyncClient, machine: str = "PR1", hours: float = 20) -> list[dict[str, Any]]:
    answer = await client.get(f"/machines/{machine}/timeline", params={"from": ago(hours=hours)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def correct(
    client: httpx.AsyncClient, state: str | None, reason: str, machine: str = "PR1", **more: Any
) -> httpx.Response:
    body = {"reason": reason, **more}
    return await client.post(f"/machines/{machine}/timeline/{state}/reason", json=body, headers=key())


async def stopped(world: World, floor: httpx.AsyncClient, reason: str | None = "U2") -> dict[str, Any]:
    """A job that stands still at PR1 since ten minutes ago; nothing else was ever there."""
    await idle_since(world, "PR1", hours=30)
    _, job = await first_job(world, floor)
    await do(floor, job, "start", at=ago(minutes=20))
    await do(floor, job, "pause", at=ago(minutes=10), **({"reason": reason} if reason else {}))
    return job


async def minutes_by_column(client: httpx.AsyncClient, *columns: str) -> list[int]:
    total = (await client.get("/daily-report", params={"machine": "PR1"})).json()["total"]
    return [round(total[f"{column}_s"] / 60) for column in columns]


async def test_a_stop_that_lasts_gets_the_right_reason_on_the_board_at_its_job_and_in_the_report(
    world: World, floor: httpx.AsyncClient
) -> None:
    job = await stopped(world, floor)
    stop = (await timeline(floor))[-1]
    assert (stop["state"], stop["reason"], stop["lasts"], stop["can_correct"]) == ("stopped", "U2", True, True)
    failure, material = await minutes_by_column(floor, "machine_failure", "no_material")

    corrected = (await correct(floor, stop["state_id"], "U4")).json()
    assert (corrected["reason"], corrected["was_reason"], corrected["corrected_by"]) == ("U4", "U2", "P01")
    assert await state_of(floor, "PR1") == ("stopped", "U4")
    assert (await floor.get(f"/jobs/{job['id']}")).json()["pause_reason"] == "U4"
    after = await minutes_by_column(floor, "machine_failure", "no_material")
    moved = min(failure, 10)  # at midnight the day is younger than the stop
    assert after == pytest.approx([failure - moved, material + moved], abs=1)
    await do(floor, job, "finish")


async def test_a_stop_with_two_reasons_is_split_where_the_second_began_and_nothing_is_lost_or_doubled(
    world: World, floor: httpx.AsyncClient
) -> None:
    job = await stopped(world, floor)
    await do(floor, job, "resume", at=ago(minutes=2))
    before = await timeline(floor)
    stop = next(part for part in before if part["state"] == "stopped")
    middle = datetime.fromisoformat(stop["begins"]) + timedelta(minutes=3)
    answer = await correct(floor, stop["state_id"], "U4", split_at=middle.isoformat())
    assert answer.status_code == 200, answer.text

    after = await timeline(floor)
    first, second = (part for part in after if part["state"] == "stopped")
    assert [first["reason"], second["reason"], second["was_reason"]] == ["U2", "U4", "U2"]
    assert first["ends"] == second["begins"]
    assert datetime.fromisoformat(second["begins"]) == middle
    assert (first["begins"], second["ends"]) == (stop["begins"], stop["ends"])
    assert all(one["ends"] == following["begins"] for one, following in pairwise(after))
    outside = await correct(floor, first["state_id"], "U4", split_at=ago(hours=5))
    assert (outside.status_code, outside.json()["errors"][0]["code"]) == (422, "outside_of_stop")
    await do(floor, job, "finish")


async def test_a_change_of_the_die_told_as_a_stop_becomes_a_set_up(world: World, floor: httpx.AsyncClient) -> None:
    job = await stopped(world, floor, reason=None)
    stop = (await timeline(floor))[-1]
    assert (await correct(floor, stop["state_id"], "S1")).json()["state"] == "setup"
    assert await state_of(floor, "PR1") == ("setup", "S1")
    assert (await correct(floor, stop["state_id"], "U2")).json()["was_reason"] is None
    assert await state_of(floor, "PR1") == ("stopped", "U2")
    await do(floor, job, "finish")


async def test_an_earlier_shifts_stop_is_corrected_by_a_leader_alone_and_the_trail_says_it_all(
    world: World, floor: httpx.AsyncClient
) -> None:
    job = await stopped(world, floor)
    await do(floor, job, "resume")
    stop = next(part for part in await timeline(floor) if part["state"] == "stopped")
    await world.fetch(
        "production",
        "UPDATE machine_state SET begins = begins - interval '3 days', ends = ends - interval '3 days' WHERE id = $1",
        stop["state_id"],
    )
    late = await correct(floor, stop["state_id"], "U4")
    assert (late.status_code, late.json()["code"]) == (403, "stop_of_a_closed_shift")
    async with world.client("production", "leader", person="P09") as leader:
        assert (await correct(leader, stop["state_id"], "U4")).json()["corrected_by"] == "P09"
        assert (await correct(leader, stop["state_id"], "U7")).json()["was_reason"] == "U2"
        elsewhere = await correct(leader, stop["state_id"], "U4", machine="PR2")
        assert elsewhere.status_code == 404
        running = next(part for part in await timeline(leader) if part["state"] == "running")
        refused = await correct(leader, running["state_id"], "U4")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_a_stop")
    trail = await world.fetch(
        "production", "SELECT person, changes::text FROM audit WHERE action = 'correct_reason' AND person = 'P09'"
    )
    assert [row["person"] for row in trail] == ["P09", "P09"]
    assert '["reason", "U2", "U4"]' in trail[0]["changes"]
    assert '["reason", "U4", "U7"]' in trail[1]["changes"]
    await do(floor, job, "finish")


async def test_a_timeline_tiles_the_period_that_was_asked_for(world: World, floor: httpx.AsyncClient) -> None:
    begins = datetime.now(UTC) - timedelta(days=60)
    found = (await floor.get("/machines/PR2/timeline", params={"from": begins.isoformat()})).json()["items"]
    assert (found[0]["state"], found[0]["state_id"], found[0]["can_correct"]) == ("unknown", None, False)
    assert datetime.fromisoformat(found[0]["begins"]) == begins
    assert all(one["ends"] == following["begins"] for one, following in pairwise(found))
    assert found[-1]["lasts"]
