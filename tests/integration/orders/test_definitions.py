"""Master data: put by code, imported from the files that shops have."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio
PRESS = {"name": {"ko": "프레스", "en": "press"}}


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("orders"), ["orders"]) as world:
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner") as client:
        yield client


async def drop(
    client: httpx.AsyncClient, kind: str, content: bytes, *, dry_run: bool = False, **form: str
) -> httpx.Response:
    """Drop a file on the import page."""
    data = {"kind": kind, "dry_run": str(dry_run).lower(), **form}
    return await client.post("/imports", files={"file": ("표.csv", content)}, data=data, headers=key())


async def test_a_put_tells_created_then_nothing_then_updated(world: World, planner: httpx.AsyncClient) -> None:
    first = await planner.put("/work-centers/WELD", json=PRESS)
    again = await planner.put("/work-centers/WELD", json=PRESS)
    changed = await planner.put("/work-centers/WELD", json={"name": "용접"})
    assert [answer.status_code for answer in (first, again, changed)] == [201, 200, 200]
    assert [answer.headers["etag"] for answer in (first, again, changed)] == ['"1"', '"1"', '"2"']
    events = await world.fetch(
        "orders", "SELECT version FROM outbox WHERE aggregate = 'work_center/WELD' ORDER BY version"
    )
    assert [event["version"] for event in events] == [1, 2]


async def test_a_stale_change_is_refused_and_changes_nothing(planner: httpx.AsyncClient) -> None:
    await planner.put("/work-centers/SAW", json=PRESS)
    await planner.put("/work-centers/SAW", json={"name": "톱"}, headers={"If-Match": '"1"'})
    stale = await planner.put("/work-centers/SAW", json={"name": "옛것"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (await planner.get("/work-centers/SAW")).json()["name"] == {"ko": "톱"}


async def test_a_machine_needs_a_work_center_that_is_there(planner: httpx.AsyncClient) -> None:
    answer = await planner.put("/machines/M1", json={"name": "1호기", "work_center": "NOWHERE"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "field": "work_center",
            "code": "unknown_reference",
            "message": "“NOWHERE” is not known",
            "params": {"value": "NOWHERE"},
        }
    ]
    assert (await planner.get("/machines/M1")).status_code == 404


@pytest.mark.parametrize(
    ("q", "found"), [("프레스", True), ("PRES", True), ('16" press', True), ("en", False), ("ko", False), ('"', True)]
)
async def test_a_search_looks_at_names_in_every_language(planner: httpx.AsyncClient, q: str, found: bool) -> None:
    await planner.put("/work-centers/BIG", json={"name": {"ko": "대형 프레스", "en": '16" press'}})
    items = (await planner.get("/work-centers", params={"q": q})).json()["items"]
    assert ("BIG" in {item["code"] for item in items}) == found


async def test_an_operator_may_read_and_not_write(world: World) -> None:
    async with world.client("orders", "operator") as operator:
        assert (await operator.get("/items")).status_code == 200
        assert (await operator.put("/work-centers/X", json=PRESS)).status_code == 403


async def test_a_korean_spreadsheet_comes_in_and_each_bad_row_says_why(planner: httpx.AsyncClient) -> None:
    table = (
        "품번,품명,품명(영문),구분,단위,박스수량\n"
        "HB1001,마운팅 브라켓,mounting bracket,완제품,EA,200\n"
        "HB 2001,보강 ASSY,,완제품,EA,80\n"
        "HB3001,지그,,기타,EA,\n"
        "SAPH440-2.0,열연코일,,원자재,kg,\n"
    )
    rehearsed = (await drop(planner, "items", table.encode("cp949"), dry_run=True)).json()
    assert rehearsed["encoding"] == "cp949"
    assert rehearsed["mapping"]["code"] == "품번"
    assert (await planner.get("/items", params={"q": "HB1001"})).json()["items"] == []
    applied = (await drop(planner, "items", table.encode("cp949"))).json()
    assert applied["summary"] == {"created": 2, "updated": 0, "unchanged": 0, "error": 2}
    assert applied["rows"] == rehearsed["rows"]
    assert [(row["row"], row["verdict"], [error["field"] for error in row["errors"]]) for row in applied["rows"]] == [
        (2, "created", []),
        (3, "error", ["code"]),
        (4, "error", ["kind"]),
        (5, "created", []),
    ]
    again = (await drop(planner, "items", table.encode("cp949"))).json()
    assert again["summary"] == {"created": 0, "updated": 0, "unchanged": 2, "error": 2}


async def test_the_same_upload_under_the_same_key_is_done_once(planner: httpx.AsyncClient) -> None:
    once = key()
    file = {"file": ("a.csv", "코드,명칭,구분\nU91,누유,비가동\n".encode())}
    answers = [await planner.post("/imports", files=file, data={"kind": "reasons"}, headers=once) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["summary"]["created"] == 1
    other = await planner.post(
        "/imports",
        files={"file": ("a.csv", "코드,명칭,구분\nU92,정전,비가동\n".encode())},
        data={"kind": "reasons"},
        headers=once,
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_file_in_no_known_encoding_is_refused(planner: httpx.AsyncClient) -> None:
    answer = await drop(planner, "items", b"\x80\x81\xfe\xff\x00\x01,\xff\xfe\n\x80,\x80\n")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"


async def test_a_file_without_the_needed_columns_says_which(planner: httpx.AsyncClient) -> None:
    answer = await drop(planner, "machines", "호기,명칭\nPR1,1호기\n".encode())
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["mapping.work_center"]


async def test_a_mapping_may_be_chosen(planner: httpx.AsyncClient) -> None:
    mapping = json.dumps({"code": "A", "name": "B"})
    answer = await drop(planner, "work_centers", b"A,B\nPAINT,Painting\n", mapping=mapping)
    assert answer.json()["summary"]["created"] == 1


async def test_rows_of_one_routing_stand_together(planner: httpx.AsyncClient) -> None:
    await planner.put("/work-centers/PRESS", json=PRESS)
    await planner.put("/machines/PR1", json={"name": "1호기", "work_center": "PRESS"})
    for code in ("R1", "R2"):
        await planner.put(f"/items/{code}", json={"name": code, "kind": "finished"})
    table = "품번,공정순서,공정명,설비,사이클타임(초),외주\nR1,10,블랭킹,PR1,2,N\nR1,20,도장,,,Y\nR2,10,포밍,PR9,8,N\nR2,20,검사,PR1,1,N\n"
    report = (await drop(planner, "routings", table.encode())).json()
    assert [row["verdict"] for row in report["rows"]] == ["created", "created", "error", "error"]
    routing = (await planner.get("/routings/R1")).json()
    assert [(step["op"], step["work_center"], step["subcontract"]) for step in routing["operations"]] == [
        (10, "PRESS", False),
        (20, None, True),
    ]
    assert (await planner.get("/routings/R2")).status_code == 404


async def test_an_item_says_how_it_is_come_by_and_counted(planner: httpx.AsyncClient) -> None:
    body = {
        "name": "열연코일",
        "kind": "raw",
        "unit": "kg",
        "unit_conversions": [
            {"unit": "t", "factor": 1000},
            {"unit": "coil", "factor": "10000/3"},
            {"unit": "g", "factor": "0.001"},
        ],
        "lot_tracked": True,
        "shelf_life_d": 365,
        "lot_size": {"minimum": "10.0", "multiple": None},
        "note": "방청유 도포",
    }
    created = await planner.put("/items/COIL", json=body)
    assert created.status_code == 201, created.text
    item = created.json()
    assert item["supply"] == "buy"
    assert [(u["unit"], u["factor"]) for u in item["unit_conversions"]] == [
        ("t", "1000"),
        ("coil", "10000/3"),
        ("g", "0.001"),
    ]
    assert item["lot_size"] == {"minimum": "10", "multiple": None, "maximum": None}
    assert (await planner.put("/items/COIL", json=body)).headers["etag"] == '"1"'
    assert (await planner.put("/items/CUP", json={"name": "컵", "kind": "semi"})).json()["supply"] == "make"


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"unit_conversions": [{"unit": "BOX", "factor": "1/0"}]}, "unit_conversions.0.factor", "factor_invalid"),
        ({"unit_conversions": [{"unit": "BOX", "factor": "열"}]}, "unit_conversions.0.factor", "factor_invalid"),
        ({"unit_conversions": [{"unit": "EA", "factor": 2}]}, "body", "unit_twice"),
        ({"shelf_life_d": 0}, "shelf_life_d", "greater_than"),
        ({"lot_rule": "{item}-{colour}"}, "lot_rule", "lot_rule_invalid"),
        ({"lot_rule": "{item}-{yymmdd}"}, "lot_rule", "lot_rule_invalid"),
    ],
)
async def test_an_item_that_contradicts_itself_is_refused(
    planner: httpx.AsyncClient, more: dict[str, object], field: str, code: str
) -> None:
    answer = await planner.put("/items/ODD", json={"name": "이상", "kind": "finished"} | more)
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


async def test_the_site_is_a_tree_of_areas_work_centers_and_machines(planner: httpx.AsyncClient) -> None:
    assert (await planner.put("/areas/EAST", json={"name": "동관"})).status_code == 201
    placed = await planner.put("/work-centers/LATHE", json={"name": "선반", "area": "EAST"})
    assert placed.json()["area"] == "EAST"
    lost = await planner.put("/work-centers/LATHE", json={"name": "선반", "area": "WEST"})
    assert [error["field"] for error in lost.json()["errors"]] == ["area"]


async def test_a_mould_has_its_cavities_and_its_life(planner: httpx.AsyncClient) -> None:
    body = {"name": "캡 금형", "kind": "mould", "cavities": 8, "life_shots": 1_000_000, "maintenance_shots": 50_000}
    answer = await planner.put("/tools/M-CAP24", json=body)
    assert (answer.status_code, answer.json()["shots"]) == (201, 0)
    assert [tool["code"] for tool in (await planner.get("/tools")).json()["items"]] == ["M-CAP24"]


async def test_what_a_person_has_learnt_is_kept_for_the_office(world: World, planner: httpx.AsyncClient) -> None:
    await planner.put("/skills/TIG", json={"name": "TIG 용접"})
    path = "/person-skills/1103"
    learnt = await planner.put(path, json={"skills": [{"skill": "TIG", "level": 3}]})
    assert learnt.status_code == 201
    assert learnt.json()["skills"] == [{"skill": "TIG", "level": 3}]
    for skills, fault in (
        ([{"skill": "MIG", "level": 1}], "unknown_reference"),
        ([{"skill": "TIG", "level": 1}] * 2, "skill_twice"),
    ):
        refused = await planner.put(path, json={"skills": skills})
        assert [error["code"] for error in refused.json()["errors"]] == [fault]
    assert [row["person"] for row in (await planner.get("/person-skills")).json()["items"]] == ["1103"]
    async with world.client("orders", "operator") as operator:
        assert (await operator.get(path)).status_code == 403


async def test_a_calendar_knows_holidays_and_overtime(planner: httpx.AsyncClient) -> None:
    await planner.put("/shifts/DAY", json={"name": "주간", "starts": "08:30", "ends": "17:30"})
    body = {
        "name": "2027년",
        "days_off": [{"date": "2027-02-07", "name": {"ko": "설날", "en": "Lunar New Year"}}],
        "overtime": [{"date": "2027-02-10", "shift": "DAY", "ends": "21:30:00"}],
    }
    first = await planner.put("/calendars/SHOP", json=body)
    assert first.status_code == 201, first.text
    assert first.json()["days_off"] == body["days_off"]
    assert first.json()["overtime"] == body["overtime"]
    assert (await planner.put("/calendars/SHOP", json=body)).headers["etag"] == '"1"'
    twice = await planner.put("/calendars/SHOP", json=body | {"days_off": body["days_off"] * 2})
    assert [error["code"] for error in twice.json()["errors"]] == ["date_twice"]
