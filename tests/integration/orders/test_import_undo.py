"""A whole import is taken back while nothing has used it: former values return, what it made goes out of use."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.exchange import drop, furnish, undo
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("undo"), ["orders"]) as world:
        async with world.client("orders", "planner") as client:
            await furnish(client)
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner", person="P07") as client:
        yield client


async def test_a_run_is_remembered_with_who_when_and_what(planner: httpx.AsyncClient) -> None:
    await drop(planner, "items", "품번,품명,구분\nRUN1,하나,완제품\n")
    report = await drop(planner, "items", "품번,품명,구분\nRUN1,첫째,완제품\nRUN2,둘째,완제품\nRUN 3,셋째,완제품\n")
    newest = (await planner.get("/imports")).json()["items"][0]
    assert newest["id"] == report["id"]
    assert (newest["file"], newest["person"], newest["kind"], newest["state"]) == ("표.csv", "P07", "items", "applied")
    assert newest["summary"] == {"created": 1, "updated": 1, "unchanged": 0, "error": 1}
    changes = (await planner.get(f"/imports/{report['id']}/changes")).json()["items"]
    assert changes[0] == {
        "kind": "items",
        "key": "RUN1",
        "verdict": "updated",
        "changes": [{"field": "name", "before": "하나", "after": "첫째"}],
    }
    assert (changes[1]["key"], changes[1]["verdict"]) == ("RUN2", "created")
    trail = (await planner.get("/audit", params={"subject": f"import/{report['id']}"})).json()["items"]
    assert [(entry["action"], entry["reason"]) for entry in trail] == [("import", "표.csv")]


async def test_a_dry_run_and_a_file_that_changes_nothing_leave_no_run(planner: httpx.AsyncClient) -> None:
    before = (await planner.get("/imports")).json()["items"]
    assert (await drop(planner, "items", "품번,품명,구분\nDRY,마른,완제품\n", dry_run=True))["id"] is None
    assert (await drop(planner, "work_centers", "작업장코드,명칭\nPRESS,프레스\n"))["id"] is None
    assert (await planner.get("/imports")).json()["items"] == before


async def test_former_values_return_and_what_was_made_goes_out_of_use(planner: httpx.AsyncClient) -> None:
    await drop(planner, "items", "품번,품명,구분,박스수량\nUN1,처음,완제품,10\n")
    wrong = await drop(planner, "items", "품번,품명,구분,박스수량\nUN1,틀림,완제품,99\nUN2,새것,완제품,1\n")
    assert (await planner.get(f"/imports/{wrong['id']}")).json()["can_undo"]
    undone = (await undo(planner, wrong["id"])).json()
    assert (undone["state"], undone["undone_by"], undone["reason"]) == ("undone", "P07", "잘못된 파일")
    first, second = [(await planner.get(f"/items/{code}")).json() for code in ("UN1", "UN2")]
    assert (first["name"], first["box_quantity"]) == ({"ko": "처음"}, "10")
    assert second["active"] is False
    again = await undo(planner, wrong["id"])
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


async def test_the_corrected_file_brings_what_was_taken_back_into_use_again(planner: httpx.AsyncClient) -> None:
    wrong = await drop(planner, "items", "품번,품명,구분\nRE1,틀림,완제품\n")
    await undo(planner, wrong["id"])
    right = await drop(planner, "items", "품번,품명,구분\nRE1,맞음,완제품\n")
    changes = [(c["field"], c["before"], c["after"]) for c in right["rows"][0]["changes"]]
    assert changes == [("name", "틀림", "맞음"), ("active", "N", "Y")]
    assert (await planner.get("/items/RE1")).json()["active"]


async def test_what_a_person_made_obsolete_stays_so_when_a_file_has_it(planner: httpx.AsyncClient) -> None:
    await planner.put("/items/OLD", json={"name": "단종", "kind": "finished", "active": False})
    report = await drop(planner, "items", "품번,품명,구분\nOLD,단종품,완제품\n")
    assert report["rows"][0]["verdict"] == "updated"
    assert (await planner.get("/items/OLD")).json()["active"] is False


async def test_a_routing_and_a_bom_return_to_what_they_were(planner: httpx.AsyncClient) -> None:
    before = (await planner.get("/routings/HB1")).json()["operations"]
    wrong = await drop(planner, "routings", "품번,공정순서,공정명,설비,사이클타임(초)\nHB1,10,한번에,PR1,99\n")
    assert (await undo(planner, wrong["id"])).status_code == 200
    assert (await planner.get("/routings/HB1")).json()["operations"] == before
    await planner.put("/items/NEWB", json={"name": "NEWB", "kind": "semi"})
    made = await drop(planner, "boms", "모품번,자품번,소요량\nNEWB,COIL,1\n")
    assert (await undo(planner, made["id"])).status_code == 200
    assert (await planner.get("/boms/NEWB")).status_code == 404
    again = await drop(planner, "boms", "모품번,자품번,소요량\nNEWB,COIL,2\n")
    assert again["summary"]["created"] == 1
    assert (await planner.get("/boms/NEWB")).json()["lines"][0]["quantity"] == "2"


async def test_what_was_changed_since_is_not_overwritten(planner: httpx.AsyncClient) -> None:
    run = await drop(planner, "items", "품번,품명,구분\nCH1,파일,완제품\nCH2,파일,완제품\n")
    await planner.put("/items/CH1", json={"name": "사람이 고침", "kind": "finished"})
    refused = await undo(planner, run["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "import_used")
    assert refused.json()["uses"] == [{"kind": "items", "key": "CH1", "by": "change", "by_key": "items"}]
    assert (await planner.get("/items/CH2")).json()["active"]


async def test_what_is_used_elsewhere_stays(planner: httpx.AsyncClient) -> None:
    run = await drop(planner, "items", "품번,품명,구분\nUSE1,부품,반제품\nUSE2,부품,반제품\n")
    await planner.put("/items/TOP", json={"name": "TOP", "kind": "finished"})
    await drop(planner, "boms", "모품번,자품번,소요량\nTOP,USE1,1\n")
    order = {"item": "USE2", "quantity": 5, "due_at": "2026-12-24T18:00:00+09:00"}
    number = (await planner.post("/work-orders", json=order, headers=key())).json()["number"]
    found = (await planner.get(f"/imports/{run['id']}")).json()
    assert not found["can_undo"]
    assert [(use["key"], use["by"], use["by_key"]) for use in found["why_not"]] == [
        ("USE1", "boms", "TOP"),
        ("USE2", "work_orders", number),
    ]
    assert (await undo(planner, run["id"])).status_code == 409


async def test_a_routing_that_an_order_was_released_with_stays(planner: httpx.AsyncClient) -> None:
    order = {"item": "HB2", "quantity": 5, "due_at": "2026-12-24T18:00:00+09:00"}
    draft = (await planner.post("/work-orders", json=order, headers=key())).json()
    run = await drop(planner, "routings", "품번,공정순서,공정명,설비,사이클타임(초)\nHB2,10,조립,PR2,7\n")
    assert (await planner.get(f"/imports/{run['id']}")).json()["can_undo"]
    released = await planner.post(f"/work-orders/{draft['id']}/release", headers=key())
    assert released.status_code == 200, released.text
    uses = (await undo(planner, run["id"])).json()["uses"]
    assert uses == [{"kind": "routings", "key": "HB2", "by": "work_orders", "by_key": draft["number"]}]


async def test_an_unknown_run_is_not_found(planner: httpx.AsyncClient) -> None:
    nobody = "01900000-0000-7000-8000-000000000000"
    assert (await planner.get(f"/imports/{nobody}")).status_code == 404
    assert (await undo(planner, nobody)).status_code == 404
