"""What was published long ago is packed and stays a log; what is asked of it is answered as before."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from infra.agreement.agree import agree, parties_of
from infra.agreement.rebuild import rebuild_services
from infra.local.suite import services
from shared.kit.bus import Bus
from shared.kit.database import Database
from shared.kit.retention import forget_keys, pack_events, unpack_events
from tests.support.factory import define_bracket, new_order, release_order
from tests.support.lots import get, post
from tests.support.world import TestCluster, World, eventually, running

pytestmark = pytest.mark.anyio
NOW = timedelta(0)
APPS = ["orders", "production", "quality", "erp_bridge"]
OUTBOX = "SELECT position, id, type, aggregate, version, time, body::text AS body, published_at FROM outbox ORDER BY 1"
COUNTS = "SELECT business_date, item, machine, good, scrap FROM output_count ORDER BY 1, 2, 3"


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("retention"), APPS) as world:
        await define_bracket(world)
        order = await release_order(world, await new_order(world))
        async with world.client("production", "operator") as floor:

            async def jobs() -> list[Any]:
                return list((await get(floor, "/jobs", work_order=order["id"]))["items"])

            job = (await eventually(jobs, bool))[0]
            for good in (3, 4, 5):
                await post(floor, f"/jobs/{job['id']}/results", good=good)

        async def counted() -> int:
            return sum(int(row["good"]) for row in await world.fetch("quality", COUNTS))

        await eventually(counted, lambda good: good == 12)
        await eventually(partial(world.fetch, "production", "SELECT FROM outbox WHERE published_at IS NULL"), _none)
        yield world


def _none(rows: list[Any]) -> bool:
    return not rows


def database(world: World, app: str) -> Database:
    found: Database = world.apps[app].state.database
    return found


async def packed(world: World) -> int:
    """Pack production's events two by two; how many pages there are."""
    while await database(world, "production").run(partial(pack_events, period=NOW, size=2)):
        pass
    return len(await world.fetch("production", "SELECT FROM outbox_page"))


async def test_packed_events_come_back_as_they_were(world: World) -> None:
    before = await world.fetch("production", OUTBOX)
    assert await packed(world) == len(before) // 2
    assert len(await world.fetch("production", OUTBOX)) == len(before) % 2
    await database(world, "production").run(partial(unpack_events, position=0))
    assert await world.fetch("production", OUTBOX) == before
    assert await world.fetch("production", "SELECT FROM outbox_page") == []


async def test_read_models_are_made_anew_of_packed_events_too(world: World) -> None:
    before = await world.fetch("quality", COUNTS)
    assert await packed(world) > 1
    await _execute(world, "quality", "UPDATE output_count SET good = 0")
    async with parties_of(services(), {name: app.state.settings for name, app in world.apps.items()}) as parties:
        await rebuild_services(parties, ["quality"], lambda _: None)
    assert await world.fetch("quality", COUNTS) == before


async def test_a_consumer_that_was_set_back_hears_packed_events_again(world: World) -> None:
    before = await world.fetch("quality", COUNTS)
    said: list[str] = []
    settings = {name: app.state.settings for name, app in world.apps.items()}
    bus = Bus(world.nats.url, "provision", world.nats.seed_file("provision"))
    bus.start()
    try:
        async with parties_of(services(), settings) as parties:
            assert await agree(parties, bus, said.append), said
            await packed(world)
            await _execute(world, "quality", "DELETE FROM inbox WHERE stream = 'PRODUCTION'")
            await _execute(world, "quality", "TRUNCATE output_count, defect_count")
            await _execute(world, "quality", "UPDATE agreement SET position = 1 WHERE stream = 'PRODUCTION'")
            assert not await agree(parties, bus, said.append)
    finally:
        await bus.close()
    assert any(line.startswith("production: ") and "published again" in line for line in said)
    await eventually(partial(world.fetch, "quality", COUNTS), lambda rows: rows == before)


async def test_keys_of_long_ago_are_forgotten_and_what_is_kept_is_said(world: World) -> None:
    orders = database(world, "orders")
    keys = "SELECT FROM idempotency"
    assert await world.fetch("orders", keys)
    assert not await orders.run(partial(forget_keys, period=timedelta(days=90)))
    assert await world.fetch("orders", keys)
    assert not await orders.run(partial(forget_keys, period=NOW))
    assert not await world.fetch("orders", keys)
    async with world.client("orders", "admin") as admin:
        shown = await get(admin, "/retention")
    assert {period["what"]: period["days"] for period in shown["periods"]} == {
        "events": 30,
        "idempotency_keys": 90,
        "facts": None,
        "audit": None,
        "inbox": None,
        "events_packed": None,
    }
    assert shown["bytes"] == sum(table["bytes"] for table in shown["tables"]) > 0


async def _execute(world: World, app: str, statement: str) -> None:
    pool = await database(world, app).pool()
    await pool.execute(statement)
