"""Work orders over HTTP: created, released with what is there, moved, listed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from services.orders.work_orders.schemas import WorkOrderOut
from tests.support.factory import define_bracket, new_order, release_order
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio


DUE = "2026-12-01T18:00:00+09:00"


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("work-orders"), ["orders"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner") as client:
        yield client


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item": "NOPE"}, "item"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": -5}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"due_at": "2026"}, "due_at"),
        ({"due_at": "2026-12-01T18:00:00"}, "due_at"),
        ({"colour": "red"}, "colour"),
        ({"priority": 101}, "priority"),
    ],
)
async def test_bad_input_names_the_field_and_nothing_is_made(
    planner: httpx.AsyncClient, change: dict[str, object], field: str
) -> None:
    before = (await planner.get("/work-orders/counts")).json()
    answer = await planner.post(
        "/work-orders", json={"item": "HB1001", "quantity": 10, "due_at": DUE} | change, headers=key()
    )
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await planner.get("/work-orders/counts")).json() == before


async def test_a_draft_may_have_tolerances_of_its_own(world: World, planner: httpx.AsyncClient) -> None:
    order = await new_order(world, over_tolerance_pct="1.5")
    assert (order["over_tolerance_pct"], order["under_tolerance_pct"]) == ("1.5", None)
    edited = await planner.patch(f"/work-orders/{order['id']}", json={"under_tolerance_pct": 0})
    assert (edited.json()["over_tolerance_pct"], edited.json()["under_tolerance_pct"]) == ("1.5", "0")
    beyond = await planner.patch(f"/work-orders/{order['id']}", json={"under_tolerance_pct": 101})
    assert (beyond.status_code, beyond.json()["errors"][0]["field"]) == (422, "under_tolerance_pct")


async def test_a_release_freezes_the_shops_tolerances_where_the_order_has_none(
    world: World, planner: httpx.AsyncClient
) -> None:
    shops = (await planner.get("/work-orders/tolerances")).json()
    assert (shops["over_tolerance_pct"], shops["under_tolerance_pct"]) == ("5", "5")
    assert "EA" in shops["counted_units"]
    order = await release_order(world, await new_order(world, under_tolerance_pct=0))
    assert (order["over_tolerance_pct"], order["under_tolerance_pct"]) == ("5", "0")


async def test_a_key_is_needed_to_create(planner: httpx.AsyncClient) -> None:
    answer = await planner.post("/work-orders", json={"item": "HB1001", "quantity": 10, "due_at": DUE})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


async def test_fifty_taps_on_create_make_one_order(planner: httpx.AsyncClient) -> None:
    once = key()
    body = {"item": "HB1001", "quantity": 10, "due_at": DUE}
    answers = await asyncio.gather(*(planner.post("/work-orders", json=body, headers=once) for _ in range(50)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["number"] for answer in answers if answer.status_code == 201}) == 1


async def test_numbers_given_at_the_same_time_differ(planner: httpx.AsyncClient) -> None:
    body = {"item": "HB1001", "quantity": 10, "due_at": DUE}
    answers = await asyncio.gather(*(planner.post("/work-orders", json=body, headers=key()) for _ in range(20)))
    assert len({answer.json()["number"] for answer in answers}) == 20


async def test_a_number_that_a_planner_chose_is_left_out(world: World) -> None:
    last = (await new_order(world))["number"]
    series, sequence = last[:-4], int(last[-4:])
    for chosen in (sequence + 1, sequence + 2):
        await new_order(world, number=f"{series}{chosen:04d}")
    assert (await new_order(world))["number"] == f"{series}{sequence + 3:04d}"


async def test_an_order_without_a_routing_is_not_released(world: World, planner: httpx.AsyncClient) -> None:
    await planner.put("/items/BARE", json={"name": "민짜", "kind": "finished"})
    order = await new_order(world, item="BARE")
    answer = await planner.post(f"/work-orders/{order['id']}/release", headers=key())
    assert (answer.status_code, answer.json()["code"]) == (422, "release_incomplete")
    assert answer.json()["errors"][0]["field"] == "routing"
    assert (await planner.get(f"/work-orders/{order['id']}")).json()["state"] == "draft"


async def test_a_released_order_keeps_the_routing_it_was_released_with(
    world: World, planner: httpx.AsyncClient
) -> None:
    await planner.put("/items/FROZEN", json={"name": "고정", "kind": "finished"})
    step = {"op": 10, "name": "절단", "machine": "PR1", "cycle_s": 2}
    await planner.put("/routings/FROZEN", json={"operations": [step]})
    order = await release_order(world, await new_order(world, item="FROZEN"))
    await planner.put("/routings/FROZEN", json={"operations": [step | {"name": "다르게"}]})
    assert (await planner.get(f"/work-orders/{order['id']}")).json()["operations"][0]["name"] == {"ko": "절단"}


async def test_hold_needs_a_reason_and_resume_goes_back(world: World, planner: httpx.AsyncClient) -> None:
    order = await release_order(world, await new_order(world))
    path = f"/work-orders/{order['id']}"
    assert (await planner.post(f"{path}/hold", headers=key())).status_code == 422
    held = await planner.post(f"{path}/hold", json={"reason": "초물 불합격"}, headers=key())
    assert (held.json()["state"], held.json()["reason"]) == ("on_hold", "초물 불합격")
    twice = await planner.post(f"{path}/hold", json={"reason": "또"}, headers=key())
    assert (twice.status_code, twice.json()["state"]) == (409, "on_hold")
    assert (await planner.post(f"{path}/resume", headers=key())).json()["state"] == "released"


async def test_the_list_pages_without_hole_or_double(world: World, planner: httpx.AsyncClient) -> None:
    for _ in range(7):
        await new_order(world, customer="한미정공")
    seen, cursor = [], None
    while True:
        page = (
            await planner.get(
                "/work-orders", params={"q": "한미", "limit": "3"} | ({"cursor": cursor} if cursor else {})
            )
        ).json()
        seen += [order["number"] for order in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert (await planner.get("/work-orders", params={"cursor": "?"})).status_code == 422
    assert (await planner.get("/work-orders", params={"state": "flying"})).status_code == 422


@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        *((there, True) for there in ("금형", "정우", "형㈜", "q7", "Q", "%", "7\\")),
        *((nowhere, False) for nowhere in ("도장", "형금", "정금", "__", "%%", "7q")),
    ],
)
async def test_a_word_of_two_letters_is_found_within_others_and_only_there(
    world: World, planner: httpx.AsyncClient, q: str, is_found: bool
) -> None:
    order = await new_order(world, customer="정우금형㈜", sales_order="Q7\\5%")
    found = (await planner.get("/work-orders", params={"q": q, "limit": 200})).json()["items"]
    assert (order["id"] in {one["id"] for one in found}) == is_found


async def test_an_order_is_found_by_id_and_by_number(world: World, planner: httpx.AsyncClient) -> None:
    order = await new_order(world)
    assert (await planner.get(f"/work-orders/{order['number']}")).json() == (
        await planner.get(f"/work-orders/{order['id']}")
    ).json()
    assert (await planner.get("/work-orders/W-0000-0000")).status_code == 404


async def test_a_list_shows_orders_as_their_own_pages_do(world: World, planner: httpx.AsyncClient) -> None:
    order = await release_order(world, await new_order(world, quantity="12.0", customer="List & Co"))
    [listed] = (await planner.get("/work-orders", params={"id": order["id"]})).json()["items"]
    alone = (await planner.get(f"/work-orders/{order['number']}")).json()
    assert listed.keys() == alone.keys()
    assert WorkOrderOut.model_validate(listed) == WorkOrderOut.model_validate(alone)
    assert (listed["quantity"], listed["operations"][0]["piece_s"]) == ("12", "1.5")


async def test_late_orders_and_those_that_cannot_be_in_time_are_told_apart(
    world: World, planner: httpx.AsyncClient
) -> None:
    def due(hours: float) -> str:
        return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()

    async def numbers(**wanted: Any) -> list[str]:
        items = (await planner.get("/work-orders", params={"customer": "Due Ltd", **wanted})).json()["items"]
        return [order["number"] for order in items]

    # 10,000 pieces take 1.5 s on the press and 3 s when they are packed: 12.5 hours
    late, hurried, easy = [
        (await new_order(world, quantity=10_000, due_at=due(hours), customer="Due Ltd"))["number"]
        for hours in (-1, 12, 13)
    ]
    assert await numbers() == [late, hurried, easy]
    assert await numbers(late=True) == [late]
    assert await numbers(at_risk=True) == [hurried]
    assert await numbers(late=False, at_risk=False) == [easy]
    assert await numbers(sort="-due_at") == [easy, hurried, late]
    shown = (await planner.get(f"/work-orders/{easy}")).json()
    begin_by = datetime.fromisoformat(shown["due_at"]) - timedelta(hours=12.5)
    assert datetime.fromisoformat(shown["begin_by"]) == begin_by


async def test_how_late_an_order_will_be_is_one_figure_with_when_it_will_be_there(
    world: World, planner: httpx.AsyncClient
) -> None:
    due = datetime.now(UTC) + timedelta(hours=12)
    order = await new_order(world, quantity=10_000, due_at=due.isoformat(), customer="Late Ltd")
    easy = await new_order(world, quantity=1, due_at=due.isoformat(), customer="Late Ltd")
    listed = {
        one["id"]: one for one in (await planner.get("/work-orders/standings", params={"limit": 200})).json()["items"]
    }
    assert easy["id"] not in listed
    found = listed[order["id"]]
    assert (found["standing"], found["number"], found["customer"]) == ("at_risk", order["number"], "Late Ltd")
    expected = datetime.fromisoformat(found["expected_at"])
    assert found["late_s"] == round((expected - due).total_seconds())
    assert found["late_s"] == pytest.approx(1800, abs=120), "12.5 hours of work in 12 hours"
    [named] = (await planner.get("/work-orders/standings", params={"id": easy["id"]})).json()["items"]
    assert named["standing"] == "in_time"
    assert named["late_s"] < 0


async def test_a_day_off_puts_orders_at_risk(world: World, planner: httpx.AsyncClient) -> None:
    """12.5 hours of work are left for the next 24, but today nobody works."""
    due = datetime.now(UTC) + timedelta(hours=24)
    order = await new_order(world, quantity=10_000, due_at=due.isoformat(), customer="Rest Ltd")
    wanted = {"customer": "Rest Ltd", "at_risk": True}
    assert (await planner.get("/work-orders", params=wanted)).json()["items"] == []
    local = datetime.now(ZoneInfo("Asia/Seoul")).date()
    rest = [{"date": str(local + timedelta(days=n)), "name": "휴무"} for n in (-1, 0, 1)]
    calendar = {"name": "휴무", "days_off": rest}
    try:
        assert (await planner.put("/calendars/REST", json=calendar)).status_code == 201
        [found] = (await planner.get("/work-orders", params=wanted)).json()["items"]
        assert found["number"] == order["number"]
    finally:
        await planner.put("/calendars/REST", json=calendar | {"active": False})


@pytest.mark.parametrize(
    "sort", ["due_at", "-due_at", "number", "-number", "priority", "-quantity", "item", "created_at"]
)
async def test_pages_in_any_order_hold_each_order_once(planner: httpx.AsyncClient, sort: str) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        query = {"sort": sort, "limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await planner.get("/work-orders", params=query)).json()
        seen += [order["id"] for order in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == sum((await planner.get("/work-orders/counts")).json().values())


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sort": "colour"}, "invalid"),
        ({"id": "17"}, "invalid"),
        ({"sort": "number", "cursor": "ZHVlX2F0H3gfeQ"}, "cursor_invalid"),
        ({"cursor": "x"}, "cursor_invalid"),
    ],
)
async def test_a_list_that_cannot_be_is_refused(planner: httpx.AsyncClient, query: dict[str, str], code: str) -> None:
    answer = await planner.get("/work-orders", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
