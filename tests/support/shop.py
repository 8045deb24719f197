"""The whole suite as a shop runs it: ``dure up`` on a folder, seen from outside."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

import asyncpg
import psutil

from infra.local.nats import free_port

READY = "Ctrl-C stops it."
TOKEN = re.compile(r"#token=(\S+)")


class Shop:
    """One ``dure up``; ``start`` may be called again after ``stop`` or ``kill``, on the same data and port."""

    def __init__(self, folder: Path, *, processes: bool, environment: dict[str, str] | None = None) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.processes = processes
        self.set_up_token: str | None = None
        self._output = folder / "up.log"
        self._environment = environment or {}
        self._parent: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """Where people reach it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The parent of all."""
        assert self._parent is not None
        return self._parent.pid

    def start(self, seconds: float = 90) -> float:
        """Start and wait for its word; the seconds until the first request was served."""
        command = [sys.executable, "-m", "infra.cli", "up", "--data", str(self.data), "--port", str(self.port)]
        begun = time.monotonic()
        with self._output.open("wb") as output:
            self._parent = subprocess.Popen(
                [*command, "--processes"] if self.processes else command,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | {"COLUMNS": "300"} | self._environment,
            )
        while not answers(f"{self.origin}/api/v1/site"):
            self._check(begun + seconds)
        served = time.monotonic() - begun
        while READY not in self._output.read_text():
            self._check(begun + seconds)
        found = TOKEN.search(self._output.read_text())
        self.set_up_token = found[1] if found else None
        return served

    def _check(self, deadline: float) -> None:
        assert self._parent is not None
        if self._parent.poll() is not None or time.monotonic() > deadline:
            self.stop()
            raise AssertionError(f"dure up did not start:\n{self._output.read_text()}")
        time.sleep(0.01)

    def stop(self) -> None:
        """Ctrl-C."""
        if self._parent is not None and self._parent.poll() is None:
            self._parent.send_signal(signal.SIGINT)
            try:
                self._parent.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """``kill -9`` of the parent."""
        assert self._parent is not None
        self._parent.kill()
        self._parent.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

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

    def database_url(self, name: str = "postgres") -> str:
        """The superuser's URL of a database."""
        password = self.secret("postgres-superuser")
        return f"postgresql://dure:{password}@/{name}?host={quote(str(self.data / 'run'))}"

    async def execute(self, database: str, statement: str) -> list[asyncpg.Record]:
        """Run a statement as the superuser."""
        connection = await asyncpg.connect(self.database_url(database), timeout=5)
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()


def _name_of(command: list[str]) -> str | None:
    if not command:
        return None
    if "serve" in command:
        return command[command.index("serve") + 1]
    return {"postgres": "postgres", "nats-server": "nats"}.get(Path(command[0]).name)


def answers(url: str) -> bool:
    """Whether ``url`` is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


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
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
