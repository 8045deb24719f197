"""A shop that makes brackets, for each file of tests, and an operator's tablet."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.factory import define_bracket
from tests.support.world import TestCluster, World, running


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("floor"), ["orders", "production", "quality"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator") as client:
        yield client
