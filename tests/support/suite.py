"""The product as a shop runs it: a real ``dure up`` in a process of its own."""

import asyncio
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import asyncpg
import psutil

from infra.local.identity import MYSELF
from tests.support.nursery import Copy, nursery, python_path
from tests.support.ports import own_port

REPOSITORY = Path(__file__).parents[2]
READY = "Ctrl-C stops it."
START_SECONDS = 120.0
STOP_SECONDS = 40.0


@dataclass
class Suite:
    """One ``dure up`` on ``data`` and ``port``; it can be stopped and started again."""

    data: Path
    flags: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=own_port)
    process: psutil.Popen | Copy | None = None
    log_name: str = "up.log"
    """The file beside the data into which it prints."""
    is_warm: bool = False
    """Started as a copy of a process that has imported everything."""
    repository: Path = REPOSITORY
    """The repository whose sources are run."""
    python: str = sys.executable

    @property
    def address(self) -> str:
        """The origin that people open."""
        return f"{'https' if '--lan' in self.flags else 'http'}://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """The output of the last start."""
        return self._log_file.read_text(errors="replace") if self._log_file.exists() else ""

    @property
    def setup_token(self) -> str:
        """The one-time token of the set-up link."""
        found = re.search(rf"{re.escape(self.address)}/setup#token=(\S+)", self.log)
        assert found, f"no set-up link was printed:\n{self.log}"
        return found[1]

    @property
    def is_running(self) -> bool:
        """True while the process that was started lives."""
        return self.process is not None and self.process.is_running() and self.process.poll() is None

    def start(self) -> "Suite":
        """Start it and wait until it says where it is; fails with what it printed when it does not."""
        self.spawn()
        return self.until_ready()

    def until_ready(self) -> "Suite":
        """Wait until it says where it is; fails with what it printed when it does not."""
        deadline = time.monotonic() + START_SECONDS
        while READY not in self.log:
            if not self.is_running:
                raise AssertionError(f"dure up ended with status {self.wait()}:\n{self.log}")
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"dure up was not ready after {START_SECONDS:.0f} s:\n{self.log}")
            time.sleep(0.05)
        return self

    def spawn(self) -> None:
        """Start it without waiting; it ends with the test run, whatever becomes of that."""
        arguments = ["up", "--data", str(self.data), "--port", str(self.port), *self.flags]
        environment = (
            os.environ | {"PYTHONPATH": python_path(self.repository), "PYTHONUNBUFFERED": "1"} | self.environment
        )
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self._log_file.write_text("")
        if self.is_warm:
            self.process = nursery().start(arguments, environment, self.data.parent, self._log_file)
            return
        program = "tests.support.clocked" if "DURE_SHOP_CLOCK" in self.environment else "infra.cli"
        command = [self.python, "-m", program, *arguments]
        with self._log_file.open("w") as log:
            self.process = psutil.Popen(
                MYSELF.launch(command, self.data.parent, signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does; the exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.wait()

    def kill(self) -> None:
        """As the kernel does when memory is short: no chance to clean up."""
        assert self.process is not None
        self.process.kill()
        self.wait()

    def wait(self) -> int:
        """The exit status, once it has ended."""
        assert self.process is not None
        try:
            return int(self.process.wait(STOP_SECONDS))
        except psutil.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"dure up did not stop in {STOP_SECONDS:.0f} s:\n{self.log}") from None

    @property
    def pid(self) -> int:
        """The parent of all."""
        assert self.process is not None
        return int(self.process.pid)

    def everybody(self) -> list[psutil.Process]:
        """The parent and all below it."""
        parent = psutil.Process(self.pid)
        return [parent, *parent.children(recursive=True)]

    def pid_of(self, name: str) -> int | None:
        """The process of an app, the postmaster or the NATS server; None while there is none."""
        for child in psutil.Process(self.pid).children():
            with suppress(psutil.Error):
                if _name_of(child.cmdline()) == name:
                    return child.pid
        return None

    def secret(self, name: str) -> str:
        """A secret of the data folder."""
        return (self.data / "secrets" / name).read_text()

    def database_url(self, database: str) -> str:
        """The superuser's URL of an embedded database."""
        return f"postgresql://dure:{self.secret('postgres-superuser')}@/{database}?host={quote(str(self.data / 'run'))}"

    async def execute(self, database: str, statement: str) -> list[asyncpg.Record]:
        """Run a statement in an embedded database as the superuser."""
        connection = await asyncpg.connect(self.database_url(database), timeout=5)
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    @property
    def _log_file(self) -> Path:
        return self.data.parent / self.log_name


def _name_of(command: list[str]) -> str | None:
    if not command:
        return None
    if "serve" in command:
        return command[command.index("serve") + 1]
    return {"postgres": "postgres", "nats-server": "nats"}.get(Path(command[0]).name)


async def until_gone(processes: list[psutil.Process], seconds: float = 25) -> float:
    """Wait until none of the processes is left; the seconds that it took."""
    begun = time.monotonic()
    while left := [process for process in processes if _lives(process)]:
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"still there after {seconds} s: {left}")
        await asyncio.sleep(0.02)
    return time.monotonic() - begun


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


CHEAP = {"DURE_NATS_SYNC": "2m", "DURE_HASH_MEMORY_KIB": "64", "DURE_HASH_PASSES": "1", "DURE_DEMO_DAYS": "0"}
"""A suite of the tests need not survive a power cut, its secrets may be guessed, and its demo has no past."""
WITHOUT_DISK = "fsync = off\nfull_page_writes = off\n"
shared_folder: Path | None = None
"""Where a test run stores data folders that all its workers copy; None makes each one anew, as durable as a shop's."""


@contextmanager
def made_once(name: str) -> Iterator[tuple[Path, bool]]:
    """The path of a shared folder, and whether it is still to be made; meanwhile the other workers wait."""
    assert shared_folder is not None
    shared_folder.mkdir(exist_ok=True)
    with (shared_folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared_folder / name
        yield made, not made.exists()


def copy_folder(made: Path, to: Path) -> None:
    """A copy at ``to``; thousands of files by ``cp`` take half of what they take here."""
    to.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-aT", str(made), str(to)], check=True)


def _begin(data: Path, flags: tuple[str, ...], environment: dict[str, str]) -> None:
    """Put a copy of the folder that a first start makes at ``data``; that of a demo, or by a shop's clock, begins with
    the empty databases of the usual one."""
    name = "-".join(("first", *flags, *(["by-a-clock"] if "DURE_SHOP_CLOCK" in environment else [])))
    with made_once(name) as (made, is_missing):
        if is_missing:
            first = Suite(made.with_name(f"making-{name}") / "data", flags, environment, is_warm=True)
            if name != "first":
                begin_empty(first.data)
            first.start()
            assert first.stop() == 0, first.log
            (first.data / "postgres" / "local.conf").write_text(WITHOUT_DISK)
            first.data.rename(made)
    copy_folder(made, data)


def begin_empty(data: Path) -> None:
    """Put empty databases at ``data``, of no site yet; nothing where each folder is to be made anew."""
    if shared_folder is not None:
        _begin(data, (), CHEAP)
        shutil.rmtree(data / "nats")
        (data / "site.json").unlink()


@contextmanager
def running_suite(
    data: Path,
    *flags: str,
    port: int | None = None,
    durable: bool = False,
    keep: bool = False,
    warm: bool | None = None,
    **environment: str,
) -> Iterator[Suite]:
    """A started suite, stopped in order at the end; nothing has been done yet on its data folder, unless there is one.

    ``durable``: its disk is waited for, as in a shop. ``keep``: its data stay where they are. ``warm``: see
    ``Suite.is_warm``; forks of its own need a Python of its own.
    """
    cheap = shared_folder is not None and not durable
    suite = Suite(data, flags, CHEAP | environment if cheap else environment, port or own_port())
    suite.is_warm = cheap and "--processes" not in flags if warm is None else warm
    begun_here = cheap and not data.exists()
    if begun_here:
        demo = flags[flags.index("--demo") : flags.index("--demo") + 2] if "--demo" in flags else ()
        _begin(data, demo, suite.environment)
    suite.start()
    try:
        yield suite
    finally:
        if suite.is_running:
            assert suite.stop() == 0, suite.log
        if begun_here and not keep:
            shutil.rmtree(data)
