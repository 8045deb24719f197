"""An ERP cancels an order: at once before the release, by a planner's decision after it."""

from typing import Any

import httpx
import pytest

from tests.integration.changes.steps import jobs_of, once, order_once, post, work
from tests.integration.changes.test_erp_orders import as_sent, open_changes
from tests.integration.erp_bridge.steps import accepted_order, confirmations, erp_order, released_order, seen_order
from tests.support.world import World, eventually

pytestmark = pytest.mark.anyio


async def cancel(erp: httpx.AsyncClient, external_id: str, status: int, **body: Any) -> dict[str, Any]:
    """The answer to a cancellation."""
    answer = await erp.post(f"/orders/{external_id}/cancel", json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused_again(erp: httpx.AsyncClient, order: dict[str, Any]) -> None:
    """A cancelled order is not sent again, changed or not."""
    for different in ({}, {"quantity": "7"}):
        answer = await erp.post("/orders", json=as_sent(order, **different))
        assert (answer.status_code, answer.json()["code"]) == (409, "cancelled")


async def test_before_the_release_an_order_is_cancelled_at_once(
    planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await accepted_order(erp)
    for _ in range(2):
        assert (await cancel(erp, order["external_id"], 200, reason="고객 취소"))["state"] == "cancelled"
    work_order = await once(planner, f"/work-orders/{order['work_order']}", state="cancelled")
    assert (work_order["reason"], work_order["changes_open"]) == ("고객 취소", 0)
    await seen_order(erp, order["external_id"], "cancelled", "work_order_state")
    await refused_again(erp, order)


async def test_an_order_that_is_cancelled_before_the_shop_has_seen_it_is_never_made(
    planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = erp_order(external_id="2026/11/25-7 가")
    assert (await erp.post("/orders", json=order)).status_code == 201
    assert (await cancel(erp, "2026%2F11%2F25-7%20가", 200))["state"] == "cancelled"
    seen = await seen_order(erp, order["external_id"], "cancelled", "work_order_state")
    assert seen["state"] == "cancelled"
    assert (await once(planner, f"/work-orders/{seen['work_order']}", state="cancelled"))["released_at"] is None


async def test_nobody_cancels_what_was_never_ordered(erp: httpx.AsyncClient) -> None:
    assert (await cancel(erp, "SO-NEVER-1", 404))["code"] == "not_found"


async def test_after_the_release_a_planner_cancels_it_for_the_erp(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    await erp.post("/orders", json=as_sent(order, quantity="130"))
    await open_changes(planner, order)
    asked = await cancel(erp, order["external_id"], 202, reason="고객 취소")
    assert (await cancel(erp, order["external_id"], 202))["change_id"] == asked["change_id"]
    change = await once(planner, f"/changes/{asked['change_id']}", state="proposed")
    assert (change["origin"], change["reason"], change["warnings"]) == ("erp", "고객 취소", [])
    assert change["difference"] == [{"field": "state", "before": "released", "after": "cancelled"}]
    assert (await order_once(planner, {"id": order["work_order"]}, changes_open=1))["state"] == "released"
    await refused_again(erp, order)
    [job, _] = await jobs_of(floor, order["number"])
    await post(floor, f"/jobs/{job['id']}/start")
    await order_once(planner, {"id": order["work_order"]}, state_10="running")
    unsure = await planner.post(f"/changes/{change['id']}/apply", headers={"Idempotency-Key": asked["change_id"]})
    assert (unsure.status_code, unsure.json()["warnings"]) == (409, ["operation_running"])
    await post(planner, f"/changes/{change['id']}/apply", {"confirmed": ["operation_running"]})
    done = await once(planner, f"/work-orders/{order['work_order']}", state="cancelled")
    assert (done["changes_open"], done["reason"]) == (0, "고객 취소")
    assert (await once(floor, f"/jobs/{job['id']}", state="cancelled"))["crew"] == []
    await seen_order(erp, order["external_id"], "cancelled")
    assert (await cancel(erp, order["external_id"], 200))["state"] == "cancelled"
    [told] = await confirmations(erp, order["external_id"], 1)
    assert (told["op"], told["order_quantity"]) == (None, "0")


async def test_a_refused_cancellation_is_told_and_the_order_may_be_changed_and_cancelled_anew(
    world: World, planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    asked = await cancel(erp, order["external_id"], 202)
    await once(planner, f"/changes/{asked['change_id']}", state="proposed")
    await post(planner, f"/changes/{asked['change_id']}/refuse", {"reason": "이미 생산 중"})
    seen = await seen_order(erp, order["external_id"], "이미 생산 중", "reason")
    assert (seen["state"], seen["cancel_change_id"]) == ("accepted", None)
    assert (await erp.post("/orders", json=as_sent(order, quantity="130"))).json()["code"] == "order_released"
    await open_changes(planner, order)
    anew = await cancel(erp, order["external_id"], 202)
    assert anew["change_id"] != asked["change_id"]
    await once(planner, f"/changes/{anew['change_id']}", state="proposed")
    assert len(await open_changes(planner, order)) == 1


async def test_of_a_split_order_each_part_is_cancelled_as_far_as_it_has_come(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    split = await post(planner, f"/work-orders/{order['work_order']}/split", {"quantities": [40, 60]})
    first, second = split["orders"]
    for job in await jobs_of(floor, first["number"], planned="40"):
        await work(floor, job, 40)
    await order_once(planner, first, state="completed")

    async def parts(*states: str) -> None:
        async def look() -> list[str]:
            seen = (await erp.get("/orders", params={"q": order["external_id"]})).json()["items"][0]
            return sorted(part["state"] for part in seen["parts"])

        await eventually(look, lambda found: found == sorted(states))

    await parts("completed", "released")
    asked = await cancel(erp, order["external_id"], 202)
    change = await once(planner, f"/changes/{asked['change_id']}", state="proposed")
    assert change["number"] == second["number"]
    await post(planner, f"/changes/{change['id']}/apply")
    await parts("completed", "cancelled")
    await seen_order(erp, order["external_id"], "cancelled")
    assert (await order_once(planner, first, state="completed"))["good"] == "40"


async def test_what_is_made_is_not_cancelled(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp, quantity="5")
    for job in await jobs_of(floor, order["number"]):
        await work(floor, job, 5)
    await seen_order(erp, order["external_id"], "completed", "work_order_state")
    too_late = await cancel(erp, order["external_id"], 409)
    assert (too_late["code"], too_late["state"]) == ("order_made", "completed")


async def test_a_person_who_was_faster_has_done_what_the_erp_asks_for(
    world: World, planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp)
    asked = await cancel(erp, order["external_id"], 202)
    await once(planner, f"/changes/{asked['change_id']}", state="proposed")
    await post(planner, f"/work-orders/{order['work_order']}/cancel", {"reason": "전화로 들음"})
    await seen_order(erp, order["external_id"], "cancelled")
    assert (await post(planner, f"/changes/{asked['change_id']}/apply"))["state"] == "applied"
    assert (await once(planner, f"/work-orders/{order['work_order']}", state="cancelled"))["changes_open"] == 0


async def test_the_erp_hears_that_the_shop_will_not_make_a_draft_or_a_part_of_one(
    planner: httpx.AsyncClient, erp: httpx.AsyncClient
) -> None:
    order = await accepted_order(erp)
    split = await post(planner, f"/work-orders/{order['work_order']}/split", {"quantities": [60, 25, 15]})
    first, second, third = split["orders"]
    await post(planner, "/work-orders/merge", {"work_order_ids": [first["id"], second["id"]]})
    await post(planner, f"/work-orders/{third['id']}/cancel", {"reason": "못 만듦"})
    [told] = await confirmations(erp, order["external_id"], 1)
    assert (told["op"], told["order_quantity"]) == (None, "85")
    await post(planner, f"/work-orders/{first['id']}/cancel", {"reason": "못 만듦"})
    assert [row["order_quantity"] for row in await confirmations(erp, order["external_id"], 2)] == ["85", "0"]
