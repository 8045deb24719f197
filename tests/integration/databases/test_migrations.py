"""The databases that the migrations make are those that the code expects."""

import pytest

from infra.local.suite import metadata_of
from shared.kit.migrations import difference, migrate
from shared.registry import APP_NAMES
from tests.support.world import TestCluster

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("app", APP_NAMES)
async def test_the_newest_revision_is_what_the_tables_say(app: str, cluster: TestCluster) -> None:
    metadata, _ = metadata_of(app)
    assert await difference(await cluster.fresh_database(app), metadata) == []


@pytest.mark.parametrize("app", APP_NAMES)
async def test_migrating_twice_changes_nothing(app: str, cluster: TestCluster) -> None:
    metadata, folder = metadata_of(app)
    url = await cluster.fresh_database(app)
    await migrate(url, folder, metadata)
    assert await difference(url, metadata) == []
