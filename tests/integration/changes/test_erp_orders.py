"""What an ERP asks for and is told of an order that is changed and split after its release."""

from typing import Any

import httpx
import pytest

from tests.integration.changes.steps import jobs_of, order_once, post, work
from tests.integration.erp_bridge.steps import confirmations, erp_order, read_ledger, released_order, seen_order
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


def as_sent(order: dict[str, Any], **different: Any) -> dict[str, Any]:
    return {name: order[name] for name in ("external_id", "item", "due_at", "quantity")} | different


async def open_changes(planner: httpx.AsyncClient, order: dict[str, Any], count: int = 1) -> list[dict[str, Any]]:
    async def look() -> list[dict[str, Any]]:
        listed = (await planner.get(f"/work-orders/{order['number']}/changes")).json()["items"]
        return [change for change in listed if change["state"] == "proposed"]

    return await eventually(look, lambda found: len(found) == count)


async def test_a_change_after_the_release_waits_for_a_planner_who_applies_it(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    wanted = as_sent(order, quantity="130", customer="기아")
    for _ in range(3):
        refused = await erp.post("/orders", json=wanted)
        assert (refused.status_code, refused.json()["code"]) == (409, "order_released")
    [change] = await open_changes(planner, order)
    assert (change["origin"], change["by"]) == ("erp", "erp")
    assert [(d["field"], d["before"], d["after"]) for d in change["difference"]] == [
        ("quantity", "100", "130"),
        ("customer", None, "기아"),
    ]
    waiting = await seen_order(erp, order["external_id"], "released", "work_order_state")
    assert (waiting["quantity"], [a["after"] for a in waiting["asked"]]) == ("100", ["130", "기아"])
    await post(planner, f"/changes/{change['id']}/apply")
    taken = await seen_order(erp, order["external_id"], "130", "quantity")
    assert (taken["asked"], taken["work_order_quantity"], taken["customer"]) == ([], "130", "기아")
    assert (await erp.post("/orders", json=wanted)).status_code == 200
    assert (await jobs_of(floor, order["number"], planned="130"))[1]["planned"] == "130"
    [applied] = await confirmations(erp, order["external_id"], 1)
    assert (applied["order_quantity"], applied["op"]) == ("130", None)


async def test_a_refusal_is_told_and_the_same_wish_is_not_asked_again(
    world: World, planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    await erp.post("/orders", json=as_sent(order, quantity="130"))
    [change] = await open_changes(planner, order)
    await post(planner, f"/changes/{change['id']}/refuse", {"reason": "자재 없음"})
    await seen_order(erp, order["external_id"], "자재 없음", "reason")
    assert (await erp.post("/orders", json=as_sent(order, quantity="130"))).status_code == 409
    await erp.post("/orders", json=as_sent(order, quantity="140"))
    [other] = await open_changes(planner, order)
    assert [d["after"] for d in other["difference"]] == ["140"]
    assert (await erp.post("/orders", json=as_sent(order))).status_code == 200
    await open_changes(planner, order, 0)


async def test_another_item_is_another_order(world: World, planner: httpx.AsyncClient, erp: httpx.AsyncClient) -> None:
    order = await released_order(world, erp)
    await planner.put("/items/HB1002", json={"name": "다른 브라켓", "kind": "finished"})
    refused = await erp.post("/orders", json=as_sent(order, item="HB1002"))
    assert (refused.status_code, refused.json()["code"]) == (409, "order_item_fixed")
    assert refused.json()["changes"] == [{"field": "item", "before": "HB1001", "after": "HB1002"}]
    assert (await seen_order(erp, order["external_id"], "accepted"))["asked"] == []


async def test_the_erps_file_asks_for_changes_too(
    world: World, planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    row = f"{order['external_id']},HB1001,175,{order['due_at']}"
    upload = {"file": ("x.csv", f"external_id,item,quantity,due_at\n{row}\n".encode())}
    report = (await erp.post("/imports", files=upload, headers=key())).json()
    assert report["rows"][0]["errors"][0]["code"] == "order_released"
    [change] = await open_changes(planner, order)
    assert [(d["field"], d["after"]) for d in change["difference"]] == [("quantity", "175")]


async def test_the_parts_of_a_split_order_are_one_order_to_the_erp(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    _, part = (await post(planner, f"/work-orders/{order['work_order']}/split", {"quantities": [60, 40]}))["orders"]
    assert part["external_id"] == order["external_id"]
    first = await jobs_of(floor, order["number"], planned="60")
    second = await jobs_of(floor, part["number"], planned="40")

    async def parts() -> list[tuple[str, str]]:
        seen = await seen_order(erp, order["external_id"], "accepted")
        return [(entry["number"], entry["quantity"]) for entry in seen["parts"]]

    await eventually(parts, lambda seen: seen == [(order["number"], "60"), (part["number"], "40")])
    await work(floor, first[0], 60)
    await work(floor, second[0], 38, scrap=[{"defect": "BURR", "quantity": 2}])
    rows = await confirmations(erp, order["external_id"], 3)
    assert [(row["number"], row["good"], row["totals"]["good"], row["final"]) for row in rows] == [
        (order["number"], "60", "60", False),
        (part["number"], "38", "98", False),
        (part["number"], "0", "98", True),
    ]
    assert {row["order_quantity"] for row in rows} == {"100"}
    assert rows[-1]["totals"]["scrap"] == "2"
    await work(floor, second[1], 38)
    await post(planner, f"/work-orders/{order['work_order']}/cancel", {"reason": "고객 취소"})
    rows = (await confirmations(erp, order["external_id"], 6))[3:]
    assert [row["order_quantity"] for row in rows if row["op"] is None] == ["40"]
    assert [(row["op"], row["totals"]["good"], row["final"]) for row in rows if row["op"]] == [
        (20, "38", False),
        (20, "38", True),
    ]
    assert (await seen_order(erp, order["external_id"], "40", "work_order_quantity"))["quantity"] == "100"


async def test_a_change_of_a_split_order_goes_to_the_part_it_came_from(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    await post(planner, f"/work-orders/{order['work_order']}/split", {"quantities": [60, 40]})
    await jobs_of(floor, order["number"], planned="60")
    await erp.post("/orders", json=as_sent(order, quantity="130"))
    [change] = await open_changes(planner, order)
    assert [(d["field"], d["before"], d["after"]) for d in change["difference"]] == [("quantity", "60", "90")]
    await post(planner, f"/changes/{change['id']}/apply")
    assert (await seen_order(erp, order["external_id"], "130", "quantity"))["work_order_quantity"] == "130"


async def test_a_change_before_the_release_of_a_split_order_keeps_the_other_part(
    world: World, planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    body = erp_order()
    await erp.post("/orders", json=body)
    order = await seen_order(erp, body["external_id"], "accepted")
    _, part = (await post(planner, f"/work-orders/{order['work_order']}/split", {"quantities": [60, 40]}))["orders"]
    assert (await erp.post("/orders", json=body | {"quantity": "120"})).status_code == 200
    await order_once(planner, {"id": order["work_order"]}, quantity="80")
    assert (await planner.get(f"/work-orders/{part['id']}")).json()["quantity"] == "40"
    await post(planner, f"/work-orders/{order['work_order']}/release")
    released = await seen_order(erp, order["external_id"], "released", "work_order_state")
    assert (released["quantity"], released["work_order_quantity"]) == ("120", "120")


async def test_parts_that_are_merged_again_are_the_order_that_they_were(
    world: World, planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    body = erp_order()
    await erp.post("/orders", json=body)
    order = await seen_order(erp, body["external_id"], "accepted")
    kept, part = (await post(planner, f"/work-orders/{order['work_order']}/split", {"quantities": [60, 40]}))["orders"]
    merged = await post(planner, "/work-orders/merge", {"work_order_ids": [part["id"], kept["id"]]})
    assert (merged["number"], merged["quantity"]) == (order["number"], "100")
    seen = await seen_order(erp, body["external_id"], "100", "work_order_quantity")
    assert seen["work_order_state"] == "draft"
    edited = await planner.patch(f"/work-orders/{order['work_order']}", json={"quantity": 90})
    assert edited.status_code == 200, edited.text
    [changed] = await confirmations(erp, body["external_id"], 1)
    assert (changed["order_quantity"], changed["number"]) == ("90", order["number"])


async def test_the_erp_sees_in_the_confirmations_what_was_changed_on_the_floor(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    wanted = {"quantity": 70, "reason": "설비 고장"}
    change = await post(planner, f"/work-orders/{order['work_order']}/changes", wanted, 201)
    await post(planner, f"/changes/{change['id']}/apply")
    stamping, _ = await jobs_of(floor, order["number"], planned="70")
    [changed] = await confirmations(erp, order["external_id"], 1)
    assert (changed["order_quantity"], changed["op"], changed["totals"]) == ("70", None, None)
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 1}, 201)
    _, row = await confirmations(erp, order["external_id"], 2)
    assert (row["order_quantity"], row["op"], row["good"]) == ("70", 10, "1")
    assert (await erp.post("/orders", json=as_sent(order))).status_code == 200
    ledger = await read_ledger(erp)
    assert [entry["position"] for entry in ledger] == list(range(1, len(ledger) + 1))
