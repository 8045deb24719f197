"""Files come in: what they do not say stays, what they change is shown, and nothing happens that was not asked for."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from python_calamine import CalamineWorkbook

from tests.support.exchange import changes_of, drop, faults, furnish, upload
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("imports"), ["orders"]) as world:
        async with world.client("orders", "planner") as client:
            await furnish(client)
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner", person="P07") as client:
        yield client


async def test_what_a_file_has_no_column_for_stays_as_it_is(planner: httpx.AsyncClient) -> None:
    full = {"name": {"ko": "너트", "en": "nut", "vi": "đai ốc"}, "kind": "purchased", "unit": "EA", "box_quantity": 500}
    await planner.put("/items/NUT", json=full | {"lot_size": {"minimum": 100, "multiple": 50}, "note": "M6"})
    report = await drop(planner, "items", "품번,품명,구분\nNUT,육각너트,구매품\n", dry_run=True)
    assert changes_of(report) == [("NUT", "updated", [("name", "너트", "육각너트")])]
    await drop(planner, "items", "품번,품명,구분\nNUT,육각너트,구매품\n")
    item = (await planner.get("/items/NUT")).json()
    assert item["name"] == {"ko": "육각너트", "en": "nut", "vi": "đai ốc"}
    assert (item["box_quantity"], item["note"], item["lot_size"]["multiple"]) == ("500", "M6", "50")


async def test_an_empty_cell_empties_what_may_be_empty_and_leaves_the_rest(planner: httpx.AsyncClient) -> None:
    await planner.put("/items/PIN", json={"name": "핀", "kind": "purchased", "unit": "KG", "box_quantity": 20})
    report = await drop(planner, "items", "품번,품명,구분,단위,박스수량\nPIN,핀,구매품,,\n")
    assert changes_of(report) == [("PIN", "updated", [("box_quantity", "20", None)])]
    assert (await planner.get("/items/PIN")).json()["unit"] == "KG"


async def test_an_operation_that_stays_keeps_what_the_file_does_not_say(planner: httpx.AsyncClient) -> None:
    await planner.put("/items/RT1", json={"name": "RT1", "kind": "finished"})
    steps = [
        {"op": 10, "name": "절단", "machine": "PR1", "cycle_s": 4, "setup_s": 600, "crew": 2},
        {"op": 20, "name": "포장", "machine": "PR2", "cycle_s": 5},
        {"op": 30, "name": "출하", "machine": "PR2", "cycle_s": 1},
    ]
    await planner.put("/routings/RT1", json={"operations": steps})
    file = "품번,공정순서,공정명,사이클타임(초)\nRT1,10,절단,4.5\nRT1,20,포장,5\n"
    report = await drop(planner, "routings", file, dry_run=True)
    assert changes_of(report) == [
        ("RT1", "updated", [("cycle_s", "4", "4.5"), ("op", "30", None)]),
        ("RT1", "updated", []),
    ]
    await drop(planner, "routings", file)
    first, second = (await planner.get("/routings/RT1")).json()["operations"]
    assert (first["cycle_s"], first["setup_s"], first["crew"], first["machine"]) == ("4.5", "600", 2, "PR1")
    assert second["machine"] == "PR2"
    assert (await drop(planner, "routings", file))["summary"]["unchanged"] == 2


async def test_each_fault_stands_with_its_own_row(planner: httpx.AsyncClient) -> None:
    file = "품번,공정순서,공정명,설비,사이클타임(초)\nHB2,10,조립,PR2,9\nHB2,20,검사,PR99,빠름\nNONE,10,조립,PR1,1\n"
    report = await drop(planner, "routings", file)
    assert faults(report) == [
        (2, "row", "another_row_wrong"),
        (3, "cycle_s", "number_invalid"),
        (4, "item", "unknown_reference"),
    ]
    fixed = await drop(planner, "routings", file.replace("빠름", "2"), dry_run=True)
    assert faults(fixed)[1] == (3, "machine", "unknown_reference")


async def test_a_shift_has_no_offset(planner: httpx.AsyncClient) -> None:
    report = await drop(planner, "shifts", "코드,명칭,시작,종료\nD,주간,08:30+09:00,19:30\nN,야간,20:00,8:00\n")
    assert faults(report) == [(2, "starts", "time_with_offset")]
    assert (await planner.get("/shifts/N")).json()["ends"] == "08:00:00"
    put = await planner.put("/shifts/D", json={"name": "주간", "starts": "08:30Z", "ends": "19:30"})
    assert [error["code"] for error in put.json()["errors"]] == ["time_with_offset"]


async def test_all_or_nothing_takes_nothing_while_a_row_is_wrong(planner: httpx.AsyncClient) -> None:
    file = "품번,품명,구분\nALL1,하나,완제품\nALL 2,둘,완제품\n"
    refused = await drop(planner, "items", file, mode="all_or_nothing")
    assert (refused["applied"], refused["id"], refused["summary"]["created"]) == (False, None, 1)
    assert (await planner.get("/items/ALL1")).status_code == 404
    assert (await planner.get("/audit", params={"subject": "item/ALL1"})).json()["items"] == []
    taken = await drop(planner, "items", file.replace("ALL 2", "ALL2"), mode="all_or_nothing")
    assert taken["applied"]
    assert (await planner.get("/items/ALL2")).status_code == 200


async def test_a_recipe_in_grams_and_in_fractions_comes_in_as_it_is_written(planner: httpx.AsyncClient) -> None:
    items = "품번,품명,구분,단위\nPASTE,페이스트,완제품,EA\nDYE,염료,원자재,KG\nOIL,기름,원자재,DRUM\nOIL2,기름2,원자재,DRUM\n"
    await drop(planner, "items", items)
    boms = '모품번,자품번,소요량,단위,대체품\nPASTE,DYE,5,g,\nPASTE,OIL,"1/30,000",,"OIL2=1/20000, DYE=2.5 g"\n'
    report = await drop(planner, "boms", boms)
    assert faults(report) == []
    dye, oil = (await planner.get("/boms/PASTE")).json()["lines"]
    assert (dye["quantity"], dye["unit"], dye["stock_quantity"]) == ("5", "g", "0.005")
    assert (oil["quantity"], oil["unit"]) == ("1/30000", "DRUM")
    assert [(one["quantity"], one["unit"], one["stock_quantity"]) for one in oil["alternates"]] == [
        ("1/20000", "DRUM", "0.00005"),
        ("2.5", "g", "0.0025"),
    ]
    again = await drop(planner, "boms", boms)
    assert [row["verdict"] for row in again["rows"]] == ["unchanged", "unchanged"]
    wrong = await drop(planner, "boms", "모품번,자품번,소요량,단위\nPASTE,DYE,5,BOX\nOIL,DYE,1/0,\n")
    assert {code for _, _, code in faults(wrong)} == {"unit_unknown_for_item", "greater_than"}


async def test_boms_of_one_file_must_not_go_in_a_circle(planner: httpx.AsyncClient) -> None:
    await drop(planner, "items", "품번,품명,구분\nA1,A1,반제품\nB1,B1,반제품\nC1,C1,반제품\n")
    report = await drop(planner, "boms", "모품번,자품번,소요량\nA1,B1,1\nB1,C1,1\nC1,A1,1\n")
    assert [(row["key"], row["verdict"]) for row in report["rows"]] == [
        ("A1", "created"),
        ("B1", "created"),
        ("C1", "error"),
    ]
    assert report["rows"][2]["errors"][0]["code"] == "bom_cycle"


async def test_columns_that_were_set_right_are_kept_by_name(planner: httpx.AsyncClient) -> None:
    mapping = {"code": "A", "name": "B", "kind": "C"}
    kept = await planner.put("/exchange/mappings/items/우리 ERP", json={"mapping": mapping})
    assert (kept.json()["mapping"], kept.json()["person"]) == (mapping, "P07")
    listed = (await planner.get("/exchange/mappings/items")).json()["items"]
    assert [one["name"] for one in listed] == ["우리 ERP"]
    report = await drop(planner, "items", "A,B,C\nMAP1,지도,완제품\n", mapping_name="우리 ERP")
    assert (report["mapping"], report["summary"]["created"]) == (mapping, 1)
    unknown = await upload(planner, "items", "A,B,C\nX,Y,완제품\n", mapping_name="없음")
    assert unknown.json()["errors"][0]["field"] == "mapping_name"
    assert (await planner.delete("/exchange/mappings/items/우리 ERP")).status_code == 204
    assert (await planner.get("/exchange/mappings/items/우리 ERP")).status_code == 404


async def test_a_mapping_of_unknown_fields_is_not_kept(planner: httpx.AsyncClient) -> None:
    answer = await planner.put("/exchange/mappings/items/x", json={"mapping": {"colour": "A"}})
    assert answer.status_code == 422
    assert (await planner.put("/exchange/mappings/nothing/x", json={"mapping": {}})).status_code == 404


@pytest.mark.parametrize(("language", "heading"), [("ko", "품번"), ("en", "Item code"), ("vi", "Mã hàng")])
async def test_a_template_speaks_the_persons_language_and_its_example_is_not_imported(
    planner: httpx.AsyncClient, language: str, heading: str
) -> None:
    answer = await planner.get("/exchange/templates/items.xlsx", headers={"Accept-Language": language})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == heading
    assert str(rows[1][0]).endswith("HB1001")
    report = await drop(planner, "items", answer.content, dry_run=True)
    assert report["rows"] == []
    assert set(report["mapping"]) == {field["name"] for field in await fields_of(planner, "items")}


async def fields_of(client: httpx.AsyncClient, kind: str) -> list[dict[str, str]]:
    """What a kind consists of."""
    kinds = (await client.get("/exchange/kinds")).json()["items"]
    return next(one["fields"] for one in kinds if one["name"] == kind)


async def test_every_kind_has_a_template_that_its_own_import_understands(planner: httpx.AsyncClient) -> None:
    kinds = [kind for kind in (await planner.get("/exchange/kinds")).json()["items"] if kind["in_sheets"]]
    assert [kind["name"] for kind in kinds][-3:] == ["items", "routings", "boms"]
    for kind in kinds:
        template = await planner.get(f"/exchange/templates/{kind['name']}.xlsx")
        report = await drop(planner, kind["name"], template.content, dry_run=True)
        assert set(report["mapping"]) == {field["name"] for field in kind["fields"]}, kind["name"]
    assert (await planner.get("/exchange/templates/nothing.xlsx")).status_code == 404


@pytest.mark.long
async def test_a_long_import_tells_how_far_it_is(planner: httpx.AsyncClient) -> None:
    once = key()
    file = "품번,품명,구분\n" + "".join(f"LONG{number},긴 파일,완제품\n" for number in range(3000))
    sent = asyncio.create_task(
        planner.post("/imports", files={"file": ("a.csv", file.encode())}, data={"kind": "items"}, headers=once)
    )
    seen = []
    while not sent.done():
        told_now = await planner.get(f"/imports/progress/{once['Idempotency-Key']}")
        seen.append((told_now.json()["done"], told_now.json()["total"]))
        await asyncio.sleep(0.02)
    assert (await sent).json()["summary"]["created"] == 3000
    under_way = [done for done, total in seen if total == 3000]
    assert under_way == sorted(under_way)
    assert any(0 < done < 3000 for done in under_way)
    after = await planner.get(f"/imports/progress/{once['Idempotency-Key']}")
    assert after.json() == {"done": 0, "total": 0}


async def test_only_who_plans_may_import_and_take_everything_away(world: World) -> None:
    async with world.client("orders", "operator") as operator:
        assert (await upload(operator, "items", "품번,품명,구분\nX,Y,완제품\n")).status_code == 403
        assert (await operator.get("/exchange/export.json")).status_code == 403


async def test_a_mapping_is_json(planner: httpx.AsyncClient) -> None:
    answer = await upload(planner, "items", "a,b\n1,2\n", mapping=json.dumps({"code": ["a", "b"], "name": "b"}))
    assert [error["field"] for error in answer.json()["errors"]] == ["mapping.kind"]
