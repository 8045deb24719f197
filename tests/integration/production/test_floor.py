"""The floor: jobs started and stopped, results reported, taken back, and never refused for a bureaucratic reason."""

import asyncio
import itertools
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.support.factory import new_order, release_order
from tests.support.jobs import do, first_job, jobs_of, state_of
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


async def test_a_machine_follows_its_job(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    assert (await do(floor, job, "start")).json()["state"] == "running"
    assert await state_of(floor, "PR1") == ("running", None)
    assert (await do(floor, job, "pause", reason="U2")).json()["pause_reason"] == "U2"
    assert await state_of(floor, "PR1") == ("stopped", "U2")
    await do(floor, job, "resume")
    await do(floor, job, "pause", reason="S1")
    assert await state_of(floor, "PR1") == ("setup", "S1")
    assert (await do(floor, job, "finish")).json()["state"] == "done"
    assert await state_of(floor, "PR1") == ("idle", None)
    intervals = (await floor.get("/machines/PR1/states")).json()["items"]
    assert all(before["to"] == after["from"] for before, after in itertools.pairwise(intervals))


async def test_a_machine_runs_one_job_at_a_time(world: World, floor: httpx.AsyncClient) -> None:
    _, first = await first_job(world, floor)
    _, second = await first_job(world, floor)
    await do(floor, first, "start")
    busy = await do(floor, second, "start")
    assert (busy.status_code, busy.json()["code"], busy.json()["number"]) == (409, "machine_busy", first["number"])
    assert (await do(floor, second, "start", machine="PR2")).status_code == 200
    for job in (first, second):
        await do(floor, job, "finish")


async def test_a_job_that_is_put_away_leaves_the_machine_to_the_one_after_it(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, first = await first_job(world, floor)
    _, second = await first_job(world, floor)
    await do(floor, first, "start")
    await do(floor, first, "pause", reason="S1")
    await do(floor, second, "start")
    await do(floor, second, "pause", reason="U2")
    await do(floor, first, "finish")
    assert await state_of(floor, "PR1") == ("stopped", "U2")
    await do(floor, second, "finish")
    assert await state_of(floor, "PR1") == ("idle", None)


async def test_work_without_a_machine_is_done_at_its_work_center(world: World, floor: httpx.AsyncClient) -> None:
    async with world.client("orders", "planner") as orders:
        await orders.put("/work-centers/BENCH", json={"name": "수작업대"})
        await orders.put("/items/KIT", json={"name": "조립품", "kind": "finished"})
        steps = [{"op": 10, "name": "조립", "work_center": "BENCH"}, {"op": 20, "name": "도금", "subcontract": True}]
        await orders.put("/routings/KIT", json={"operations": steps})
        order = await release_order(world, await new_order(world, item="KIT", quantity=5))
        assembly, plating = await jobs_of(floor, order)
        for job in (assembly, plating):
            started = await do(floor, job, "start")
            assert started.status_code == 200, started.text
            assert started.json()["machine"] is None
            assert (await do(floor, job, "results", good=5)).status_code == 201
            await do(floor, job, "finish")

        async def look() -> str:
            return str((await orders.get(f"/work-orders/{order['id']}")).json()["state"])

        await eventually(look, lambda state: state == "completed")


async def test_scrap_of_a_defect_that_went_out_of_use_still_counts(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    async with world.client("quality", "quality") as quality:
        await quality.put("/defects/OLD", json={"name": "옛 불량", "active": False})
    answer = await do(floor, job, "results", good=0, scrap=[{"defect": "OLD", "quantity": 1}])
    assert (answer.status_code, answer.json()["job"]["scrap"]) == (201, "1"), answer.text


async def test_pieces_reported_while_an_order_is_resumed_reach_the_next_operation(
    world: World, floor: httpx.AsyncClient
) -> None:
    order, first = await first_job(world, floor)
    _, second = await jobs_of(floor, order)
    async with world.client("orders", "planner") as orders:
        await orders.post(f"/work-orders/{order['id']}/hold", json={"reason": "재질 확인"}, headers=key())

    async def look() -> str:
        return str((await floor.get(f"/jobs/{second['id']}")).json()["state"])

    async def waits() -> int:
        rows = await world.fetch("production", "SELECT count(*) AS n FROM pg_locks WHERE NOT granted")
        return int(rows[0]["n"])

    await eventually(look, lambda state: state == "blocked")
    connection = await asyncpg.connect(world.urls["production"])
    try:
        async with connection.transaction():
            # what the resumption does, not committed yet
            await connection.execute("SELECT FROM job WHERE work_order = $1 ORDER BY id FOR UPDATE", order["id"])
            await connection.execute("UPDATE job SET state = 'waiting' WHERE id = $1", second["id"])
            report = asyncio.create_task(do(floor, first, "results", good=10))
            await eventually(waits, lambda count: count > 0)
    finally:
        await connection.close()
    assert (await report).status_code == 201
    assert await look() == "ready"


async def test_a_machine_of_another_work_center_is_refused(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    wrong = await do(floor, job, "start", machine="PK")
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "machine_elsewhere")


@pytest.mark.parametrize("command", ["pause", "resume", "finish"])
async def test_what_is_not_possible_now_says_the_state(world: World, floor: httpx.AsyncClient, command: str) -> None:
    _, job = await first_job(world, floor)
    answer = await do(floor, job, command)
    assert (answer.status_code, answer.json()["state"]) == (409, "ready")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"good": -1}, "good"),
        ({"good": 0}, "good"),
        ({"good": 1, "scrap": [{"defect": "NOPE", "quantity": 1}]}, "scrap.0.defect"),
        ({"good": 1, "scrap": [{"defect": "BURR", "quantity": 0}]}, "scrap.0.quantity"),
        ({"good": "1e3000"}, "good"),
        ({"good": 1, "colour": 1}, "colour"),
    ],
)
async def test_what_cannot_be_a_fact_is_refused(
    world: World, floor: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    _, job = await first_job(world, floor)
    answer = await do(floor, job, "results", **body)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "0"


async def test_over_production_is_kept_and_flagged(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor, quantity=100)
    await do(floor, job, "start")
    assert (await do(floor, job, "results", good=105)).json()["flags"] == []
    assert (await do(floor, job, "results", good=1)).json()["flags"] == ["over_production"]
    assert (await do(floor, job, "finish")).json()["flags"] == ["over_production"]
    assert (await do(floor, job, "results", good=1)).json()["flags"] == ["after_finish", "over_production"]


async def test_an_order_has_its_own_tolerances_and_too_few_are_flagged_at_the_finish(
    world: World, floor: httpx.AsyncClient
) -> None:
    tolerances = {"over_tolerance_pct": 0, "under_tolerance_pct": "2.5"}
    order = await release_order(world, await new_order(world, quantity=1000, **tolerances))
    job = (await jobs_of(floor, order))[0]
    assert (job["over_tolerance_pct"], job["under_tolerance_pct"]) == ("0", "2.5")
    await do(floor, job, "start")
    await do(floor, job, "results", good=974)
    assert (await do(floor, job, "finish")).json()["command_flags"] == ["under_production"]
    assert (await do(floor, job, "results", good=27)).json()["flags"] == ["after_finish", "over_production"]


async def test_a_report_on_a_cancelled_order_counts_and_is_flagged(world: World, floor: httpx.AsyncClient) -> None:
    order, job = await first_job(world, floor)
    await do(floor, job, "start")
    async with world.client("orders", "planner") as orders:
        await orders.post(f"/work-orders/{order['id']}/cancel", json={"reason": "고객 취소"}, headers=key())

    async def look() -> dict[str, Any]:
        seen: dict[str, Any] = (await floor.get(f"/jobs/{job['id']}")).json()
        return seen

    await eventually(look, lambda job: job["state"] == "cancelled")
    answer = await do(floor, job, "results", good=5)
    assert (answer.status_code, answer.json()["flags"]) == (201, ["order_cancelled"])
    assert await state_of(floor, "PR1") == ("idle", None)


async def test_a_held_order_cannot_be_started(world: World, floor: httpx.AsyncClient) -> None:
    order, job = await first_job(world, floor)
    async with world.client("orders", "planner") as orders:
        await orders.post(f"/work-orders/{order['id']}/hold", json={"reason": "재질 확인"}, headers=key())

        async def look() -> str:
            return str((await floor.get(f"/jobs/{job['id']}")).json()["state"])

        await eventually(look, lambda state: state == "blocked")
        held = await do(floor, job, "start")
        assert (held.status_code, held.json()["code"]) == (409, "order_on_hold")
        await orders.post(f"/work-orders/{order['id']}/resume", headers=key())
        await eventually(look, lambda state: state == "ready")


async def test_a_result_is_taken_back_once_and_both_stay_in_the_ledger(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    made = (await do(floor, job, "results", good=40, scrap=[{"defect": "BURR", "quantity": 2}], rework=1)).json()
    back = await floor.post(f"/results/{made['id']}/reverse", json={"reason": "수량 오기"}, headers=key())
    assert (back.status_code, back.json()["job"]["good"], back.json()["job"]["scrap"]) == (201, "0", "0")
    again = await floor.post(f"/results/{made['id']}/reverse", json={"reason": "또"}, headers=key())
    assert (again.status_code, again.json()["code"]) == (409, "result_reversed")
    ledger = (await floor.get("/results", params={"job": job["id"]})).json()["items"]
    assert [(entry["good"], entry["reverses_id"], entry["reversed_by_id"]) for entry in ledger] == [
        ("40", None, back.json()["id"]),
        ("-40", made["id"], None),
    ]


async def test_fifty_tablets_report_the_last_piece_and_every_piece_counts_once(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor, quantity=10)
    keys = [str(uuid4()) for _ in range(50)]

    async def report(number: str) -> httpx.Response:
        return await floor.post(f"/jobs/{job['id']}/results", json={"good": 1}, headers={"Idempotency-Key": number})

    answers = await asyncio.gather(*(report(number) for number in keys * 2))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 50
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "50"
    flagged = [answer for answer in answers if "over_production" in answer.json()["flags"]]
    assert len({answer.json()["id"] for answer in flagged}) == 40


async def test_orders_and_quality_agree_with_the_ledger(world: World, floor: httpx.AsyncClient) -> None:
    order, job = await first_job(world, floor, quantity=1000)
    for number in range(30):
        await do(floor, job, "results", good=number + 1, scrap=[{"defect": "DENT", "quantity": "0.5"}])
    ledger = (await floor.get("/results", params={"job": job["id"], "limit": 200})).json()["items"]
    good = sum(Decimal(entry["good"]) for entry in ledger)
    async with world.client("orders", "viewer") as orders:

        async def counted() -> tuple[Decimal, Decimal]:
            operation = (await orders.get(f"/work-orders/{order['id']}")).json()["operations"][0]
            return Decimal(operation["good"]), Decimal(operation["scrap"])

        assert await eventually(counted, lambda seen: seen == (good, Decimal(15))) == (Decimal(465), Decimal(15))
