"""Set-up and first-off apart from production, and who worked on what."""

from datetime import datetime

import httpx
import pytest

from tests.support.jobs import do, first_job, state_of
from tests.support.world import World, key

pytestmark = pytest.mark.anyio


async def test_set_up_first_piece_and_production_are_told_apart(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    assert job["phase"] is None
    assert (await do(floor, job, "start", phase="setup")).json()["phase"] == "setup"
    assert await state_of(floor, "PR1") == ("setup", None)
    assert (await do(floor, job, "phase", phase="first_off")).json()["phase"] == "first_off"
    assert await state_of(floor, "PR1") == ("setup", None)
    await do(floor, job, "phase", phase="production")
    assert await state_of(floor, "PR1") == ("running", None)
    await do(floor, job, "pause", reason="U2")
    assert (await do(floor, job, "phase", phase="setup")).json()["state"] == "paused"
    assert (await do(floor, job, "resume")).json()["phase"] == "production"
    assert (await do(floor, job, "finish")).json()["phase"] is None
    runs = (await floor.get(f"/jobs/{job['id']}/runs")).json()["items"]
    assert [run["phase"] for run in runs] == ["setup", "first_off", "production", "production"]
    assert all(run["machine"] == "PR1" and run["to"] for run in runs)
    assert runs[0]["to"] == runs[1]["from"]
    assert runs[1]["to"] == runs[2]["from"]


async def test_several_people_work_on_a_job_and_one_on_several(world: World, floor: httpx.AsyncClient) -> None:
    _, first = await first_job(world, floor)
    _, second = await first_job(world, floor)
    assert [member["person"] for member in (await do(floor, first, "start")).json()["crew"]] == ["P01"]
    joined = (await do(floor, first, "crew", action="join", person="P02")).json()
    assert [member["person"] for member in joined["crew"]] == ["P01", "P02"]
    assert (await do(floor, first, "crew", action="join", person="P02")).json()["crew"] == joined["crew"]
    await do(floor, second, "start", machine="PR2")
    assert [member["person"] for member in (await do(floor, second, "pause", reason="U2")).json()["crew"]] == ["P01"]
    left = (await do(floor, first, "crew", action="leave")).json()
    assert [member["person"] for member in left["crew"]] == ["P02"]
    assert (await do(floor, first, "results", good=1)).json()["job"]["crew"] == left["crew"]
    for job in (first, second):
        assert (await do(floor, job, "finish")).json()["crew"] == []
    times = await world.fetch("production", "SELECT * FROM crew_time WHERE job = $1 ORDER BY begins", first["id"])
    assert [(time["person"], time["machine"]) for time in times] == [("P01", "PR1"), ("P02", "PR1")]
    assert all(time["begins"] <= time["ends"] for time in times)


async def test_nobody_joins_a_job_that_was_not_started(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    answer = await do(floor, job, "crew", action="join")
    assert (answer.status_code, answer.json()["state"]) == (409, "ready")
    assert (await do(floor, job, "crew", action="leave")).status_code == 200


async def test_who_comes_back_to_a_job_is_there_once_at_a_time(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    await do(floor, job, "start")
    await do(floor, job, "crew", action="leave")
    back = (await do(floor, job, "crew", action="join", at="2020-01-01T00:00:00Z")).json()
    times = await world.fetch("production", "SELECT * FROM crew_time WHERE job = $1 ORDER BY begins, id", job["id"])
    assert times[0]["ends"] == times[1]["begins"] == datetime.fromisoformat(back["crew"][0]["since"])
    assert back["command_flags"] == ["clock"]
    await do(floor, job, "finish")


async def test_a_job_says_what_its_operation_needs(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    assert (job["predecessors"], job["subcontract"], job["self_inspection"], job["tool"]) == ([], False, False, None)
    assert (job["over_tolerance_pct"], job["rework_in"], job["sent"], job["setup_s"]) == ("5", "0", "0", "0")


async def test_an_order_knows_the_machines_that_really_worked_on_it(world: World, floor: httpx.AsyncClient) -> None:
    order, job = await first_job(world, floor)
    await do(floor, job, "start", machine="PR2")
    mistaken = (await do(floor, job, "results", good=5, machine="PR1")).json()["id"]

    async def used() -> list[tuple[str, str]]:
        places = (await floor.get(f"/work-orders/{order['id']}/machines")).json()["items"]
        assert {place["op"] for place in places} == {10}
        return [(place["machine"], place["work_center"]) for place in places]

    assert await used() == [("PR2", "PRESS"), ("PR1", "PRESS")]
    await floor.post(f"/results/{mistaken}/reverse", json={}, headers=key())
    assert await used() == [("PR2", "PRESS")], "a report that was taken back was made nowhere"
