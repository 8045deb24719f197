"""BOMs and routings: put in revisions, read as of a day, as a tree and from below."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.factory import define_bracket, new_order, release_order
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("products"), ["orders"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner") as client:
        yield client


def day(offset: int) -> str:
    """A day from today on, as the shop's calendar shows it."""
    return (datetime.now(UTC) + timedelta(hours=9, days=offset)).date().isoformat()


async def define(planner: httpx.AsyncClient, *codes: str, kind: str = "semi", **more: Any) -> None:
    """Items of these codes."""
    for code in codes:
        answer = await planner.put(f"/items/{code}", json={"name": code, "kind": kind} | more)
        assert answer.is_success, answer.text


async def put_bom(planner: httpx.AsyncClient, item: str, more: dict[str, Any] | None = None, **parts: str) -> Any:
    """A BOM of components by quantity."""
    lines = [{"component": code, "quantity": quantity} for code, quantity in parts.items()]
    return await planner.put(f"/boms/{item}", json={"lines": lines} | (more or {}))


async def test_a_change_from_a_day_on_ends_the_revision_before_it_on_the_day_before(planner: httpx.AsyncClient) -> None:
    await define(planner, "T1", "T1A")
    first = await put_bom(planner, "T1", T1A="2")
    again = await put_bom(planner, "T1", T1A="2.0")
    later = await put_bom(planner, "T1", {"effective_from": day(10)}, T1A="3")
    assert [answer.status_code for answer in (first, again, later)] == [201, 200, 200]
    assert [answer.headers["etag"] for answer in (first, again, later)] == ['"1"', '"1"', '"2"']
    spans = [
        (r["revision"], r["effective_from"], r["effective_to"])
        for r in (await planner.get("/boms/T1/revisions")).json()["items"]
    ]
    assert spans == [(2, day(10), None), (1, day(0), day(9))]
    between = await put_bom(planner, "T1", {"effective_from": day(5)}, T1A="2.5")
    assert (between.json()["revision"], between.json()["effective_to"]) == (3, day(9))
    as_of = [(await planner.get("/boms/T1", params={"on": day(n)})).json()["lines"][0]["quantity"] for n in (0, 5, 10)]
    assert as_of == ["2", "2.5", "3"]
    assert (await planner.get("/boms/T1", params={"revision": 1})).json()["lines"][0]["quantity"] == "2"
    assert (await planner.get("/boms/T1", params={"on": day(-1)})).status_code == 404


async def test_a_mistake_is_mended_on_the_same_day(planner: httpx.AsyncClient) -> None:
    await define(planner, "T2", "T2A")
    await put_bom(planner, "T2", T2A="22")
    mended = await put_bom(planner, "T2", T2A="2")
    assert (mended.json()["revision"], mended.json()["lines"][0]["quantity"]) == (2, "2")
    assert (await planner.get("/boms/T2", params={"revision": 1})).json()["lines"][0]["quantity"] == "22"


async def test_what_was_in_force_yesterday_stays(planner: httpx.AsyncClient) -> None:
    await define(planner, "T3", "T3A")
    assert (await put_bom(planner, "T3", {"effective_from": day(-30)}, T3A="1")).status_code == 201
    refused = await put_bom(planner, "T3", {"effective_from": day(-30)}, T3A="2")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "effective_in_the_past"


async def test_a_stale_change_is_refused(planner: httpx.AsyncClient) -> None:
    await define(planner, "T4", "T4A")
    await put_bom(planner, "T4", T4A="1")
    await put_bom(planner, "T4", T4A="2")
    body = {"lines": [{"component": "T4A", "quantity": 3}]}
    assert (await planner.put("/boms/T4", json=body, headers={"If-Match": '"1"'})).status_code == 412


async def test_an_item_is_never_a_part_of_itself(planner: httpx.AsyncClient) -> None:
    await define(planner, "C1", "C2", "C3")
    await put_bom(planner, "C1", C2="1")
    await put_bom(planner, "C2", {"effective_from": day(3)}, C3="1")
    answer = await put_bom(planner, "C3", C1="1")
    assert (answer.status_code, answer.json()["code"]) == (422, "bom_cycle")
    assert answer.json()["path"] == ["C3", "C1", "C2", "C3"]
    itself = await put_bom(planner, "C3", C3="1")
    assert itself.json()["path"] == ["C3", "C3"]
    assert (await planner.get("/boms/C3")).status_code == 404


@pytest.mark.parametrize(
    ("lines", "field", "code"),
    [
        ([{"component": "NOPE", "quantity": 1}], "lines.0.component", "unknown_reference"),
        (
            [{"component": "B1A", "quantity": 1}, {"component": "B1A", "quantity": 2}],
            "lines.1.component",
            "component_twice",
        ),
        ([{"component": "B1A", "quantity": 0}], "lines.0.quantity", "greater_than"),
    ],
)
async def test_a_bad_line_is_named(planner: httpx.AsyncClient, lines: Any, field: str, code: str) -> None:
    await define(planner, "B1", "B1A")
    answer = await planner.put("/boms/B1", json={"lines": lines})
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


async def test_the_same_nut_goes_in_at_two_operations(planner: httpx.AsyncClient) -> None:
    await define(planner, "B2", "B2A")
    lines = [{"component": "B2A", "quantity": 2, "op": op} for op in (10, 30)]
    assert (await planner.put("/boms/B2", json={"lines": lines})).status_code == 201


async def test_a_tree_shows_every_level_and_a_part_knows_where_it_is_used(planner: httpx.AsyncClient) -> None:
    await define(planner, "TOP", "MID", kind="finished")
    await define(planner, "LOW", kind="raw", unit="g")
    await planner.put("/boms/MID", json={"lines": [{"component": "LOW", "quantity": "3.2", "scrap_pct": 5}]})
    await put_bom(planner, "TOP", MID="2", LOW="1")
    tree = (await planner.get("/boms/TOP/tree")).json()
    assert [(child["item"], child["quantity"]) for child in tree["children"]] == [("MID", "2"), ("LOW", "1")]
    low = tree["children"][0]["children"][0]
    assert (low["quantity"], low["total"], low["unit"]) == ("3.36", "6.72", "g")
    used = (await planner.get("/items/LOW/where-used")).json()["items"]
    assert [(use["item"], use["quantity"], use["levels"]) for use in used] == [("MID", "3.2", 1), ("TOP", "7.4", 1)]
    assert (await planner.get("/items/NOPE/where-used")).status_code == 404
    assert (await planner.get("/boms/NOPE/tree")).status_code == 404


async def test_who_changed_a_bom_is_on_its_trail(planner: httpx.AsyncClient) -> None:
    await define(planner, "A1", "A1A", "A1B")
    await put_bom(planner, "A1", A1A="1")
    await put_bom(planner, "A1", A1A="1", A1B="2")
    newest = (await planner.get("/audit", params={"subject": "bom/A1"})).json()["items"][0]
    changes = {change["field"]: (change["before"], change["after"]) for change in newest["changes"]}
    assert newest["person"] == "P01"
    assert changes["revision"] == (1, 2)
    assert changes["A1B"][1] == {"quantity": "2", "scrap_pct": "0", "alternates": []}
    assert "A1A" not in changes


def step(op: int, **more: Any) -> dict[str, Any]:
    """An operation on the first press."""
    return {"op": op, "name": f"공정 {op}", "machine": "PR1", "cycle_s": 2} | more


@pytest.mark.parametrize(
    ("operations", "fault"),
    [
        ([step(10, predecessors=[20]), step(20, predecessors=[10])], "routing_cycle"),
        ([step(10), step(20, predecessors=[]), step(30, predecessors=[20])], "routing_loose_end"),
        ([step(10), step(20, predecessors=[15])], "unknown_operation"),
        ([step(10, batch_size=100)], "missing"),
        ([step(10, machines=["PK"])], "machine_elsewhere"),
        ([step(10, tool="NOPE")], "unknown_reference"),
    ],
)
async def test_a_routing_that_contradicts_itself_is_refused(
    planner: httpx.AsyncClient, operations: list[dict[str, Any]], fault: str
) -> None:
    await define(planner, "R1")
    answer = await planner.put("/routings/R1", json={"operations": operations})
    assert answer.status_code == 422
    assert fault in {error["code"] for error in answer.json()["errors"]}


async def test_a_released_order_carries_the_graph_the_batches_and_the_materials(
    world: World, planner: httpx.AsyncClient
) -> None:
    await define(planner, "SHEET", kind="raw", unit="kg")
    await define(planner, "PLATE", kind="finished")
    await planner.put("/tools/D-1", json={"name": "블랭킹 금형", "kind": "die", "cavities": 4, "life_shots": 300000})
    await planner.put(
        "/routings/PLATE",
        json={
            "operations": [
                step(10, tool="D-1", machines=["PR2"], run_s_per_batch=600, batch_size=50),
                step(20, predecessors=[], self_inspection=True),
                step(30, predecessors=[10, 20], ratio=4),
            ]
        },
    )
    await put_bom(planner, "PLATE", SHEET="0.4")
    order = await release_order(world, await new_order(world, item="PLATE", quantity=102))
    [row] = await world.fetch("orders", "SELECT body FROM outbox WHERE type = 'orders.work_order.released.v2'")
    event = json.loads(row["body"])
    assert [(o["op"], o["predecessors"], o["planned"]) for o in event["operations"]] == [
        (10, [], "26"),
        (20, [], "26"),
        (30, [10, 20], "102"),
    ]
    assert (event["operations"][0]["cycle_s"], event["operations"][0]["per_cycle"]) == ("600", "50")
    assert (event["operations"][0]["tool"], event["operations"][0]["machines"]) == ("D-1", ["PR2"])
    assert [(m["component"], m["quantity"]) for m in event["materials"]] == [("SHEET", "0.4")]
    assert (event["routing_revision"], event["bom_revision"]) == (1, 1)
    assert [operation["planned"] for operation in order["operations"]] == ["26", "26", "102"]


async def test_a_release_names_every_machine_and_tool_that_is_no_longer_in_use(
    world: World, planner: httpx.AsyncClient
) -> None:
    await define(planner, "OLD", kind="finished")
    for code in ("M8", "M9"):
        await planner.put(f"/machines/{code}", json={"name": code, "work_center": "PRESS"})
    await planner.put("/tools/J9", json={"name": "지그", "kind": "jig"})
    await planner.put(
        "/routings/OLD", json={"operations": [step(10, machine="M9", machines=["M8"], tool="J9"), step(20)]}
    )
    for code in ("M8", "M9"):
        await planner.put(f"/machines/{code}", json={"name": code, "work_center": "PRESS", "active": False})
    await planner.put("/tools/J9", json={"name": "지그", "kind": "jig", "active": False})
    order = await new_order(world, item="OLD")
    answer = await planner.post(f"/work-orders/{order['id']}/release", headers=key())
    assert (answer.status_code, answer.json()["code"]) == (422, "release_incomplete")
    assert {(error["field"], error["code"]) for error in answer.json()["errors"]} == {
        ("operations.0.machine", "machine_inactive"),
        ("operations.0.machines.0", "machine_inactive"),
        ("operations.0.tool", "tool_inactive"),
    }


async def test_a_routing_of_tomorrow_releases_nothing_today(world: World, planner: httpx.AsyncClient) -> None:
    await define(planner, "SOON", kind="finished")
    await planner.put("/routings/SOON", json={"operations": [step(10)], "effective_from": day(1)})
    order = await new_order(world, item="SOON")
    answer = await planner.post(f"/work-orders/{order['id']}/release", headers=key())
    assert [error["code"] for error in answer.json()["errors"]] == ["routing_missing"]
