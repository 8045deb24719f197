"""The data folder of one Dure: its lock, its layout, its secrets.

Invariant: while a ``DataFolder`` is open, no server of another run works on it. The lock is inherited by every server
that is started, so it is free only when the last of them has gone, even after a `kill -9` of the parent.
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from infra.local.errors import AlreadyRunningError, DiskFullError, OtherLayoutError, StillStoppingError, explain

LAYOUT = 1
"""Counted up when folders or files in the data folder change their meaning."""
MINIMUM_FREE = 500_000_000
"""Bytes that must be free on the disk for a new shop. What is there already starts with whatever is left: if that is
too little, the servers say so."""
STOPPING_SECONDS = 20.0
"""How long servers of a killed parent may take to end; PostgreSQL writes its buffers out."""


class DataFolder:
    """Opened once per run; ``lock_fd`` goes to every server."""

    def __init__(self, path: Path, *, minimum_free: int = MINIMUM_FREE, patience: float = STOPPING_SECONDS) -> None:
        self.path = path.absolute()
        self.postgres = self.path / "postgres"
        self.nats = self.path / "nats"
        self.logs = self.path / "logs"
        self.secrets = self.path / "secrets"
        self.lock_fd = -1
        self._version = self.path / "VERSION"
        self._minimum_free = minimum_free
        self._patience = patience

    def open(self) -> Self:
        """Take the lock and make the folders. Raises LocalError."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.lock_fd = os.open(self.path / "dure.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._lock()
            self._check_room()
            self._check_layout()
            self._make_folders()
        except OSError as error:
            self.close()
            raise explain(self.path, error) from error
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Give the lock back (servers that still run hold it)."""
        if self.lock_fd >= 0:
            os.close(self.lock_fd)
            self.lock_fd = -1

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def announce(self, address: str | None) -> None:
        """Write who holds the lock, and the address it serves, for the next one who tries."""
        text = json.dumps({"pid": os.getpid(), "started": started_at(os.getpid()), "address": address})
        os.ftruncate(self.lock_fd, 0)
        os.pwrite(self.lock_fd, text.encode(), 0)

    def secret(self, name: str, make: Callable[[], str] = secrets.token_urlsafe) -> str:
        """The secret ``name``, made at the first call. It lies in a file that only its owner can read."""
        path = self.secrets / name
        if not path.exists():
            self.replace_secret(name, make())
        return path.read_text()

    def replace_secret(self, name: str, text: str) -> Path:
        """Write the secret ``name``, also over an older one; after a power cut it is the one or the other."""
        return self.write(self.secrets / name, text, mode=0o600)

    def write(self, path: Path, text: str, *, mode: int = 0o644) -> Path:
        """Write a file, also over an older one; it is on the disk, and after a power cut the one or the other."""
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        self.adopt(new)
        new.rename(path)
        sync(path.parent)
        return path

    def adopt(self, path: Path) -> None:
        """Hand ``path`` to the owner of the data folder, so that he can start without root the next time."""
        if os.geteuid() == 0:
            owner = self.path.stat()
            os.chown(path, owner.st_uid, owner.st_gid)

    def _lock(self) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(self.lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = self._holder()
                if holder is not None:
                    raise AlreadyRunningError(self.path, *holder) from None
                if time.monotonic() > deadline:
                    raise StillStoppingError(self.path, self._patience) from None
                time.sleep(0.02)
            else:
                self.adopt(self.path / "dure.lock")
                self.announce(None)
                return

    def _holder(self) -> tuple[int, str | None] | None:
        """The process that took the lock, if it lives.

        Without it only its servers hold the lock, and they are on their way out.
        """
        try:
            holder = json.loads(os.pread(self.lock_fd, 4096, 0))
            alive = started_at(holder["pid"]) == holder["started"]
        except (ValueError, KeyError, OSError):
            return None
        return (holder["pid"], holder["address"]) if alive else None

    def _make_folders(self) -> None:
        for folder in (self.logs, self.secrets):
            folder.mkdir(mode=0o700, exist_ok=True)
            self.adopt(folder)
        if (
            self.path.stat().st_uid == 0
        ):  # root's servers may be another user: they pass through, they do not look around
            self.path.chmod(self.path.stat().st_mode | 0o011)

    @property
    def free_bytes(self) -> int:
        """The bytes that are free on the disk."""
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize

    def _check_room(self) -> None:
        if not self._version.exists() and self.free_bytes < self._minimum_free:
            free, needed = self.free_bytes // 1_000_000, self._minimum_free // 1_000_000
            raise DiskFullError(self.path, f"{free} MB are free, {needed} MB are needed to start")

    def _check_layout(self) -> None:
        found = self._version.read_text().strip() if self._version.exists() else ""
        if not found:  # new, or begun by a release that did not wait for the disk, and cut off before that wrote
            self.write(self._version, f"{LAYOUT}\n")
            return
        if found == str(LAYOUT):
            return
        if found.isdigit() and int(found) > LAYOUT:
            raise OtherLayoutError(
                f"The data folder {self.path} was made by a newer Dure (layout {found}; this one knows {LAYOUT})."
                " Update Dure, or start on another folder with --data."
            )
        raise OtherLayoutError(
            f"The data folder {self.path} has a layout that this Dure cannot read ({found}; it needs {LAYOUT})."
            " Start the Dure that made it and export from there, or start on another folder with --data."
        )


def sync(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def started_at(pid: int) -> str:
    """The start of the process ``pid``, in ticks since boot; both together name one process. Raises OSError."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[19]
