"""Orders split while the floor works on them, and merged before their release."""

import asyncio
from decimal import Decimal

import httpx
import pytest

from tests.integration.changes.steps import jobs_of, order_once, post, released, work
from tests.support.factory import new_order
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


async def test_reports_before_and_after_a_split_go_to_the_right_part(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, _ = await jobs_of(floor, order["number"])
    await post(floor, f"/jobs/{stamping['id']}/start")
    scrap = [{"defect": "BURR", "quantity": 2}]
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 28, "scrap": scrap}, 201)
    await order_once(planner, order, good_10="28")
    split = await post(planner, f"/work-orders/{order['id']}/split", {"quantities": [60, 40], "reason": "납품 분할"})
    kept, part = split["orders"]
    assert [(o["quantity"], o["state"], o["split_from_id"]) for o in (kept, part)] == [
        ("60", "in_progress", None),
        ("40", "released", order["id"]),
    ]
    assert part["number"] == f"{order['number']}-2"
    kept_jobs = await jobs_of(floor, order["number"], planned="60")
    part_jobs = await jobs_of(floor, part["number"], planned="40")
    assert [(job["good"], job["scrap"], job["ready"]) for job in kept_jobs] == [("28", "2", "30"), ("0", "0", "28")]
    assert [(job["state"], job["ready"]) for job in part_jobs] == [("ready", "40"), ("waiting", "0")]
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 30}, 201)
    await post(floor, f"/jobs/{stamping['id']}/finish")
    await work(floor, part_jobs[0], 40)
    assert (await order_once(planner, order, good_10="58"))["scrap"] == "2"
    assert (await order_once(planner, part, good_10="40"))["scrap"] == "0"


async def test_a_split_is_the_whole_and_leaves_what_was_worked_on(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, _ = await jobs_of(floor, order["number"])
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 70}, 201)
    await order_once(planner, order, good_10="70")
    path = f"/work-orders/{order['id']}/split"
    too_much = await post(planner, path, {"quantities": [60, 60]}, 422)
    assert [(e["field"], e["code"]) for e in too_much["errors"]] == [("quantities", "split_sum")]
    too_little = await post(planner, path, {"quantities": [60, 40]}, 422)
    assert [(e["field"], e["code"]) for e in too_little["errors"]] == [("quantities.0", "split_below_done")]
    assert "70" in too_little["errors"][0]["message"]


async def test_pieces_at_the_subcontractor_stay_with_the_order_that_is_split(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    plating = {
        "operations": [{"op": 10, "name": "도금", "subcontract": True}, {"op": 20, "name": "포장", "machine": "PK"}]
    }
    assert (await planner.put("/items/PLATED", json={"name": "도금품", "kind": "finished"})).status_code == 201
    assert (await planner.put("/routings/PLATED", json=plating)).status_code == 201
    order = await released(world, item="PLATED")
    job, _ = await jobs_of(floor, order["number"])
    await post(floor, f"/jobs/{job['id']}/send", {"quantity": 60})
    await post(floor, f"/jobs/{job['id']}/results", {"good": 10}, 201)
    await order_once(planner, order, good_10="10")
    too_little = await post(planner, f"/work-orders/{order['id']}/split", {"quantities": [59, 41]}, 422)
    assert [e["code"] for e in too_little["errors"]] == ["split_below_done"]
    assert "60" in too_little["errors"][0]["message"]
    balance = (await planner.get(f"/work-orders/{order['id']}/reconciliation")).json()["operations"][0]
    assert [balance[name] for name in ("received", "not_begun", "in_process")] == ["60", "40", "50"]
    kept, part = (await post(planner, f"/work-orders/{order['id']}/split", {"quantities": [60, 40]}))["orders"]
    await post(floor, f"/jobs/{job['id']}/results", {"good": 50}, 201)
    await order_once(planner, kept, good_10="60")
    assert (await jobs_of(floor, part["number"], planned="40"))[0]["sent"] == "0"


async def test_a_report_that_crosses_with_the_split_stays_with_its_job(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    stamping, _ = await jobs_of(floor, order["number"])
    consumer = world.apps["orders"].state.consumers["PRODUCTION"]
    await consumer.stop()  # the office does not know yet what the floor has made
    await post(floor, f"/jobs/{stamping['id']}/results", {"good": 90}, 201)
    _, part = (await post(planner, f"/work-orders/{order['id']}/split", {"quantities": [50, 50]}))["orders"]
    consumer.start()
    assert (await jobs_of(floor, order["number"], planned="50"))[0]["good"] == "90"
    assert (await jobs_of(floor, part["number"], planned="50"))[0]["good"] == "0"
    assert (await order_once(planner, order, good_10="90"))["quantity"] == "50"
    crossed = await post(floor, f"/jobs/{stamping['id']}/results", {"good": 1}, 201)
    assert "over_production" in crossed["flags"]


async def test_a_part_of_a_held_order_is_held_and_goes_its_own_way(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    await jobs_of(floor, order["number"])
    await post(planner, f"/work-orders/{order['id']}/hold", {"reason": "재질 확인"})
    _, part = (await post(planner, f"/work-orders/{order['id']}/split", {"quantities": [70, 29, 1]}))["orders"][:2]
    assert (part["state"], part["reason"]) == ("on_hold", "재질 확인")
    assert (await jobs_of(floor, part["number"], planned="29"))[0]["state"] == "blocked"
    await post(planner, f"/work-orders/{part['id']}/resume")
    await jobs_of(floor, part["number"], state="ready")
    assert (await jobs_of(floor, order["number"]))[0]["state"] == "blocked"


async def test_a_part_is_split_again_and_numbers_go_on(world: World, planner: httpx.AsyncClient) -> None:
    order = await new_order(world)
    _, second = (await post(planner, f"/work-orders/{order['id']}/split", {"quantities": [60, 40]}))["orders"]
    _, third = (await post(planner, f"/work-orders/{second['id']}/split", {"quantities": [30, 10]}))["orders"]
    assert (third["number"], third["state"], third["split_from_id"]) == (f"{order['number']}-3", "draft", second["id"])


async def test_many_splits_at_once_lose_no_piece(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world)
    await jobs_of(floor, order["number"])
    body = {"quantities": [90, 10]}
    answers = await asyncio.gather(
        *(planner.post(f"/work-orders/{order['id']}/split", json=body, headers=key()) for _ in range(8))
    )
    assert sorted({answer.status_code for answer in answers}) == [200, 422]

    async def planned() -> list[Decimal]:
        found = (await floor.get("/jobs", params={"machine": "PR1", "limit": 200})).json()["items"]
        return [Decimal(job["planned"]) for job in found if job["number"].startswith(order["number"])]

    assert await eventually(planned, lambda each: sum(each) == 100 and len(each) == 2)


async def test_orders_of_an_item_are_merged_before_their_release(world: World, planner: httpx.AsyncClient) -> None:
    first, second = await new_order(world, quantity=60), await new_order(world, quantity=40, priority=10)
    merged = await post(planner, "/work-orders/merge", {"work_order_ids": [first["id"], second["id"]]})
    assert (merged["number"], merged["quantity"], merged["priority"]) == (first["number"], "100", 10)
    gone = (await planner.get(f"/work-orders/{second['id']}")).json()
    assert (gone["state"], gone["reason"]) == ("cancelled", f"→ {first['number']}")
    late = await released(world)
    refused = await post(planner, "/work-orders/merge", {"work_order_ids": [first["id"], late["id"]]}, 409)
    assert refused["state"] == "released"
    alone = await post(planner, "/work-orders/merge", {"work_order_ids": [first["id"], first["id"]]}, 422)
    assert alone["errors"][0]["code"] == "merge_alone"


async def test_orders_of_different_erp_documents_are_not_merged(world: World, planner: httpx.AsyncClient) -> None:
    first, second = await new_order(world, external_id="E-1"), await new_order(world)
    refused = await post(planner, "/work-orders/merge", {"work_order_ids": [first["id"], second["id"]]}, 422)
    assert refused["errors"][0]["code"] == "merge_external_id"
