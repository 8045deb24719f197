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


def orders_settings(url: str) -> Any:
    """The service's settings; NATS is not there."""
    return settings_class("orders")(
        database_url=SecretStr(url),
        nats_url="nats://127.0.0.1:1",
        token_public_key=json.dumps(KEY.as_dict(private=False)),
    )


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
