"""An order's life in the office: every command in every state, its history, its reconciliation, its traveller."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import httpx
import pytest

from services.orders.work_orders.domain.states import (
    WorkOrderAction,
    WorkOrderCommand,
    WorkOrderState,
    is_permitted,
    next_state,
)
from tests.integration.changes.steps import floor_knows, jobs_of, order_once, post, released, work
from tests.support.factory import new_order
from tests.support.world import PEOPLE, World, key

pytestmark = pytest.mark.anyio


PATHS: dict[WorkOrderState, tuple[str, ...]] = {
    WorkOrderState.DRAFT: (),
    WorkOrderState.PLANNED: ("plan",),
    WorkOrderState.RELEASED: ("release",),
    WorkOrderState.IN_PROGRESS: ("release", "begin"),
    WorkOrderState.ON_HOLD: ("release", "hold"),
    WorkOrderState.COMPLETED: ("release", "complete"),
    WorkOrderState.CLOSED: ("release", "complete", "close"),
    WorkOrderState.CANCELLED: ("release", "cancel"),
}


async def led_to(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, state: WorkOrderState
) -> dict[str, Any]:
    """A new order, led to ``state`` by people and the floor."""
    order = await new_order(world, quantity=10)
    for step in PATHS[state]:
        if step in ("begin", "complete"):
            jobs = await jobs_of(floor, order["number"])
            for job in jobs[: 1 if step == "begin" else 2]:
                if step == "begin":
                    await post(floor, f"/jobs/{job['id']}/results", {"good": 1}, 201)
                else:
                    await work(floor, job, 10)
        else:
            await post(planner, f"/work-orders/{order['id']}/{step}", {"reason": "r"} if step != "release" else None)
        if step in ("begin", "complete"):
            await order_once(planner, order, state={"begin": "in_progress", "complete": "completed"}[step])
    return await order_once(planner, order, state=state.value)


BODIES: dict[str, Any] = {"split": {"quantities": [9, 1]}, "changes": {"priority": 1, "reason": "r"}}


@pytest.mark.parametrize("state", WorkOrderState)
async def test_every_command_is_possible_or_refused_with_the_state(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, state: WorkOrderState
) -> None:
    commands = {command.value for command in WorkOrderCommand} - {"begin", "complete", "take_up"}
    commands |= {"split", "changes", "merge"}
    order: dict[str, Any] | None = None
    for command in sorted(commands):
        order = order or await led_to(world, planner, floor, state)
        if command == "merge":
            other = await new_order(world)
            body: Any = {"work_order_ids": [order["id"], other["id"]]}
            answer = await planner.post("/work-orders/merge", json=body, headers=key())
            is_possible = state in (WorkOrderState.DRAFT, WorkOrderState.PLANNED)
        else:
            body = BODIES.get(command, None if command == "release" else {"reason": "r"})
            answer = await planner.post(f"/work-orders/{order['id']}/{command}", json=body, headers=key())
            if command == "split":
                is_possible = state not in (WorkOrderState.COMPLETED, WorkOrderState.CLOSED, WorkOrderState.CANCELLED)
            elif command == "changes":
                is_possible = is_permitted(state, WorkOrderAction.PROPOSE_CHANGE)
            else:
                is_possible = next_state(state, WorkOrderCommand(command), WorkOrderState.RELEASED) is not None
        if is_possible:
            assert answer.status_code in (200, 201), (state, command, answer.text)
            order = None
        else:
            assert (answer.status_code, answer.json()["state"]) == (409, state.value), (state, command, answer.text)


async def test_an_order_held_before_its_first_report_resumes_as_begun_when_pieces_came(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, _ = await jobs_of(floor, order["number"])
    await post(planner, f"/work-orders/{order['id']}/hold", {"reason": "재질 확인"})
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 5}, 201)
    await order_once(planner, order, good_10="5")
    resumed = await post(planner, f"/work-orders/{order['id']}/resume")
    assert resumed["state"] == "in_progress"
    assert resumed["started_at"] is not None


async def test_the_history_tells_who_changed_what_and_what_the_floor_did(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await new_order(world)
    path = f"/work-orders/{order['id']}"
    await planner.patch(path, json={"quantity": 120})
    await post(planner, f"{path}/release")
    stamping, _ = await jobs_of(floor, order["number"])
    await work(floor, stamping, 60)
    await order_once(planner, order, state="in_progress", state_10="done")
    change = await post(planner, f"{path}/changes", {"quantity": 110, "reason": "줄임"}, 201)
    await post(planner, f"/changes/{change['id']}/apply", {"reason": "확인함"})
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await planner.get(f"{path}/history", params=query)).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [entry["at"] for entry in seen] == sorted((entry["at"] for entry in seen), reverse=True)
    told_so = [(entry["kind"], entry["action"], entry["person"] or entry["person_id"]) for entry in reversed(seen)]
    assert told_so[:3] == [("order", "create", "P01"), ("order", "change", "P07"), ("order", "release", "P07")]
    operator = str(PEOPLE.id_of("P01"))  # an event brought these, and events name no codes
    assert set(told_so[3:6]) == {
        ("operation", "running", operator),
        ("order", "begin", "system"),
        ("operation", "done", operator),
    }
    assert told_so[6:] == [("change", "propose_change", "P07"), ("change", "apply_change", "P07")]
    assert seen[0]["changes"] == [{"field": "quantity", "before": "120", "after": "110"}]
    assert (seen[0]["reason"], seen[1]["reason"]) == ("확인함", "줄임")


async def test_a_closed_order_keeps_where_its_pieces_were_and_settles_anew_what_comes_after(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    await planner.put("/items/COIL", json={"name": "코일", "kind": "raw", "unit": "kg"})
    line = {"component": "COIL", "quantity": "0.25", "scrap_pct": 2, "op": 10}
    assert (await planner.put("/boms/HB1001", json={"lines": [line]})).is_success
    order = await released(world)
    assert (order["routing_revision"], order["bom_revision"]) == (1, 1)
    stamping, packing = await jobs_of(floor, order["number"])
    await work(floor, stamping, 95, scrap=[{"defect": "BURR", "quantity": 3}])
    await work(floor, packing, 90, scrap=[{"defect": "DENT", "quantity": 1}])
    await order_once(planner, order, state="completed", good_20="90")
    path = f"/work-orders/{order['id']}"
    before = (await planner.get(f"{path}/reconciliation")).json()
    [coil] = before["materials"]
    assert (coil["component"], coil["quantity"], coil["planned"], coil["standard"]) == ("COIL", "0.25", "25.5", "24.5")
    assert (before["good"], before["scrap"], before["difference"], before["closed_at"]) == ("90", "4", "-10", None)
    assert [(o["received"], o["not_begun"], o["in_process"]) for o in before["operations"]] == [
        ("98", "2", "0"),
        ("95", "0", "4"),
    ]
    await post(planner, f"{path}/close")
    kept = (await planner.get(f"{path}/reconciliation")).json()
    assert (kept["closed_by"], kept["revision"], kept["operations"]) == ("P07", 1, before["operations"])
    await floor_knows(world, order, "closed")
    late = await post(floor, f"/jobs/{packing['id']}/results", {"good": 4}, 201)
    assert late["flags"] == ["after_finish", "after_close"]
    await order_once(planner, order, good_20="94")
    anew = (await planner.get(f"{path}/reconciliation")).json()
    assert (anew["good"], anew["difference"], anew["reason"], anew["closed_by"]) == (
        "94",
        "-6",
        "after_close",
        "P07",
    )
    assert [(o["received"], o["in_process"]) for o in anew["operations"]] == [("98", "0"), ("95", "0")]
    await post(leader, f"/results/{late['id']}/reverse", {"reason": "중복 보고"}, 201)
    await order_once(planner, order, good_20="90")
    last = (await planner.get(f"{path}/reconciliation")).json()
    assert [(one["revision"], one["good"], one["reason"]) for one in last["revisions"]] == [
        (3, "90", "after_close"),
        (2, "94", "after_close"),
        (1, "90", None),
    ]
    assert last["operations"] == before["operations"]
    told = await world.fetch("orders", "SELECT body FROM outbox WHERE type LIKE '%reconciled%' ORDER BY id")
    told = [row for row in told if order["id"] in row["body"]]
    assert [json.loads(row["body"])["good"] for row in told] == ["90", "94", "90"]


async def test_a_traveller_has_codes_for_the_order_and_each_operation(world: World, planner: httpx.AsyncClient) -> None:
    order = await released(world)
    traveller = (await planner.get(f"/work-orders/{order['number']}/traveller")).json()
    assert [material["component"] for material in traveller["materials"]] == ["COIL"]
    assert traveller["order"]["item_name"]["en"] == "mounting bracket"
    assert traveller["qr_text"] == f"DURE:WO:{order['number']}"
    assert [step["qr_text"] for step in traveller["operations"]] == [
        f"DURE:OP:{order['number']}:10",
        f"DURE:OP:{order['number']}:20",
    ]
    for svg in (traveller["qr_svg"], *(step["qr_svg"] for step in traveller["operations"])):
        assert ET.fromstring(svg).tag.endswith("svg")
