"""Lists that are read page by page hold what they hold in one page, in the same order."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.lots import define_lots, get, jobs_for, post, receive
from tests.support.world import TestCluster, World, eventually, running

pytestmark = pytest.mark.anyio
AT_ONCE = 200
SORTS = ("due_at", "-due_at", "number", "-item", "priority", "-quantity", "created_at")


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("lists"), ["orders", "production", "quality"]) as world:
        await define_lots(world)
        async with world.client("production", "operator", "quality", "leader") as floor:
            for quantity in ("500", "600", "700"):
                await receive(floor, "COIL", quantity)
            await receive(floor, "GLUE", "50")
            for good in (3, 4):
                brackets = await jobs_for(world, floor, "BR", 10 * good)
                await post(floor, f"/jobs/{brackets[0]['id']}/results", good=good)
                (motors,) = await jobs_for(world, floor, "MOTOR", 10 * good)
                await post(floor, f"/jobs/{motors['id']}/results", good=good)
                await post(floor, "/machines/PR1/handovers", note=f"코일 {good}롤 남음")
                await post(floor, f"/machines/PR{good - 2}/unassigned", good=good)
                await post(floor, "/andon-calls", machine=f"PR{good - 2}", kind="maintenance")
        yield world


async def walk(client: httpx.AsyncClient, path: str, **query: Any) -> list[Any]:
    """All entries of a list, one a page."""
    found: list[Any] = []
    cursor = None
    while True:
        page = await get(client, path, limit=1, **query, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def compare(client: httpx.AsyncClient, path: str, **query: Any) -> None:
    """Fails unless both ways of reading come to the same, once no event changes the entries between the two."""

    async def both() -> tuple[list[Any], list[Any]]:
        return (await get(client, path, limit=AT_ONCE, **query))["items"], await walk(client, path, **query)

    at_once, _ = await eventually(both, lambda seen: seen[0] == seen[1])
    assert 1 < len(at_once) < AT_ONCE


@pytest.mark.parametrize(
    ("service", "path", "query"),
    [
        *(("orders", "/work-orders", {"sort": sort}) for sort in SORTS),
        ("orders", "/items", {}),
        ("orders", "/machines", {}),
        ("production", "/reasons", {}),
        ("production", "/jobs", {}),
        ("production", "/results", {}),
        ("production", "/lots", {}),
        ("production", "/lot-movements", {}),
        ("production", "/serials", {}),
        ("production", "/handovers", {}),
        ("production", "/unassigned", {}),
        ("production", "/unassigned", {"state": "open"}),
        ("production", "/andon-calls", {}),
        ("quality", "/defects", {}),
    ],
)
async def test_page_by_page_is_as_all_at_once(world: World, service: str, path: str, query: dict[str, str]) -> None:
    async with world.client(service, "planner", "operator", "quality", "leader") as client:
        await compare(client, path, **query)


async def test_an_orders_history_too(world: World) -> None:
    async with world.client("orders", "planner") as client:
        [order, *_] = (await get(client, "/work-orders"))["items"]
        await compare(client, f"/work-orders/{order['id']}/history")
