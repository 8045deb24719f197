"""Pieces of an operation that is skipped: what was reported there is a fact, and everybody knows the same of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest

from tests.integration.changes.steps import jobs_of, order_once, post, released
from tests.integration.erp_bridge.steps import released_order
from tests.support.world import World, eventually

pytestmark = pytest.mark.anyio
OPS = (10, 20, 30)


@pytest.fixture(scope="module")
async def washed(world: World) -> str:
    """An item that is cut, washed and packed, and tracked by lot."""
    async with world.client("orders", "planner") as orders:
        await orders.put("/items/WASHED3", json={"name": "세척품", "kind": "finished", "lot_tracked": True})
        steps = [{"op": op, "name": f"{op}", "machine": "PK"} for op in OPS]
        assert (await orders.put("/routings/WASHED3", json={"operations": steps})).status_code == 201
    return "WASHED3"


async def skip(planner: httpx.AsyncClient, order: dict[str, Any], op: int) -> None:
    path = f"/work-orders/{order['id']}/changes"
    change = await post(planner, path, {"reason": "고객 요청", "operations": [{"op": op, "skip": True}]}, 201)
    await post(planner, f"/changes/{change['id']}/apply")


async def report(floor: httpx.AsyncClient, job: dict[str, Any], good: int, scrap: int = 0, **more: Any) -> Any:
    scrapped = [{"defect": "BURR", "quantity": scrap}] if scrap else []
    return await post(floor, f"/jobs/{job['id']}/results", {"good": good, "scrap": scrapped, **more}, 201)


async def state_of(floor: httpx.AsyncClient, job: dict[str, Any], state: str) -> None:
    async def look() -> str:
        return str((await floor.get(f"/jobs/{job['id']}")).json()["state"])

    await eventually(look, lambda seen: seen == state)


async def balance(planner: httpx.AsyncClient, order: dict[str, Any]) -> dict[str, Any]:
    """The reconciliation; nothing of it is lost."""
    seen: dict[str, Any] = (await planner.get(f"/work-orders/{order['id']}/reconciliation")).json()
    lines = seen["operations"]
    there = sum(Decimal(line[name]) for line in lines for name in ("not_begun", "in_process"))
    there -= sum(Decimal(line["unreported"]) for line in lines)
    assert there + Decimal(seen["scrap"]) + Decimal(seen["good"]) == Decimal(seen["quantity"])
    return seen


async def told(world: World, external_id: str, op: int) -> tuple[list[tuple[str, int]], bool]:
    """What the ERP was told of an operation: the totals of each entry, and whether it is over."""
    rows = await world.fetch(
        "erp_bridge",
        "SELECT total_good::int AS good, total_scrap::int AS scrap, final FROM confirmation"
        " WHERE external_id = $1 AND op = $2 ORDER BY position",
        external_id,
        op,
    )
    return [(row["good"], row["scrap"]) for row in rows], bool(rows and rows[-1]["final"])


async def ordered(world: World, planner: httpx.AsyncClient, erp: httpx.AsyncClient, item: str) -> dict[str, Any]:
    order = await released_order(world, erp, item=item, quantity="60")
    return {"id": order["work_order"], "number": order["work_order"], "external_id": order["external_id"]}


async def test_pieces_of_a_tablet_that_did_not_know_are_seen_by_everybody(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient, washed: str
) -> None:
    order = await ordered(world, planner, erp, washed)
    cutting, washing, packing = await jobs_of(floor, order["number"])
    await skip(planner, order, 20)
    await state_of(floor, washing, "skipped")
    await report(floor, cutting, 60)
    await report(floor, packing, 50)
    late = await report(floor, washing, 5, 2)
    assert "not_started" in late["flags"]
    assert (await floor.get(f"/jobs/{packing['id']}")).json()["ready"] == "8"
    await order_once(planner, order, good_20="5", good_30="50")
    seen = await balance(planner, order)
    names = ("op", "received", "good", "scrap", "in_process")
    lines = [tuple(line[name] for name in names) for line in seen["operations"]]
    assert lines == [(10, "60", "60", "0", "0"), (20, "7", "5", "2", "0"), (30, "58", "50", "0", "8")]
    assert (seen["good"], seen["scrap"]) == ("50", "2")
    confirmed = [(5, 2), (5, 2)]
    assert await eventually(lambda: told(world, order["external_id"], 20), lambda seen: seen[1]) == (confirmed, True)
    await made_of_all(floor, cutting, washing, packing)
    await post(floor, f"/results/{late['id']}/reverse", {"reason": "오입력"}, 201)
    taken_back = ([*confirmed, (0, 0), (0, 0)], False)
    await eventually(lambda: told(world, order["external_id"], 20), lambda seen: seen == taken_back)
    await order_once(planner, order, good_20="0")
    assert [line["op"] for line in (await balance(planner, order))["operations"]] == [10, 30]


async def made_of_all(floor: httpx.AsyncClient, *jobs: dict[str, Any]) -> None:
    """The product leads to what was cut, and to what was washed before it was told that nothing is."""
    [lot] = (await floor.get("/lots", params={"item": jobs[0]["item"], "limit": 200})).json()["items"][:1]
    trace = (await floor.get(f"/lots/{lot['lot']}/trace", params={"direction": "backward"})).json()
    assert {node["op"] for node in trace["nodes"]} == {None, 10, 20}
    into = {edge["target"]: Decimal(0) for edge in trace["edges"]}
    for edge in trace["edges"]:
        into[edge["target"]] += Decimal(edge["quantity"])
    assert into[lot["lot"]] == Decimal(lot["quantity"]) == 50


async def test_an_operation_with_pieces_that_the_office_had_not_heard_of_is_not_skipped(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient, washed: str
) -> None:
    order = await ordered(world, planner, erp, washed)
    cutting, washing, _ = await jobs_of(floor, order["number"])
    await report(floor, cutting, 60)
    await order_once(planner, order, good_10="60")
    async with unheard(world):
        made = await report(floor, washing, 5)
        await skip(planner, order, 20)
    seen = await order_once(planner, order, good_20="5", state_20="ready")
    assert [operation["skip"] for operation in seen["operations"]] == [False, False, False]
    assert [line["op"] for line in (await balance(planner, order))["operations"]] == [10, 20, 30]
    await eventually(lambda: applied(world, order), lambda seen: seen)
    assert (await floor.get(f"/jobs/{washing['id']}")).json()["state"] == "ready"
    async with unheard(world):
        await post(floor, f"/results/{made['id']}/reverse", {"reason": "오입력"}, 201)
    await order_once(planner, order, good_20="0")
    await skip(planner, order, 20)
    await state_of(floor, washing, "skipped")
    await order_once(planner, order, state_20="skipped")
    assert [line["op"] for line in (await balance(planner, order))["operations"]] == [10, 30]


@asynccontextmanager
async def unheard(world: World) -> AsyncIterator[None]:
    """The office hears nothing of the floor for a while."""
    connection = await asyncpg.connect(world.urls["orders"])
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


async def applied(world: World, order: dict[str, Any]) -> bool:
    """Whether the floor has heard all that the office has said of an order."""
    aggregate = f"work_order/{order['id']}"
    [told] = await world.fetch("orders", "SELECT max(version) AS n FROM outbox WHERE aggregate = $1", aggregate)
    heard = await world.fetch("production", "SELECT version AS n FROM inbox WHERE aggregate = $1", aggregate)
    return bool(heard) and heard[0]["n"] == told["n"]


async def office_knows(world: World, job: dict[str, Any]) -> bool:
    """Whether the office has heard all that the floor has said of a job."""
    aggregate = f"job/{job['id']}"
    [told] = await world.fetch("production", "SELECT max(version) AS n FROM outbox WHERE aggregate = $1", aggregate)
    heard = await world.fetch("orders", "SELECT version AS n FROM inbox WHERE aggregate = $1", aggregate)
    return bool(heard) and heard[0]["n"] == told["n"]


async def test_the_last_operation_is_skipped_and_what_was_made_before_it_is_the_product(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, erp: httpx.AsyncClient, washed: str
) -> None:
    order = await ordered(world, planner, erp, washed)
    cutting, washing, packing = await jobs_of(floor, order["number"])
    await skip(planner, order, 30)
    await state_of(floor, packing, "skipped")
    await report(floor, cutting, 60)
    made = await report(floor, washing, 60, lot="FG-WASHED")
    assert made["lot"] == "FG-WASHED"
    await report(floor, packing, 5, 2)
    await order_once(planner, order, good_20="60", good_30="5", good="58")
    seen = await balance(planner, order)
    assert (seen["good"], seen["scrap"]) == ("58", "2")
    [listed] = (await planner.get("/work-orders", params={"id": order["id"]})).json()["items"]
    assert listed["good"] == "58"


async def routed(world: World, item: str, operations: list[dict[str, Any]]) -> str:
    """An item with such operations, all at one machine."""
    async with world.client("orders", "planner") as orders:
        await orders.put(f"/items/{item}", json={"name": item, "kind": "finished"})
        steps = [{"name": f"{step['op']}", "machine": "PK"} | step for step in operations]
        assert (await orders.put(f"/routings/{item}", json={"operations": steps})).status_code == 201
    return item


async def ready(floor: httpx.AsyncClient, job: dict[str, Any]) -> str:
    return str((await floor.get(f"/jobs/{job['id']}")).json()["ready"])


async def test_both_sides_of_an_assembly_are_left_out_after_what_fed_them(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    sides = [{"op": op, "predecessors": [10]} for op in (20, 30)]
    item = await routed(world, "SIDES", [{"op": 10}, *sides, {"op": 40, "predecessors": [20, 30]}])
    order = await released(world, 60, item=item)
    jobs = await jobs_of(floor, order["number"])
    for job in jobs[:3]:
        await skip(planner, order, job["op"])
        await state_of(floor, job, "skipped")
    assert await ready(floor, jobs[3]) == "60"
    await report(floor, jobs[3], 60)
    await order_once(planner, order, good_40="60", good="60")


async def test_thirds_of_operations_that_are_left_out_are_exact(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    steps = [{"op": 10}, {"op": 20, "ratio": "0.333333"}, {"op": 30, "ratio": 3}, {"op": 40, "ratio": "0.333333"}]
    order = await released(world, 60, item=await routed(world, "THIRDS", steps))
    jobs = await jobs_of(floor, order["number"])
    await report(floor, jobs[0], 12)
    for skipped, scrap, waiting in ((1, 1, "9"), (2, 4, "1")):
        await skip(planner, order, jobs[skipped]["op"])
        await state_of(floor, jobs[skipped], "skipped")
        late = await report(floor, jobs[skipped], 0, scrap)
        assert await ready(floor, jobs[skipped + 1]) == waiting
        # 12 are 4 welded ones, of which one was scrapped: 9 pieces, of which 4 were scrapped: 5 are one and a rest
    assert "beyond_ready" not in (await report(floor, jobs[3], 1))["flags"]
    assert "beyond_ready" in (await report(floor, jobs[3], 1))["flags"]
    await post(floor, f"/results/{late['id']}/reverse", {"reason": "오입력"}, 201)
    assert await ready(floor, jobs[3]) == "1"


async def test_of_pieces_that_went_out_from_a_skipped_operation_those_told_as_reworked_are_back(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    item = await routed(world, "PLATED3", [{"op": 10}, {"op": 20, "subcontract": True, "machine": None}, {"op": 30}])
    order = await released(world, 60, item=item)
    cutting, plating, packing = await jobs_of(floor, order["number"])
    await report(floor, cutting, 60)
    await skip(planner, order, 20)
    await state_of(floor, plating, "skipped")
    yesterday = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    await world.fetch(
        "production", "UPDATE job SET released_at = released_at - interval '1 day' WHERE number = $1", order["number"]
    )
    await post(floor, f"/jobs/{plating['id']}/send", {"quantity": 10, "at": yesterday})
    assert await ready(floor, packing) == "50"
    await report(floor, plating, 4, reworked=True)
    assert await ready(floor, packing) == "54"
    made = await report(floor, packing, 54)
    assert made["job"]["ready"] == "0"
    await order_once(planner, order, good_30="54")
    assert (await balance(planner, order))["good"] == "54"


async def test_an_operation_is_not_left_out_while_pieces_of_it_are_outside(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    item = await routed(world, "PLATED4", [{"op": 10}, {"op": 20, "subcontract": True, "machine": None}, {"op": 30}])
    order = await released(world, 60, item=item)
    cutting, plating, packing = await jobs_of(floor, order["number"])
    await report(floor, cutting, 60)
    await post(floor, f"/jobs/{plating['id']}/send", {"quantity": 10})
    await report(floor, plating, 4)
    await post(floor, f"/jobs/{plating['id']}/finish")
    await report(floor, packing, 0, rework=4, rework_op=10)
    await eventually(lambda: office_knows(world, plating), lambda seen: seen)
    body = {"reason": "고객 요청", "operations": [{"op": 20, "skip": True}]}
    refused = await post(planner, f"/work-orders/{order['id']}/changes", body, 422)
    assert refused["errors"][0]["code"] == "operation_begun"


async def test_pieces_that_went_back_after_they_were_told_as_reworked_keep_nobody_from_leaving_the_operation_out(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    order = await released(world, 60, item=await routed(world, "WASHED4", [{"op": op} for op in OPS]))
    _, washing, packing = await jobs_of(floor, order["number"])
    await report(floor, washing, 4, reworked=True)
    await report(floor, packing, 0, rework=4, rework_op=10)
    await eventually(lambda: office_knows(world, washing), lambda seen: seen)
    await skip(planner, order, 20)
    await state_of(floor, washing, "skipped")
    await order_once(planner, order, state_20="skipped")
