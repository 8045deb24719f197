"""Quantities as people know them, at every door: whole where the unit counts, exact in any unit that converts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.integration.changes.steps import jobs_of, post, released
from tests.support.factory import new_order, release_order
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Who works with lots, and books goods in and out."""
    async with world.client("production", "operator", "leader") as client:
        yield client


DUE = (datetime.now(UTC) + timedelta(days=3)).isoformat()
POWDER = {
    "name": "powder",
    "kind": "raw",
    "unit": "KG",
    "lot_tracked": True,
    "unit_conversions": [{"unit": "BAG", "factor": 25}, {"unit": "lb", "factor": "0.45359237"}],
}


async def codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["code"] for error in answer.json()["errors"]]


async def known_unit(world: World, code: str, decimals: int) -> None:
    """The floor has heard of the unit."""
    await eventually(
        lambda: world.fetch("production", "SELECT decimals FROM unit WHERE code = $1", code),
        lambda rows: [row["decimals"] for row in rows] == [decimals],
    )


async def known_item(world: World, code: str) -> None:
    for service, table in (("production", "item"), ("erp_bridge", "known_item")):
        statement = f"SELECT 1 FROM {table} WHERE code = $1 AND unit_conversions <> '[]'"
        await eventually(lambda s=service, q=statement: world.fetch(s, q, code), bool)


async def test_units_are_master_data_of_which_no_two_have_one_name(planner: httpx.AsyncClient, world: World) -> None:
    shipped = (await planner.get("/units", params={"limit": 200})).json()["items"]
    assert len(shipped) == 25
    kilo = (await planner.get("/units/㎏")).json()
    assert (kilo["code"], kilo["decimals"]) == ("kg", 6)
    assert {"KG", "㎏"} <= set(kilo["aliases"])
    assert set(kilo["related"]) == {"t", "g", "mg"}

    body = {"name": {"ko": "두", "en": "pair"}, "decimals": 0, "aliases": ["켤레"]}
    assert (await planner.put("/units/PAIR", json=body)).status_code == 201
    assert (await planner.put("/units/PAIR", json=body)).headers["etag"] == '"1"'
    stale = await planner.put("/units/PAIR", json=body | {"decimals": 1}, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    assert await codes(await planner.put("/units/Kilo", json=body | {"aliases": ["ＫＧ"]})) == ["unit_taken"]
    assert await codes(await planner.put("/units/켤레", json=body | {"aliases": []})) == ["unit_taken"]
    assert await codes(await planner.put("/units/TOO", json=body | {"decimals": 7, "aliases": []})) == [
        "less_than_equal"
    ]
    await known_unit(world, "PAIR", 0)


async def test_no_order_is_for_a_part_of_a_piece(planner: httpx.AsyncClient, world: World) -> None:
    wish = {"item": "HB1001", "due_at": DUE}
    for quantity in ("10.5", "1/3", 0.1):
        for path in ("/work-orders", "/demand/preview"):
            answer = await planner.post(path, json=wish | {"quantity": quantity}, headers=key())
            assert await codes(answer) == ["whole"], path
    message = answer.json()["errors"][0]
    assert (message["field"], message["params"]) == ("quantity", {"value": "0.1", "unit": "EA", "decimals": 0})
    draft = await new_order(world, quantity="10")
    edited = await planner.patch(f"/work-orders/{draft['id']}", json={"quantity": "10.5"})
    assert await codes(edited) == ["whole"]
    order = await release_order(world, draft)
    split = {"quantities": ["3.333333", "6.666667"]}
    assert await codes(await planner.post(f"/work-orders/{order['id']}/split", json=split, headers=key())) == ["whole"]
    change = {"quantity": "12.5", "reason": "more"}
    answer = await planner.post(f"/work-orders/{order['id']}/changes", json=change, headers=key())
    assert await codes(answer) == ["whole"]
    item = {"name": "x", "kind": "finished", "unit": "개", "lot_size": {"multiple": "2.5"}}
    assert await codes(await planner.put("/items/ODD", json=item)) == ["whole"]


async def test_an_order_in_boxes_is_one_of_pieces(
    planner: httpx.AsyncClient, erp: httpx.AsyncClient, world: World
) -> None:
    boxed = {"name": "boxed", "kind": "finished", "unit_conversions": [{"unit": "BOX", "factor": 200}]}
    await planner.put("/items/BOXED", json=boxed)
    order = await new_order(world, item="BOXED", quantity="3/2", unit="박스")
    assert (order["quantity"], order["unit"]) == ("300", "EA")
    edited = await planner.patch(f"/work-orders/{order['id']}", json={"quantity": 2, "unit": "BOX"})
    assert edited.json()["quantity"] == "400"
    parts = {"quantities": [1, 1], "unit": "BOX"}
    split = (await post(planner, f"/work-orders/{order['id']}/split", parts))["orders"]
    assert [one["quantity"] for one in split] == ["200", "200"]
    assert await codes(await planner.patch(f"/work-orders/{order['id']}", json={"unit": "BOX"})) == ["missing"]

    await known_item(world, "BOXED")
    body = {"external_id": "E-BOX", "item": "BOXED", "quantity": 10, "unit": "BOX", "due_at": DUE}
    taken = await erp.post("/orders", json=body)
    assert (taken.status_code, taken.json()["quantity"], taken.json()["unit"]) == (201, "2000", "EA")
    again = await erp.post("/orders", json=body | {"quantity": "2000", "unit": ""})
    assert (again.status_code, again.json()["quantity"]) == (200, "2000")
    assert await codes(await erp.post("/orders", json=body | {"external_id": "E-2", "unit": "DRUM"})) == [
        "unit_unknown_for_item"
    ]
    assert await codes(
        await erp.post("/orders", json=body | {"external_id": "E-3", "unit": None, "quantity": 33.3})
    ) == ["whole"]
    rows = "전표번호,품목코드,수량,단위,납기\nF-1,BOXED,1/2,BOX,2027-01-15\nF-2,BOXED,33.3,EA,2027-01-15\n"
    upload = {"file": ("orders.csv", rows.encode())}
    report = (await erp.post("/imports", files=upload, headers=key())).json()
    assert [row["verdict"] for row in report["rows"]] == ["created", "error"]
    found = (await erp.get("/orders", params={"q": "F-1"})).json()["items"]
    assert [one["quantity"] for one in found] == ["100"]


async def test_what_the_floor_tells_is_recorded_and_flagged(
    planner: httpx.AsyncClient, floor: httpx.AsyncClient, world: World
) -> None:
    order = await released(world, 10)
    job = (await jobs_of(floor, order["number"]))[0]
    assert job["decimals"] == 0
    scrap = [{"defect": "BURR", "quantity": "0.5"}]
    for body in ({"good": 0.5}, {"good": 1, "rework": "0.25"}, {"good": 1, "scrap": scrap}):
        assert "fraction" in (await post(floor, f"/jobs/{job['id']}/results", body, 201))["flags"]
    assert "fraction" not in (await post(floor, f"/jobs/{job['id']}/results", {"good": 2}, 201))["flags"]
    seen = await floor.get("/results", params={"job": job["id"]})
    assert sum("fraction" in result["flags"] for result in seen.json()["items"]) == 3
    path = "/machines/PR1/unassigned"
    pieces = await floor.post(path, json={"item": "HB1001", "good": "1.5"}, headers=key())
    assert pieces.json()["flags"] == ["fraction"]


async def test_sheets_are_not_the_parts_that_are_cut_of_them(
    planner: httpx.AsyncClient, floor: httpx.AsyncClient, world: World
) -> None:
    await planner.put("/items/CUT", json={"name": "cut", "kind": "finished", "serial_tracked": True})
    steps = [
        {"op": 10, "name": "coat", "machine": "PR1", "cycle_s": 1},
        {"op": 20, "name": "cut", "machine": "PK", "cycle_s": 1, "ratio": 8},
    ]
    await planner.put("/routings/CUT", json={"operations": steps})
    await eventually(lambda: world.fetch("production", "SELECT 1 FROM item WHERE code = 'CUT'"), bool)
    order = await released(world, 80, item="CUT")
    sheets, parts = await jobs_of(floor, order["number"])
    assert (sheets["decimals"], parts["decimals"]) == (6, 0)
    assert "fraction" not in (await post(floor, f"/jobs/{sheets['id']}/results", {"good": 1.5}, 201))["flags"]
    half = await post(floor, f"/jobs/{parts['id']}/results", {"good": 2.5}, 201)
    assert "fraction" in half["flags"]


async def test_a_drum_of_grease_is_enough_for_thirty_thousand_pieces(
    planner: httpx.AsyncClient, floor: httpx.AsyncClient, world: World
) -> None:
    await planner.put("/items/POWDER", json=POWDER)
    await planner.put("/items/GREASE", json={"name": "grease", "kind": "raw", "unit": "DRUM", "lot_tracked": True})
    await planner.put("/items/GREASED", json={"name": "greased", "kind": "finished"})
    lines: list[dict[str, Any]] = [
        {"component": "GREASE", "quantity": "1/30000"},
        {"component": "POWDER", "quantity": "5", "unit": "g", "op": 20},
        {
            "component": "COLOUR",
            "quantity": "0.0000004",
            "alternates": [{"component": "POWDER", "quantity": "1/7", "unit": "mg"}],
        },
    ]
    await planner.put("/items/COLOUR", json={"name": "colour", "kind": "raw", "unit": "kg"})
    put = await planner.put("/boms/GREASED", json={"lines": lines})
    assert put.status_code == 201, put.text
    shown = [
        (line["quantity"], line["unit"], line["stock_quantity"], line["stock_unit"]) for line in put.json()["lines"]
    ]
    assert shown == [
        ("1/30000", "DRUM", "1/30000", "DRUM"),
        ("5", "g", "0.005", "KG"),
        ("0.0000004", "kg", "0.0000004", "kg"),
    ]
    assert put.json()["lines"][2]["alternates"] == [
        {"component": "POWDER", "quantity": "1/7", "unit": "mg", "stock_quantity": "1/7000000"}
    ]
    again = [
        {name: line[name] for name in ("component", "quantity", "unit", "op")}
        | {"alternates": [{n: other[n] for n in ("component", "quantity", "unit")} for other in line["alternates"]]}
        for line in put.json()["lines"]
    ]
    same = await planner.put("/boms/GREASED", json={"lines": again})
    assert same.json()["revision"] == 1, "what was read is what was written"
    quarter = await planner.put("/boms/COLOUR", json={"lines": [{"component": "GREASE", "quantity": "1/4"}]})
    [line] = quarter.json()["lines"]
    assert (line["quantity"], line["stock_quantity"]) == ("1/4", "0.25"), "what was written is shown as it was"
    await planner.put("/boms/COLOUR", json={"lines": []})
    wrong = [{"component": "GREASE", "quantity": 1, "unit": "kg"}]
    assert await codes(await planner.put("/boms/GREASED", json={"lines": wrong})) == ["unit_unknown_for_item"]

    wish = {"item": "GREASED", "quantity": 300_000, "due_at": DUE}
    plan = (await planner.post("/demand/preview", json=wish)).json()
    assert {one["item"]: one["gross"] for one in plan["materials"]} == {
        "GREASE": "10",
        "POWDER": "1500",
        "COLOUR": "0.12",
    }
    tree = (await planner.get("/boms/GREASED/tree")).json()
    assert [part["total"] for part in tree["children"]] == ["1/30000", "0.005", "0.0000004"]
    [use] = (await planner.get("/items/GREASE/where-used")).json()["items"]
    assert use["quantity"] == "1/30000"

    steps = [{"op": op, "name": "work", "machine": "PR1", "cycle_s": 1} for op in (10, 20)]
    await planner.put("/routings/GREASED", json={"operations": steps})
    await known_item(world, "POWDER")
    order = await released(world, 30_000, item="GREASED")
    for report in ("traveller", "reconciliation"):
        materials = (await planner.get(f"/work-orders/{order['id']}/{report}")).json()["materials"]
        assert {one["component"]: one["planned"] for one in materials} == {
            "GREASE": "1",
            "POWDER": "150",
            "COLOUR": "0.012",
        }
    first, _ = await jobs_of(floor, order["number"])
    assert {one["component"]: one["quantity"] for one in first["materials"]} == {
        "GREASE": "1/30000",
        "COLOUR": "0.0000004",
    }
    drums = await post(floor, "/lots", {"item": "GREASE", "quantity": 3}, 201)
    await post(floor, f"/jobs/{first['id']}/results", {"good": 30_000}, 201)
    assert (await floor.get(f"/lots/{drums['lot']}")).json()["remaining"] == "2"


async def test_a_delivery_is_received_counted_and_used_in_the_suppliers_unit(
    planner: httpx.AsyncClient, floor: httpx.AsyncClient, world: World
) -> None:
    await planner.put("/items/RAW", json=POWDER)
    await planner.put("/items/NUT", json={"name": "nut", "kind": "raw"})
    await known_item(world, "RAW")
    lot = await post(floor, "/lots", {"item": "RAW", "quantity": 4, "unit": "bag"}, 201)
    assert (lot["quantity"], lot["unit"]) == ("100", "KG")
    part = await post(floor, f"/lots/{lot['lot']}/split", {"quantity": "1/2", "unit": "BAG"}, 201)
    assert part["quantity"] == "12.5"
    async with world.client("production", "leader") as leader:
        body = {"quantity": 500, "unit": "g", "reason": "weighed"}
        assert (await post(leader, f"/lots/{part['lot']}/count", body))["remaining"] == "0.5"
    shipped = await post(floor, f"/lots/{lot['lot']}/ship", {"quantity": 1, "unit": "lb", "customer": "C"}, 201)
    assert shipped["quantity"] == "-0.453592", "a pound has no end in millionths of a kilogram"
    unknown = await floor.post("/lots", json={"item": "RAW", "quantity": 1, "unit": "BOX"}, headers=key())
    assert await codes(unknown) == ["unit_unknown_for_item"]

    half = await floor.post("/lots", json={"item": "NUT", "quantity": "10.5"}, headers=key())
    assert await codes(half) == ["whole"]
    nuts = await post(floor, "/lots", {"item": "NUT", "quantity": 10}, 201)
    split = await floor.post(f"/lots/{nuts['lot']}/split", json={"quantity": "0.5"}, headers=key())
    assert await codes(split) == ["whole"]
    order = await released(world, 10)
    job = (await jobs_of(floor, order["number"]))[0]
    used = {"lot": nuts["lot"], "quantity": "2.5", "used": True}
    taken = await post(floor, f"/jobs/{job['id']}/consumptions", used, 201)
    assert (taken["quantity"], "fraction" in taken["flags"]) == ("2.5", True)
    rest = await post(floor, f"/lots/{nuts['lot']}/split", {"quantity": "7.5"}, 201)
    assert rest["remaining"] == "7.5", "what is left can be moved as it is"


async def test_a_unit_that_nobody_knows_and_a_changed_conversion_are_found(planner: httpx.AsyncClient) -> None:
    await planner.put("/items/CLOTH", json={"name": "cloth", "kind": "raw", "unit": "필"})
    pack = POWDER | {"lot_tracked": False, "unit_conversions": [{"unit": "PACK", "factor": 2}]}
    await planner.put("/items/PACKED", json=pack)
    await planner.put("/items/OF-PACKED", json={"name": "of", "kind": "semi"})
    line = {"component": "PACKED", "quantity": 1, "unit": "PACK"}
    await planner.put("/boms/OF-PACKED", json={"lines": [line]})

    async def found(*codes: str) -> list[tuple[str, str]]:
        findings = (await planner.get("/readiness")).json()["findings"]
        return [(one["code"], one["key"]) for one in findings if one["code"] in codes]

    assert await found("conversion_changed") == []
    assert ("unit_unknown", "CLOTH") in await found("unit_unknown")
    await planner.put("/units/필", json={"name": "필", "decimals": 1})
    assert ("unit_unknown", "CLOTH") not in await found("unit_unknown")
    await planner.put("/items/PACKED", json=pack | {"unit_conversions": [{"unit": "PACK", "factor": 3}]})
    assert await found("conversion_changed") == [("conversion_changed", "OF-PACKED")]
    await planner.put("/boms/OF-PACKED", json={"lines": [line]})
    assert await found("conversion_changed") == []
