"""Who was there, and what their time went into."""

from typing import Any

import httpx
import pytest

from tests.support.jobs import ago, do, first_job, idle_since
from tests.support.world import World, key

pytestmark = pytest.mark.anyio


async def note(client: httpx.AsyncClient, kind: str, **body: Any) -> httpx.Response:
    return await client.post("/attendance", json={"kind": kind, **body}, headers=key())


async def sheet(world: World, by: str, **period: str) -> dict[str, Any]:
    async with world.client("production", "leader", person="P09") as leader:
        answer = await leader.get("/labour", params={"by": by, **period})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def test_a_shift_of_one_person_at_two_presses(world: World, floor: httpx.AsyncClient) -> None:
    for machine in ("PR1", "PR2"):
        await idle_since(world, machine, hours=9)
    _, first = await first_job(world, floor)
    _, second = await first_job(world, floor)
    async with world.client("production", "operator", person="P21") as operator:
        assert (await note(operator, "in", at=ago(hours=8))).status_code == 201
        await do(operator, first, "start", at=ago(hours=8))
        await do(operator, second, "start", machine="PR2", at=ago(hours=6))
        await do(operator, first, "finish", at=ago(hours=4))
        gone = (await note(operator, "out", at=ago(hours=2))).json()
        assert (gone["person"], gone["flags"]) == ("P21", [])
    assert (await floor.get(f"/jobs/{second['id']}")).json()["crew"] == []
    period = {"from": ago(hours=9), "to": ago(hours=1)}
    people = {item["person"]: item for item in (await sheet(world, "person", **period))["items"]}
    assert (round(people["P21"]["attendance_s"], -1), round(people["P21"]["direct_s"], -1)) == (21600, 21600)
    jobs = {item["job"]: item for item in (await sheet(world, "job", **period))["items"]}
    assert [round(jobs[job["id"]]["direct_s"], -1) for job in (first, second)] == [10800, 10800]
    assert (jobs[first["id"]]["number"], jobs[first["id"]]["op"]) == (first["number"], 10)
    machines = await sheet(world, "machine", **period)
    assert {item["machine"]: round(item["direct_s"], -1) for item in machines["items"]} == {"PR1": 10800, "PR2": 10800}
    shifts = await sheet(world, "shift", **period)
    assert abs(sum(item["direct_s"] for item in shifts["items"]) - shifts["direct_s"]) <= len(shifts["items"])
    assert {item["shift"] for item in shifts["items"]} <= {"D", "N"}
    await do(floor, second, "finish")


async def test_coming_twice_is_coming_once_and_nobody_goes_who_never_came(world: World) -> None:
    async with world.client("production", "operator", person="P31") as operator:
        never = await note(operator, "out")
        assert (never.status_code, never.json()["code"]) == (409, "never_came")
        came = (await note(operator, "in")).json()
        again = (await note(operator, "in")).json()
        assert (again["id"], again["flags"]) == (came["id"], ["already"])


async def test_only_a_leader_notes_others_and_only_leaders_see_the_sheet(
    world: World, floor: httpx.AsyncClient
) -> None:
    assert (await note(floor, "in", person="P41")).status_code == 403
    assert (await floor.get("/labour")).status_code == 403
    async with world.client("production", "leader") as leader:
        assert (await note(leader, "in", person="P41")).json()["person"] == "P41"
        too_long = await leader.get("/labour", params={"from": ago(days=100)})
        assert (too_long.status_code, too_long.json()["errors"][0]["code"]) == (422, "period_too_long")
