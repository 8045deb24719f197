"""The rules of jobs and results.

A report is never refused for a bureaucratic reason: the pieces were made. What is unusual about it becomes a flag, for a person to look at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

CLOCK_TOLERANCE = timedelta(minutes=2)


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Command(StrEnum):
    """What moves it; the last five come from the order and from other jobs."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    FEED = "feed"
    BLOCK = "block"
    UNBLOCK = "unblock"
    CANCEL = "cancel"
    SKIP = "skip"


OPEN = (State.WAITING, State.READY, State.RUNNING, State.PAUSED, State.BLOCKED)
ON_MACHINE = (State.RUNNING, State.PAUSED)

TRANSITIONS: dict[tuple[State, Command], State] = {
    (State.WAITING, Command.FEED): State.READY,
    (State.READY, Command.START): State.RUNNING,
    (State.RUNNING, Command.PAUSE): State.PAUSED,
    (State.PAUSED, Command.RESUME): State.RUNNING,
    (State.RUNNING, Command.FINISH): State.DONE,
    (State.PAUSED, Command.FINISH): State.DONE,
    (State.WAITING, Command.BLOCK): State.BLOCKED,
    (State.READY, Command.BLOCK): State.BLOCKED,
    (State.BLOCKED, Command.UNBLOCK): State.WAITING,
    (State.WAITING, Command.SKIP): State.SKIPPED,
    (State.READY, Command.SKIP): State.SKIPPED,
    (State.BLOCKED, Command.SKIP): State.SKIPPED,
    **{(state, Command.CANCEL): State.CANCELLED for state in OPEN},
}
"""Every allowed move. An unblocked job waits until it is fed."""


def next_state(state: State, command: Command) -> State | None:
    """The state after ``command``, or None when it is not possible in ``state``."""
    return TRANSITIONS.get((state, command))


@dataclass(frozen=True)
class Totals:
    """What was made on a job."""

    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(self.good + other.good, self.scrap + other.scrap, self.rework + other.rework)

    def __neg__(self) -> "Totals":
        return Totals(-self.good, -self.scrap, -self.rework)

    @property
    def processed(self) -> Decimal:
        """Pieces that left the operation for good; those to be reworked have not."""
        return self.good + self.scrap


@dataclass(frozen=True)
class Feed:
    """A predecessor's good pieces, and how many of this job's pieces one of them gives."""

    good: Decimal
    ratio: Decimal


def supply(planned: Decimal, feeds: Iterable[Feed]) -> Decimal:
    """Pieces that a job can have worked on so far: min over its predecessors of good × ratio; all of them for a first job."""
    return min((feed.good * feed.ratio for feed in feeds), default=planned)


def ready_quantity(planned: Decimal, feeds: Iterable[Feed], totals: Totals) -> Decimal:
    """Pieces that wait to be worked on now; never below zero."""
    return max(Decimal(0), supply(planned, feeds) - totals.processed)


@dataclass(frozen=True)
class JobView:
    """A job as far as a report looks at it."""

    state: State
    planned: Decimal
    over_tolerance_pct: Decimal
    order_state: str
    totals: Totals
    feeds: Sequence[Feed]


def report_flags(job: JobView, after: Totals, at: datetime, now: datetime) -> list[str]:
    """What is unusual about a report that brings the job to ``after``."""
    flags = []
    if job.state in (State.WAITING, State.READY, State.BLOCKED, State.SKIPPED):
        flags.append("not_started")
    elif job.state is State.DONE:
        flags.append("after_finish")
    if job.order_state == "cancelled" or job.state is State.CANCELLED:
        flags.append("order_cancelled")
    elif job.order_state == "on_hold":
        flags.append("order_on_hold")
    if after.good > job.planned * (1 + job.over_tolerance_pct / 100):
        flags.append("over_production")
    if job.feeds and after.processed > supply(job.planned, job.feeds):
        flags.append("beyond_ready")
    if now - at > CLOCK_TOLERANCE:
        flags.append("late")
    elif at - now > CLOCK_TOLERANCE:
        flags.append("clock")
    return flags
