"""Servers that tests share, started once a run (once for each worker)."""

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from shared.kit.logs import configure_logs
from shared.kit.memory import YOUNG_OBJECTS
from tests.support import suite as suites
from tests.support.working_day import SEOUL
from tests.support.world import TestCluster

gc.disable()  # while the tests are imported: all of that stays
configure_logs("WARNING")
hypothesis.settings.register_profile("sample", deadline=None, max_examples=50)  # no clock decides a test
hypothesis.settings.register_profile("long", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("long" if "DURE_LONG_PROPERTIES" in os.environ else "sample")
MEMORY = Path("/dev/shm")
"""Hundreds of data folders are made and thrown away: in memory, where there is room, that costs a fraction."""
ROOM = 6 * 2**30
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
os.environ.setdefault("DURE_TEST_DAY", datetime.now(SEOUL).date().isoformat())  # of all workers, also after midnight


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


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Suites begin with copies of what a first start makes, which all workers share."""
    folder = tmp_path_factory.getbasetemp()
    suites.shared_folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "shared"


@pytest.fixture(scope="module")
def suite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[suites.Suite]:
    """The product on a data folder of the module's own: empty, or with the factory that the module names as its
    ``DEMO``; a module that needs other flags has a suite of its own."""
    demo = getattr(request.module, "DEMO", None)
    flags = ("--demo", demo) if demo else ()
    with suites.running_suite(tmp_path_factory.mktemp("suite") / "data", *flags) as running:
        yield running


LONGEST = ("web", "e2e", "integration")
"""Folders whose files go first: what takes a moment each fills the gaps at the end."""
TOGETHER = {"test_screens.py": "working day", "test_labels.py": "working day"}
"""Files that one worker runs one after the other, as they begin with the same that one of them has to make."""


class Groups(LoadScopeScheduling):
    """Files that start something stay whole, all other tests go one by one to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        path = PurePath(nodeid.partition("::")[0])
        return TOGETHER.get(path.name, str(path)) if set(LONGEST) & set(path.parts) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    """The groups above, whatever ``--dist`` says.

    pytest 9 does not carry the marks of its ``loadgroup`` to the scheduler.
    """
    return Groups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest first."""

    def order(item: pytest.Item) -> tuple[int, bool]:
        folder = next((n for n, name in enumerate(LONGEST) if name in item.path.parts), len(LONGEST))
        return folder, item.path.name not in TOGETHER

    items.sort(key=order)


def pytest_collection_finish() -> None:
    """From here on there is garbage; it is looked for as often as in the product, and not in what was imported."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
