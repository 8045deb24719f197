"""An order on its way through orders and production, over real events."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.factory import define_bracket, new_order, release_order
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("flow"), ["orders", "production", "quality"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def production(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator") as client:
        yield client


async def jobs_of(client: httpx.AsyncClient, number: str, count: int = 2) -> list[dict[str, Any]]:
    async def look() -> list[dict[str, Any]]:
        found = (await client.get("/jobs", params={"work_order": number})).json()["items"]
        return sorted(found, key=lambda job: job["op"])

    return await eventually(look, lambda jobs: len(jobs) == count)


async def test_a_released_order_becomes_jobs_and_the_second_waits_for_pieces(
    world: World, production: httpx.AsyncClient
) -> None:
    order = await release_order(world, await new_order(world, quantity=100))
    first, second = await jobs_of(production, order["number"])
    assert (first["state"], first["ready"], first["planned"]) == ("ready", "100", "100")
    assert (second["state"], second["ready"], second["blocked_by"]) == ("waiting", "0", ["no_input"])


async def test_a_report_counts_at_once_and_feeds_the_next_operation(
    world: World, production: httpx.AsyncClient
) -> None:
    order = await release_order(world, await new_order(world, quantity=100))
    first, second = await jobs_of(production, order["number"])
    started = await production.post(f"/jobs/{first['id']}/start", headers=key())
    assert started.status_code == 200, started.text
    reported = await production.post(
        f"/jobs/{first['id']}/results", json={"good": 60, "scrap": [{"defect": "BURR", "quantity": 3}]}, headers=key()
    )
    assert reported.status_code == 201, reported.text
    assert (reported.json()["job"]["good"], reported.json()["job"]["scrap"], reported.json()["job"]["ready"]) == (
        "60",
        "3",
        "37",
    )
    fed = (await production.get(f"/jobs/{second['id']}")).json()
    assert (fed["state"], fed["ready"]) == ("ready", "60")
    async with world.client("orders", "planner") as orders:

        async def look() -> dict[str, Any]:
            seen: dict[str, Any] = (await orders.get(f"/work-orders/{order['id']}")).json()
            return seen

        seen = await eventually(look, lambda o: o["operations"][0]["good"] == "60")
        assert (seen["state"], seen["scrap"], seen["good"]) == ("in_progress", "3", "0")
    finished = await production.post(f"/jobs/{first['id']}/finish", headers=key())
    assert finished.json()["state"] == "done"


async def test_a_double_tap_has_one_effect_and_the_same_answer(world: World, production: httpx.AsyncClient) -> None:
    order = await release_order(world, await new_order(world, quantity=50))
    job = (await jobs_of(production, order["number"]))[0]
    once = key()
    answers = [await production.post(f"/jobs/{job['id']}/results", json={"good": 10}, headers=once) for _ in range(3)]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert (await production.get(f"/jobs/{job['id']}")).json()["good"] == "10"
    other = await production.post(f"/jobs/{job['id']}/results", json={"good": 11}, headers=once)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
