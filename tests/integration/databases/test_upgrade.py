"""What a shop has entered with an earlier release is there after the upgrade."""

import asyncpg
import pytest
from alembic import command
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

from infra.local.suite import metadata_of
from shared.contracts.orders.definitions import ItemDefined
from shared.kit.migrations import config_of, difference, migrate
from tests.support.world import TestCluster

pytestmark = pytest.mark.anyio
ENTERED = """
INSERT INTO work_center VALUES ('PRESS', '{"ko": "프레스"}', true, 1, '2026-03-01T00:00:00Z');
INSERT INTO item (code, name, active, version, updated_at, kind, unit) VALUES
  ('HB1001', '{"ko": "브라켓"}', true, 1, '2026-03-01T00:00:00Z', 'finished', 'EA'),
  ('COIL', '{"ko": "코일"}', true, 1, '2026-03-01T00:00:00Z', 'raw', 'kg');
INSERT INTO routing VALUES ('HB1001', 3, '2026-03-02T00:00:00Z');
INSERT INTO routing_operation (item, op, name, work_center, cycle_s, per_cycle, setup_s, crew, subcontract) VALUES
  ('HB1001', 10, '{"ko": "타발"}', 'PRESS', 1.5, 1, 0, 1, false), ('HB1001', 20, '{"ko": "포장"}', 'PRESS', 3, 1, 0, 1, false);
"""


async def test_items_and_routings_of_the_first_release_go_on(cluster: TestCluster) -> None:
    metadata, folder = metadata_of("orders")
    url = await cluster.empty_database()
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)
    async with engine.begin() as first:
        await first.run_sync(lambda at: command.upgrade(config_of(folder, at, metadata), "0002"))
    await engine.dispose()
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(ENTERED)
        await migrate(url, folder, metadata)
        items = await connection.fetch("SELECT code, supply FROM item ORDER BY code")
        assert [tuple(row) for row in items] == [("COIL", "buy"), ("HB1001", "make")]
        told = await connection.fetch("SELECT version, body FROM outbox WHERE aggregate = 'item/COIL'")
        assert [row["version"] for row in told] == [2]
        assert ItemDefined.model_validate_json(told[0]["body"]).unit == "kg"
        steps = await connection.fetch(
            "SELECT o.op, r.revision, r.effective_from::text, r.effective_to FROM routing_operation o"
            " JOIN routing_revision r USING (item, revision) ORDER BY o.op"
        )
        assert [tuple(row) for row in steps] == [(10, 1, "2026-03-02", None), (20, 1, "2026-03-02", None)]
    finally:
        await connection.close()
    assert await difference(url, metadata) == []
