"""The health check of NATS in a container: what lives and takes no message any more is ended, to be started again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.local.data_folder import DataFolder
from infra.local.nats import CONFIGURATION, EmbeddedNats, free_port

SCRIPT = CONFIGURATION.with_name("health.sh")
pytestmark = pytest.mark.skipif(not shutil.which("wget"), reason="the script asks by wget, which NATS' image has")


@pytest.fixture
def server() -> Iterator[subprocess.Popen[bytes]]:
    """What the script would end."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


def check(server: subprocess.Popen[bytes], folder: Path, store: Path, port: int) -> int:
    """The script's verdict."""
    environment = os.environ | {
        "DURE_HEALTH_STRIKES": str(folder / "strikes"),
        "DURE_NATS_STORE": f'"{store}"',
        "DURE_NATS_MONITOR_PORT": str(port),
        "DURE_NATS_PID": str(server.pid),
    }
    return subprocess.run(["/bin/sh", str(SCRIPT)], env=environment, check=False).returncode


def test_a_server_that_is_well_stays(data: DataFolder, tmp_path: Path, server: subprocess.Popen[bytes]) -> None:
    nats = EmbeddedNats(data)
    nats.start()
    try:
        (tmp_path / "strikes").write_text("\n" * 3)
        assert check(server, tmp_path, data.nats, nats.monitor_port) == 0
        assert not (tmp_path / "strikes").exists()
    finally:
        nats.stop()
    assert server.poll() is None


def test_a_server_that_is_not_well_four_times_in_a_row_is_ended(
    tmp_path: Path, server: subprocess.Popen[bytes]
) -> None:
    port = free_port()
    for _ in range(3):
        assert check(server, tmp_path, tmp_path, port) == 1
        assert server.poll() is None
    assert check(server, tmp_path, tmp_path, port) == 1
    assert server.wait(5) != 0
    assert sorted(path.name for path in tmp_path.iterdir()) == []


def test_while_nothing_can_be_written_it_is_let_be(tmp_path: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(6):
        assert check(server, tmp_path, tmp_path / "a full disk", free_port()) == 1
    assert psutil.pid_exists(server.pid)
    assert server.poll() is None
