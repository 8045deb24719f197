"""Orders from an ERP, by HTTP and as its own file, until they are work orders."""

import asyncio
from typing import Any

import httpx
import pytest

from infra.local.suite import metadata_of
from services.erp_bridge.inbound.commands.import_file import SYNONYMS
from shared.kit.migrations import difference
from tests.integration.erp_bridge.steps import accepted_order, erp_order, released_order, seen_order
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


async def test_an_order_is_taken_in_once_and_becomes_a_work_order(erp: httpx.AsyncClient) -> None:
    body = erp_order(customer="현대", note="")
    answers = await asyncio.gather(*(erp.post("/orders", json=body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    order = await seen_order(erp, body["external_id"], "accepted")
    assert order["number"].startswith("W-")
    assert (order["work_order_state"], order["customer"], order["note"], order["source"]) == (
        "draft",
        "현대",
        None,
        "http",
    )


async def test_a_change_before_the_release_reaches_the_work_order(world: World, erp: httpx.AsyncClient) -> None:
    order = await accepted_order(erp)
    body = {name: order[name] for name in ("external_id", "item", "due_at")}
    changed = await erp.post("/orders", json=body | {"quantity": 250})
    assert (changed.status_code, changed.json()["quantity"]) == (200, "250")
    async with world.client("orders", "planner") as orders:

        async def look() -> Any:
            return (await orders.get(f"/work-orders/{order['number']}")).json()["quantity"]

        await eventually(look, lambda quantity: quantity == "250")


async def test_a_change_after_the_release_is_refused_with_the_difference(world: World, erp: httpx.AsyncClient) -> None:
    order = await released_order(world, erp)
    same = {name: order[name] for name in ("external_id", "item", "due_at", "quantity")}
    assert (await erp.post("/orders", json=same)).status_code == 200
    refused = await erp.post("/orders", json=same | {"quantity": "130", "customer": "기아"})
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["number"]) == (409, "order_released", order["number"])
    assert problem["changes"] == [
        {"field": "quantity", "before": "100", "after": "130"},
        {"field": "customer", "before": None, "after": "기아"},
    ]
    assert (await seen_order(erp, order["external_id"], "released", "work_order_state"))["quantity"] == "100"


async def test_an_order_may_overtake_the_event_of_its_item(world: World, erp: httpx.AsyncClient) -> None:
    async with world.client("orders", "planner") as orders:
        ordered = asyncio.create_task(erp.post("/orders", json=erp_order(item="NEW-1")))
        await asyncio.sleep(0.2)
        await orders.put("/items/NEW-1", json={"name": "새 품목", "kind": "finished"})
    assert (await ordered).status_code == 201


@pytest.mark.parametrize(
    ("different", "field", "code"),
    [
        ({"item": "NOPE"}, "item", "unknown_reference"),
        ({"quantity": 0}, "quantity", "greater_than"),
        ({"quantity": "-5"}, "quantity", "greater_than"),
        ({"quantity": "many"}, "quantity", "decimal_parsing"),
        ({"due_at": "2026-11-25T18:00:00"}, "due_at", "timezone_aware"),
        ({"external_id": "A\r\nB"}, "external_id", "string_pattern_mismatch"),
        ({"external_id": "  "}, "external_id", "string_too_short"),
        ({"color": "red"}, "color", "extra_forbidden"),
    ],
)
async def test_what_cannot_be_an_order_is_refused_by_field(
    erp: httpx.AsyncClient, different: dict[str, Any], field: str, code: str
) -> None:
    body = erp_order(**different)
    answer = await erp.post("/orders", json=body)
    assert answer.status_code == 422, answer.text
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]
    assert (await erp.get("/orders", params={"q": body["external_id"]})).json()["items"] == []


async def test_a_refused_order_says_why_and_is_tried_again_when_it_is_sent_again(
    world: World, erp: httpx.AsyncClient
) -> None:
    async with world.client("orders", "planner") as orders:
        # the bridge knows the item, the shop stops using it before the order arrives there
        await orders.put("/items/GONE", json={"name": "단종", "kind": "finished"})

        async def known() -> Any:
            return await world.fetch("erp_bridge", "SELECT 1 FROM known_item WHERE code = 'GONE'")

        await eventually(known, bool)
        consumer = world.apps["orders"].state.consumers["ERP"]
        await consumer.stop()
        body = erp_order(item="GONE")
        assert (await erp.post("/orders", json=body)).status_code == 201
        await orders.put("/items/GONE", json={"name": "단종", "kind": "finished", "active": False})
        consumer.start()
        refused = await seen_order(erp, body["external_id"], "refused")
        assert "unknown_reference" in refused["reason"]
        await orders.put("/items/GONE", json={"name": "재생산", "kind": "finished"})

        async def back() -> int:
            return (await erp.post("/orders", json=body)).status_code

        await eventually(back, lambda status: status == 200)
        assert (await seen_order(erp, body["external_id"], "accepted"))["reason"] is None


EXPORT = (
    "회사명 : 한별프레스 / 수주현황\r\n"
    "일자,전표번호,순번,거래처코드,거래처명,품목코드,품목명,수량,단위,납기일자,수주번호,적요\r\n"
    '20261102,00020017,1,C001,현대,HB1001,브라켓,"6,000",EA,20261125,PO2611-1,오전 납품\r\n'
    "20261102,00020017,2,C001,현대,HB9999,없음,10,EA,20261125,PO2611-1,\r\n"
    "20261102,00020017,3,C001,현대,HB1001,브라켓,10,EA,20261399,PO2611-1,\r\n"
    "20261102,00020017,4,C001,현대,HB1001,브라켓,0,EA,20261126,PO2611-1,\r\n"
    "20261102,00020018,1,C002,기아,HB1001,브라켓,250,EA,2026-11-26 09:00,PO2611-2,\r\n"
).encode("cp949")


async def test_the_erps_own_file_is_dropped_and_its_good_rows_are_ordered(erp: httpx.AsyncClient) -> None:
    upload = {"file": ("수주현황.csv", EXPORT)}
    rehearsed = (await erp.post("/imports", files=upload, data={"dry_run": "true"})).json()
    assert (rehearsed["encoding"], rehearsed["mapping"]["external_id"]) == ("cp949", ["전표번호", "순번"])
    assert [row["verdict"] for row in rehearsed["rows"]] == ["created", "error", "error", "error", "created"]
    assert [row["errors"][0]["code"] for row in rehearsed["rows"] if row["errors"]] == [
        "unknown_reference",
        "date_invalid",
        "greater_than",
    ]
    assert (await erp.get("/orders", params={"q": "00020017"})).json()["items"] == []

    once = key()
    applied = (await erp.post("/imports", files=upload, headers=once)).json()
    again = (await erp.post("/imports", files=upload, headers=once)).json()
    assert applied == again
    assert applied["summary"] == {"created": 2, "updated": 0, "unchanged": 0, "error": 3}
    order = await seen_order(erp, "00020017-1", "accepted")
    assert (order["quantity"], order["due_at"], order["source"]) == ("6000", "2026-11-25T09:00:00Z", "file")
    assert (await seen_order(erp, "00020018-1", "accepted"))["due_at"] == "2026-11-26T00:00:00Z"

    repeated = (await erp.post("/imports", files=upload, headers=key())).json()
    assert repeated["summary"] == {"created": 0, "updated": 0, "unchanged": 2, "error": 3}


async def test_a_file_that_changes_a_released_order_tells_the_difference_and_stays_in_the_history(
    world: World, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp, quantity="100")
    due = order["due_at"]
    file = (
        f"전표번호,품목코드,수량,납기일자\n{order['external_id']},HB1001,140,{due}\n"
        f"ERP-9,HB9999,5,{due}\n{order['external_id']}-N,HB1001,5,{due}\n"
    )
    upload = {"file": ("변경.csv", file.encode("cp949"))}
    answer = (await erp.post("/imports", files=upload, headers=key())).json()
    changed, unknown, fresh = answer["rows"]
    assert [error["code"] for error in changed["errors"]] == ["order_released"]
    assert changed["changes"] == [{"field": "quantity", "before": "100", "after": "140"}]
    assert (unknown["cells"]["item"], fresh["cells"]) == ("HB9999", {})
    run = (await erp.get("/imports")).json()["items"][0]
    assert (run["id"], run["file"]) == (answer["id"], "변경.csv")
    assert run["summary"] == {"error": 2, "created": 1, "requested": 1}
    rows = (await erp.get(f"/imports/{run['id']}/rows", params={"verdict": "error"})).json()["items"]
    assert rows == [changed, unknown]
    rehearsed = (await erp.post("/imports", files=upload, data={"dry_run": "true"})).json()
    assert rehearsed["id"] is None
    assert (await erp.get("/imports")).json()["items"][0]["id"] == run["id"]


async def test_the_template_of_orders_is_known_again_in_every_language(erp: httpx.AsyncClient) -> None:
    for language in ("ko", "en", "vi"):
        template = await erp.get("/imports/template.xlsx", headers={"Accept-Language": language})
        upload = {"file": ("orders.xlsx", template.content)}
        answer = (await erp.post("/imports", files=upload, data={"dry_run": "true"})).json()
        assert set(answer["mapping"]) == set(SYNONYMS), language


async def test_a_file_without_a_quantity_column_names_the_column_that_is_missing(erp: httpx.AsyncClient) -> None:
    upload = {"file": ("x.csv", "전표번호,순번,품목코드,납기일자\n1,1,HB1001,20261125\n".encode())}
    answer = await erp.post("/imports", files=upload, data={"dry_run": "true"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "mapping.quantity")


async def test_orders_are_listed_by_page_and_state(erp: httpx.AsyncClient) -> None:
    for _ in range(3):
        await accepted_order(erp, customer="쪽수")
    first = (await erp.get("/orders", params={"q": "쪽수", "limit": 2, "state": "accepted"})).json()
    rest = (await erp.get("/orders", params={"q": "쪽수", "limit": 2, "cursor": first["next_cursor"]})).json()
    assert len({order["external_id"] for order in first["items"] + rest["items"]}) == 3
    assert rest["next_cursor"] is None
    wrong = await erp.get("/orders", params={"state": "lost"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "literal_error")


async def test_an_operator_has_no_part_in_the_erp_and_a_guest_only_looks(world: World) -> None:
    for role, seen in (("operator", 403), ("viewer", 200)):
        async with world.client("erp_bridge", role) as reader:  # type: ignore[arg-type]
            assert (await reader.get("/orders")).status_code == seen
            assert (await reader.get("/confirmations")).status_code == seen
            assert (await reader.get("/deliveries")).status_code == 403
            assert (await reader.post("/orders", json=erp_order())).status_code == 403


async def test_the_migrations_make_exactly_the_tables(world: World) -> None:
    metadata, _ = metadata_of("erp_bridge")
    assert await difference(world.urls["erp_bridge"], metadata) == []
