"""A gateway with a service behind it, for all tests of a file."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.gateway import GatewayWorld, gateway_running
from tests.support.world import TestCluster


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayWorld]:
    async with gateway_running(cluster, tmp_path_factory.mktemp("gateway"), ["quality"]) as world:
        await world.set_up()
        yield world


@pytest.fixture
async def admin(world: GatewayWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with world.admin() as client:
        yield client


@pytest.fixture
async def visitor(world: GatewayWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with world.visitor() as client:
        yield client
