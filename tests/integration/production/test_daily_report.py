"""The daily report of a floor where anything may happen: it is the ledger and the machine states, in other columns."""

import random
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.kit.tabular import read_table
from tests.support.factory import new_order, release_order
from tests.support.jobs import ago, do, first_job, jobs_of
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio
TIMES = (
    "operation",
    "planned_stop",
    "die_change",
    "no_material",
    "readjustment",
    "machine_failure",
    "no_operator",
    "other",
)


@pytest.fixture(scope="module", autouse=True)
async def standing_since_yesterday(world: World) -> None:
    """The shop was furnished a moment ago; its machines have stood there for longer."""
    await world.fetch("production", "UPDATE machine_state SET begins = begins - interval '1 day'")


@pytest.fixture
async def leader(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "leader", person="0201") as client:
        yield client


async def report_of(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await client.get("/daily-report", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def every_result(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items, cursor = [], None
    while True:
        page = (await client.get("/results", params={"limit": 200} | ({"cursor": cursor} if cursor else {}))).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def scrapped(result: dict[str, Any]) -> Decimal:
    return sum((Decimal(entry["quantity"]) for entry in result["scrap"]), Decimal(0))


async def live_a_day(world: World, floor: httpx.AsyncClient, seed: int) -> None:
    """Two orders, two people, and thirty touches in the past hours that fall as they may."""
    chance = random.Random(seed)
    jobs = [(await first_job(world, floor))[1] for _ in range(2)]
    people = [world.client("production", "operator", person=code) for code in ("1101", "1102")]
    hours, results = 10.0, []
    for _ in range(30):
        hours -= chance.random() / 3
        job, client, at = chance.choice(jobs), chance.choice(people), ago(hours=hours)
        machine = chance.choice(["PR1", "PR2"])
        match chance.randrange(7):
            case 0:
                await do(client, job, "start", at=at, machine=machine)
            case 1:
                await do(client, job, "pause", at=at, reason=chance.choice(["U2", "S1"]))
            case 2:
                await do(client, job, "resume", at=at)
            case 3:
                await do(client, job, "phase", at=at, phase=chance.choice(["setup", "first_off", "production"]))
            case 4 if results:
                path = f"/results/{chance.choice(results)}/reverse"
                await client.post(path, json={"reason": "수량 오입력"}, headers=key())
            case _:
                body: dict[str, Any] = {"good": chance.randrange(1, 50), "at": at, "machine": machine}
                if chance.random() < 0.4:
                    body["scrap"] = [{"defect": "BURR", "quantity": chance.randrange(1, 5)}]
                answer = await client.post(f"/jobs/{job['id']}/results", json=body, headers=key())
                assert answer.status_code == 201, answer.text
                results.append(answer.json()["id"])
    for client in people:
        await client.aclose()


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
async def test_the_report_is_the_ledger_and_the_machine_states_whatever_happened(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient, seed: int
) -> None:
    await live_a_day(world, floor, seed)
    ledger = await every_result(floor)
    for business_date in {result["business_date"] for result in ledger}:
        report = await report_of(leader, date=business_date)
        own = [result for result in ledger if result["business_date"] == business_date]
        for row in report["items"]:
            there = [
                r
                for r in own
                if (r["shift"], r["machine"], r["job_id"]) == (row["shift"], row["machine"], row["job_id"])
            ]
            assert Decimal(row["good"]) == sum(Decimal(result["good"]) for result in there)
            assert Decimal(row["scrap"]) == sum(scrapped(result) for result in there)
        total, rows = report["total"], report["items"]
        assert Decimal(total["good"]) == sum(Decimal(result["good"]) for result in own)
        assert Decimal(total["scrap"]) == sum(scrapped(result) for result in own)
        for name in TIMES:
            assert total[f"{name}_s"] == pytest.approx(sum(row[f"{name}_s"] for row in rows))
        for shift in report["shifts"]:
            alone = await report_of(leader, date=business_date, shift=shift["code"], machine="PR1")
            until = min(shift["to"], alone["at"], key=datetime.fromisoformat)
            states = await floor.get("/machines/PR1/states", params={"from": shift["from"], "to": until})
            lengths = [
                (datetime.fromisoformat(s["to"]) - datetime.fromisoformat(s["from"])).total_seconds()
                for s in states.json()["items"]
            ]
            total = sum(row[f"{name}_s"] for row in alone["items"] for name in TIMES)
            assert total == pytest.approx(sum(lengths), abs=0.01)


async def test_a_row_tells_what_paper_told(world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    order = await release_order(world, await new_order(world, quantity=500, customer="현대"))
    job = (await jobs_of(floor, order))[1]
    for command, body in (
        ("start", {"at": ago(minutes=50), "phase": "setup"}),
        ("phase", {"at": ago(minutes=40), "phase": "production"}),
        ("pause", {"at": ago(minutes=20), "reason": "U2"}),
        ("resume", {"at": ago(minutes=5)}),
    ):
        assert (await do(floor, job, command, **body)).status_code == 200
    made = {"good": 120, "scrap": [{"defect": "DENT", "quantity": 3}]}
    assert (await floor.post(f"/jobs/{job['id']}/results", json=made, headers=key())).status_code == 201
    today = (await report_of(leader))["business_date"]
    days = [today, (date.fromisoformat(today) - timedelta(days=1)).isoformat()]
    found = [row for day in days for row in (await report_of(leader, date=day))["items"]]
    rows = [row for row in found if row["number"] == order["number"]]
    for row in rows:
        assert (row["machine"], row["customer"], row["item"], row["plan"]) == ("PK", "현대", "HB1001", "500")
        assert (row["op"], row["crew"]) == (20, ["P01"])
    assert (sum(int(row["good"]) for row in rows), sum(int(row["scrap"]) for row in rows)) == (120, 3)
    minutes = {name: sum(row[f"{name}_s"] for row in rows) / 60 for name in TIMES}
    assert {name: round(lasting) for name, lasting in minutes.items() if lasting} == {
        "die_change": 10,
        "operation": 25,
        "machine_failure": 15,
    }
    assert sum(row["setups"] for row in rows) == 1


async def test_without_a_date_the_present_business_date_is_told(leader: httpx.AsyncClient) -> None:
    report = await report_of(leader)
    at = datetime.fromisoformat(report["at"])
    shifts = [
        (datetime.fromisoformat(shift["from"]), datetime.fromisoformat(shift["to"])) for shift in report["shifts"]
    ]
    assert any(begins <= at <= ends for begins, ends in shifts)
    assert (await leader.get("/daily-report", params={"date": "yesterday"})).status_code == 422


async def test_a_person_is_a_code_and_has_their_own_pieces(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor)
    async with world.client("production", "operator", person="1107") as operator:
        body = {"good": 7, "machine": "PR1"}
        assert (await operator.post(f"/jobs/{job['id']}/results", json=body, headers=key())).status_code == 201
    report = await report_of(leader, person="1107")
    assert [(row["good"], row["crew"]) for row in report["items"]] == [("7", ["1107"])]
    assert "1107" in report["people"]


async def test_what_a_leader_corrects_is_taken_off_the_pieces_of_whoever_made_them(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor)
    async with world.client("production", "operator", person="1108") as operator:
        body = {"good": 50, "machine": "PR1"}
        made = (await operator.post(f"/jobs/{job['id']}/results", json=body, headers=key())).json()["id"]
    right = {"good": 45, "reason": "다시 세어 봄"}
    assert (await leader.post(f"/results/{made}/correct", json=right, headers=key())).status_code == 201
    for asked in ({"person": "1108"}, {}):
        rows = [row for row in (await report_of(leader, **asked))["items"] if row["job_id"] == job["id"]]
        assert [(row["good"], row["crew"]) for row in rows] == [("45", ["1108"])]
    corrector = await report_of(leader, person="0201")
    assert [row for row in corrector["items"] if row["job_id"] == job["id"]] == []


async def test_the_workbook_has_the_columns_of_the_paper_and_the_same_sums(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor)
    await floor.post(f"/jobs/{job['id']}/results", json={"good": 11, "machine": "PR1"}, headers=key())
    report = await report_of(leader)
    headers = {"Accept-Language": "ko"}
    answer = await leader.get("/daily-report.xlsx", headers=headers)
    assert f"daily-report-{report['business_date']}.xlsx" in answer.headers["content-disposition"]
    table = read_table(answer.content, "daily-report.xlsx", max_rows=500)
    assert table.columns == [
        "일자",
        "설비",
        "품번",
        "품명",
        "고객",
        "작업지시",
        "공정",
        "완성",
        "양품",
        "불량",
        "계획정지",
        "금형교체",
        "자재품절",
        "재조정",
        "설비고장",
        "인원부족",
        "기타",
        "준비교체 횟수",
        "가동률",
        "가동시간",
        "근무조",
        "작업자",
        "계획",
        "비고",
    ]
    *rows, last = table.rows
    assert len(rows) == len(report["items"])
    good = [Decimal(table.cell(row, "양품") or 0) for row in rows]
    assert sum(good) == Decimal(report["total"]["good"]) == Decimal(table.cell(last, "양품"))


async def test_the_floor_learns_who_the_customer_is_and_when_that_changes(
    world: World, floor: httpx.AsyncClient
) -> None:
    order = await release_order(world, await new_order(world, customer="현대"))
    [first, _] = await jobs_of(floor, order)
    assert first["customer"] == "현대"
    async with world.client("orders", "planner") as orders:
        body = {"customer": "기아", "reason": "고객 변경"}
        asked = await orders.post(f"/work-orders/{order['id']}/changes", json=body, headers=key())
        assert asked.status_code == 201, asked.text
        applied = await orders.post(f"/changes/{asked.json()['id']}/apply", json={"confirmed": []}, headers=key())
        assert applied.status_code == 200, applied.text

    async def customer() -> str:
        found: str = (await floor.get(f"/jobs/{first['id']}")).json()["customer"]
        return found

    assert await eventually(customer, lambda name: name == "기아") == "기아"


async def test_finished_output_and_pieces_of_every_operation_are_two_figures(
    world: World, floor: httpx.AsyncClient
) -> None:
    order = await release_order(world, await new_order(world, quantity=100))
    stamping, packing = await jobs_of(floor, order)
    before = (await report_of(floor))["total"]
    shift = (await floor.get("/shift-output")).json()
    await do(floor, stamping, "results", good=80, scrap=[{"defect": "DENT", "quantity": 5}], machine="PR1")
    await do(floor, packing, "results", good=60)

    total = (await report_of(floor))["total"]
    assert (Decimal(total["good"]) - Decimal(before["good"])) == 140
    assert (Decimal(total["finished"]) - Decimal(before["finished"])) == 60
    after = (await floor.get("/shift-output")).json()
    assert {name: Decimal(after[name]) - Decimal(shift[name]) for name in ("finished", "processed", "scrap")} == {
        "finished": 60,
        "processed": 145,
        "scrap": 5,
    }


async def test_what_was_taken_back_is_not_said_to_be_over_the_order_any_more(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor, quantity=100)

    async def remarks() -> str:
        items = (await report_of(floor))["items"]
        return "".join(row["remarks"] for row in items if row["job_id"] == job["id"])

    await do(floor, job, "results", good=100, machine="PR1")
    much = (await do(floor, job, "results", good=900, machine="PR1")).json()
    assert "Over" in await remarks()
    back = await floor.post(f"/results/{much['id']}/reverse", json={"reason": "typo"}, headers=key())
    assert back.status_code == 201
    assert "Over" not in await remarks()
