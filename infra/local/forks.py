"""Copies of this process that do one thing and end.

A copy shares with this process all memory that neither of them writes to, and is there at once: nothing is imported
again. Copy only while this process has a single thread: another thread's locks would stay locked in the copy for ever.
"""

import ctypes
import gc
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from infra.local.errors import LocalError
from infra.local.exec_child import tie_to

HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)


class Fork:
    """A copy of this process that does ``work``.

    It speaks as ``subprocess.Popen`` does, and never outlives this thread.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        gc.collect()
        gc.freeze()  # the collector writes to all that it looks at
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _work_and_end(work, parent)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended. Raises subprocess.TimeoutExpired after ``timeout`` seconds."""
        if self.returncode is None:
            pidfd = os.pidfd_open(self.pid)
            try:
                poll = select.poll()
                poll.register(pidfd, select.POLLIN)
                if not poll.poll(None if timeout is None else timeout * 1000):
                    raise subprocess.TimeoutExpired("a fork", timeout or 0)
            finally:
                os.close(pidfd)
            self.poll()
        assert self.returncode is not None  # noqa: S101  the process has ended
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Job(Fork):
    """A fork for work that ends by itself and reports its failure."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._reason, writing = os.pipe2(os.O_CLOEXEC)

        def work_and_report() -> None:
            try:
                work()
            except LocalError as error:
                os.write(writing, str(error).encode())
                sys.exit(1)

        super().__init__(work_and_report)
        os.close(writing)

    def outcome(self) -> None:
        """Wait until it is done. Raises LocalError as the work did."""
        with os.fdopen(self._reason, "rb") as pipe:
            reason = pipe.read().decode()
        if self.wait():
            raise LocalError(
                reason or f"A part of the start ended with status {self.returncode}; what it said is above."
            )


def _work_and_end(work: Callable[[], object], parent: int) -> NoReturn:
    status = 1
    try:
        for number in HANDLED:
            signal.signal(number, signal.SIG_DFL)
        tie_to(parent, signal.SIGTERM)
        work()
        status = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        else:
            status = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)  # and not through the frames of the process that was copied


def become_daemon(folder: Path, output: int, open_file: int) -> None:
    """Within a fork: a session of its own in ``folder``, its output to ``output``, and of all other files only
    ``open_file``.
    """
    os.setsid()
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for other in {int(name) for name in os.listdir("/proc/self/fd")} - {0, 1, 2, open_file}:
        with suppress(OSError):  # the descriptor of the listing itself
            os.close(other)


def call_myself(*arguments: str) -> None:
    """Set the command line that ``ps`` shows for this process; cut where its first command line was shorter."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    begin, end = int(fields[45]), int(fields[46])
    room = end - begin
    if begin and room > 0:  # else the kernel does not say
        ctypes.memmove(begin, "\0".join(arguments).encode()[: room - 1].ljust(room, b"\0"), room)
