"""A search reads a few pages, however much there is, and however much was written a moment ago."""

import json
from collections.abc import AsyncIterator
from typing import Any

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
SELECT gen_random_uuid(), 'W-' || n, item, 'no. ' || n * 7919 % 60000, quantity, due_at, priority, state, 0,
    created_at, 1
  FROM work_order, generate_series(1, $MANY) AS n;
ALTER TABLE work_order ENABLE TRIGGER USER;
"""
PAGES = 40
AFTER_TWO_YEARS = 60_000


@pytest.fixture
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("searching"), ["orders"]) as world:
        await define_bracket(world)
        yield world


def asked(q: str) -> str:
    """The search as the database gets it."""
    statement = select(WorkOrder.id).where(contains(ORDER_TEXT, q))
    return str(statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))


async def explained(connection: asyncpg.Connection, statement: str) -> Any:
    """The topmost step of how the statement was answered."""
    [plan] = json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"))
    return plan["Plan"]


def pages_of(plan: Any) -> int:
    """Pages read for a step, those in memory included."""
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


@pytest.fixture
async def old_book(world: World) -> AsyncIterator[asyncpg.Connection]:
    """A database of as many orders as a shop has after two years."""
    await new_order(world)
    connection = await asyncpg.connect(world.urls["orders"])
    try:
        await connection.execute(MANY.replace("$MANY", str(AFTER_TWO_YEARS)))
        await connection.execute("VACUUM ANALYZE work_order")
        yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize("q", ["아무것도 아님", "도장", "S-9"])
async def test_what_was_just_written_is_not_read_whole_by_each_search(world: World, q: str) -> None:
    await new_order(world)
    connection = await asyncpg.connect(world.urls["orders"])
    try:
        await connection.execute(MANY.replace("$MANY", "4000"))
        await connection.execute("SET enable_seqscan = off")
        found = await explained(connection, asked(q))
    finally:
        await connection.close()
    assert found["Node Type"] == "Bitmap Heap Scan"
    assert (found["Actual Rows"], pages_of(found) <= PAGES) == (0, True)


@pytest.mark.long
async def test_an_old_order_book_is_walked_for_what_many_have_and_for_nothing_else(
    old_book: asyncpg.Connection,
) -> None:
    rows = {"q": 0, "도장": 0, "ZZZZ": 0, "no.": 6, "W": 6, "no. 4": 6}
    found = {q: await explained(old_book, f"{asked(q)} ORDER BY due_at, number LIMIT 6") for q in rows}
    assert {q: plan["Actual Rows"] for q, plan in found.items()} == rows
    assert {q: pages_of(plan) for q, plan in found.items() if pages_of(plan) > PAGES} == {}
