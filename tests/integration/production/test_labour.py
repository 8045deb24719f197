"""Who was there, and what their time went into."""

from typing import Any

import httpx
import pytest

from shared.kit.tabular import read_table
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
    jobs = {item["job_id"]: item for item in (await sheet(world, "job", **period))["items"]}
    assert [round(jobs[job["id"]]["direct_s"], -1) for job in (first, second)] == [10800, 10800]
    assert (jobs[first["id"]]["number"], jobs[first["id"]]["op"]) == (first["number"], 10)
    machines = await sheet(world, "machine", **period)
    assert {item["machine"]: round(item["direct_s"], -1) for item in machines["items"]} == {"PR1": 10800, "PR2": 10800}
    shifts = await sheet(world, "shift", **period)
    assert abs(sum(item["direct_s"] for item in shifts["items"]) - shifts["direct_s"]) <= len(shifts["items"])
    assert {item["shift"] for item in shifts["items"]} <= {"D", "N"}
    await do(floor, second, "finish")


async def test_coming_twice_is_coming_once_and_who_never_came_was_not_there(world: World) -> None:
    async with world.client("production", "operator", person="P31") as operator:
        never = (await note(operator, "out")).json()
        assert (never["begins"], never["flags"]) == (None, ["never_came"])
        came = (await note(operator, "in")).json()
        again = (await note(operator, "in")).json()
        assert (again["id"], again["flags"]) == (came["id"], ["already"])


async def test_everybody_can_look_up_when_they_came_and_went(world: World) -> None:
    async with world.client("production", "operator", person="P35") as operator:
        nothing = (await operator.get("/attendance/mine")).json()
        assert nothing == {"begins": None, "again_at": None, "ends": None}
        came = (await note(operator, "in", at=ago(hours=8))).json()["begins"]
        assert (await operator.get("/attendance/mine")).json() == {"begins": came, "again_at": None, "ends": None}
        again = (await note(operator, "in", at=ago(hours=7))).json()
        gone = (await note(operator, "out", at=ago(hours=1))).json()
        mine = (await operator.get("/attendance/mine")).json()
        assert (mine["begins"], mine["ends"]) == (again["begins"], gone["ends"])
        assert mine["again_at"] is not None


async def test_only_a_leader_notes_others_and_only_leaders_see_the_sheet(
    world: World, floor: httpx.AsyncClient
) -> None:
    assert (await note(floor, "in", person="P41")).status_code == 403
    assert (await floor.get("/labour")).status_code == 403
    async with world.client("production", "leader") as leader:
        assert (await note(leader, "in", person="P41")).json()["person"] == "P41"
        too_long = await leader.get("/labour", params={"from": ago(days=100)})
        assert (too_long.status_code, too_long.json()["errors"][0]["code"]) == (422, "period_too_long")


async def present(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    return {one["person"]: one for one in (await client.get("/attendance")).json()["items"]}


async def test_a_leader_sees_who_is_there_and_on_which_job(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    async with world.client("production", "leader", person="P09") as leader:
        assert (await floor.get("/attendance")).status_code == 403
        await note(leader, "in", person="P51", at=ago(hours=2))
        await do(floor, job, "start", machine="PR1")
        for person in ("P51", "P52"):
            await do(floor, job, "crew", action="join", person=person)
        there = await present(leader)
        assert (there["P51"]["flags"], there["P52"]["flags"]) == ([], ["no_attendance"])
        assert there["P52"]["begins"] is None
        [shown] = there["P51"]["jobs"]
        assert (shown["number"], shown["op"], shown["machine"]) == (job["number"], 10, "PR1")
        await note(leader, "out", person="P51")
        assert "P51" not in await present(leader)
    await do(floor, job, "finish")


async def test_who_forgot_to_go_yesterday_keeps_this_morning(world: World, floor: httpx.AsyncClient) -> None:
    await idle_since(world, "PR1", hours=9)
    _, job = await first_job(world, floor)
    async with world.client("production", "leader", person="P09") as leader:
        await note(leader, "in", person="P61", at=ago(hours=26))
        again = await note(leader, "in", person="P61", at=ago(hours=2))
        assert again.json()["flags"] == ["already"]
        await do(floor, job, "start", machine="PR1", at=ago(hours=1))
        await do(floor, job, "crew", action="join", person="P61", at=ago(hours=1))
        assert (await present(leader))["P61"]["flags"] == ["forgotten_out", "double_in"]
        yesterday = {"from": ago(hours=27), "to": ago(hours=3)}
        before = {item["person"]: item for item in (await sheet(world, "person", **yesterday))["items"]}
        assert before["P61"]["flags"] == ["forgotten_out"]
        gone = (await note(leader, "out", person="P61", at=ago(hours=18))).json()
        assert gone["flags"] == ["came_again"]
        there = (await present(leader))["P61"]
        assert (there["flags"], [one["job_id"] for one in there["jobs"]]) == ([], [job["id"]])
        whole = await sheet(world, "person", **{"from": ago(hours=27)})
        after = {item["person"]: item for item in whole["items"]}
        assert (round(after["P61"]["attendance_s"], -1), after["P61"]["flags"]) == (10 * 3600, [])
        assert round(after["P61"]["direct_s"], -1) == 3600
        entries = await world.fetch("production", "SELECT subject FROM audit WHERE action = 'note_attendance'")
        assert "person/P61" in [entry["subject"] for entry in entries]
    await do(floor, job, "finish")


async def test_the_share_of_direct_time_is_of_those_whose_attendance_was_noted(
    world: World, floor: httpx.AsyncClient
) -> None:
    await idle_since(world, "PR2", hours=9)
    _, job = await first_job(world, floor)
    async with world.client("production", "leader", person="P09") as leader:
        await note(leader, "in", person="P71", at=ago(hours=7))
        await do(leader, job, "start", machine="PR2", at=ago(hours=6))
        await do(leader, job, "crew", action="leave", at=ago(hours=6))
        await do(leader, job, "crew", action="join", person="P71", at=ago(hours=6))
        await do(leader, job, "crew", action="join", person="P72", at=ago(hours=6))
        await do(leader, job, "finish", at=ago(hours=5))
        await note(leader, "out", person="P71", at=ago(hours=5))
    period = {"from": ago(hours=7, minutes=30), "to": ago(hours=4)}
    people = await sheet(world, "person", **period)
    shown = {item["person"]: item for item in people["items"]}
    assert (round(shown["P71"]["direct_ratio"], 2), shown["P72"]["direct_ratio"]) == (0.5, None)
    assert shown["P72"]["flags"] == ["no_attendance"]
    assert people["unattended_s"] >= shown["P72"]["direct_s"]
    assert people["direct_ratio"] <= 1
    for by in ("person", "job", "machine", "shift"):
        added = await sheet(world, by, **period)
        assert abs(sum(item["direct_s"] for item in added["items"]) - added["direct_s"]) <= len(added["items"])
        assert (added["direct_s"], added["attendance_s"]) == (people["direct_s"], people["attendance_s"])


async def test_a_period_is_named_or_given_by_business_dates_and_comes_as_a_workbook(world: World) -> None:
    async with world.client("production", "leader", person="P09") as leader:
        await note(leader, "in", person="P81", at=ago(minutes=5))
        today = (await leader.get("/labour", params={"by": "person", "period": "today"})).json()
        assert today["first_date"] == today["last_date"]
        assert "P81" in [item["person"] for item in today["items"]]
        month = (await leader.get("/labour", params={"by": "shift", "period": "month"})).json()
        assert (month["first_date"], month["last_date"]) == (f"{today['first_date'][:8]}01", today["first_date"])
        same = {"by": "person", "first_date": today["first_date"], "last_date": today["first_date"]}
        assert (await leader.get("/labour", params=same)).json()["from"] == today["from"]
        backwards = await leader.get("/labour", params={"first_date": "2026-11-03", "last_date": "2026-11-02"})
        assert (backwards.status_code, backwards.json()["errors"][0]["field"]) == (422, "last_date")
        headers = {"Accept-Language": "ko"}
        answer = await leader.get("/labour.xlsx", params={"by": "person", "period": "today"}, headers=headers)
        assert f"labour-person-{today['first_date']}.xlsx" in answer.headers["content-disposition"]
        table = read_table(answer.content, "labour.xlsx", max_rows=500)
        assert table.columns == ["작업자", "근태", "직접공수", "대기시간", "직접공수율", "비고"]
        people = [table.cell(row, "작업자") for row in table.rows]
        assert people == [*(item["person"] for item in today["items"]), "합계"]
        for by in ("job", "machine", "shift"):
            assert (await leader.get("/labour.xlsx", params={"by": by, "period": "week"})).status_code == 200
