"""Servers that tests share, started once a run (once for each worker)."""

from collections.abc import Iterator

import hypothesis
import pytest

from shared.kit.logs import configure_logs
from tests.support.world import TestCluster

configure_logs("WARNING")
hypothesis.settings.register_profile("dure", deadline=None)  # no clock decides a test
hypothesis.settings.load_profile("dure")


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    """The event loop that the product runs on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestCluster]:
    """A real PostgreSQL."""
    cluster = TestCluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.close()


LONGEST = ("web", "e2e")
"""Folders whose files go first: what takes a second each fills the gaps at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest first."""
    items.sort(
        key=lambda item: next((n for n, folder in enumerate(LONGEST) if folder in item.path.parts), len(LONGEST))
    )
