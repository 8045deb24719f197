"""A search that finds nothing reads a few pages, however much was written a moment ago."""

import json
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.dialects import postgresql
from sqlmodel import select

from services.orders.work_orders.tables import ORDER_TEXT, WorkOrder
from shared.kit.searching import contains
from tests.support.factory import define_bracket, new_order
from tests.support.world import TestCluster, World, running

pytestmark = pytest.mark.anyio
MANY = """
ALTER TABLE work_order DISABLE TRIGGER USER;
INSERT INTO work_order
  (id, number, item, customer, quantity, due_at, priority, state, changes_open, created_at, version)
SELECT gen_random_uuid(), 'W-' || n, item, 'no. ' || n, quantity, due_at, priority, state, 0, created_at, 1
  FROM work_order, generate_series(1, 4000) AS n;
ALTER TABLE work_order ENABLE TRIGGER USER;
"""
PAGES = 40


@pytest.fixture
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("searching"), ["orders"]) as world:
        await define_bracket(world)
        yield world


def asked(q: str) -> str:
    """The search as the database gets it."""
    statement = select(WorkOrder.id).where(contains(ORDER_TEXT, q))
    return str(statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))


@pytest.mark.parametrize("q", ["아무것도 아님", "도장", "S-9"])
async def test_what_was_just_written_is_not_read_whole_by_each_search(world: World, q: str) -> None:
    await new_order(world)
    connection = await asyncpg.connect(world.urls["orders"])
    try:
        await connection.execute(MANY)
        await connection.execute("SET enable_seqscan = off")
        [plan] = json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {asked(q)}"))
    finally:
        await connection.close()
    found = plan["Plan"]
    assert (found["Node Type"], found["Actual Rows"]) == ("Bitmap Heap Scan", 0)
    assert found["Shared Hit Blocks"] + found["Shared Read Blocks"] <= PAGES
