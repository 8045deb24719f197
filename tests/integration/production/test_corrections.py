"""Results taken back and corrected: by whom, into which shift, and with everything still to be read."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.support.jobs import do, first_job, jobs_of
from tests.support.world import World, key

pytestmark = pytest.mark.anyio


async def reverse(client: httpx.AsyncClient, result: str, **body: Any) -> httpx.Response:
    return await client.post(f"/results/{result}/reverse", json=body, headers=key())


async def of_yesterday(world: World, result: str) -> None:
    """As if it had been reported in a shift that is over."""
    connection = await asyncpg.connect(world.urls["production"])
    try:
        await connection.execute("UPDATE result SET business_date = business_date - 1 WHERE id = $1", result)
    finally:
        await connection.close()


async def test_an_operator_takes_back_their_own_of_this_shift_without_a_word(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor)
    made = (await do(floor, job, "results", good=5)).json()["id"]
    async with world.client("production", "operator", person="P02") as other:
        refused = await reverse(other, made, reason="내 것이 아님")
        assert (refused.status_code, refused.json()["code"]) == (403, "result_of_another")
    assert (await reverse(floor, made)).status_code == 201
    old = (await do(floor, job, "results", good=5)).json()["id"]
    await of_yesterday(world, old)
    late = await reverse(floor, old, reason="어제 것")
    assert (late.status_code, late.json()["code"]) == (403, "result_of_a_closed_shift")


async def test_a_leader_takes_back_any_with_a_reason_and_a_closed_shift_does_not_move(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor)
    old = (await do(floor, job, "results", good=5)).json()["id"]
    await of_yesterday(world, old)
    async with world.client("production", "leader", person="P09") as leader:
        wordless = await reverse(leader, old)
        assert (wordless.status_code, wordless.json()["errors"][0]["field"]) == (422, "reason")
        back = (await reverse(leader, old, reason="이중 입력")).json()
        chain = (await leader.get(f"/results/{back['id']}")).json()["chain"]
    assert [(row["good"], row["person"]) for row in chain] == [("5", "P01"), ("-5", "P09")]
    assert chain[0]["business_date"] < chain[1]["business_date"]


async def test_a_correction_of_the_next_morning_is_a_reversal_and_a_new_report(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor)
    scrap = [{"defect": "BURR", "quantity": 3}]
    made = (await do(floor, job, "results", good=50, scrap=scrap)).json()["id"]
    async with world.client("production", "quality", person="P05") as quality:
        body = {"good": 45, "scrap": [{"defect": "DENT", "quantity": 8}], "reason": "불량 재분류"}
        corrected = await quality.post(f"/results/{made}/correct", json=body, headers=key())
        assert corrected.status_code == 201, corrected.text
        assert (corrected.json()["job"]["good"], corrected.json()["job"]["scrap"]) == ("45", "8")
        again = await quality.post(f"/results/{made}/correct", json=body, headers=key())
        assert (again.status_code, again.json()["code"]) == (409, "result_reversed")
        second = {**body, "good": 44, "reason": "다시 세어 봄"}
        assert (
            await quality.post(f"/results/{corrected.json()['id']}/correct", json=second, headers=key())
        ).status_code == 201
        seen = (await quality.get(f"/results/{made}")).json()
    assert [row["good"] for row in seen["chain"]] == ["50", "-50", "45", "-45", "44"]
    assert [row["person"] for row in seen["chain"]] == ["P01", "P05", "P01", "P05", "P01"]
    assert seen["chain"][2]["corrects_id"] == seen["id"] == made
    assert (seen["chain"][2]["at"], seen["chain"][2]["reason"]) == (seen["at"], "불량 재분류")
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "44"
    trail = await world.fetch("production", "SELECT person, reason FROM audit WHERE subject = $1", f"result/{made}")
    assert [(entry["person"], entry["reason"]) for entry in trail] == [("P05", "불량 재분류")]


async def test_a_correction_may_say_where_the_rework_went(world: World, floor: httpx.AsyncClient) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    await do(floor, press, "results", good=30)
    made = (await do(floor, packing, "results", good=20, rework=4)).json()["id"]
    async with world.client("production", "leader") as leader:
        body = {"good": 20, "rework": 4, "rework_op": 10, "reason": "프레스로 되돌림"}
        assert (await leader.post(f"/results/{made}/correct", json=body, headers=key())).status_code == 201
    press, packing = [(await floor.get(f"/jobs/{job['id']}")).json() for job in (press, packing)]
    assert (press["good"], press["rework_in"], packing["good"], packing["rework_in"]) == ("26", "4", "20", "0")


async def test_what_a_correction_tells_goes_out_in_the_order_of_what_has_happened(
    world: World, floor: httpx.AsyncClient
) -> None:
    order, press = await first_job(world, floor)
    packing = (await jobs_of(floor, order))[1]
    await do(floor, press, "start")
    await do(floor, press, "results", good=30)
    await do(floor, press, "finish")
    made = (await do(floor, packing, "results", good=20)).json()["id"]
    async with world.client("production", "leader") as leader:
        body = {"good": 18, "rework": 2, "rework_op": 10, "reason": "프레스로 되돌림"}
        assert (await leader.post(f"/results/{made}/correct", json=body, headers=key())).status_code == 201
    told = "SELECT version, type, body::json->>'good' AS good FROM outbox WHERE aggregate = $1 ORDER BY position"
    for job in (press, packing):
        versions = [row["version"] for row in await world.fetch("production", told, f"job/{job['id']}")]
        assert versions == list(range(1, len(versions) + 1))
    *_, back, reopened = await world.fetch("production", told, f"job/{press['id']}")
    assert (back["good"], reopened["type"]) == ("-2", "production.job.changed.v2")


@pytest.mark.parametrize("path", ["reverse", "correct"])
async def test_what_was_never_reported_is_not_found(world: World, path: str) -> None:
    async with world.client("production", "leader") as leader:
        body = {"reason": "x"} | ({"good": 1} if path == "correct" else {})
        missing = "0199a7c3-1111-7aaa-8bbb-222233334444"
        assert (await leader.post(f"/results/{missing}/{path}", json=body, headers=key())).status_code == 404
        assert (await leader.get(f"/results/{missing}")).status_code == 404


async def test_an_operator_does_not_correct(world: World, floor: httpx.AsyncClient) -> None:
    _, job = await first_job(world, floor)
    made = (await do(floor, job, "results", good=5)).json()["id"]
    body = {"good": 4, "reason": "오기"}
    assert (await floor.post(f"/results/{made}/correct", json=body, headers=key())).status_code == 403


async def test_the_reports_behind_a_defect_come_to_what_was_scrapped_of_it(
    world: World, floor: httpx.AsyncClient
) -> None:
    _, job = await first_job(world, floor)
    scrap = [{"defect": "BURR", "quantity": 3}, {"defect": "DENT", "quantity": 1}]
    made = (await do(floor, job, "results", good=5, scrap=scrap)).json()["id"]
    await do(floor, job, "results", good=5, scrap=scrap[1:])
    await do(floor, job, "results", good=5)
    wrong = (await do(floor, job, "results", good=0, scrap=scrap[:1])).json()["id"]
    await reverse(floor, wrong)
    day = (await floor.get(f"/results/{made}")).json()["business_date"]

    async def behind(**query: Any) -> list[str]:
        answer = await floor.get("/results", params={"job": job["id"], "scrapped": True} | query)
        return [row["id"] for row in answer.json()["items"]]

    of_burr = await behind(defect="BURR", first_date=day, last_date=day)
    assert (of_burr[:2], len(of_burr)) == ([made, wrong], 3), "what took a report back is behind the number, too"
    assert len(await behind(item=job["item"])) == 4
    assert await behind(item=job["item"], last_date="2020-01-01") == []
