"""A shop whose orders are split and changed while the floor works on them, with an ERP beside it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.factory import define_bracket
from tests.support.world import TestCluster, World, running


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    services = ["orders", "production", "quality", "erp_bridge"]
    async with running(cluster, tmp_path_factory.mktemp("changes"), services) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner", person="P07") as client:
        yield client


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator") as client:
        yield client


@pytest.fixture
async def leader(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "leader", person="P03") as client:
        yield client


@pytest.fixture
async def erp(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The ERP, with its API key's role."""
    async with world.client("erp_bridge", "erp") as client:
        yield client
