"""A tablet comes back from a shift without Wi-Fi: what it could not do waits for the leader, and counts once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.production.review.commands.dispatch import find_kind
from tests.support.jobs import first_job
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio
API = "/api/v1/production"
AT = (datetime.now(UTC) - timedelta(minutes=40)).isoformat()


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator", person="1101") as client:
        yield client


@pytest.fixture
async def leader(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "leader", person="0201") as client:
        yield client


async def new_job(world: World, floor: httpx.AsyncClient) -> dict[str, Any]:
    """Stamping of a released order, on press 1."""
    return (await first_job(world, floor))[1]


async def hold(world: World, floor: httpx.AsyncClient, job: dict[str, Any]) -> None:
    """The planner stops the order meanwhile."""
    async with world.client("orders", "planner") as orders:
        await orders.post(f"/work-orders/{job['work_order_id']}/hold", json={"reason": "재질 확인"}, headers=key())

    async def look() -> str:
        return str((await floor.get(f"/jobs/{job['id']}")).json()["state"])

    await eventually(look, lambda state: state == "blocked")


async def send(floor: httpx.AsyncClient, path: str, **body: Any) -> tuple[str, httpx.Response]:
    """The tablet sends a command of its queue; its id and the answer."""
    id_ = str(uuid4())
    return id_, await floor.post(path, json=body, headers={"Idempotency-Key": id_})


async def hand_over(floor: httpx.AsyncClient, path: str, **body: Any) -> tuple[str, dict[str, Any]]:
    """The tablet sends a command, is refused and hands it over; the command's id and the review's receipt."""
    id_, refused = await send(floor, path, **body)
    assert refused.status_code >= 400, refused.text
    command = {"id": id_, "kind": path.rpartition("/")[2], "path": f"{API}{path}", "body": body}
    review = {"command": command | {"person": "1101", "at": AT}, "problem": refused.json()}
    answer = await floor.post("/reviews", json=review, headers=key())
    assert answer.status_code == 201, answer.text
    again = await floor.post("/reviews", json=review, headers=key())
    assert again.json() == answer.json()
    return id_, answer.json()


async def resolve(leader: httpx.AsyncClient, review: dict[str, Any], way: str, **body: Any) -> httpx.Response:
    return await leader.post(f"/reviews/{review['id']}/{way}", json=body, headers=key())


async def state_of(floor: httpx.AsyncClient, job: dict[str, Any]) -> str:
    return str((await floor.get(f"/jobs/{job['id']}")).json()["state"])


async def test_a_start_on_an_order_held_meanwhile_waits_and_runs_when_the_leader_accepts_it(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    await hold(world, floor, job)
    command, receipt = await hand_over(floor, f"/jobs/{job['id']}/start", machine="PR1")
    assert receipt["state"] == "open"
    seen = (await leader.get(f"/reviews/{receipt['id']}", headers={"Accept-Language": "ko"})).json()
    assert (seen["machine"], seen["command"]["person"], seen["job"]["number"]) == ("PR1", "1101", job["number"])
    assert seen["problem"]["detail"] == f"작업지시 {job['number']}은(는) 보류 중입니다."
    assert seen["ways"][0] == {"way": "accept", "effects": ["start_on_hold"], "other": None, "refusal": None}
    done = await resolve(leader, receipt, "accept", reason="자재 확인됨")
    assert done.status_code == 200, done.text
    assert (done.json()["resolution"], done.json()["resolved_by"]) == ("accepted", "0201")
    assert await state_of(floor, job) == "running"
    review = (await floor.get(f"/reviews/of-command/{command}")).json()
    assert (review["state"], review["reason"], review["outcome"]["job_state"]) == ("resolved", "자재 확인됨", "running")
    again = await resolve(leader, receipt, "dismiss", reason="한 번 더")
    assert (again.status_code, again.json()["code"]) == (409, "review_resolved")
    trail = (await leader.get("/audit", params={"subject": f"review/{receipt['id']}"})).json()["items"]
    assert [(entry["action"], entry["person"], entry["reason"]) for entry in trail] == [
        ("accept", "0201", "자재 확인됨")
    ]
    await floor.post(f"/jobs/{job['id']}/finish", headers=key())


async def test_a_start_on_a_busy_machine_pauses_the_other_order_when_it_is_accepted(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    first, second = await new_job(world, floor), await new_job(world, floor)
    await send(floor, f"/jobs/{first['id']}/start")
    _, receipt = await hand_over(floor, f"/jobs/{second['id']}/start")
    accept = (await leader.get(f"/reviews/{receipt['id']}")).json()["ways"][0]
    assert accept["other"] == {"number": first["number"], "op": 10}
    assert (await resolve(leader, receipt, "accept")).status_code == 200
    assert (await state_of(floor, first), await state_of(floor, second)) == ("paused", "running")
    assert (await floor.get("/machines/PR1")).json()["job"]["number"] == second["number"]
    for job in (first, second):
        await send(floor, f"/jobs/{job['id']}/finish")


async def test_a_report_with_a_defect_that_nobody_knows_is_corrected_and_counts_once(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    path = f"/jobs/{job['id']}/results"
    scrap = [{"defect": "HOLE", "quantity": "2"}]
    command, receipt = await hand_over(floor, path, good="30", scrap=scrap, at=AT)
    seen = (await leader.get(f"/reviews/{receipt['id']}", headers={"Accept-Language": "vi"})).json()
    assert seen["problem"]["errors"][0]["message"] == "“HOLE” chưa được đăng ký"
    assert seen["ways"][0]["refusal"]["detail"] == "“HOLE” chưa được đăng ký"
    refused = await resolve(leader, receipt, "accept")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "scrap.0.defect")
    right = {"good": "30", "scrap": [{"defect": "DENT", "quantity": "2"}], "at": AT}
    done = (await resolve(leader, receipt, "correct", body=right, reason="찍힘이었음")).json()
    assert (done["resolution"], done["command"]["body"]["scrap"], done["done_body"]) == ("corrected", scrap, right)
    ledger = (await floor.get("/results", params={"job": job["id"]})).json()["items"]
    assert [(entry["id"], entry["good"], entry["person"]) for entry in ledger] == [
        (done["outcome"]["result_id"], "30", "1101")
    ]
    late = await floor.post(path, json={"good": "30", "scrap": scrap, "at": AT}, headers={"Idempotency-Key": command})
    assert late.status_code == 422
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "30"


async def test_a_report_on_the_wrong_order_goes_to_the_right_one(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    right, lost = await new_job(world, floor), uuid4()
    _, receipt = await hand_over(floor, f"/jobs/{lost}/results", good="12", machine="PR2", at=AT)
    seen = (await leader.get(f"/reviews/{receipt['id']}")).json()
    assert (seen["job"], seen["problem"]["code"]) == (None, "job_unknown")
    done = (await resolve(leader, receipt, "assign", job_id=right["id"], reason="전표 잘못 찍음")).json()
    assert (done["resolution"], done["outcome"]["job_id"]) == ("assigned", right["id"])
    assert (done["outcome"]["number"], done["outcome"]["op"]) == (right["number"], 10)
    assert (await floor.get(f"/jobs/{right['id']}")).json()["good"] == "12"
    flagged = (await leader.get("/reviews/flagged", params={"limit": 200})).json()["items"]
    assert done["outcome"]["flags"] == ["not_started", "late"]
    assert done["outcome"]["result_id"] not in [entry["id"] for entry in flagged]


async def test_what_is_dismissed_stays_readable_and_is_not_done_by_a_late_tablet(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    command, receipt = await hand_over(floor, f"/jobs/{job['id']}/pause", reason="U2")
    assert (await resolve(leader, receipt, "dismiss")).status_code == 422
    assert (await resolve(leader, receipt, "dismiss", reason="이미 멈춰 있었음")).status_code == 200
    kept = (await leader.get("/reviews", params={"state": "resolved", "person": "1101"})).json()["items"][0]
    assert (kept["command"]["id"], kept["command"]["body"]) == (command, {"reason": "U2"})
    await send(floor, f"/jobs/{job['id']}/start")
    late = await floor.post(f"/jobs/{job['id']}/pause", json={"reason": "U2"}, headers={"Idempotency-Key": command})
    assert (late.status_code, await state_of(floor, job)) == (422, "running")
    await send(floor, f"/jobs/{job['id']}/finish")


async def test_a_command_that_was_done_after_all_is_accepted_without_a_second_effect(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    body = {"good": "7", "at": AT}
    id_, made = await send(floor, f"/jobs/{job['id']}/results", **body)
    command = {"id": id_, "kind": "report", "path": f"{API}/jobs/{job['id']}/results", "body": body, "at": AT}
    problem = {"status": 503, "code": "unavailable", "title": "busy"}
    receipt = (await floor.post("/reviews", json={"command": command, "problem": problem}, headers=key())).json()
    dismissed = await resolve(leader, receipt, "dismiss", reason="없던 일")
    assert (dismissed.status_code, dismissed.json()["code"]) == (409, "command_done")
    accepted = (await resolve(leader, receipt, "accept")).json()
    assert accepted["outcome"]["result_id"] == made.json()["id"]
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "7"


async def test_two_leaders_resolve_one_review_once(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    _, receipt = await hand_over(floor, f"/jobs/{job['id']}/finish")
    async with world.client("production", "leader", person="0202") as other:
        first, second = await resolve(leader, receipt, "accept"), await resolve(other, receipt, "accept")
    assert (first.status_code, second.status_code) == (200, 409)
    assert await state_of(floor, job) == "done"


async def test_a_command_that_only_the_tablet_knows_can_be_dismissed(
    floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    command = {"id": str(uuid4()), "kind": "label", "path": "/labels/new", "body": {}, "machine": "PR1", "at": AT}
    problem = {"status": 400, "code": "printer_gone", "title": "프린터 없음", "detail": "프린터가 꺼져 있습니다."}
    receipt = (await floor.post("/reviews", json={"command": command, "problem": problem}, headers=key())).json()
    seen = (await leader.get(f"/reviews/{receipt['id']}")).json()
    assert (seen["problem"]["detail"], [way["way"] for way in seen["ways"]]) == ("프린터가 꺼져 있습니다.", ["dismiss"])
    refused = await resolve(leader, receipt, "accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "review_for_tablet")


async def test_operators_hand_over_and_leaders_resolve(world: World, floor: httpx.AsyncClient) -> None:
    job = await new_job(world, floor)
    _, receipt = await hand_over(floor, f"/jobs/{job['id']}/resume")
    for way in ("accept", "dismiss"):
        assert (await resolve(floor, receipt, way, reason="혼자 처리")).status_code == 403


async def test_a_flagged_result_waits_until_somebody_has_looked_at_it(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    _, plain = await send(floor, f"/jobs/{job['id']}/results", good=1)
    _, over = await send(floor, f"/jobs/{job['id']}/results", good=500)
    _, taken_back = await send(floor, f"/jobs/{job['id']}/results", good=600)
    await leader.post(f"/results/{taken_back.json()['id']}/reverse", json={"reason": "오기"}, headers=key())

    async def waiting(**query: Any) -> list[str]:
        found = (await leader.get("/reviews/flagged", params={"limit": 200} | query)).json()["items"]
        return [entry["id"] for entry in found if entry["job_id"] == job["id"]]

    assert await waiting() == [plain.json()["id"], over.json()["id"]]
    assert await waiting(flag="over_production") == [over.json()["id"]]
    body = {"result_ids": [plain.json()["id"]], "reason": "확인함"}
    first = await leader.post("/reviews/flagged/acknowledge", json=body, headers=key())
    second = await leader.post("/reviews/flagged/acknowledge", json=body, headers=key())
    assert (first.json(), second.json()) == ({"acknowledged": 1}, {"acknowledged": 0})
    assert (await leader.post(f"/results/{over.json()['id']}/acknowledge", headers=key())).status_code == 200
    assert await waiting() == []
    assert (await leader.post(f"/results/{uuid4()}/acknowledge", headers=key())).status_code == 404


async def test_a_touch_undone_before_its_report_was_answered_is_taken_back_by_the_leader(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    report, made = await send(floor, f"/jobs/{job['id']}/results", good="9")
    problem = {"status": 403, "code": "not_allowed", "title": "x"}

    async def undo(id_: str) -> dict[str, Any]:
        command = {"id": str(uuid4()), "kind": "reverse", "path": f"{API}/results/of/{id_}/reverse", "at": AT}
        command |= {"body": {}, "person": "1101"}
        kept = await floor.post("/reviews", json={"command": command, "problem": problem}, headers=key())
        return dict(kept.json())

    done = (await resolve(leader, await undo(report), "accept")).json()
    assert done["outcome"]["result_id"] != made.json()["id"]
    ledger = (await floor.get("/results", params={"job": job["id"]})).json()["items"]
    assert [(entry["good"], entry["reason"]) for entry in ledger] == [("9", None), ("-9", "x")]
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "0"
    nothing = await resolve(leader, await undo(str(uuid4())), "accept")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_reverse")


async def test_a_crew_change_on_a_job_that_was_not_started_yet_is_done_once_it_runs(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    _, receipt = await hand_over(floor, f"/jobs/{job['id']}/crew", action="join", person="1102")
    accept = (await leader.get(f"/reviews/{receipt['id']}", headers={"Accept-Language": "ko"})).json()["ways"][0]
    assert accept["refusal"]["detail"] == "현재 상태가 “준비됨”이므로 할 수 없습니다."
    assert (await resolve(leader, receipt, "accept")).json()["code"] == "wrong_state"
    await send(floor, f"/jobs/{job['id']}/start")
    assert (await resolve(leader, receipt, "accept")).status_code == 200
    crew = (await floor.get(f"/jobs/{job['id']}")).json()["crew"]
    assert {member["person"] for member in crew} == {"1101", "1102"}
    await send(floor, f"/jobs/{job['id']}/finish")


async def test_a_start_is_done_in_the_name_of_who_touched_it(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    job = await new_job(world, floor)
    await hold(world, floor, job)
    _, receipt = await hand_over(floor, f"/jobs/{job['id']}/start", machine="PR2")
    assert (await resolve(leader, receipt, "accept")).status_code == 200
    shown = (await floor.get(f"/jobs/{job['id']}")).json()
    assert ([member["person"] for member in shown["crew"]], shown["machine"]) == (["1101"], "PR2")
    await send(floor, f"/jobs/{job['id']}/finish")


def test_whatever_a_tablet_can_queue_can_be_done_by_a_leader() -> None:
    job, other = uuid4(), uuid4()
    paths = [f"/jobs/{job}/{command}" for command in ("start", "resume", "pause", "finish", "phase", "crew", "results")]
    paths += [f"/jobs/{job}/instruction/confirm", f"/jobs/{job}/consumptions", f"/jobs/{job}/send"]
    paths += [f"/results/{other}/reverse", f"/results/of/{other}/reverse", f"/handovers/{other}/read", "/attendance"]
    paths += ["/machines/PR1/unassigned", "/machines/%ED%94%84%EB%A0%88%EC%8A%A4-1/handovers", "/andon-calls"]
    found = [find_kind(f"{API}{path}") for path in paths]
    assert [path for path, kind in zip(paths, found, strict=True) if kind is None] == []
    handover = found[-2]
    assert handover is not None
    assert handover[1] == {"machine": "프레스-1"}
