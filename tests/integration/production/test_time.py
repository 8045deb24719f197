"""Time on the floor: one calendar for all, days that stay as they were, and clocks that are wrong."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from shared.kit.auth import Actor
from tests.support.jobs import ago, do, first_job, idle_since
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio
SEOUL = ZoneInfo("Asia/Seoul")
LONG_AGO = "1970-01-01T00:00:00Z"


def day(before: int) -> date:
    return datetime.now(SEOUL).date() - timedelta(days=before)


def at(before: int, clock: str) -> str:
    """A time of the shop's clock, days ago."""
    return f"{day(before)}T{clock}:00+09:00"


async def define(world: World, path: str, **body: Any) -> None:
    """Define a shift or a calendar, and wait until the floor knows it."""
    async with world.client("orders", "planner") as planner:
        answer = await planner.put(f"/{path}", json=body)
        assert answer.is_success, answer.text
        version = answer.json()["version"]
    table, code = path.removesuffix(f"/{path.rpartition('/')[2]}").removesuffix("s"), path.rpartition("/")[2]

    async def known() -> list[dict[str, Any]]:
        return await world.fetch("production", f"SELECT version FROM {table} WHERE code = $1", code)

    await eventually(known, lambda rows: bool(rows) and rows[0]["version"] == version)


async def labour(world: World, by: str, first: int, person: str | None = None) -> list[dict[str, Any]]:
    async with world.client("production", "leader", person="P09") as leader:
        sheet = (await leader.get("/labour", params={"by": by, "first_date": str(day(first))})).json()
        return [row for row in sheet["items"] if person in (None, row["person"])]


async def report(floor: httpx.AsyncClient, job: dict[str, Any], good: int, when: str) -> dict[str, Any]:
    answer = await floor.post(f"/jobs/{job['id']}/results", json={"good": good, "at": when}, headers=key())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = (await floor.get(f"/results/{answer.json()['id']}")).json()
    return made


async def test_a_shift_that_is_moved_leaves_the_nights_before_as_they_were(
    world: World, floor: httpx.AsyncClient
) -> None:
    async with world.client("production", "leader", person="P09") as leader:
        for kind, when in (("in", at(4, "19:00")), ("out", at(3, "09:00"))):
            await leader.post("/attendance", json={"kind": kind, "person": "T01", "at": when}, headers=key())
    before = await labour(world, "shift", 4)
    assert [(row["shift"], row["attendance_s"]) for row in before] == [("D", 1800), ("N", 13 * 3600)]
    night = {"name": "야간", "starts": "21:30", "ends": "08:30"}
    await define(world, "shifts/N", **night)
    assert await labour(world, "shift", 4) == before
    async with world.client("orders", "planner") as planner:
        shown = (await planner.get("/shifts/N")).json()
        assert (shown["starts"], shown["earlier"][0]["starts"]) == ("21:30:00", "19:30:00")
        assert shown["valid_from"] in (str(day(0)), str(day(-1)))
        again = await planner.put("/shifts/N", json=night)
        assert again.headers["etag"] == f'"{shown["version"]}"'
    await define(world, "shifts/N", name="야간", starts="19:30", ends="08:30")


async def test_overtime_of_the_calendar_belongs_to_its_shift_and_stays_there(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor)
    plain = await report(floor, job, 1, at(3, "19:40"))
    assert (plain["shift"], plain["business_date"]) == ("N", str(day(3)))
    overtime = [{"date": str(day(3)), "shift": "D", "ends": "20:30"}]
    await define(world, "calendars/SHOP", name="공장", overtime=overtime)
    longer = await report(floor, job, 2, at(3, "19:50"))
    assert (longer["shift"], longer["business_date"]) == ("D", str(day(3)))
    shown = (await floor.get("/daily-report", params={"date": str(day(3)), "machine": "PR1"})).json()
    assert {row["shift"]: row["good"] for row in shown["items"] if row["job_id"] == job["id"]} == {"D": "2", "N": "1"}
    assert shown["shifts"][0]["to"].endswith("20:30:00+09:00")
    await define(world, "calendars/SHOP", name="공장", overtime=overtime, active=False)
    stored = (await floor.get("/results", params={"job": job["id"]})).json()["items"]
    assert [(row["good"], row["shift"]) for row in stored] == [("1", "N"), ("2", "D")]


async def test_on_a_day_off_there_is_no_shift_as_in_planning(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    await define(world, "calendars/REST", name="휴무", days_off=[{"date": str(day(6)), "name": "휴무"}])
    resting = await report(floor, job, 1, at(6, "10:00"))
    assert (resting["shift"], resting["business_date"]) == (None, str(day(6)))
    special = [{"date": str(day(6)), "shift": "D", "ends": "12:00"}]
    await define(world, "calendars/WORK", name="특근", overtime=special)
    assert (await report(floor, job, 1, at(6, "10:30")))["shift"] == "D"
    for code in ("REST", "WORK"):
        await define(world, f"calendars/{code}", name="휴무", active=False)


async def test_a_closed_day_is_not_given_other_times(world: World) -> None:
    async with world.client("orders", "planner") as planner:
        body = {"name": "준야", "starts": "17:00", "ends": "23:00", "valid_from": str(day(-7))}
        new = (await planner.put("/shifts/LATER", json=body)).json()
        assert new["valid_from"] == str(day(-7))
        assert new["earlier"] == [{"until": str(day(-7)), "starts": "17:00:00", "ends": "23:00:00", "active": False}]
        await planner.put("/shifts/LATER", json=body | {"active": False})


async def test_a_tablet_whose_clock_fell_back_does_everything_on_a_possible_day(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor, released_d=0)
    [row] = await world.fetch("production", "SELECT released_at FROM job WHERE id = $1", job["id"])
    lot = {"item": "HB1001", "quantity": 100}
    async with world.client("production", "leader", person="T02") as tablet:
        started = (await do(tablet, job, "start", at=LONG_AGO)).json()
        assert datetime.fromisoformat(started["started_at"]) >= row["released_at"]
        answers = [started]
        answers.append((await do(tablet, job, "phase", phase="setup", at=LONG_AGO)).json())
        answers.append((await do(tablet, job, "crew", action="join", person="T03", at=LONG_AGO)).json())
        answers.append((await do(tablet, job, "pause", at=LONG_AGO)).json())
        answers.append((await do(tablet, job, "resume", at=LONG_AGO)).json())
        assert [answer["command_flags"] for answer in answers] == [["clock"]] * 5
        made = await report(tablet, job, 3, LONG_AGO)
        assert (made["flags"], made["business_date"] >= str(day(1))) == (["clock"], True)
        received = (await tablet.post("/lots", json=lot, headers=key())).json()
        facts = [
            (await tablet.post(path, json={**body, "at": LONG_AGO}, headers=key())).json()
            for path, body in (
                (f"/jobs/{job['id']}/consumptions", {"lot": received["lot"], "quantity": 1, "used": True}),
                (f"/results/{made['id']}/reverse", {"reason": "시계"}),
                ("/machines/PR2/unassigned", {"good": 4}),
                ("/machines/PR2/handovers", {"note": "시계가 틀림"}),
                ("/andon-calls", {"machine": "PR2", "kind": "supervisor"}),
                ("/attendance", {"kind": "in"}),
            )
        ]
        assert ["clock" in fact["flags"] for fact in facts] == [True] * 6, facts
        oldest = datetime.now(UTC) - timedelta(days=91)
        for fact in facts[2:5]:
            assert datetime.fromisoformat(fact["at"]) > oldest
        finished = (await do(tablet, job, "finish", at=LONG_AGO)).json()
        assert "clock" in finished["command_flags"]
        assert datetime.fromisoformat(finished["finished_at"]) >= row["released_at"]


async def test_paper_that_is_entered_later_is_believed_and_flagged(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor, released_d=0)
    made = await report(floor, job, 5, at(40, "10:00"))
    assert (made["business_date"], made["shift"]) == (str(day(40)), "D")
    assert made["flags"] == ["not_started", "late", "before_release"]


async def test_a_device_has_seen_nothing_before_it_was_enrolled(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    enrolled = datetime.now(UTC) - timedelta(hours=2)
    actor = Actor("T04", frozenset({"operator"}), str(uuid4()), "test", enrolled)
    async with world.client("production") as tablet:
        tablet.headers["Authorization"] = f"Bearer {world.signer.sign(actor, 'production')}"
        before, after = [await report(tablet, job, 1, ago(hours=hours)) for hours in (3, 1)]
        assert (datetime.fromisoformat(before["at"]), before["flags"]) == (enrolled, ["not_started", "clock"])
        assert after["flags"] == ["not_started", "late"]
        body = {"good": 2, "scrap": [{"defect": "NOPE", "quantity": 1}]}
        path = f"/api/v1/production/jobs/{job['id']}/results"
        command = {"id": str(uuid4()), "kind": "report", "path": path, "body": body, "person": "T04"}
        refused = {"status": 422, "code": "invalid"}
        waiting = {"command": command | {"at": ago(hours=5)}, "problem": refused}
        review = (await tablet.post("/reviews", json=waiting, headers=key())).json()
    async with world.client("production", "leader", person="P09") as leader:
        right = {"body": {"good": 2}, "reason": "불량 코드 없음"}
        done = (await leader.post(f"/reviews/{review['id']}/correct", json=right, headers=key())).json()
        made = (await leader.get(f"/results/{done['outcome']['result_id']}")).json()
        assert (datetime.fromisoformat(made["at"]), "clock" in made["flags"]) == (enrolled, True)


async def test_a_lunch_that_another_tablet_told_late_is_put_where_it_belongs(
    world: World, floor: httpx.AsyncClient
) -> None:
    await idle_since(world, "PR1", hours=48)
    _, job = await first_job(world, floor)
    async with world.client("production", "operator", person="T05") as person:
        await person.post("/attendance", json={"kind": "out", "at": at(1, "18:00")}, headers=key())
        await do(person, job, "start", machine="PR1", at=at(1, "09:00"))
        await person.post("/attendance", json={"kind": "in", "at": at(1, "09:00")}, headers=key())
        gone = (await person.post("/attendance", json={"kind": "out", "at": at(1, "12:00")}, headers=key())).json()
        assert (gone["flags"], datetime.fromisoformat(gone["ends"])) == ([], datetime.fromisoformat(at(1, "12:00")))
        await person.post("/attendance", json={"kind": "in", "at": at(1, "13:00")}, headers=key())
        crew = (await person.get(f"/jobs/{job['id']}")).json()["crew"]
        assert crew == []
        await do(person, job, "finish", at=at(1, "19:00"))
    [row] = await labour(world, "person", 1, "T05")
    assert (row["attendance_s"], row["direct_s"]) == (8 * 3600, 8 * 3600)


async def test_a_break_that_is_told_late_leaves_somebody_on_the_job_and_going_home_does_not(
    world: World, floor: httpx.AsyncClient
) -> None:
    for machine in ("PR1", "PR2"):
        await idle_since(world, machine, hours=30)
    _, job = await first_job(world, floor)
    async with world.client("production", "operator", person="T06") as person:

        async def crew_after(kind: str, **time: float) -> list[str]:
            await person.post("/attendance", json={"kind": kind, "at": ago(**time)}, headers=key())
            return [one["person"] for one in (await person.get(f"/jobs/{job['id']}")).json()["crew"]]

        await crew_after("in", hours=20)
        await do(person, job, "start", machine="PR2", at=ago(hours=20))
        assert await crew_after("out", hours=16) == []
        assert await crew_after("in", hours=15) == ["T06"]
        _, other = await first_job(world, floor)
        await do(person, other, "start", machine="PR1", at=ago(hours=14))
        assert [one["person"] for one in (await person.get(f"/jobs/{job['id']}")).json()["crew"]] == []
        await do(person, job, "crew", action="join", at=ago(hours=13))
        assert await crew_after("out", hours=11) == []
        assert await crew_after("in", hours=2) == []
        await do(person, other, "finish")
        await do(person, job, "finish")


async def test_who_left_and_joined_a_job_is_told_after_its_end(world: World, floor: httpx.AsyncClient) -> None:
    await idle_since(world, "PR1", hours=9)
    _, job = await first_job(world, floor)
    async with world.client("production", "operator", person="T07") as person:
        await do(person, job, "start", machine="PR1", at=ago(hours=8))
        await do(person, job, "finish", at=ago(hours=2))
        joined = (await do(person, job, "crew", action="join", at=ago(hours=4))).json()
        left = (await do(person, job, "crew", action="leave", at=ago(hours=5))).json()
        other = await do(person, job, "crew", action="join", person="T08", at=ago(hours=3))
        assert (joined["state"], left["crew"], other.json()["crew"]) == ("done", [], [])
        assert (await do(person, job, "crew", action="join", at=ago(hours=1))).status_code == 409
    times = await world.fetch(
        "production",
        "SELECT person, extract(epoch FROM sum(ends - begins))::int AS spent, count(*) AS parts FROM crew_time"
        " WHERE job = $1 GROUP BY person ORDER BY person",
        job["id"],
    )
    spent = [(row["person"], round(row["spent"] / 60), row["parts"]) for row in times]
    assert spent == [("T07", 5 * 60, 2), ("T08", 60, 1)]


async def test_a_break_is_no_labour_and_a_failure_is_waiting(world: World, floor: httpx.AsyncClient) -> None:
    async with world.client("orders", "planner") as planner:
        await planner.put("/reasons/P1", json={"name": "휴식", "kind": "planned"})

    async def reasons() -> list[Any]:
        found: list[Any] = (await floor.get("/reasons")).json()["items"]
        return [reason["code"] for reason in found]

    await eventually(reasons, lambda found: "P1" in found)
    await idle_since(world, "PR2", hours=9)
    _, job = await first_job(world, floor)
    async with world.client("production", "operator", person="T09") as person:
        await do(person, job, "start", machine="PR2", at=ago(hours=8))
        for paused, resumed, reason in ((7, 6, "P1"), (5, 4.5, "U2"), (4, 3.75, "S1"), (3, 2.5, None)):
            assert (await do(person, job, "pause", reason=reason, at=ago(hours=paused))).status_code == 200
            await do(person, job, "resume", at=ago(hours=resumed))
        await do(person, job, "finish", at=ago(hours=2))
    async with world.client("production", "leader", person="P09") as leader:
        for by, name, value in (("person", "person", "T09"), ("job", "job_id", job["id"]), ("shift", None, None)):
            period = {"by": by, "from": ago(hours=8.5), "to": ago(hours=1)}
            sheet = (await leader.get("/labour", params=period)).json()
            rows = [row for row in sheet["items"] if name is None or row[name] == value]
            if name is None:
                assert abs(sum(row["waiting_s"] for row in rows) - sheet["waiting_s"]) <= len(rows)
            else:
                assert [(round(row["direct_s"], -1), round(row["waiting_s"], -1)) for row in rows] == [(14400, 3600)]
