"""Orders from demand: previewed, created with their children, netted against what is on order."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.factory import new_order
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio
DUE = "2027-03-01T18:00:00+09:00"
CAPS: dict[str, dict[str, Any]] = {
    "work-centers/INJ": {"name": "사출"},
    "work-centers/ASSY": {"name": "조립"},
    "machines/INJ03": {"name": "사출 3호기", "work_center": "INJ"},
    "machines/INJ05": {"name": "사출 5호기", "work_center": "INJ"},
    "machines/AS1": {"name": "조립 1라인", "work_center": "ASSY"},
    "items/PP": {"name": "폴리프로필렌", "kind": "raw", "unit": "g"},
    "items/MB": {"name": "마스터배치", "kind": "raw", "unit": "g"},
    "items/CAP24": {"name": "24파이 캡", "kind": "semi"},
    "items/INN24": {"name": "24파이 이너", "kind": "semi"},
    "items/CAP24A": {"name": "증착 캡 조립품", "kind": "finished", "box_quantity": 500},
    "boms/CAP24": {"lines": [{"component": "PP", "quantity": "3.2"}, {"component": "MB", "quantity": "0.08"}]},
    "boms/INN24": {"lines": [{"component": "PP", "quantity": "1.4"}]},
    "boms/CAP24A": {"lines": [{"component": "CAP24", "quantity": 1}, {"component": "INN24", "quantity": 1}]},
    "routings/CAP24": {"operations": [{"op": 10, "name": "사출", "machine": "INJ03", "cycle_s": 18, "per_cycle": 8}]},
    "routings/INN24": {"operations": [{"op": 10, "name": "사출", "machine": "INJ05", "cycle_s": 22, "per_cycle": 16}]},
    "routings/CAP24A": {
        "operations": [
            {"op": 10, "name": "증착", "subcontract": True, "lead_time_d": 3},
            {"op": 20, "name": "조립", "machine": "AS1", "cycle_s": "1.5"},
        ]
    },
}


@pytest.fixture
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("demand"), ["orders"]) as world:
        async with world.client("orders", "planner") as planner:
            for path, body in CAPS.items():
                answer = await planner.put(f"/{path}", json=body)
                assert answer.status_code == 201, (path, answer.text)
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner") as client:
        yield client


def demand(quantity: int | str, **more: Any) -> dict[str, Any]:
    """Somebody wants cap assemblies."""
    return {"item": "CAP24A", "quantity": quantity, "due_at": DUE} | more


async def preview(planner: httpx.AsyncClient, quantity: int | str) -> Any:
    """The plan for so many cap assemblies."""
    answer = await planner.post("/demand/preview", json=demand(quantity))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def create(planner: httpx.AsyncClient, quantity: int | str, **more: Any) -> Any:
    """The orders for so many cap assemblies."""
    answer = await planner.post("/demand", json=demand(quantity, **more), headers=key())
    assert answer.status_code == 201, answer.text
    return answer.json()["orders"]


def seen(orders: list[dict[str, Any]]) -> list[tuple[str, str, datetime]]:
    """What preview and creation have in common."""
    return [(o["item"], o["quantity"], datetime.fromisoformat(o["due_at"])) for o in orders]


async def test_one_click_makes_what_the_preview_showed(planner: httpx.AsyncClient) -> None:
    shown = await preview(planner, 15000)
    assert [(m["item"], m["gross"], m["unit"]) for m in shown["materials"]] == [
        ("MB", "1200", "g"),
        ("PP", "69000", "g"),
    ]
    assert (await planner.get("/work-orders/counts")).json()["draft"] == 0
    made = await create(
        planner, 15000, customer="㈜다온코스메틱", sales_order="PO-1", priority=20, over_tolerance_pct="2.5"
    )
    assert seen(made) == seen(shown["orders"])
    top, *parts = made
    assert (top["item"], top["parent_id"], top["customer"]) == ("CAP24A", None, "㈜다온코스메틱")
    assert [(part["item"], part["parent_id"], part["priority"]) for part in parts] == [
        ("CAP24", top["id"], 20),
        ("INN24", top["id"], 20),
    ]
    lead = timedelta(days=3, seconds=22_500)
    due = datetime.fromisoformat(DUE)
    assert [datetime.fromisoformat(part["due_at"]) for part in parts] == [due - lead, due - lead]


async def test_parts_are_due_when_the_shop_works(planner: httpx.AsyncClient) -> None:
    """Assembly takes 6.25 hours of the last working day, Friday; three days outside before it, and 9.375 hours of
    moulding before those."""
    await planner.put("/shifts/DAY", json={"name": "주간", "starts": "08:30", "ends": "17:30"})
    holidays = [{"date": day, "name": "휴무"} for day in ("2027-02-27", "2027-02-28", "2027-03-01")]
    await planner.put("/calendars/2027", json={"name": "2027", "days_off": holidays})
    _, cap, _ = (await preview(planner, 15000))["orders"]
    assert datetime.fromisoformat(cap["due_at"]) == datetime.fromisoformat("2027-02-23T11:15:00+09:00")
    assert datetime.fromisoformat(cap["starts_at"]) == datetime.fromisoformat("2027-02-22T10:52:30+09:00")


async def test_a_second_tap_makes_nothing_more(planner: httpx.AsyncClient) -> None:
    once = key()
    answers = [await planner.post("/demand", json=demand(100), headers=once) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (await planner.get("/work-orders/counts")).json()["draft"] == 3


async def test_what_is_on_order_for_nobody_is_taken_once(world: World, planner: httpx.AsyncClient) -> None:
    spare = await new_order(world, item="INN24", quantity=1500)
    await new_order(world, item="CAP24", quantity=900, customer="하늘뷰티")
    shown = (await preview(planner, 1000))["orders"]
    assert [(o["item"], o["quantity"], o["exists"]) for o in shown] == [
        ("CAP24A", "1000", False),
        ("CAP24", "1000", False),
        ("INN24", "0", True),
    ]
    assert [(n["number"], n["quantity"]) for n in shown[2]["netted"]] == [(spare["number"], "1000")]
    assert [o["item"] for o in await create(planner, 1000)] == ["CAP24A", "CAP24"]
    again = await create(planner, 1000)
    assert [(o["item"], o["quantity"]) for o in again] == [("CAP24A", "1000"), ("CAP24", "1000"), ("INN24", "500")]
    await planner.post(f"/work-orders/{again[0]['id']}/cancel", json={"reason": "고객 취소"}, headers=key())
    freed = (await preview(planner, 1000))["orders"]
    assert [(o["item"], o["quantity"]) for o in freed] == [("CAP24A", "1000"), ("CAP24", "0"), ("INN24", "0")]


async def test_two_planners_at_the_same_time_do_not_take_the_same_pieces(
    world: World, planner: httpx.AsyncClient
) -> None:
    await new_order(world, item="INN24", quantity=1000)
    made = await asyncio.gather(*(create(planner, 1000) for _ in range(4)))
    inner = [order["quantity"] for orders in made for order in orders if order["item"] == "INN24"]
    assert sorted(inner) == ["1000", "1000", "1000"]


async def test_lot_sizes_split_and_round_up(planner: httpx.AsyncClient) -> None:
    lot = {"minimum": 1000, "multiple": 500, "maximum": 4000}
    await planner.put("/items/CAP24", json={"name": "24파이 캡", "kind": "semi", "lot_size": lot})
    made = await create(planner, 8100)
    assert [order["quantity"] for order in made if order["item"] == "CAP24"] == ["4000", "3500", "1000"]
    spare = (await preview(planner, 400))["orders"]
    assert [(n["quantity"]) for n in spare[1]["netted"]] == ["400"]


async def test_a_lot_size_that_no_order_can_keep_to_is_refused(planner: httpx.AsyncClient) -> None:
    lot = {"minimum": 100, "multiple": 70, "maximum": 130}
    answer = await planner.put("/items/CAP24", json={"name": "캡", "kind": "semi", "lot_size": lot})
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("lot_size", "lot_size_impossible")]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"item": "NOPE"}, "item", "unknown_reference"),
        ({"item": "PP"}, "item", "item_not_made"),
        ({"quantity": 0}, "quantity", "greater_than"),
    ],
)
async def test_a_demand_that_cannot_be_is_refused(
    planner: httpx.AsyncClient, body: dict[str, Any], field: str, code: str
) -> None:
    for path in ("/demand/preview", "/demand"):
        answer = await planner.post(path, json=demand(10) | body, headers=key())
        assert answer.status_code == 422
        assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]


async def test_a_released_child_tells_the_floor_whom_it_is_for(world: World, planner: httpx.AsyncClient) -> None:
    top, cap, _ = await create(planner, 100)
    assert (await planner.post(f"/work-orders/{cap['id']}/release", headers=key())).status_code == 200
    [row] = await world.fetch(
        "orders", "SELECT body->>'parent_id' AS parent_id FROM outbox WHERE type LIKE '%released%'"
    )
    assert row["parent_id"] == top["id"]


async def test_what_is_promised_stays_promised_when_orders_are_split_and_merged(planner: httpx.AsyncClient) -> None:
    top, cap, _ = await create(planner, 1000)

    async def free_caps() -> list[tuple[str, str]]:
        """What a further demand would be given of caps that are on order."""
        shown = (await preview(planner, 5000))["orders"][1]
        assert shown["item"] == "CAP24"
        return [(netted["number"], netted["quantity"]) for netted in shown["netted"]]

    split = await planner.post(f"/work-orders/{cap['id']}/split", json={"quantities": [600, 400]}, headers=key())
    assert split.status_code == 200, split.text
    parts = split.json()["orders"]
    assert [part["parent_id"] for part in parts] == [top["id"], top["id"]]
    assert await free_caps() == []
    ids = [part["id"] for part in parts]
    merged = await planner.post("/work-orders/merge", json={"work_orders": ids}, headers=key())
    assert merged.status_code == 200, merged.text
    assert await free_caps() == []
    await planner.post(f"/work-orders/{top['id']}/cancel", json={"reason": "고객 취소"}, headers=key())
    assert await free_caps() == [(cap["number"], "1000")]


async def test_the_parts_of_a_split_order_are_made_once(planner: httpx.AsyncClient) -> None:
    top, cap, inner = await create(planner, 1000)
    split = await planner.post(f"/work-orders/{top['id']}/split", json={"quantities": [600, 400]}, headers=key())
    assert split.status_code == 200, split.text
    for half, quantity in zip(split.json()["orders"], ("600", "400"), strict=True):
        pegs = (await planner.get(f"/demand/orders/{half['number']}")).json()
        assert [(p["number"], p["quantity"]) for p in pegs["supplies"]] == [
            (cap["number"], quantity),
            (inner["number"], quantity),
        ]
        again = await planner.post(f"/demand/orders/{half['id']}/parts", headers=key())
        assert (again.status_code, again.json()["code"]) == (422, "nothing_missing")


async def test_what_was_made_for_an_order_that_needs_less_now_is_free_for_others(planner: httpx.AsyncClient) -> None:
    top, cap, _ = await create(planner, 1000)

    async def free_and_promised() -> tuple[list[tuple[str, str]], list[str]]:
        shown = (await preview(planner, 5000))["orders"][1]
        pegs = (await planner.get(f"/demand/orders/{top['id']}")).json()["supplies"]
        return [(n["number"], n["quantity"]) for n in shown["netted"]], [p["quantity"] for p in pegs]

    lowered = await planner.patch(f"/work-orders/{top['id']}", json={"quantity": 700}, headers=key())
    assert lowered.status_code == 200, lowered.text
    assert await free_and_promised() == ([(cap["number"], "300")], ["700", "700"])
    await planner.post(f"/work-orders/{top['id']}/release", headers=key())
    wanted = {"quantity": 400, "reason": "고객 감량"}
    change = (await planner.post(f"/work-orders/{top['id']}/changes", json=wanted, headers=key())).json()
    assert (await planner.post(f"/changes/{change['id']}/apply", headers=key())).status_code == 200
    assert await free_and_promised() == ([(cap["number"], "600")], ["400", "400"])


async def test_who_lowers_what_an_order_needs_is_told_that_it_will_be_short(planner: httpx.AsyncClient) -> None:
    top, cap, inner = await create(planner, 1000)

    async def seen(order: dict[str, Any]) -> tuple[str, list[tuple[str, str, str]], list[tuple[str, str, str]]]:
        """What it lacks, whom it is made for and what is made for it: number, quantity, and how much of that is
        lacking."""
        pegs = (await planner.get(f"/demand/orders/{order['number']}")).json()
        parents, supplies = (
            [(p["number"], p["quantity"], p["short"]) for p in pegs[side]] for side in ("parents", "supplies")
        )
        return pegs["short"], parents, supplies

    assert await seen(top) == ("0", [], [(cap["number"], "1000", "0"), (inner["number"], "1000", "0")])
    released = await planner.post(f"/work-orders/{cap['id']}/release", headers=key())
    assert released.status_code == 200, released.text
    wanted = {"quantity": 900, "reason": "자재 부족"}
    change = (await planner.post(f"/work-orders/{cap['id']}/changes", json=wanted, headers=key())).json()
    assert change["warnings"] == ["parent_short"]
    apply = f"/changes/{change['id']}/apply"
    assert (await planner.post(apply, json={}, headers=key())).json()["warnings"] == ["parent_short"]
    confirmed = await planner.post(apply, json={"confirmed": ["parent_short"]}, headers=key())
    assert confirmed.status_code == 200, confirmed.text
    assert await seen(cap) == ("100", [(top["number"], "1000", "100")], [])
    await planner.post(f"/work-orders/{inner['id']}/cancel", json={"reason": "금형 파손"}, headers=key())
    assert await seen(top) == ("0", [], [(cap["number"], "1000", "100"), (inner["number"], "1000", "1000")])
    await planner.post(f"/work-orders/{top['id']}/cancel", json={"reason": "고객 취소"}, headers=key())
    assert await seen(cap) == ("0", [], [])


async def test_what_an_order_lacks_of_its_parts_is_planned_anew_once(planner: httpx.AsyncClient) -> None:
    top, cap, inner = await create(planner, 1000)
    path = f"/demand/orders/{top['id']}/missing"
    nothing = await planner.post(path, headers=key())
    assert (nothing.status_code, nothing.json()["code"]) == (422, "nothing_missing")
    await planner.post(f"/work-orders/{inner['id']}/cancel", json={"reason": "금형 파손"}, headers=key())
    shown = (await planner.get(path)).json()["orders"]
    assert [(o["item"], o["quantity"], o["parent"]) for o in shown] == [("INN24", "1000", top["id"])]
    answer = await planner.post(path, headers=key())
    assert answer.status_code == 201, answer.text
    [anew] = answer.json()["orders"]
    assert (anew["item"], anew["quantity"], anew["parent_id"]) == ("INN24", "1000", top["id"])
    assert datetime.fromisoformat(anew["due_at"]) == datetime.fromisoformat(inner["due_at"])
    pegs = (await planner.get(f"/demand/orders/{top['number']}")).json()
    assert [(p["number"], p["quantity"], p["short"]) for p in pegs["supplies"]] == [
        (cap["number"], "1000", "0"),
        (anew["number"], "1000", "0"),
    ]
    assert (await planner.post(path, headers=key())).json()["code"] == "nothing_missing"
    await planner.post(f"/work-orders/{top['id']}/cancel", json={"reason": "고객 취소"}, headers=key())
    assert (await planner.get(path)).json()["state"] == "cancelled"


async def test_the_parts_of_merged_orders_are_made_for_the_one_that_stays(planner: httpx.AsyncClient) -> None:
    first, second = [(await create(planner, quantity)) for quantity in (100, 200)]
    merged = await planner.post(
        "/work-orders/merge", json={"work_order_ids": [first[0]["id"], second[0]["id"]]}, headers=key()
    )
    assert merged.json()["quantity"] == "300"
    for part in [*first[1:], *second[1:]]:
        assert (await planner.get(f"/work-orders/{part['id']}")).json()["parent_id"] == first[0]["id"]
    assert (await preview(planner, 10))["orders"][1]["netted"] == []


async def test_an_order_of_the_erps_is_given_its_parts_once_and_a_selection_tells_its_material(
    world: World, planner: httpx.AsyncClient
) -> None:
    orders = [await new_order(world, item="CAP24A", quantity=quantity, due_at=DUE) for quantity in ("1000", "500")]
    chosen = {"work_order_ids": [order["id"] for order in orders]}
    shown = (await planner.post("/demand/parts/preview", json=chosen)).json()
    assert [(o["item"], o["quantity"], o["parent"]) for o in shown["orders"]] == [
        (item, quantity, order["id"])
        for order, quantity in sorted(zip(orders, ("1000", "500"), strict=True), key=lambda pair: str(pair[0]["id"]))
        for item in ("CAP24", "INN24")
    ]
    assert {m["item"]: m["gross"] for m in shown["materials"]} == {"PP": "6900", "MB": "120"}
    path = f"/demand/orders/{orders[0]['id']}/parts"
    made = await planner.post(path, headers=key())
    assert made.status_code == 201, made.text
    assert [(o["item"], o["quantity"], o["parent_id"]) for o in made.json()["orders"]] == [
        ("CAP24", "1000", orders[0]["id"]),
        ("INN24", "1000", orders[0]["id"]),
    ]
    assert (await planner.post(path, headers=key())).json()["code"] == "nothing_missing"
    left = (await planner.post("/demand/parts/preview", json=chosen)).json()["orders"]
    assert {o["parent"] for o in left} == {orders[1]["id"]}
    await planner.post(f"/work-orders/{orders[1]['id']}/cancel", json={"reason": "고객 취소"}, headers=key())
    refused = await planner.post("/demand/parts/preview", json=chosen)
    assert (refused.status_code, refused.json()["state"]) == (409, "cancelled")
