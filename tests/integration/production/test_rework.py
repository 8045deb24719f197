"""Rework: pieces go back to where they have to be done again, and the orders count each once."""

import itertools
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.support.jobs import do, first_job, jobs_of
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


async def shown(floor: httpx.AsyncClient, job: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = (await floor.get(f"/jobs/{job['id']}")).json()
    return seen


async def counters(floor: httpx.AsyncClient, job: dict[str, Any]) -> tuple[str, ...]:
    seen = await shown(floor, job)
    return tuple(seen[name] for name in ("good", "rework", "rework_in", "ready"))


async def ordered(world: World, order: dict[str, Any]) -> list[tuple[str, str]]:
    async with world.client("orders", "viewer") as orders:
        operations = (await orders.get(f"/work-orders/{order['id']}")).json()["operations"]
        return [(operation["good"], operation["rework"]) for operation in operations]


async def ledger(floor: httpx.AsyncClient, job: dict[str, Any]) -> Decimal:
    rows = (await floor.get("/results", params={"job": job["id"], "limit": 200})).json()["items"]
    return sum((Decimal(row["good"]) for row in rows), Decimal(0))


async def test_pieces_reworked_at_the_same_operation_are_good_once(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    await do(floor, job, "start")
    await do(floor, job, "results", good=90, rework=10)
    assert await counters(floor, job) == ("90", "10", "10", "10")
    again = (await do(floor, job, "results", good=8, scrap=[{"defect": "BURR", "quantity": 2}], reworked=True)).json()
    assert again["flags"] == []
    assert await counters(floor, job) == ("98", "10", "0", "0")
    assert (await do(floor, job, "results", good=1, reworked=True)).json()["flags"] == ["beyond_rework"]
    await do(floor, job, "finish")


async def test_pieces_that_packing_sends_back_to_the_press_count_once(world: World, floor: httpx.AsyncClient) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    await do(floor, press, "start")
    await do(floor, press, "results", good=100)
    await do(floor, press, "finish")
    await do(floor, packing, "start")
    sent = await do(floor, packing, "results", good=90, rework=10, rework_op=10)
    assert (sent.status_code, sent.json()["flags"], sent.json()["job"]["ready"]) == (201, [], "0")
    assert await counters(floor, press) == ("90", "0", "10", "10")
    assert (await shown(floor, press))["state"] == "ready"
    await do(floor, press, "start")
    await do(floor, press, "results", good=10, reworked=True)
    assert await counters(floor, press) == ("100", "0", "0", "0")
    assert (await shown(floor, packing))["ready"] == "10"
    await do(floor, packing, "results", good=10)
    wanted = [("100", "0"), ("100", "10")]
    assert await eventually(lambda: ordered(world, order), lambda seen: seen == wanted) == wanted
    assert (await ledger(floor, press), await ledger(floor, packing)) == (100, 100)
    for job in (press, packing):
        await do(floor, job, "finish")


async def test_the_same_touch_sends_pieces_back_once(world: World, floor: httpx.AsyncClient) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    await do(floor, press, "results", good=10)
    body, number = {"good": 0, "rework": 4, "rework_op": 10}, key()
    first = await floor.post(f"/jobs/{packing['id']}/results", json=body, headers=number)
    second = await floor.post(f"/jobs/{packing['id']}/results", json=body, headers=number)
    assert (first.status_code, second.json()) == (201, first.json())
    assert await counters(floor, press) == ("6", "0", "4", "94")


async def test_taking_a_report_back_takes_back_what_it_sent_back(world: World, floor: httpx.AsyncClient) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    await do(floor, press, "results", good=50)
    sent = (await do(floor, packing, "results", good=40, rework=5, rework_op=10)).json()
    row = (await floor.get("/results", params={"job": press["id"]})).json()["items"][-1]
    assert (row["good"], row["returned_by_id"]) == ("-5", sent["id"])
    alone = await floor.post(f"/results/{row['id']}/reverse", json={"reason": "오기"}, headers=key())
    assert (alone.status_code, alone.json()["code"]) == (422, "result_returned")
    assert (await floor.post(f"/results/{sent['id']}/reverse", json={}, headers=key())).status_code == 201
    assert await counters(floor, press) == ("50", "0", "0", "50")
    assert await counters(floor, packing) == ("0", "0", "0", "50")
    wanted = [("50", "0"), ("0", "0")]
    assert await eventually(lambda: ordered(world, order), lambda seen: seen == wanted) == wanted


async def test_pieces_are_told_to_be_reworked_before_they_are_told_to_be_found(
    world: World, floor: httpx.AsyncClient
) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    assert (await do(floor, press, "results", good=3, reworked=True)).json()["job"]["rework_in"] == "0"
    await do(floor, press, "results", good=50, rework=5)
    assert await counters(floor, press) == ("53", "5", "2", "47")
    mistyped = (await do(floor, press, "results", good=20, reworked=True)).json()["id"]
    assert (await floor.post(f"/results/{mistyped}/reverse", json={}, headers=key())).status_code == 201
    sent = (await do(floor, packing, "results", good=40, rework=5, rework_op=10)).json()["id"]
    await do(floor, press, "results", good=6, reworked=True)
    right = {"good": 40, "rework": 4, "rework_op": 10, "reason": "오기"}
    async with world.client("production", "leader", person="lead") as leader:
        assert (await leader.post(f"/results/{sent}/correct", json=right, headers=key())).status_code == 201
    assert await counters(floor, press) == ("55", "5", "0", "45")


@pytest.mark.parametrize(("op", "code"), [(20, "rework_op_not_before"), (99, "unknown_reference")])
async def test_rework_goes_to_an_operation_that_is_before(
    world: World, floor: httpx.AsyncClient, op: int, code: str
) -> None:
    _, press = await first_job(world, floor)
    answer = await do(floor, press, "results", good=0, rework=1, rework_op=op)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    assert await counters(floor, press) == ("0", "0", "0", "100")


async def test_more_than_had_passed_comes_back_as_far_as_it_had_and_is_flagged(
    world: World, floor: httpx.AsyncClient
) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    await do(floor, press, "results", good=3)
    sent = (await do(floor, packing, "results", good=0, rework=5, rework_op=10)).json()
    assert "beyond_ready" in sent["flags"]
    assert await counters(floor, press) == ("0", "0", "3", "100")


PRESSED: dict[str, Any] = {"good": 50}
SENT_BACK: dict[str, Any] = {"good": 40, "rework": 5, "rework_op": 10}
REWORKED: dict[str, Any] = {"good": 3, "scrap": [{"defect": "BURR", "quantity": 1}], "reworked": True}


@pytest.mark.parametrize("told", list(itertools.permutations([(0, PRESSED), (1, SENT_BACK), (0, REWORKED)])))
async def test_reports_of_what_went_back_come_in_any_order_to_the_same(
    world: World, floor: httpx.AsyncClient, told: tuple[tuple[int, dict[str, Any]], ...]
) -> None:
    order, press = await first_job(world, floor)
    jobs = [press, (await jobs_of(floor, order))[1]]
    seen = [(await do(floor, jobs[at], "results", **body)).json() for at, body in told]
    assert seen[-1]["job"] == await shown(floor, jobs[told[-1][0]])
    assert [await counters(floor, job) for job in jobs] == [("48", "0", "1", "51"), ("40", "5", "0", "8")]
    assert [await ledger(floor, job) for job in jobs] == [48, 40]
    is_before = told.index((1, SENT_BACK)) < told.index((0, PRESSED))
    assert ("beyond_ready" in seen[told.index((1, SENT_BACK))]["flags"]) == is_before
    wanted = [("48", "0"), ("40", "5")]
    assert await eventually(lambda: ordered(world, order), lambda seen: seen == wanted) == wanted


async def test_what_went_back_before_it_was_reported_goes_report_by_report(
    world: World, floor: httpx.AsyncClient
) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    first = (await do(floor, packing, "results", good=0, rework=4, rework_op=10)).json()
    await do(floor, packing, "results", good=0, rework=3, rework_op=10)
    assert await counters(floor, press) == ("0", "0", "0", "100")
    number = key()
    for _ in range(2):
        again = await floor.post(f"/jobs/{press['id']}/results", json={"good": 5}, headers=number)
        assert (again.status_code, again.json()["job"]["good"], again.json()["job"]["rework_in"]) == (201, "0", "5")
    assert (await floor.post(f"/results/{first['id']}/reverse", json={}, headers=key())).status_code == 201
    assert await counters(floor, press) == ("2", "0", "3", "98")
    await do(floor, press, "results", good=20)
    assert await counters(floor, press) == ("22", "0", "3", "78")
    assert await ledger(floor, press) == 22


async def test_a_report_is_taken_back_whose_pieces_went_back_and_is_made_anew(
    world: World, floor: httpx.AsyncClient
) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    made = (await do(floor, press, "results", good=50)).json()
    sent = (await do(floor, packing, "results", good=40, rework=5, rework_op=10)).json()
    assert (await floor.post(f"/results/{made['id']}/reverse", json={}, headers=key())).status_code == 201
    assert (await counters(floor, press), await ledger(floor, press)) == (("0", "0", "0", "100"), 0)
    anew = (await do(floor, press, "results", good=47)).json()
    assert await counters(floor, press) == ("42", "0", "5", "58")
    async with world.client("production", "leader", person="lead") as leader:
        for good, left in ((3, ("0", "0", "3", "100")), (60, ("55", "0", "5", "45"))):
            right = {"good": good, "reason": "오기"}
            anew = (await leader.post(f"/results/{anew['id']}/correct", json=right, headers=key())).json()
            assert (await counters(floor, press), await ledger(floor, press)) == (left, int(left[0]))
            assert anew["job"] == await shown(floor, press)
    assert (await floor.post(f"/results/{sent['id']}/reverse", json={}, headers=key())).status_code == 201
    assert await counters(floor, press) == ("60", "0", "0", "40")
    due = "SELECT d.pieces, j.returns_due FROM job j LEFT JOIN return_due d ON d.job = j.id WHERE j.id = $1"
    assert [tuple(row.values()) for row in await world.fetch("production", due, press["id"])] == [(None, 0)]
