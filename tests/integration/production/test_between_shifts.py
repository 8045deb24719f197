"""What happens beside the orders: pieces without one, notes for the next shift, calls for help."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.jobs import first_job
from tests.support.world import World, key

pytestmark = pytest.mark.anyio
AT = datetime.now(UTC) - timedelta(hours=3)


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator", person="1101") as client:
        yield client


@pytest.fixture
async def leader(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "leader", person="0201") as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, **body: Any) -> httpx.Response:
    return await client.post(path, json=body, headers=key())


async def test_pieces_without_an_order_are_kept_and_become_a_result_of_when_they_were_made(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    scrap = [{"defect": "BURR", "quantity": "3"}]
    body = {"item": "HB1001", "good": "120", "scrap": scrap, "note": "급한 것", "at": AT.isoformat()}
    kept = (await post(floor, "/machines/PR1/unassigned", **body)).json()
    assert (kept["state"], kept["person"], kept["good"]) == ("open", "1101", "120")
    _, job = await first_job(world, floor)
    waiting = (await leader.get("/unassigned", params={"state": "open"})).json()["items"]
    assert kept["id"] in [entry["id"] for entry in waiting]
    assert (await post(floor, f"/unassigned/{kept['id']}/assign", job_id=job["id"])).status_code == 403
    done = (await post(leader, f"/unassigned/{kept['id']}/assign", job_id=job["id"])).json()
    assert (done["state"], done["job_id"], done["resolved_by"]) == ("assigned", job["id"], "0201")
    [result] = (await floor.get("/results", params={"job": job["id"]})).json()["items"]
    assert (result["id"], result["good"], result["scrap"]) == (done["result_id"], "120", scrap)
    assert (result["person"], result["machine"], result["business_date"]) == ("1101", "PR1", kept["business_date"])
    assert datetime.fromisoformat(result["at"]) == AT
    assert result["flags"] == ["not_started", "over_production", "late", "assigned_later"]
    again = await post(leader, f"/unassigned/{kept['id']}/dismiss", reason="한 번 더")
    assert (again.status_code, again.json()["code"]) == (409, "review_resolved")
    flagged = (await leader.get("/reviews/flagged", params={"limit": 200})).json()["items"]
    assert done["result_id"] not in [entry["id"] for entry in flagged]
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "120"


async def test_pieces_that_belong_to_no_order_are_dismissed_with_a_reason(
    floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    kept = (await post(floor, "/machines/PR2/unassigned", good=4)).json()
    assert (await post(leader, f"/unassigned/{kept['id']}/dismiss")).status_code == 422
    done = (await post(leader, f"/unassigned/{kept['id']}/dismiss", reason="금형 시험")).json()
    assert (done["state"], done["reason"]) == ("dismissed", "금형 시험")
    past = (await leader.get("/unassigned", params={"state": "dismissed", "machine": "PR2"})).json()["items"]
    assert [entry["id"] for entry in past] == [kept["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"good": 0}, "good"), ({"good": 1, "scrap": [{"defect": "NOPE", "quantity": 1}]}, "scrap.0.defect")],
)
async def test_unassigned_pieces_are_refused_only_when_they_cannot_be_a_fact(
    floor: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    answer = await post(floor, "/machines/PR1/unassigned", **body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await post(floor, "/machines/NOPE/unassigned", good=1)).status_code == 404


async def test_pieces_that_go_to_a_job_that_is_not_there_stay_open(
    floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    kept = (await post(floor, "/machines/PR1/unassigned", good=9)).json()
    assert (await post(leader, f"/unassigned/{kept['id']}/assign", job_id=str(uuid4()))).status_code == 404
    waiting = (await leader.get("/unassigned", params={"state": "open"})).json()["items"]
    assert kept["id"] in [entry["id"] for entry in waiting]


async def test_the_next_shift_reads_what_the_last_one_left_at_the_machine(
    world: World, floor: httpx.AsyncClient
) -> None:
    first = (await post(floor, "/machines/PR1/handovers", note="3번 캐비티 버 심함", at=AT.isoformat())).json()
    await post(floor, "/machines/PR1/handovers", note="코일 1롤 남음")
    await post(floor, "/machines/PR2/handovers", note="다른 기계")
    assert first["read_by"] == []
    async with world.client("production", "operator", person="1102") as night:
        for _ in range(2):
            assert (await post(night, f"/handovers/{first['id']}/read")).status_code == 200
        notes = (await night.get("/machines/PR1/handovers")).json()["items"]
        assert [(note["note"], [reader["person"] for reader in note["read_by"]]) for note in notes] == [
            ("코일 1롤 남음", []),
            ("3번 캐비티 버 심함", ["1102"]),
        ]
        assert len((await night.get("/machines/PR1/handovers", params={"limit": 1})).json()["items"]) == 1
        assert (await post(night, f"/handovers/{uuid4()}/read")).status_code == 404
    assert (await post(floor, "/machines/NOPE/handovers", note="없는 기계")).status_code == 404


async def test_a_call_is_heard_taken_and_done(world: World, floor: httpx.AsyncClient) -> None:
    made = (await post(floor, "/andon-calls", machine="PR1", kind="maintenance", at=AT.isoformat())).json()
    again = (await post(floor, "/andon-calls", machine="PR1", kind="maintenance", note="연기 남")).json()
    assert (again["id"], again["note"], datetime.fromisoformat(again["at"])) == (made["id"], "연기 남", AT)
    other = (await post(floor, "/andon-calls", machine="PR1", kind="material")).json()
    assert other["id"] != made["id"]
    async with world.client("production", "maintenance", person="0301") as fitter:
        taken = (await post(fitter, f"/andon-calls/{made['id']}/acknowledge")).json()
        assert (taken["state"], taken["acknowledged_by"]) == ("acknowledged", "0301")
        twice = await post(floor, f"/andon-calls/{made['id']}/acknowledge")
        assert (twice.status_code, twice.json()["person"]) == (409, "0301")
        done = (await post(fitter, f"/andon-calls/{made['id']}/resolve", note="센서 교체")).json()
        assert (done["state"], done["resolution"], done["note"]) == ("resolved", "센서 교체", "연기 남")
    open_calls = (await floor.get("/andon-calls", params={"state": "open,acknowledged"})).json()["items"]
    assert [call["id"] for call in open_calls] == [other["id"]]
    anew = (await post(floor, "/andon-calls", machine="PR1", kind="maintenance")).json()
    assert anew["id"] != made["id"]
    events = await world.fetch("production", "SELECT version FROM outbox WHERE aggregate = $1", f"andon/{made['id']}")
    assert sorted(row["version"] for row in events) == [1, 2, 3, 4]


async def test_nobody_is_called_to_a_machine_that_is_not_there(floor: httpx.AsyncClient) -> None:
    answer = await post(floor, "/andon-calls", machine="NOPE", kind="quality")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "machine")
    assert (await post(floor, "/andon-calls", machine="PR1", kind="coffee")).status_code == 422


async def test_pieces_refused_for_their_defect_are_kept_without_an_order_when_a_leader_corrects_them(
    floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    body = {"good": 1, "scrap": [{"defect": "NOPE", "quantity": 1}]}
    refused = await post(floor, "/machines/PR2/unassigned", **body)
    command = {
        "id": str(uuid4()),
        "kind": "unassigned",
        "path": "/api/v1/production/machines/PR%32/unassigned",
        "body": body,
    }
    review = {"command": command | {"person": "1101", "at": AT.isoformat()}, "problem": refused.json()}
    receipt = (await post(floor, "/reviews", **review)).json()
    right = {"body": {"good": 1, "scrap": [{"defect": "BURR", "quantity": 1}]}, "reason": "버"}
    assert (await post(leader, f"/reviews/{receipt['id']}/correct", **right)).status_code == 200
    kept = (await leader.get("/unassigned", params={"state": "open", "machine": "PR2"})).json()["items"][-1]
    assert (kept["person"], kept["scrap"]) == ("1101", [{"defect": "BURR", "quantity": "1"}])
    assert datetime.fromisoformat(kept["at"]) == AT


async def test_a_leader_reads_what_was_left_at_all_machines(
    floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    older = (await post(floor, "/machines/PR1/handovers", note="금형 세척", at=AT.isoformat())).json()
    newer = (await post(floor, "/machines/PR2/handovers", note="치수 자주 확인")).json()
    own = (await post(leader, "/machines/PR2/handovers", note="오늘은 PR2 먼저")).json()
    everything = (await leader.get("/handovers", params={"limit": 200})).json()["items"]
    assert [note["id"] for note in everything if note in (older, newer, own)] == [own["id"], newer["id"], older["id"]]
    at_first = (await leader.get("/handovers", params={"machine": "PR1", "limit": 200})).json()["items"]
    assert {note["machine"] for note in at_first} == {"PR1"}
    assert (await leader.get("/handovers", params={"machine": "NOPE"})).status_code == 404
    await post(leader, f"/handovers/{newer['id']}/read")
    unread = [note["id"] for note in (await leader.get("/handovers", params={"unread": True})).json()["items"]]
    assert older["id"] in unread
    assert not {own["id"], newer["id"]} & set(unread)


async def test_notes_are_told_page_after_page(leader: httpx.AsyncClient) -> None:
    for number in range(3):
        await post(leader, "/machines/PR1/handovers", note=f"메모 {number}")
    whole = (await leader.get("/handovers", params={"limit": 200})).json()["items"]
    found: list[str] = []
    cursor = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await leader.get("/handovers", params=params)).json()
        found += [note["id"] for note in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == [note["id"] for note in whole]
    assert (await leader.get("/handovers", params={"cursor": "nonsense"})).status_code == 422
