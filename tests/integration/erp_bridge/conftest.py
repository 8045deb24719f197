"""A shop with an ERP beside it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.integration.erp_bridge.receiver import Receiver, receiving
from tests.support.factory import define_bracket
from tests.support.world import TestCluster, World, running


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    services = ["orders", "production", "quality", "erp_bridge"]
    async with running(cluster, tmp_path_factory.mktemp("erp"), services, outgoing_allowed="127.0.0.0/8") as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def erp(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The ERP, with its API key's role."""
    async with world.client("erp_bridge", "erp") as client:
        yield client


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("erp_bridge", "planner") as client:
        yield client


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("erp_bridge", "admin") as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver
