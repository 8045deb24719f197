"""A service's database: connections that the server closed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.world import TestCluster, World, running

pytestmark = pytest.mark.anyio
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
async def world(cluster: TestCluster, tmp_path: Path) -> AsyncIterator[World]:
    async with running(cluster, tmp_path, ["quality"]) as world:
        yield world


async def test_connections_that_the_server_closed_are_replaced_before_a_request_meets_them(world: World) -> None:
    async with world.client("quality", "quality") as quality:

        async def read_at_once() -> set[int]:
            return {answer.status_code for answer in await asyncio.gather(*(quality.get("/defects") for _ in range(8)))}

        assert await read_at_once() == {200}
        closed = await world.fetch("quality", f"SELECT pg_terminate_backend(pid) {OTHERS}")
        assert len(closed) >= 8
        await asyncio.sleep(0.2)  # until their ends have arrived here
        assert await read_at_once() == {200}


async def test_what_is_committed_between_two_reads_of_a_request_is_seen_by_neither(world: World) -> None:
    database = world.apps["quality"].state.database
    count = text("SELECT count(*) FROM defect")
    async with database.reading() as session, world.client("quality", "quality") as quality:
        before = await session.scalar(count)
        (await quality.put("/defects/BURR", json={"name": "버"})).raise_for_status()
        assert await session.scalar(count) == before
    async with database.reading() as session:
        assert await session.scalar(count) == before + 1
