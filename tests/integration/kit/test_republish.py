"""Present states published again: for consumers that did not listen, on demand and on a migration's request."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.orders.definitions.events import REPUBLISHES
from shared.kit.auth import Actor
from shared.kit.database import Database
from shared.kit.republish import PAGE, Republisher
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio
ADMIN = Actor("P00", frozenset({"admin"}))
MANY_ITEMS = """
INSERT INTO item (code, name, active, version, updated_at, kind, unit, supply, unit_conversions,
  lot_tracked, serial_tracked)
SELECT 'I' || lpad(n::text, 5, '0'), '{"ko": "부품"}', true, 1, now(), 'raw', 'EA', 'buy', '[]', false, false
FROM generate_series(1, $1::int) n
"""


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("republish"), ["orders", "quality", "production"]) as world:
        yield world


@pytest.fixture
async def quality(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("quality", "quality", "admin") as client:
        yield client


async def test_a_reader_that_lost_its_copy_gets_it_back(world: World, quality: httpx.AsyncClient) -> None:
    for code in ("BURR", "DENT"):
        (await quality.put(f"/defects/{code}", json={"name": code})).raise_for_status()

    async def known() -> list[str]:
        return [row["code"] for row in await world.fetch("production", "SELECT code FROM defect ORDER BY code")]

    await eventually(known, lambda codes: codes == ["BURR", "DENT"])
    await world.fetch("production", "DELETE FROM defect")
    answer = await quality.post("/republish", json={"kind": "defect"}, headers=key())
    assert (answer.status_code, answer.json()) == (200, {"kind": "defect", "published": 2})
    await eventually(known, lambda codes: codes == ["BURR", "DENT"])
    applied = await world.fetch(
        "production", "SELECT aggregate, version FROM inbox WHERE stream = 'QUALITY' ORDER BY 1"
    )
    assert [tuple(row.values()) for row in applied] == [("defect/BURR", 2), ("defect/DENT", 2)]
    assert (await quality.put("/defects/BURR", json={"name": "after"})).headers["ETag"] == '"3"'
    await eventually(lambda: world.fetch("production", "SELECT name FROM defect WHERE name->>'ko' = 'after'"), bool)


async def test_some_are_published_by_their_ids_and_once_for_a_key(world: World, quality: httpx.AsyncClient) -> None:
    (await quality.put("/defects/RUST", json={"name": "rust"})).raise_for_status()
    (await quality.put("/defects/CRACK", json={"name": "crack"})).raise_for_status()
    once = key()
    for _ in range(2):
        answer = await quality.post("/republish", json={"kind": "defect", "ids": ["RUST"]}, headers=once)
        assert answer.json() == {"kind": "defect", "published": 1}
    versions = await world.fetch(
        "quality", "SELECT code, version FROM defect WHERE code IN ('CRACK', 'RUST') ORDER BY 1"
    )
    assert [tuple(row.values()) for row in versions] == [("CRACK", 1), ("RUST", 2)]
    trail = await world.fetch("quality", "SELECT person, action FROM audit WHERE subject LIKE 'republish_request/%'")
    assert {tuple(row.values()) for row in trail} == {("P01", "republish")}


async def test_an_unknown_kind_names_those_there_are(quality: httpx.AsyncClient) -> None:
    answer = await quality.post("/republish", json={"kind": "lot"}, headers=key())
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("kind", "choice_invalid")
    assert "defect" in error["message"]


async def test_an_unknown_id_is_refused_and_nothing_is_published(world: World, quality: httpx.AsyncClient) -> None:
    before = await world.fetch("quality", "SELECT count(*) FROM outbox")
    answer = await quality.post("/republish", json={"kind": "defect", "ids": ["BURR", "NONE"]}, headers=key())
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["ids.1"]
    assert await world.fetch("quality", "SELECT count(*) FROM outbox") == before


async def test_only_an_admin_may(world: World) -> None:
    async with world.client("quality", "quality", "planner", "leader") as client:
        assert (await client.post("/republish", json={"kind": "defect"}, headers=key())).status_code == 403


async def test_master_data_of_every_kind_can_be_published_again(world: World) -> None:
    async with world.client("orders", "planner", "admin") as planner:
        entries = {
            "items/HB1": {"name": "bracket", "kind": "finished", "unit": "EA"},
            "work-centers/PRESS": {"name": "press"},
            "machines/P1": {"name": "press 1", "work_center": "PRESS"},
            "reasons/U9": {"name": "tool broken", "kind": "unplanned"},
            "shifts/A": {"name": "early", "starts": "06:00", "ends": "14:00"},
        }
        for path, body in entries.items():
            (await planner.put(f"/{path}", json=body)).raise_for_status()
        for kind in ("item", "work_center", "machine", "reason", "shift"):
            answer = await planner.post("/republish", json={"kind": kind}, headers=key())
            assert answer.json() == {"kind": kind, "published": 1}
    assert await eventually(
        lambda: world.fetch("production", "SELECT 1 FROM inbox WHERE stream = 'ORDERS' AND version = 2"),
        lambda rows: len(rows) == 5,
    )


async def test_many_are_published_by_pages_and_go_on_after_a_stop(cluster: TestCluster, tmp_path: Path) -> None:
    database = Database(await cluster.fresh_database("orders"))
    try:
        pool = await database.pool()
        await pool.execute("DELETE FROM republish_request")
        await pool.execute(MANY_ITEMS, 2 * PAGE + 100)
        republisher = Republisher(database, REPUBLISHES)
        id_ = await database.run(lambda tx: republisher.request(tx, "item"), ADMIN)
        # the first page, and no more of it: the process was killed
        await database.run(lambda tx: republisher._publish_page(tx, id_))
        assert await pool.fetchval("SELECT count(*) FROM outbox") == PAGE

        another, together = Republisher(database, REPUBLISHES), Republisher(database, REPUBLISHES)
        another.start()
        together.start()
        assert await another.finish(id_) == await together.finish(id_) == 2 * PAGE + 100
        versions = await pool.fetch("SELECT version, count(*), count(DISTINCT aggregate) FROM outbox GROUP BY version")
        assert [tuple(row) for row in versions] == [(2, 2 * PAGE + 100, 2 * PAGE + 100)]
        assert await pool.fetchval("SELECT count(*) FROM item WHERE version <> 2") == 0
    finally:
        await database.close()
