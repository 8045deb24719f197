"""The product as a shop runs it: a real ``dure up`` in a process of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from infra.local.identity import MYSELF
from infra.local.nats import free_port

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
    port: int = field(default_factory=free_port)
    process: psutil.Popen | None = None
    log_name: str = "up.log"
    """What it prints goes into this file beside the data."""
    program: tuple[str, ...] = ("-m", "infra.cli")

    @property
    def address(self) -> str:
        """The origin that people open."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the last start has printed."""
        return self._log_file.read_text(errors="replace") if self._log_file.exists() else ""

    @property
    def setup_token(self) -> str:
        """The one-time token of the set-up link."""
        found = re.search(rf"{re.escape(self.address)}/setup#token=(\S+)", self.log)
        assert found, f"no set-up link was printed:\n{self.log}"
        return found[1]

    @property
    def is_running(self) -> bool:
        """Whether the process that was started lives."""
        return self.process is not None and self.process.is_running() and self.process.poll() is None

    def start(self) -> "Suite":
        """Start it and wait until it says where it is; fails with what it printed when it does not."""
        self.spawn()
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
        command = [sys.executable, *self.program, "up", "--data", str(self.data), "--port", str(self.port)]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"} | self.environment
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with self._log_file.open("w") as log:
            self.process = psutil.Popen(
                MYSELF.launch([*command, *self.flags], self.data.parent, signal.SIGTERM),
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

    def children(self) -> list[psutil.Process]:
        """Every process below it."""
        assert self.process is not None
        return list(self.process.children(recursive=True))

    @property
    def _log_file(self) -> Path:
        return self.data.parent / self.log_name


@contextmanager
def running_suite(
    data: Path, *flags: str, program: tuple[str, ...] = ("-m", "infra.cli"), **environment: str
) -> Iterator[Suite]:
    """A started suite on a fresh data folder, stopped in order at the end."""
    suite = Suite(data, flags, environment, program=program).start()
    try:
        yield suite
    finally:
        if suite.is_running:
            assert suite.stop() == 0, suite.log
