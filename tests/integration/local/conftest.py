"""A data folder, and a second Python process that runs the servers as `dure up` does."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from infra.local.data_folder import DataFolder
from infra.local.identity import Identity, choose_identity
from tests.support.nursery import python_path

PARENT = Path(__file__).with_name("parent.py")
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[DataFolder]:
    with DataFolder(tmp_path / "data", minimum_free=0) as opened:
        yield opened


@dataclass
class Parent:
    """A process that holds PostgreSQL and NATS."""

    process: psutil.Popen
    facts: dict[str, Any]

    def kill(self) -> None:
        """As the kernel does when memory is short: no chance to clean up."""
        self.process.kill()
        self.process.wait(10)

    def servers(self) -> list[psutil.Process]:
        """PostgreSQL with all its processes, and NATS."""
        return self.process.children(recursive=True)

    def programs(self) -> set[str]:
        """The names of what runs; a connection that has just ended has none."""
        names = set()
        for server in self.servers():
            with suppress(psutil.NoSuchProcess):
                names.add(server.name())
        return names


@pytest.fixture
def start_parent() -> Iterator[Callable[[Path, Identity], Parent]]:
    """Starts a parent on a data folder; what it started is gone after the test."""
    parents: list[psutil.Popen] = []

    def start(folder: Path, identity: Identity) -> Parent:
        command = identity.launch([sys.executable, str(PARENT), str(folder)], REPOSITORY, 0)
        process = psutil.Popen(
            command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": python_path(REPOSITORY)}
        )
        parents.append(process)
        line = process.stdout.readline()
        assert line, "the parent ended before its servers were ready"
        return Parent(process, json.loads(line))

    yield start
    for process in parents:
        if process.is_running():
            process.terminate()
        process.wait(30)
        process.stdout.close()


@pytest.fixture(params=["whoever runs the tests", "an ordinary user"])
def somebody(request: pytest.FixtureRequest, tmp_path: Path) -> Identity:
    """Who starts Dure: for root, also a user without root's powers."""
    if request.param == "whoever runs the tests":
        return Identity("self", os.getuid(), os.getgid())
    identity = choose_identity(tmp_path, tmp_path, Path(sys.executable)).with_account()
    if identity.how == "self":
        pytest.skip("the tests are run by an ordinary user already")
    identity.own(tmp_path)
    return identity
