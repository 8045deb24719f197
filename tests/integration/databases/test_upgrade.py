"""What a shop has entered with an earlier release is there after the upgrade."""

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

import shared.contracts
from infra.local.suite import create_service, metadata_of, settings_class
from services.production.jobs.domain import outside, waits
from shared.contracts.catalogue import read_event
from shared.contracts.event import MAX_BYTES
from shared.contracts.orders.definitions import ItemDefined
from shared.contracts.orders.work_orders import WorkOrderReleased
from shared.kit.migrations import config_of, difference, migrate
from tests.support.world import KEY, PEOPLE, TestCluster, eventually

pytestmark = pytest.mark.anyio
EXAMPLES = Path(shared.contracts.__file__).parent / "examples"
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


PLATED = """
INSERT INTO job (id, work_order, number, op, op_name, item, item_name, unit, state, order_state, planned,
  over_tolerance_pct, good, scrap, rework, rework_in, sent, cycle_s, per_cycle, setup_s, self_inspection, subcontract,
  materials, due_at, priority, flags, traced, version)
SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, gen_random_uuid(), 'W-' || n, 10, '{}', 'PLATED', '{}',
  'EA', 'ready', 'released', 50, 5, good, 0, 10, rework_in, sent, 1, 1, 0, false, true, '[]', now(), 50, '{}', false, 1
  FROM (VALUES (1, 50, 0, -10), (2, 50, 0, 0), (3, 40, 10, 10)) AS made (n, good, rework_in, sent);
INSERT INTO result (id, job, work_order, number, op, item, good, scrap, scrap_by_defect, rework, reworked, source, at,
  recorded_at, business_date, flags)
SELECT gen_random_uuid(), ('00000000-0000-7000-8000-00000000000' || n)::uuid, gen_random_uuid(), 'W', 10, 'PLATED',
  good, 0, '[]', rework, reworked, 'manual', now(), now(), '2026-11-30', '{}'
  FROM (VALUES (1, 40, 10, false), (1, 10, 0, true), (2, 40, 10, false), (2, 10, 0, true), (3, 40, 10, false))
    AS made (n, good, rework, reworked);
INSERT INTO sending (id, job, quantity, person, at, flags)
SELECT id::uuid, ('00000000-0000-7000-8000-00000000000' || n)::uuid, quantity, 'P09', now(), '{}'
  FROM (VALUES ('00000000-0000-7000-8000-000000000011', 1, 50), ('00000000-0000-7000-8000-000000000021', 2, 50),
    ('00000000-0000-7000-8000-000000000022', 2, 6), ('00000000-0000-7000-8000-000000000023', 2, 4),
    ('00000000-0000-7000-8000-000000000031', 3, 50), ('00000000-0000-7000-8000-000000000032', 3, 10))
    AS sent (id, n, quantity);
"""
"""Fifty pieces plated, of which ten were reworked: in the shop, outside, and outside where they still are."""


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
    url = await at_revision(cluster, "production", "0014")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(JOBS)
        await migrate(url, folder, metadata)
        jobs = await connection.fetch("SELECT op, decimals FROM job ORDER BY op")
        assert [tuple(job) for job in jobs] == [(1, 6), (2, 6), (3, None), (4, None), (5, 0)]
        assert await connection.fetchval("SELECT decimals FROM unit WHERE code = 'EA'") == 0
    finally:
        await connection.close()


async def test_pieces_that_were_reworked_before_the_upgrade_are_where_they_are(cluster: TestCluster) -> None:
    metadata, folder = metadata_of("production")
    url = await at_revision(cluster, "production", "0026")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(PLATED)
        await migrate(url, folder, metadata)
        jobs = await connection.fetch("SELECT sent, rework_in FROM job ORDER BY number")
        assert [(outside(*job), waits(job["rework_in"])) for job in jobs] == [(0, 0), (0, 0), (10, 0)]
        again = await connection.fetch("SELECT reworked FROM sending ORDER BY id")
        assert [row["reworked"] for row in again] == [0, 0, 6, 4, 0, 10]
        [request] = await connection.fetch("SELECT kind, cardinality(ids) AS jobs FROM republish_request")
        assert tuple(request) == ("job", 3)
    finally:
        await connection.close()


async def at_revision(cluster: TestCluster, app: str, revision: str) -> str:
    """The URL of a new database at an earlier revision."""
    metadata, folder = metadata_of(app)
    url = await cluster.empty_database()
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)
    async with engine.begin() as first:
        await first.run_sync(lambda at: command.upgrade(config_of(folder, at, metadata), revision))
    await engine.dispose()
    return url


async def test_items_and_routings_of_the_first_release_go_on(cluster: TestCluster) -> None:
    metadata, folder = metadata_of("orders")
    url = await at_revision(cluster, "orders", "0002")
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


OF_THE_FIRST_RELEASE = json.loads((EXAMPLES / "orders.work_order.released.v1/two-operations.json").read_text())
INSTRUCTIONS = """
INSERT INTO instruction VALUES ('WI-HB1001-10', 2, '2026-03-01T00:00:00Z'), ('WI-OLD', 4, '2026-03-01T00:00:00Z');
INSERT INTO instruction_revision (code, revision, state, title, pages, authors, written_at, approved_by, approved_at)
VALUES ('WI-HB1001-10', 3, 'approved', '{"ko": "작업"}', '[{"text": {"ko": "하나"}, "media_id": null}]', '{A}', now(),
  'B', now()),
  ('WI-OLD', 1, 'superseded', '{"ko": "작업"}', '[]', '{A}', now(), 'B', now());
"""
STUCK = """
INSERT INTO outbox (id, type, aggregate, version, time, body)
VALUES (gen_random_uuid(), 'orders.work_order.released.v1', $1, 2, now(), $2::json)
"""


async def test_a_release_that_was_too_large_to_be_published_is_made_smaller(cluster: TestCluster) -> None:
    metadata, folder = metadata_of("orders")
    url = await at_revision(cluster, "orders", "0014")
    stuck = json.loads(json.dumps(OF_THE_FIRST_RELEASE))
    old = OF_THE_FIRST_RELEASE["operations"][0]["instruction"] | {"code": "WI-OLD", "revision": 1}
    stuck["operations"][0]["instruction"]["pages"][0]["text"]["ko"] = "가" * 90_000
    stuck["operations"][1]["instruction"] = old
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(INSTRUCTIONS)
        for name, body in (("stuck", stuck), ("small", OF_THE_FIRST_RELEASE)):
            await connection.execute(STUCK, f"work_order/{name}", json.dumps(body, ensure_ascii=False))
        await migrate(url, folder, metadata)
        bodies = dict(await connection.fetch("SELECT aggregate, body::text FROM outbox"))
        assert json.loads(bodies["work_order/small"]) == OF_THE_FIRST_RELEASE
        assert len(bodies["work_order/stuck"].encode()) < MAX_BYTES
        event = read_event("orders.work_order.released.v1", bodies["work_order/stuck"], PEOPLE.id_of)
        assert isinstance(event, WorkOrderReleased)
        first, second = (operation.instruction for operation in event.operations)
        assert first is not None
        assert (first.code, first.revision, first.pages) == ("WI-HB1001-10", 3, None)
        assert second is not None
        assert second.pages, "nobody would tell of a revision that is not in force any more"
        assert [material.component for material in event.materials] == ["SAPH440-2.0"]
        requests = await connection.fetch("SELECT kind FROM republish_request WHERE finished_at IS NULL")
        assert "instruction" in {row["kind"] for row in requests}
    finally:
        await connection.close()
