"""The audit trail: what people change is told in order, and whatever is altered afterwards is found."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from shared.kit.audit import check_chain
from shared.kit.database import Database
from tests.support.world import TestCluster, World, running

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(cluster: TestCluster, tmp_path: Path) -> AsyncIterator[World]:
    async with running(cluster, tmp_path, ["quality"]) as world:
        yield world


@pytest.fixture
async def quality(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("quality", "quality", person="P07") as client:
        for name in ("버", "Burr", "버 (날)"):
            (await client.put("/defects/BURR", json={"name": name})).raise_for_status()
        yield client


async def check(world: World) -> tuple[int, int | None]:
    database = Database(world.urls["quality"])
    async with database.reading() as session:
        length, _, broken = await check_chain(session)
    await database.close()
    return length, broken


async def test_every_change_is_told_with_person_before_and_after(quality: httpx.AsyncClient) -> None:
    trail = (await quality.get("/audit", params={"subject": "defect/BURR"})).json()["items"]
    assert [(entry["person"], entry["action"]) for entry in trail] == [
        ("P07", "updated"),
        ("P07", "updated"),
        ("P07", "created"),
    ]
    assert trail[0]["changes"] == [{"field": "name", "before": {"ko": "Burr"}, "after": {"ko": "버 (날)"}}]


async def test_a_change_that_changes_nothing_is_not_told(quality: httpx.AsyncClient) -> None:
    await quality.put("/defects/BURR", json={"name": "버 (날)"})
    first = (await quality.get("/audit", params={"subject": "defect/BURR", "limit": 2})).json()
    rest = await quality.get("/audit", params={"subject": "defect/BURR", "cursor": first["next_cursor"]})
    assert [entry["position"] for entry in first["items"] + rest.json()["items"]] == [3, 2, 1]


async def test_the_trail_cannot_be_changed_by_the_service(world: World, quality: httpx.AsyncClient) -> None:
    for statement in ("UPDATE audit SET person = 'P08'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await world.fetch("quality", statement)


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit SET person = 'P08' WHERE position = 2", 2),
        ("UPDATE audit SET changes = '[]' WHERE position = 1", 1),
        ("DELETE FROM audit WHERE position = 2", 2),
        ("DELETE FROM audit WHERE position = 1", 1),
        ("SELECT 1", None),
    ],
)
async def test_what_is_altered_behind_its_back_is_found(
    world: World, quality: httpx.AsyncClient, tampering: str, found: int | None
) -> None:
    await world.fetch("quality", "ALTER TABLE audit DISABLE TRIGGER audit_is_append_only")
    await world.fetch("quality", tampering)
    assert (await check(world))[1] == found
