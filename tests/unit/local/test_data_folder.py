"""The data folder: one Dure at a time, one layout, secrets that nobody else reads."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.data_folder import LAYOUT, DataFolder, started_at
from infra.local.errors import (
    AlreadyRunningError,
    DiskFullError,
    MissingLibraryError,
    NotWritableError,
    OtherLayoutError,
    StillStoppingError,
)

NOBODY = 65534


def test_a_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as data:
        secret = data.secret("database-orders")
        assert data.secret("database-orders") == secret
        assert data.secret("database-quality") != secret
        assert stat.S_IMODE((data.secrets / "database-orders").stat().st_mode) == 0o600
        assert stat.S_IMODE(data.secrets.stat().st_mode) == 0o700
    with DataFolder(tmp_path / "data") as data:
        assert data.secret("database-orders") == secret


def test_nobody_but_the_owner_can_list_the_data_folder(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as data:
        assert stat.S_IMODE(data.path.stat().st_mode) & 0o066 == 0


def test_a_second_dure_is_told_the_address_of_the_first(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as first:
        first.announce("http://192.168.0.7:8000")
        with pytest.raises(AlreadyRunningError, match=rf"process {os.getpid()} and serves http://192\.168\.0\.7:8000"):
            DataFolder(tmp_path / "data").open()
        first.announce(None)
        with pytest.raises(AlreadyRunningError, match=rf"process {os.getpid()}\. "):
            DataFolder(tmp_path / "data").open()
    DataFolder(tmp_path / "data").open().close()


def test_a_server_that_outlives_its_parent_keeps_the_folder(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data").open()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(data.lock_fd,)):
        its_parent = {"pid": os.getpid(), "started": "an earlier process of this number", "address": None}
        (data.path / "dure.lock").write_text(json.dumps(its_parent))
        data.close()
        with pytest.raises(StillStoppingError, match=r"still hold .* after 0 s .*fuser"):
            DataFolder(tmp_path / "data", patience=0.1).open()
    DataFolder(tmp_path / "data").open().close()


def test_a_disk_without_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DiskFullError, match=r"is full: \d+ MB are free, 1000000000000 MB are needed to start\. Free some space"
    ):
        DataFolder(tmp_path / "data", minimum_free=10**18).open()


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(NotWritableError, match=r"cannot be written .*Not a directory.* choose another with --data"):
        DataFolder(tmp_path / "file" / "data").open()


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that this user may not write into; root, who may write everywhere, is nobody meanwhile."""
    tmp_path.chmod(0o500)
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    yield tmp_path
    os.seteuid(before)


def test_a_folder_of_somebody_else_is_refused(locked: Path) -> None:
    with pytest.raises(NotWritableError, match=r"Permission denied.*chown"):
        DataFolder(locked / "data").open()


@pytest.mark.parametrize(
    ("found", "said"), [(str(LAYOUT + 1), "made by a newer Dure"), ("0", "cannot read"), ("?", "cannot read")]
)
def test_a_layout_of_another_dure_is_left_alone(tmp_path: Path, found: str, said: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "VERSION").write_text(found)
    with pytest.raises(OtherLayoutError, match=said):
        DataFolder(folder).open()
    assert not (folder / "secrets").exists()
    assert (folder / "VERSION").read_text() == found


def test_a_layout_that_a_power_cut_took_back_is_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "VERSION").write_text("")
    with DataFolder(folder):
        assert (folder / "VERSION").read_text() == f"{LAYOUT}\n"


def test_what_the_start_depends_on_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def note(fd: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{fd}")).name)
        fsync(fd)

    monkeypatch.setattr(os, "fsync", note)
    with DataFolder(tmp_path / "data") as data:
        assert synced == ["VERSION.new", "data"]
        data.secret("database-orders")
        assert synced[2:] == ["database-orders.new", "secrets"]


def test_what_is_there_already_starts_with_whatever_room_is_left(tmp_path: Path) -> None:
    DataFolder(tmp_path / "data").open().close()
    with DataFolder(tmp_path / "data", minimum_free=10**18) as data:
        assert data.path == tmp_path / "data"


def test_a_missing_library_is_said_with_its_debian_package() -> None:
    assert str(MissingLibraryError("PostgreSQL", "libz.so.1", "zlib1g")) == (
        "PostgreSQL needs the shared library libz.so.1, which is not on this machine."
        " Install it: apt-get install zlib1g."
    )


def test_a_process_is_known_by_its_start() -> None:
    assert started_at(os.getpid()).isdigit()
    assert started_at(os.getpid()) != started_at(1)
