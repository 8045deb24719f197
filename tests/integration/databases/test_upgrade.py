"""What a shop has entered with an earlier release is there after the upgrade."""

import json
from typing import Any

import asyncpg
import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

from infra.local.suite import create_service, metadata_of, settings_class
from shared.contracts.orders.definitions import ItemDefined
from shared.kit.migrations import config_of, difference, migrate
from tests.support.world import KEY, TestCluster, eventually

pytestmark = pytest.mark.anyio
ENTERED = """
INSERT INTO work_center VALUES ('PRESS', '{"ko": "프레스"}', true, 1, '2026-03-01T00:00:00Z');
INSERT INTO item (code, name, active, version, updated_at, kind, unit) VALUES
  ('HB1001', '{"ko": "브라켓"}', true, 1, '2026-03-01T00:00:00Z', 'finished', 'EA'),
  ('COIL', '{"ko": "코일"}', true, 1, '2026-03-01T00:00:00Z', 'raw', 'kg');
INSERT INTO routing VALUES ('HB1001', 3, '2026-03-02T00:00:00Z');
INSERT INTO routing_operation (item, op, name, work_center, cycle_s, per_cycle, setup_s, crew, subcontract) VALUES
  ('HB1001', 10, '{"ko": "타발"}', 'PRESS', 1.5, 1, 0, 1, false), ('HB1001', 20, '{"ko": "포장"}', 'PRESS', 3, 1, 0, 1,
  false);
"""


JOBS = """
INSERT INTO item (code, name, kind, unit, active, lot_tracked, serial_tracked) VALUES
  ('PART', '{}', 'finished', 'EA', true, false, false), ('PUMP', '{}', 'finished', 'EA', true, false, true);
INSERT INTO job (id, work_order, number, op, op_name, item, item_name, unit, state, order_state, planned,
  over_tolerance_pct, good, scrap, rework, rework_in, sent, cycle_s, per_cycle, setup_s, self_inspection, subcontract,
  materials, due_at, priority, flags, traced, version)
SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, '00000000-0000-7000-8000-000000000000', 'W-1', n, '{}', item,
  '{}', 'EA', 'ready', 'released', 8, 5, 0, 0, 0, 0, 0, 1, 1, 0, false, false, '[]', now(), 50, '{}', false, 1
  FROM (VALUES (1, 'PART'), (2, 'PART'), (3, 'PART'), (4, 'PART'), (5, 'PUMP')) AS made (n, item);
INSERT INTO job_predecessor (job, predecessor, ratio)
SELECT ('00000000-0000-7000-8000-00000000000' || after)::uuid, ('00000000-0000-7000-8000-00000000000' || before)::uuid,
  ratio FROM (VALUES (2, 1, 1), (3, 2, 8), (4, 3, 1)) AS fed (after, before, ratio);
"""
"""Sheets are coated twice, cut into eight parts each, which are packed; and pumps with numbers."""


def orders_settings(url: str) -> Any:
    """The service's settings; NATS is not there."""
    return settings_class("orders")(
        database_url=SecretStr(url),
        nats_url="nats://127.0.0.1:1",
        pseudonym_key=SecretStr("of this test alone"),
        token_public_key=json.dumps(KEY.as_dict(private=False)),
    )


async def test_jobs_of_an_earlier_release_know_whose_pieces_are_whole(cluster: TestCluster) -> None:
    metadata, folder = metadata_of("production")
    url = await cluster.empty_database()
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)
    async with engine.begin() as before:
        await before.run_sync(lambda at: command.upgrade(config_of(folder, at, metadata), "0014"))
    await engine.dispose()
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(JOBS)
        await migrate(url, folder, metadata)
        jobs = await connection.fetch("SELECT op, decimals FROM job ORDER BY op")
        assert [tuple(job) for job in jobs] == [(1, 6), (2, 6), (3, None), (4, None), (5, 0)]
        assert await connection.fetchval("SELECT decimals FROM unit WHERE code = 'EA'") == 0
    finally:
        await connection.close()


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
        assert await connection.fetchval("SELECT count(*) FROM outbox") == 0
        for _ in range(2):  # a later start has nothing left to publish
            app = create_service("orders", orders_settings(url))
            async with app.router.lifespan_context(app):
                await eventually(
                    lambda: connection.fetch("SELECT kind FROM republish_request WHERE finished_at IS NULL"),
                    lambda requests: not requests,
                )
        published = await connection.fetch("SELECT version, body FROM outbox WHERE aggregate = 'item/COIL'")
        assert [row["version"] for row in published] == [2]
        assert ItemDefined.model_validate_json(published[0]["body"]).unit == "kg"
        steps = await connection.fetch(
            "SELECT o.op, r.revision, r.effective_from::text, r.effective_to FROM routing_operation o"
            " JOIN routing_revision r USING (item, revision) ORDER BY o.op"
        )
        assert [tuple(row) for row in steps] == [(10, 1, "2026-03-02", None), (20, 1, "2026-03-02", None)]
    finally:
        await connection.close()
    assert await difference(url, metadata) == []
