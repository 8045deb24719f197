"""Changes of released orders: asked for, applied or refused by a person, and followed on the floor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.integration.changes.steps import jobs_of, order_once, post, released, work
from tests.support.factory import new_order
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


async def ask(planner: httpx.AsyncClient, order: dict[str, Any], **wanted: Any) -> dict[str, Any]:
    body = {"reason": "고객 요청", **wanted}
    change: dict[str, Any] = await post(planner, f"/work-orders/{order['id']}/changes", body, 201)
    return change


async def test_an_applied_change_reaches_the_floor(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    await jobs_of(floor, order["number"])
    due = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    change = await ask(planner, order, quantity=150, due_at=due, priority=3, operations=[{"op": 10, "machine": "PR2"}])
    assert (change["state"], change["by"], change["warnings"]) == ("proposed", "P07", [])
    assert [(d["field"], d["before"], d["after"]) for d in change["difference"]] == [
        ("quantity", "100", "150"),
        ("due_at", order["due_at"], due),
        ("priority", 50, 3),
        ("operations.10.machine", "PR1", "PR2"),
    ]
    waiting = await order_once(planner, order, changes_open=1)
    assert waiting["quantity"] == "100"
    applied = await post(planner, f"/changes/{change['id']}/apply")
    assert (applied["state"], applied["decided_by"]) == ("applied", "P07")
    seen = await order_once(planner, order, quantity="150", changes_open=0)
    assert [step["planned"] for step in seen["operations"]] == ["150", "150"]
    stamping, packing = await jobs_of(floor, order["number"], planned="150")
    assert (stamping["machine"], stamping["due_at"], stamping["ready"], packing["planned"]) == (
        "PR2",
        due,
        "150",
        "150",
    )
    again = await post(planner, f"/changes/{change['id']}/refuse", status=409)
    assert again["state"] == "applied"


async def test_fewer_than_were_made_needs_a_persons_confirmation_and_nothing_reported_is_lost(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, _ = await jobs_of(floor, order["number"])
    await post(floor, f"/jobs/{stamping['id']}/start")
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 80}, 201)
    await order_once(planner, order, good_10="80")
    change = await ask(planner, order, quantity=50)
    assert (change["warnings"], change["done"][0]["good"]) == (["below_done"], "80")
    path = f"/changes/{change['id']}/apply"
    unseen = await post(planner, path, status=409)
    assert (unseen["code"], unseen["warnings"]) == ("change_unconfirmed", ["below_done"])
    assert (await order_once(planner, order))["quantity"] == "100"
    await post(planner, path, {"confirmed": ["below_done"]})
    job, _ = await jobs_of(floor, order["number"], planned="50")
    assert (job["good"], job["ready"], job["state"]) == ("80", "0", "running")
    await post(floor, f"/jobs/{stamping['id']}/finish")


async def test_a_refused_change_changes_nothing(world: World, planner: httpx.AsyncClient) -> None:
    order = await released(world)
    change = await ask(planner, order, quantity=1)
    refused = await post(planner, f"/changes/{change['id']}/refuse", {"reason": "이미 준비함"})
    assert (refused["state"], refused["decision"]) == ("refused", "이미 준비함")
    seen = await order_once(planner, order, changes_open=0)
    assert seen["quantity"] == "100"
    listed = (await planner.get(f"/work-orders/{order['number']}/changes")).json()["items"]
    assert [entry["id"] for entry in listed] == [change["id"]]


async def test_a_skipped_operation_is_left_out_and_the_order_is_completed_without_it(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    await planner.put("/items/WASHED", json={"name": "세척품", "kind": "finished"})
    names = {10: ("절단", "PR1"), 20: ("세척", "PK"), 30: ("포장", "PK")}
    steps = [{"op": op, "name": name, "machine": machine} for op, (name, machine) in names.items()]
    await planner.put("/routings/WASHED", json={"operations": steps})
    order = await released(world, item="WASHED")
    cutting, washing, packing = await jobs_of(floor, order["number"])
    change = await ask(planner, order, operations=[{"op": 20, "skip": True}])
    await post(planner, f"/changes/{change['id']}/apply")

    async def state() -> str:
        return str((await floor.get(f"/jobs/{washing['id']}")).json()["state"])

    await eventually(state, lambda seen: seen == "skipped")
    await work(floor, cutting, 99)
    _, _, packing = await jobs_of(floor, order["number"], state="done")
    assert (packing["state"], packing["ready"]) == ("ready", "99")
    _, part = (await post(planner, f"/work-orders/{order['id']}/split", {"quantities": [99, 1]}))["orders"]
    await work(floor, packing, 98)
    done = await order_once(planner, order, state="completed", good_30="98")
    assert done["good"] == "98"
    short = await jobs_of(floor, part["number"])
    assert [job["state"] for job in short] == ["ready", "skipped", "waiting"]
    await work(floor, short[0], 1)
    assert (await jobs_of(floor, part["number"], state="done"))[2]["state"] == "ready"


@pytest.mark.parametrize(
    ("wanted", "field", "code"),
    [
        ({"quantity": 0}, "quantity", "greater_than"),
        ({"quantity": None}, "quantity", "missing"),
        ({"operations": [{"op": 11, "skip": True}]}, "operations.0.op", "operation_unknown"),
        ({"operations": [{"op": 10, "machine": "PK"}]}, "operations.0.machine", "machine_elsewhere"),
        ({"operations": [{"op": 10, "skip": True}, {"op": 20, "skip": True}]}, "operations", "nothing_left"),
        ({"item": "OTHER"}, "item", "extra_forbidden"),
    ],
)
async def test_what_cannot_be_changed_is_refused_by_field(
    world: World, planner: httpx.AsyncClient, wanted: dict[str, Any], field: str, code: str
) -> None:
    order = await released(world)
    refused = await post(planner, f"/work-orders/{order['id']}/changes", {"reason": "?", **wanted}, 422)
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [(field, code)]


async def test_a_customer_who_takes_more_widens_the_tolerance_and_the_floor_flags_nothing(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, _ = await jobs_of(floor, order["number"])
    change = await ask(planner, order, over_tolerance_pct="20.0", under_tolerance_pct="10")
    assert [(d["field"], d["before"], d["after"]) for d in change["difference"]] == [
        ("over_tolerance_pct", "5", "20"),
        ("under_tolerance_pct", "5", "10"),
    ]
    await post(planner, f"/changes/{change['id']}/apply")

    async def percents() -> tuple[str, str]:
        job = (await floor.get(f"/jobs/{stamping['id']}")).json()
        return job["over_tolerance_pct"], job["under_tolerance_pct"]

    await eventually(percents, lambda seen: seen == ("20", "10"))
    await post(floor, f"/jobs/{stamping['id']}/start")
    result = await post(floor, f"/jobs/{stamping['id']}/results", {"good": 115}, 201)
    assert result["flags"] == []


async def test_a_tolerance_that_is_emptied_is_the_shops_again(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world, over_tolerance_pct="0")
    change = await ask(planner, order, over_tolerance_pct=None)
    assert change["difference"] == [{"field": "over_tolerance_pct", "before": "0", "after": "5"}]
    await post(planner, f"/changes/{change['id']}/apply")
    assert (await order_once(planner, order, over_tolerance_pct="5"))["under_tolerance_pct"] == "5"


async def test_a_change_that_changes_nothing_is_none(world: World, planner: httpx.AsyncClient) -> None:
    order = await released(world)
    refused = await post(planner, f"/work-orders/{order['id']}/changes", {"reason": "?", "quantity": "100.0"}, 422)
    assert refused["code"] == "nothing_changed"


async def test_an_order_with_an_undecided_change_is_not_split(world: World, planner: httpx.AsyncClient) -> None:
    order = await released(world)
    await ask(planner, order, priority=1)
    refused = await post(planner, f"/work-orders/{order['id']}/split", {"quantities": [50, 50]}, 409)
    assert refused["code"] == "changes_open"


async def test_an_operator_does_not_change_orders(world: World, planner: httpx.AsyncClient) -> None:
    order = await released(world)
    async with world.client("orders", "operator") as operator:
        asked = await operator.post(f"/work-orders/{order['id']}/changes", json={"quantity": 1}, headers=key())
        assert asked.status_code == 403
        assert (await operator.get(f"/work-orders/{order['id']}/changes")).status_code == 200
        assert (await operator.get(f"/work-orders/{order['id']}/history")).status_code == 403


async def test_a_draft_is_edited_and_a_stale_page_is_told(world: World, planner: httpx.AsyncClient) -> None:
    order = await new_order(world)
    path = f"/work-orders/{order['id']}"
    tag = (await planner.get(path)).headers["ETag"]
    edited = await planner.patch(path, json={"quantity": 120, "note": "급함"}, headers={"If-Match": tag})
    assert (edited.status_code, edited.json()["quantity"], edited.json()["note"]) == (200, "120", "급함")
    assert edited.headers["ETag"] != tag
    stale = await planner.patch(path, json={"quantity": 130}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (await planner.patch(path, json={"quantity": None})).status_code == 422
    await post(planner, f"{path}/release")
    late = await planner.patch(path, json={"quantity": 130})
    assert (late.status_code, late.json()["state"]) == (409, "released")
