"""What is made for an order that is over: it has what it took, and the rest is for those who need it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.integration.changes.steps import floor_knows, jobs_of, order_once, post
from tests.support.factory import new_order
from tests.support.world import World

pytestmark = pytest.mark.anyio
LATCH: dict[str, dict[str, Any]] = {
    "items/PIN": {"name": "핀", "kind": "semi"},
    "items/LATCH": {"name": "걸쇠", "kind": "finished"},
    "boms/LATCH": {"lines": [{"component": "PIN", "quantity": 1}]},
    **{
        f"routings/{item}": {"operations": [{"op": 10, "name": "가공", "work_center": "PACK", "cycle_s": 1}]}
        for item in ("PIN", "LATCH")
    },
}


@pytest.fixture
async def latches(world: World, planner: httpx.AsyncClient) -> AsyncIterator[None]:
    """A latch takes a pin. No order of an earlier test has pins to give."""
    for path, body in LATCH.items():
        assert (await planner.put(f"/{path}", json=body)).is_success
    yield
    for state in ("draft", "released", "in_progress"):
        for order in (await planner.get("/work-orders", params={"item": "PIN", "state": state})).json()["items"]:
            await post(planner, f"/work-orders/{order['id']}/cancel", {"reason": "끝"})


def demand(quantity: int, days: int = 3) -> dict[str, Any]:
    return {"item": "LATCH", "quantity": quantity, "due_at": (datetime.now(UTC) + timedelta(days=days)).isoformat()}


async def free_pins(planner: httpx.AsyncClient) -> int:
    """The pins on order that a further demand would be given."""
    _, pins = (await post(planner, "/demand/preview", demand(1000)))["orders"]
    return sum(int(netted["quantity"]) for netted in pins["netted"])


async def promised(planner: httpx.AsyncClient, pins: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Of a pin's order what is for each order, and what that lacks of it."""
    pegs = (await planner.get(f"/demand/orders/{pins['id']}")).json()
    return {peg["number"]: (peg["quantity"], peg["short"]) for peg in pegs["parents"]}


async def begin(
    planner: httpx.AsyncClient, floor: httpx.AsyncClient, order: dict[str, Any], good: int, scrap: int = 0
) -> dict[str, Any]:
    """Release an order and make some; its job."""
    await post(planner, f"/work-orders/{order['id']}/release")
    [job] = await jobs_of(floor, order["number"])
    await post(floor, f"/jobs/{job['id']}/start", {"machine": "PK"})
    lost = [{"defect": "DENT", "quantity": scrap}] if scrap else []
    await post(floor, f"/jobs/{job['id']}/results", {"good": good, "scrap": lost}, 201)
    await order_once(planner, order, good=str(good), scrap=str(scrap))
    return job


async def finish(planner: httpx.AsyncClient, floor: httpx.AsyncClient, order: dict[str, Any], job: Any) -> None:
    await post(floor, f"/jobs/{job['id']}/finish")
    await order_once(planner, order, state="completed")


@pytest.mark.usefixtures("latches")
async def test_an_order_that_ended_short_leaves_the_parts_that_it_did_not_take_until_it_goes_on(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    latch, pins = (await post(planner, "/demand", demand(100), 201))["orders"]
    job = await begin(planner, floor, latch, 55, 5)
    assert (await promised(planner, pins), await free_pins(planner)) == ({latch["number"]: ("100", "0")}, 0)
    await finish(planner, floor, latch, job)
    assert (await promised(planner, pins), await free_pins(planner)) == ({latch["number"]: ("60", "0")}, 40)
    await post(planner, f"/work-orders/{latch['id']}/close")
    assert (await promised(planner, pins), await free_pins(planner)) == ({latch["number"]: ("60", "0")}, 40)
    await post(planner, f"/work-orders/{pins['id']}/release")
    change = await post(planner, f"/work-orders/{pins['id']}/changes", {"quantity": 60, "reason": "감량"}, 201)
    assert change["warnings"] == []
    await post(planner, f"/changes/{change['id']}/refuse", {"reason": "둔다"})
    await post(planner, f"/work-orders/{latch['id']}/reopen", {"reason": "더 만듦"})
    await floor_knows(world, latch, "completed")
    await post(leader, f"/jobs/{job['id']}/start", {"machine": "PK", "reason": "더 만듦"})
    await order_once(planner, latch, state="in_progress")
    assert (await promised(planner, pins), await free_pins(planner)) == ({latch["number"]: ("100", "0")}, 0)
    await finish(planner, floor, latch, job)


@pytest.mark.usefixtures("latches")
async def test_what_a_cancelled_order_took_is_nobody_elses_and_what_it_did_not_take_is(
    world: World, planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    pins = await new_order(world, item="PIN", quantity=100)
    [first] = (await post(planner, "/demand", demand(60, 4), 201))["orders"]
    [second] = (await post(planner, "/demand", demand(40, 5), 201))["orders"]
    made = await begin(planner, floor, pins, 50, 50)
    await finish(planner, floor, pins, made)
    assert await promised(planner, pins) == {first["number"]: ("60", "10"), second["number"]: ("40", "40")}
    job = await begin(planner, floor, first, 30)
    await post(planner, f"/work-orders/{first['id']}/cancel", {"reason": "고객 취소"})
    assert await promised(planner, pins) == {first["number"]: ("30", "0"), second["number"]: ("40", "20")}
    missing = (await planner.get(f"/demand/orders/{second['id']}/missing")).json()["orders"]
    assert [(o["item"], o["quantity"]) for o in missing] == [("PIN", "20")]
    [more] = (await post(planner, f"/demand/orders/{second['id']}/parts", None, 201))["orders"]
    assert (more["item"], more["quantity"]) == ("PIN", "20")
    assert await promised(planner, pins) == {first["number"]: ("30", "0"), second["number"]: ("20", "0")}
    assert (await planner.get(f"/demand/orders/{second['id']}/missing")).json()["code"] == "nothing_missing"
    await post(planner, f"/work-orders/{first['id']}/reopen", {"reason": "다시 주문"})
    assert await promised(planner, pins) == {first["number"]: ("60", "10"), second["number"]: ("20", "20")}
    await post(planner, f"/work-orders/{first['id']}/cancel", {"reason": "고객 취소"})
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "30"


@pytest.mark.usefixtures("latches")
async def test_an_order_that_is_lowered_below_what_it_has_begun_has_taken_its_parts_for_that(
    planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    latch, pins = (await post(planner, "/demand", demand(100), 201))["orders"]
    await begin(planner, floor, latch, 60)
    change = await post(planner, f"/work-orders/{latch['id']}/changes", {"quantity": 40, "reason": "감량"}, 201)
    await post(planner, f"/changes/{change['id']}/apply", {"confirmed": ["below_done"]})
    assert (await promised(planner, pins), await free_pins(planner)) == ({latch["number"]: ("60", "0")}, 40)
    await post(planner, f"/work-orders/{latch['id']}/cancel", {"reason": "고객 취소"})
    assert (await promised(planner, pins), await free_pins(planner)) == ({latch["number"]: ("60", "0")}, 40)


@pytest.mark.usefixtures("latches")
async def test_an_order_whose_rest_was_split_off_keeps_the_parts_of_what_it_made(
    planner: httpx.AsyncClient, floor: httpx.AsyncClient
) -> None:
    latch, pins = (await post(planner, "/demand", demand(100), 201))["orders"]
    job = await begin(planner, floor, latch, 30)
    split = await post(planner, f"/work-orders/{latch['id']}/split", {"quantities": [30, 70]})
    part = split["orders"][1]
    assert await promised(planner, pins) == {latch["number"]: ("30", "0"), part["number"]: ("70", "0")}
    await finish(planner, floor, latch, job)
    await post(planner, f"/work-orders/{latch['id']}/close")
    assert await promised(planner, pins) == {latch["number"]: ("30", "0"), part["number"]: ("70", "0")}
    await post(planner, f"/work-orders/{part['id']}/cancel", {"reason": "고객 취소"})
    assert (await promised(planner, pins), await free_pins(planner)) == ({latch["number"]: ("30", "0")}, 70)
