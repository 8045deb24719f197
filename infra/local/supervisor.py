"""Keeps children alive: starts them in order, starts again what dies, stops them in reverse order.

The kernel ends a child with the thread that started it: that is the main thread, or the one that watches. Who watches
sleeps until a child ends; it does not poll.
"""

import os
import select
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import structlog

from infra.local.child import Child

log = structlog.get_logger(__name__)

FIRST_DELAY = 0.1
LONGEST_DELAY = 10.0
"""Seconds until a child is started again; doubled each time it dies young."""
GROWN_UP = 30.0
"""A child that lived this many seconds starts with the first delay again."""
CHECK_SECONDS = 10.0
"""How often the children's health and the size of their logs are looked at."""
STRIKES = 3
"""So many checks in a row must fail before a child that runs is taken down."""


@dataclass
class Watched:
    """One child and what became of it."""

    child: Child
    pidfd: int = -1
    started: float = 0.0
    delay: float = FIRST_DELAY
    due: float | None = None
    """When it is started again; None while it runs."""
    is_returning: bool = False
    """Started again, and not ready yet."""
    strikes: int = 0


class Supervisor:
    """``with Supervisor([postgres, nats]):`` they run, in this order, until the block ends.

    ``launch`` and ``watch`` do the same step by step and without a thread, for who has other things to do in between.
    """

    def __init__(self, children: Sequence[Child] = ()) -> None:
        self._children = children
        self._watched: list[Watched] = []
        self._stopping = threading.Event()
        self._wake, self._waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.launch(*self._children)
        if self._children:
            self.watch_in_background()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def launch(self, *children: Child) -> None:
        """Start children, each one when the one before is ready. Raises LocalError, with nothing left running."""
        try:
            for child in children:
                child.start()
                self._watched.append(Watched(child))
                self._began(self._watched[-1])
        except BaseException:
            self.stop()
            raise

    def watch(self, until: Callable[[], bool]) -> None:
        """Keep the children alive until ``until``, which is asked whenever something happened."""
        next_check = time.monotonic() + CHECK_SECONDS
        while not until():
            now = time.monotonic()
            if now >= next_check:
                self._check()
                next_check = now + CHECK_SECONDS
            for watched in self._watched:
                self._look_after(watched, now)
            self._sleep(next_check)

    def watch_in_background(self) -> None:
        """Keep the children alive until ``stop``, in a thread; what that thread starts again it also stops."""

        def run() -> None:
            self.watch(self._stopping.is_set)
            self._stop_all()

        self._thread = threading.Thread(target=run, name="supervisor", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have ``watch`` ask its ``until`` now; may be called from a signal's handler."""
        with suppress(BlockingIOError):  # the pipe is full of calls that were not heard yet
            os.write(self._waker, b"x")

    def stop(self) -> None:
        """Stop all children, the last one first, and wait for it."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._thread is not None:
            self.wake()
            self._thread.join()
        else:
            self._stop_all()
        os.close(self._wake)
        os.close(self._waker)

    def _stop_all(self) -> None:
        for watched in reversed(self._watched):
            self._forget(watched)
            watched.child.stop()

    def _sleep(self, next_check: float) -> None:
        """Until a child ends, one is due, or the next check."""
        poll = select.poll()
        poll.register(self._wake, select.POLLIN)
        for watched in self._watched:
            if watched.pidfd >= 0:
                poll.register(watched.pidfd, select.POLLIN)
        until = min([next_check, *(watched.due for watched in self._watched if watched.due is not None)])
        if any(watched.is_returning for watched in self._watched):
            until = min(until, time.monotonic() + 0.05)
        poll.poll(max(0.0, until - time.monotonic()) * 1000)
        with suppress(BlockingIOError):
            os.read(self._wake, 4096)

    def _look_after(self, watched: Watched, now: float) -> None:
        child = watched.child
        if watched.due is not None:
            if now >= watched.due:
                self._start_again(watched)
        elif child.exit_status is not None:
            if now - watched.started > GROWN_UP:
                watched.delay = FIRST_DELAY
            reason = child.failure(f"ended with status {child.exit_status}")
            log.error(
                "a child process ended and is started again",
                child=child.name,
                in_seconds=watched.delay,
                reason=str(reason),
            )
            self._forget(watched)
            self._again_later(watched)
        elif watched.is_returning and child.is_ready():
            watched.is_returning = False
            log.info("a child process is back", child=child.name, seconds=round(now - watched.started, 2))

    def _start_again(self, watched: Watched) -> None:
        try:
            watched.child.spawn()
        except OSError:
            log.exception("a child process cannot be started", child=watched.child.name)
            self._again_later(watched)
        else:
            self._began(watched)
            watched.is_returning = True

    def _again_later(self, watched: Watched) -> None:
        watched.due = time.monotonic() + watched.delay
        watched.delay = min(watched.delay * 2, LONGEST_DELAY)

    def _check(self) -> None:
        for watched in self._watched:
            watched.child.log.bound()
            if watched.due is not None or self._is_coming(watched) or watched.child.is_well():
                watched.strikes = 0
                continue
            watched.strikes += 1
            if watched.strikes >= STRIKES:
                log.error("a child process does not answer and is taken down", child=watched.child.name)
                watched.strikes = 0
                watched.child.stop()

    def _is_coming(self, watched: Watched) -> bool:
        """Started again not long ago, and not ready yet."""
        return watched.is_returning and time.monotonic() - watched.started < watched.child.ready_seconds

    def _began(self, watched: Watched) -> None:
        watched.started = time.monotonic()
        watched.due = None
        pid = watched.child.pid
        if pid is not None:  # else it is gone already, and found so at the next look
            watched.pidfd = os.pidfd_open(pid)

    def _forget(self, watched: Watched) -> None:
        watched.is_returning = False
        if watched.pidfd >= 0:
            os.close(watched.pidfd)
            watched.pidfd = -1
