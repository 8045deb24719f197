"""Commands that reach the server late count from when they were given, and what has happened is not refused."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.support.jobs import ago, do, first_job, idle_since, jobs_of, state_of
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_an_offline_shift_is_told_as_it_was(world: World, floor: httpx.AsyncClient) -> None:
    await idle_since(world, "PR1", hours=9)
    _, job = await first_job(world, floor)
    started, paused, resumed, finished = ago(hours=8), ago(hours=6), ago(hours=5), ago(hours=1)
    answers = [
        await do(floor, job, "start", at=started),
        await do(floor, job, "pause", at=paused, reason="U2"),
        await do(floor, job, "resume", at=resumed),
        await do(floor, job, "finish", at=finished),
    ]
    assert [answer.json()["command_flags"] for answer in answers] == [[], [], [], ["under_production"]]
    done = answers[-1].json()
    assert (moment(done["started_at"]), moment(done["finished_at"])) == (moment(started), moment(finished))
    seen = (await floor.get("/machines/PR1/states", params={"from": ago(hours=8.5)})).json()["items"]
    assert [(state["state"], moment(state["from"])) for state in seen[1:]] == [
        ("running", moment(started)),
        ("stopped", moment(paused)),
        ("running", moment(resumed)),
        ("idle", moment(finished)),
    ]
    runs = (await floor.get(f"/jobs/{job['id']}/runs")).json()["items"]
    assert [(moment(run["from"]), moment(run["to"])) for run in runs] == [
        (moment(started), moment(paused)),
        (moment(resumed), moment(finished)),
    ]


async def test_a_touch_cannot_be_before_what_it_follows(world: World, floor: httpx.AsyncClient) -> None:
    await idle_since(world, "PR1", hours=9)
    _, job = await first_job(world, floor)
    started = (await do(floor, job, "start", at=ago(hours=2))).json()
    paused = (await do(floor, job, "pause", at=ago(hours=3))).json()
    assert (paused["command_flags"], paused["flags"]) == (["late"], ["late"])
    states = (await floor.get("/machines/PR1/states", params={"from": ago(hours=5)})).json()["items"]
    assert moment(states[-1]["from"]) == moment(started["started_at"])
    await do(floor, job, "finish")


async def done_at(floor: httpx.AsyncClient, job: dict[str, Any], machine: str, since: str) -> tuple[Any, Any]:
    """The hours, from a moment on, at which the job ran, and the states of its machine."""
    begun = moment(since)

    def hours(entries: list[dict[str, Any]]) -> list[tuple[float, float | None]]:
        return [
            tuple(edge and round((moment(edge) - begun).total_seconds() / 3600, 2) for edge in (one["from"], one["to"]))
            for one in entries
        ]

    runs = (await floor.get(f"/jobs/{job['id']}/runs")).json()["items"]
    states = (await floor.get(f"/machines/{machine}/states", params={"from": since})).json()["items"]
    return hours(runs), [(one["state"], *span) for one, span in zip(states, hours(states), strict=True)]


@pytest.mark.parametrize("order", [("pause", "resume"), ("resume", "pause")])
async def test_a_stop_that_another_tablet_tells_after_the_end_is_put_where_it_belongs(
    world: World, floor: httpx.AsyncClient, order: tuple[str, str]
) -> None:
    await idle_since(world, "PR1", hours=9)
    _, job = await first_job(world, floor)
    start = ago(hours=8)
    await do(floor, job, "start", machine="PR1", at=start)
    await do(floor, job, "pause", reason="U2", at=ago(hours=3))
    await do(floor, job, "resume", at=ago(hours=2.5))
    await do(floor, job, "finish", at=ago(hours=1))
    late = {"pause": {"reason": "U2", "at": ago(hours=6)}, "resume": {"at": ago(hours=5)}}
    answers = [(await do(floor, job, command, **late[command])).json() for command in order]
    assert {answer["state"] for answer in answers} == {"done"}
    assert [flag for answer in answers for flag in answer["command_flags"]] == ["already"] * (order[0] == "resume")
    runs, states = await done_at(floor, job, "PR1", start)
    assert runs == [(0, 2), (3, 5), (5.5, 7)]
    running, stopped = [("running", *run) for run in runs], [("stopped", 2, 3), ("stopped", 5, 5.5)]
    told = [state for state in states if state[0] != "idle"]
    assert told == [running[0], stopped[0], running[1], stopped[1], running[2]]


async def test_a_stop_of_this_morning_is_told_while_the_job_runs_on(world: World, floor: httpx.AsyncClient) -> None:
    await idle_since(world, "PR2", hours=9)
    _, job = await first_job(world, floor)
    start = ago(hours=8)
    await do(floor, job, "start", machine="PR2", at=start)
    await do(floor, job, "phase", phase="setup", at=ago(hours=4))
    await do(floor, job, "phase", phase="production", at=ago(hours=3))
    paused = (await do(floor, job, "pause", at=ago(hours=7))).json()
    assert (paused["state"], paused["command_flags"]) == ("running", [])
    runs, _ = await done_at(floor, job, "PR2", start)
    assert runs == [(0, 1), (4, 5), (5, None)]
    resumed = (await do(floor, job, "resume", at=ago(hours=6))).json()
    assert (resumed["state"], resumed["command_flags"]) == ("running", [])
    twice = (await do(floor, job, "pause", at=ago(hours=6.5))).json()
    assert twice["command_flags"] == ["already"]
    runs, states = await done_at(floor, job, "PR2", start)
    assert runs == [(0, 1), (2, 4), (4, 5), (5, None)]
    told = [("running", 0, 1), ("stopped", 1, 2), ("running", 2, 4), ("setup", 4, 5)]
    assert [state for state in states if state[0] != "idle"][:4] == told
    assert await state_of(floor, "PR2") == ("running", None)
    await do(floor, job, "finish")


async def test_a_tablet_whose_clock_is_ahead_is_flagged(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    started = (await do(floor, job, "start", at=ago(minutes=-10))).json()
    assert started["command_flags"] == ["clock"]
    assert moment(started["started_at"]) <= moment(ago())
    await do(floor, job, "finish")


async def test_a_start_before_the_order_was_held_counts_and_a_new_one_is_refused(
    world: World, floor: httpx.AsyncClient
) -> None:
    await idle_since(world, "PR1", hours=9)
    order, job = await first_job(world, floor)
    async with world.client("orders", "planner") as orders:
        await orders.post(f"/work-orders/{order['id']}/hold", json={"reason": "재질 확인"}, headers=key())
    await eventually(lambda: shown(floor, job), lambda seen: seen["state"] == "blocked")
    assert (await do(floor, job, "start")).json()["code"] == "order_on_hold"
    late = (await do(floor, job, "start", at=ago(hours=1))).json()
    assert (late["state"], late["command_flags"]) == ("running", ["order_on_hold"])
    assert (await do(floor, job, "finish")).status_code == 200


async def test_packing_that_began_before_the_press_was_heard_of_counts(world: World, floor: httpx.AsyncClient) -> None:
    await idle_since(world, "PK", hours=9)
    order, _ = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    assert (await do(floor, packing, "start")).json()["code"] == "wrong_state"
    begun = (await do(floor, packing, "start", at=ago(minutes=30))).json()
    assert (begun["state"], begun["command_flags"]) == ("running", ["no_input"])
    await do(floor, packing, "finish")


async def test_two_tablets_tell_the_same_start_and_both_people_are_on_the_job(
    world: World, floor: httpx.AsyncClient
) -> None:
    await idle_since(world, "PR1", hours=9)
    _, job = await first_job(world, floor)
    await do(floor, job, "start", at=ago(hours=2))
    async with world.client("production", "operator", person="P02") as other:
        second = (await do(other, job, "start", at=ago(hours=1))).json()
        assert (second["state"], second["command_flags"]) == ("running", ["already"])
        assert [member["person"] for member in second["crew"]] == ["P01", "P02"]
        await do(floor, job, "finish", at=ago(minutes=20))
        again = await do(other, job, "finish", at=ago(minutes=10))
        assert (again.status_code, again.json()["command_flags"]) == (200, ["already"])
    assert await state_of(floor, "PR1") == ("idle", None)


async def shown(floor: httpx.AsyncClient, job: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = (await floor.get(f"/jobs/{job['id']}")).json()
    return seen


async def test_what_was_done_on_a_machine_before_anybody_had_told_of_it_has_its_time(
    world: World, floor: httpx.AsyncClient
) -> None:
    async with world.client("orders", "planner", "admin") as orders:
        for code in ("NEW1", "NEW2"):
            machine = {"name": "새 프레스", "work_center": "PRESS"}
            assert (await orders.put(f"/machines/{code}", json=machine)).status_code == 201
    await eventually(lambda: known(floor, "NEW1", "NEW2"), bool)
    _, job = await first_job(world, floor)
    since = ago(hours=3)
    answers = [
        await do(floor, job, "start", machine="NEW1", at=since),
        await do(floor, job, "results", good=100, machine="NEW1", at=ago(hours=2)),
        await do(floor, job, "pause", reason="U2", at=ago(hours=2)),
        await do(floor, job, "resume", at=ago(hours=1.5)),
        await do(floor, job, "finish", at=ago(hours=1)),
    ]
    assert [answer.json().get("command_flags", []) for answer in answers] == [[]] * 5
    runs, states = await done_at(floor, job, "NEW1", since)
    assert runs == [(0, 1), (1.5, 2)]
    told = [("running", 0, 1), ("stopped", 1, 1.5), ("running", 1.5, 2)]
    assert [state for state in states if state[0] != "idle"] == told
    worked = await world.fetch("production", "SELECT ends - begins AS time FROM crew_time WHERE job = $1", job["id"])
    assert [round(row["time"].total_seconds() / 3600, 2) for row in worked] == [2]
    _, other = await first_job(world, floor)
    assert (await do(floor, other, "start", machine="NEW1", at=ago(hours=2))).json()["command_flags"] == ["late"]
    await do(floor, other, "finish")
    states = (await floor.get("/machines/NEW2/states", params={"from": since})).json()["items"]
    assert [state["state"] for state in states] == ["idle"]


async def known(floor: httpx.AsyncClient, *machines: str) -> bool:
    return all([(await floor.get(f"/machines/{machine}")).status_code == 200 for machine in machines])
