"""Every end has a way back: an operation is taken up again, an order is opened again, and everybody is told why."""

from typing import Any

import httpx
import pytest

from tests.integration.changes.steps import floor_knows, jobs_of, once, order_once, post, released, work
from tests.integration.erp_bridge.steps import confirmations, released_order
from tests.support.jobs import ago
from tests.support.world import World, key

pytestmark = pytest.mark.anyio

TOO_EARLY = "60개에서 잘못 완료"


async def history(planner: httpx.AsyncClient, order: dict[str, Any]) -> list[tuple[str, str | None]]:
    """What happened to an order, oldest first, and why."""
    entries = (await planner.get(f"/work-orders/{order['id']}/history")).json()["items"]
    return [(entry["action"], entry["reason"]) for entry in reversed(entries)]


async def test_an_operation_that_was_finished_too_early_goes_on_with_its_machine_time_and_crew(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, packing = await jobs_of(floor, order["number"])
    await work(floor, stamping, 60)
    await work(floor, packing, 60)
    await order_once(planner, order, state="completed")
    path = f"/jobs/{stamping['id']}"
    refused = await floor.post(f"{path}/start", json={}, headers=key())
    assert (refused.status_code, refused.json()["code"]) == (403, "job_finished")
    silent = await leader.post(f"{path}/start", json={}, headers=key())
    assert [(e["field"], e["code"]) for e in silent.json()["errors"]] == [("reason", "missing")]
    again = await post(leader, f"{path}/resume", {"reason": TOO_EARLY})
    assert (again["state"], [one["person"] for one in again["crew"]]) == ("running", ["P03"])
    assert again["finished_at"] is None
    machine = (await floor.get("/machines/PR1")).json()
    assert (machine["state"], machine["job"]["id"]) == ("running", stamping["id"])
    seen = await order_once(planner, order, state="in_progress", state_10="running")
    assert seen["completed_at"] is None
    report = await post(floor, f"{path}/results", {"good": 40}, 201)
    assert report["flags"] == []
    await post(floor, f"{path}/finish")
    runs = (await floor.get(f"{path}/runs")).json()["items"]
    assert [run["to"] is not None for run in runs] == [True, True]
    await order_once(planner, order, state="completed", good_10="100")
    told = await history(planner, order)
    taken_up = told.index(("take_up", TOO_EARLY))
    assert ("ready", TOO_EARLY) in told
    assert [action for action, _ in told[taken_up:] if action == "complete"] == ["complete"]


async def test_from_the_office_an_operation_is_only_opened_for_whoever_starts_it(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, _ = await jobs_of(floor, order["number"])
    await work(floor, stamping, 60)
    path = f"/jobs/{stamping['id']}"
    assert (await floor.post(f"{path}/reopen", json={"reason": "r"}, headers=key())).status_code == 403
    opened = await post(leader, f"{path}/reopen", {"reason": TOO_EARLY})
    assert (opened["state"], opened["ready"], opened["crew"]) == ("ready", "40", [])
    assert (await leader.post(f"{path}/reopen", json={"reason": "r"}, headers=key())).json()["state"] == "ready"
    assert (await post(floor, f"{path}/start"))["state"] == "running"
    await post(floor, f"{path}/finish")


async def test_a_late_command_from_before_the_finish_opens_nothing_and_one_from_after_it_is_flagged(
    world: World, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, _ = await jobs_of(floor, order["number"])
    path = f"/jobs/{stamping['id']}"
    await post(floor, f"{path}/start", {"at": ago(minutes=50)})
    await post(floor, f"{path}/finish", {"at": ago(minutes=30)})
    overtaken = await post(floor, f"{path}/start", {"at": ago(minutes=40)})
    assert (overtaken["state"], overtaken["crew"]) == ("done", [])
    assert "already" in overtaken["command_flags"]
    happened = await post(floor, f"{path}/start", {"at": ago(minutes=20)})
    assert happened["state"] == "running"
    assert {"after_finish", "already"} & {*happened["command_flags"]} == {"after_finish"}
    await post(floor, f"{path}/finish", {"at": ago(minutes=10)})
    assert len((await floor.get(f"{path}/runs")).json()["items"]) == 2


async def test_a_raised_quantity_opens_what_was_finished_even_of_a_completed_order(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world, 10)
    stamping, packing = await jobs_of(floor, order["number"])
    await work(floor, stamping, 12)
    await work(floor, packing, 10)
    await order_once(planner, order, state="completed")
    wanted = {"quantity": 12, "reason": "고객 추가"}
    change = await post(planner, f"/work-orders/{order['id']}/changes", wanted, 201)
    assert change["warnings"] == ["operation_finished"]
    close = await planner.post(f"/work-orders/{order['id']}/close", headers=key())
    assert (close.status_code, close.json()["code"]) == (409, "changes_open")
    await post(planner, f"/changes/{change['id']}/apply", {"confirmed": ["operation_finished"]})
    await order_once(planner, order, state="in_progress", state_20="ready", state_10="done")
    assert ("take_up", "고객 추가") in await history(planner, order)
    assert (await once(floor, f"/jobs/{packing['id']}", state="ready"))["ready"] == "2"
    await work(floor, packing, 2)
    await order_once(planner, order, state="completed")


async def test_the_erp_is_told_that_a_final_operation_goes_on_and_when_it_is_final_again(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    stamping, _ = await jobs_of(floor, order["number"])
    await work(floor, stamping, 60)
    _, final = await confirmations(erp, order["external_id"], 2)
    await post(leader, f"/jobs/{stamping['id']}/start", {"reason": TOO_EARLY})
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 40}, 201)
    await post(floor, f"/jobs/{stamping['id']}/finish")
    rows = await confirmations(erp, order["external_id"], 5)
    assert [(row["good"], row["final"], row["reopens"]) for row in rows] == [
        ("60", False, None),
        ("0", True, None),
        ("0", False, final["id"]),
        ("40", False, None),
        ("0", True, None),
    ]
    assert rows[2]["finished_at"] is None
    assert rows[-1]["totals"]["good"] == "100"


async def test_a_close_is_taken_back_and_settled_anew(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    order = await released(world, 10)
    stamping, packing = await jobs_of(floor, order["number"])
    await work(floor, stamping, 10)
    await work(floor, packing, 9)
    path = f"/work-orders/{order['id']}"
    await order_once(planner, order, state="completed")
    await post(planner, f"{path}/close")
    await floor_knows(world, order, "closed")
    start = f"/jobs/{packing['id']}/start"
    refused = await leader.post(start, json={"reason": "한 개 더"}, headers=key())
    assert (refused.status_code, refused.json()["code"]) == (409, "after_close")
    assert (await planner.post(f"{path}/reopen", json={}, headers=key())).status_code == 422
    assert (await post(planner, f"{path}/reopen", {"reason": "한 개 더"}))["state"] == "completed"
    await floor_knows(world, order, "completed")
    await post(leader, start, {"reason": "한 개 더"})
    await order_once(planner, order, state="in_progress")
    live = (await planner.get(f"{path}/reconciliation")).json()
    assert (live["closed_at"], live["revision"], len(live["revisions"])) == (None, None, 1)
    await post(floor, f"/jobs/{packing['id']}/results", {"good": 1}, 201)
    await post(floor, f"/jobs/{packing['id']}/finish")
    await order_once(planner, order, state="completed", good_20="10")
    await post(planner, f"{path}/close", {"reason": "다시 마감"})
    closed = (await planner.get(f"{path}/reconciliation")).json()
    assert (closed["good"], closed["revision"], closed["reason"]) == ("10", 2, "다시 마감")


async def test_a_cancelled_order_comes_back_to_the_floor_with_what_was_made_on_it(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, packing = await jobs_of(floor, order["number"])
    await post(floor, f"/jobs/{stamping['id']}/start")
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 30}, 201)
    await order_once(planner, order, good_10="30")
    path = f"/work-orders/{order['id']}"
    await post(planner, f"{path}/cancel", {"reason": "고객 취소"})
    await once(floor, f"/jobs/{stamping['id']}", state="cancelled")
    assert (await post(planner, f"{path}/reopen", {"reason": "고객이 다시 주문"}))["state"] == "in_progress"
    first = await once(floor, f"/jobs/{stamping['id']}", state="ready")
    assert (first["good"], first["ready"], first["crew"]) == ("30", "70", [])
    await once(floor, f"/jobs/{packing['id']}", state="ready")
    await work(floor, first, 70)
    await work(floor, packing, 100)
    await order_once(planner, order, state="completed", good_20="100")


async def test_an_order_that_was_cancelled_before_its_release_is_made_anew(
    world: World, planner: httpx.AsyncClient
) -> None:
    body = {"item": "HB1001", "quantity": 10, "due_at": ago(days=-3)}
    order = await post(planner, "/work-orders", body, 201)
    await post(planner, f"/work-orders/{order['id']}/cancel", {"reason": "중복"})
    again = await planner.post(f"/work-orders/{order['id']}/reopen", json={"reason": "r"}, headers=key())
    assert (again.status_code, again.json()["state"]) == (409, "cancelled")


async def test_pieces_that_wait_for_rework_have_begun(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world, 10)
    stamping, _ = await jobs_of(floor, order["number"])
    path = f"/work-orders/{order['id']}"
    report = f"/jobs/{stamping['id']}/results"
    await post(floor, report, {"good": 0, "rework": 10}, 201)

    await order_once(planner, order, rework_in_10="10")
    split = await planner.post(f"{path}/split", json={"quantities": [1, 9]}, headers=key())
    assert [e["code"] for e in split.json()["errors"]] == ["split_below_done"]
    change = await post(planner, f"{path}/changes", {"quantity": 1, "reason": "줄임"}, 201)
    assert change["warnings"] == ["below_done"]
    await post(planner, f"/changes/{change['id']}/refuse")
    await post(floor, report, {"good": 4, "reworked": True}, 201)
    await post(floor, report, {"good": 0, "scrap": [{"defect": "BURR", "quantity": 3}], "reworked": True}, 201)
    await order_once(planner, order, rework_in_10="3")
    balance = (await planner.get(f"{path}/reconciliation")).json()["operations"][0]
    assert (balance["received"], balance["not_begun"], balance["in_process"]) == ("10", "0", "3")


async def test_what_comes_back_after_the_order_was_completed_opens_the_operation_that_gets_it(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world, 10)
    stamping, packing = await jobs_of(floor, order["number"])
    await work(floor, stamping, 10)
    await work(floor, packing, 8)
    await order_once(planner, order, state="completed")
    await floor_knows(world, order, "completed")
    await post(floor, f"/jobs/{packing['id']}/results", {"good": 0, "rework": 2, "rework_op": 10}, 201)
    seen = await order_once(planner, order, state="in_progress", state_10="ready", good_10="8")
    assert seen["operations"][0]["rework_in"] == "2"


async def test_an_order_that_was_worked_on_after_it_was_cancelled_has_begun_when_it_comes_back(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    job, _ = await jobs_of(floor, order["number"])
    await post(planner, f"/work-orders/{order['id']}/cancel", {"reason": "고객 취소"})
    await floor_knows(world, order, "cancelled")
    await post(floor, f"/jobs/{job['id']}/results", {"good": 4}, 201)
    await order_once(planner, order, good_10="4")
    back = await post(planner, f"/work-orders/{order['id']}/reopen", {"reason": "다시 주문"})
    assert back["state"] == "in_progress"
