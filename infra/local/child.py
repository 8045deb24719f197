"""One child process: start, readiness, an orderly stop, and a log file that cannot fill the disk."""

import os
import shutil
import signal
import ssl
import subprocess
import time
import urllib.request
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from infra.local.data_folder import DataFolder
from infra.local.errors import DiskFullError, LocalError, StartFailedError, explain
from infra.local.identity import MYSELF, Identity

LOG_BYTES = 10_000_000
"""A log that grows beyond this is moved aside, and the one before it is dropped."""


class LogFile:
    """Written by the child itself, so that its output is there whatever happens to the parent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._before = path.with_suffix(".log.1")
        self._offset = 0

    def rotate(self) -> None:
        """Begin a new file."""
        if self.path.exists():
            self.path.replace(self._before)

    def open(self) -> int:
        """A descriptor for the child; the tail begins here."""
        fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._offset = os.fstat(fd).st_size
        return fd

    def bound(self) -> None:
        """Copy and cut the file when it is too large; the child appends and does not notice."""
        if self.path.exists() and self.path.stat().st_size > LOG_BYTES:
            with suppress(OSError):  # a full disk: then the old lines go, they are what fills it
                shutil.copyfile(self.path, self._before)
            os.truncate(self.path, 0)
            self._offset = 0

    def tail(self, lines: int = 8) -> str:
        """The last lines since the last start."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as file:
            file.seek(max(self._offset, self.path.stat().st_size - 16_384))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def answers(url: str, trusting: ssl.SSLContext | None = None) -> bool:
    """True when ``url`` responds with 200; ``trusting`` says whose certificates are good."""
    try:
        with urllib.request.urlopen(url, timeout=2, context=trusting) as answer:  # noqa: S310  of a child of ours
            return bool(answer.status == 200)
    except OSError:
        return False


class Process(Protocol):
    """A process of ours, as ``subprocess.Popen`` speaks of it."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...


class Child(ABC):
    """A server or service under this process; it never outlives it.

    Start it in a thread that lives as long as the child shall: the kernel ties the child's life to the thread.
    """

    name: str
    death_signal = signal.SIGTERM
    """Sent by the kernel when the parent is gone."""
    stop_signals: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))
    """The signals that stop it, one after the other, and the seconds that each is given."""
    ready_seconds = 60.0

    def __init__(self, data: DataFolder) -> None:
        self.data = data
        self.log = LogFile(data.logs / f"{self.name}.log")
        self._process: Process | None = None

    @abstractmethod
    def launch(self, output: int) -> Process:
        """Start the process with its output going to the descriptor ``output``; its life is tied to this thread's."""

    @abstractmethod
    def is_ready(self) -> bool:
        """True when it answers now."""

    def prepare(self) -> None:
        """Do what is needed once, before the first start. Raises LocalError."""
        self.log.rotate()

    def diagnose(self, log: str) -> LocalError | None:
        """A better description of the failure in ``log``, if there is one."""
        return (
            DiskFullError(self.data.path, f"{self.name} could not write") if "No space left on device" in log else None
        )

    @property
    def pid(self) -> int | None:
        """Its process, if it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def exit_status(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        """Prepare, start, and wait until it is ready. Raises LocalError, with nothing left running."""
        try:
            self.prepare()
            self.spawn()
        except OSError as error:
            raise explain(self.data.path, error) from error
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise

    def spawn(self) -> None:
        """Start the process, and do not wait."""
        output = self.log.open()
        try:
            self._process = self.launch(output)
        finally:
            os.close(output)
        self.data.adopt(self.log.path)

    def wait_ready(self) -> None:
        """Block until it answers. Raises LocalError."""
        deadline = time.monotonic() + self.ready_seconds
        while not self.is_ready():
            if self.exit_status is not None:
                raise self.failure(f"ended with status {self.exit_status} before it was ready")
            if time.monotonic() > deadline:
                raise self.failure(f"was not ready after {self.ready_seconds:.0f} s")
            time.sleep(0.01)

    def failure(self, what: str) -> LocalError:
        """The reason in the log, if it is one that we know; else the log's last lines."""
        tail = self.log.tail()
        return self.diagnose(tail) or StartFailedError(self.name, what, self.log.path, tail)

    def is_well(self) -> bool:
        """True while a running child does its work; one that is not well for some time is started anew."""
        return True

    def stop(self) -> None:
        """End it, kindly at first; nothing happens when it does not run."""
        if self._process is None:
            return
        for number, seconds in self.stop_signals:
            self._process.send_signal(number)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
            return


class Program(Child):
    """A child that is a program of its own."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line to execute."""

    @property
    def identity(self) -> Identity:
        """The user who runs it."""
        return MYSELF

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables beside this process's own."""
        return {}

    def launch(self, output: int) -> Process:
        """Execute the command."""
        return subprocess.Popen(  # noqa: S603  our own command
            self.identity.launch(self.command(), self.data.path, self.death_signal),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(self.data.lock_fd,),
            env=os.environ | self.environment,
            start_new_session=True,  # Ctrl-C is for the parent: it stops its children in order
        )
