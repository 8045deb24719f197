"""The rules of jobs.

The jobs of an order are a graph. Pieces ready at a job = min over its predecessors of good × ratio, less what it has
processed; the first good pieces of an operation make the next one ready. A machine runs one job at a time. Each start,
resume and change of phase begins a run; pause and finish end it. Who starts a job joins its crew, and the finish ends
all of it.

A command counts from its device's time: not in the future (flag ``clock``), not before what the job or its machine did
last (``late``). One that arrives more than two minutes after it was done has happened: what would have been refused
becomes a flag. ``flags`` of a job are all that it ever had.

An amended order changes what its jobs plan; what was reported stays with its job. A job that is skipped is taken out of
the graph, unless it has begun. A part of a split order gets jobs like those of the order it was split from, with
nothing reported.

A subcontracted operation's pieces are sent out and come back by results; more back than out is flagged
(``beyond_sent``), as is an operation that is finished below its order's tolerance (``under_production``) or goes above
it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

CLOCK_TOLERANCE = timedelta(minutes=2)


class JobState(StrEnum):
    """The state of a job."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Phase(StrEnum):
    """The phase of a job on its machine: being set up, making the first piece for approval, or producing."""

    SETUP = "setup"
    FIRST_OFF = "first_off"
    PRODUCTION = "production"


class JobCommand(StrEnum):
    """A move of a job; the last six come from the order and from other jobs."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    FEED = "feed"
    BLOCK = "block"
    UNBLOCK = "unblock"
    CANCEL = "cancel"
    SKIP = "skip"
    REOPEN = "reopen"


OPEN = (JobState.WAITING, JobState.READY, JobState.RUNNING, JobState.PAUSED, JobState.BLOCKED)


ON_MACHINE = (JobState.RUNNING, JobState.PAUSED)


TRANSITIONS: dict[tuple[JobState, JobCommand], JobState] = {
    (JobState.WAITING, JobCommand.FEED): JobState.READY,
    (JobState.READY, JobCommand.START): JobState.RUNNING,
    (JobState.RUNNING, JobCommand.PAUSE): JobState.PAUSED,
    (JobState.PAUSED, JobCommand.RESUME): JobState.RUNNING,
    (JobState.RUNNING, JobCommand.FINISH): JobState.DONE,
    (JobState.PAUSED, JobCommand.FINISH): JobState.DONE,
    (JobState.WAITING, JobCommand.BLOCK): JobState.BLOCKED,
    (JobState.READY, JobCommand.BLOCK): JobState.BLOCKED,
    (JobState.BLOCKED, JobCommand.UNBLOCK): JobState.WAITING,
    (JobState.WAITING, JobCommand.SKIP): JobState.SKIPPED,
    (JobState.READY, JobCommand.SKIP): JobState.SKIPPED,
    (JobState.BLOCKED, JobCommand.SKIP): JobState.SKIPPED,
    (JobState.DONE, JobCommand.REOPEN): JobState.READY,
    **{(state, JobCommand.CANCEL): JobState.CANCELLED for state in OPEN},
}
"""Every allowed move.

An unblocked job waits until it is fed; one that was done is reopened by pieces that come back to it.
"""


HAPPENED: dict[tuple[JobState, JobCommand], JobState] = {
    (JobState.WAITING, JobCommand.START): JobState.RUNNING,
    (JobState.BLOCKED, JobCommand.START): JobState.RUNNING,
    (JobState.RUNNING, JobCommand.START): JobState.RUNNING,
    (JobState.RUNNING, JobCommand.RESUME): JobState.RUNNING,
    (JobState.PAUSED, JobCommand.PAUSE): JobState.PAUSED,
    (JobState.DONE, JobCommand.FINISH): JobState.DONE,
}
"""Moves that are accepted as well when they have happened already.

Such a job was begun before its turn, or the move was reported by another tablet before.
"""


def next_state(state: JobState, command: JobCommand, *, has_happened: bool = False) -> JobState | None:
    """The state after ``command``, or None when it is not possible in ``state``."""
    move = (state, command)
    return TRANSITIONS.get(move) or (HAPPENED.get(move) if has_happened else None)


@dataclass(frozen=True)
class EffectiveTime:
    """The time at which a command took effect, and what is unusual about the one that its device gave."""

    at: datetime
    flags: tuple[str, ...] = ()
    has_happened: bool = False
    """It arrived long after it was done: what would only have been forbidden cannot be any more."""


def effective_time(at: datetime | None, now: datetime, *not_before: datetime | None) -> EffectiveTime:
    """The device's time ``at`` as it counts: never in the future, and never before what it follows."""
    given = at or now
    made_at = min(given, now)
    effective = max([made_at, *(moment for moment in not_before if moment is not None)])
    flags = []
    if effective - made_at > CLOCK_TOLERANCE:
        flags.append("late")
    if given - now > CLOCK_TOLERANCE:
        flags.append("clock")
    return EffectiveTime(effective, tuple(flags), now - given > CLOCK_TOLERANCE)


@dataclass(frozen=True)
class Totals:
    """Pieces made on a job."""

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
    """A predecessor's operation number, its good pieces, and how many of this job's pieces one of them gives."""

    op: int
    good: Decimal
    ratio: Decimal


def supply(planned: Decimal, feeds: Iterable[Feed]) -> Decimal:
    """Pieces that a job can have worked on so far: min over its predecessors of good × ratio.

    A first job can have worked on all that are planned.
    """
    return min((feed.good * feed.ratio for feed in feeds), default=planned)


def ready_quantity(planned: Decimal, feeds: Iterable[Feed], totals: Totals) -> Decimal:
    """Pieces that wait to be worked on now; never below zero."""
    return max(Decimal(0), supply(planned, feeds) - totals.processed)


def is_over(good: Decimal, planned: Decimal, over_tolerance_pct: Decimal) -> bool:
    """True when more good pieces were made than the order and its tolerance want."""
    return good > planned * (1 + over_tolerance_pct / 100)


def is_short(good: Decimal, planned: Decimal, under_tolerance_pct: Decimal | None) -> bool:
    """True when so few good pieces are worth a look when the job is finished; never without a tolerance."""
    return under_tolerance_pct is not None and good < planned * (1 - under_tolerance_pct / 100)


def rework_left(waiting: Decimal, made: Totals, *, is_reworked: bool, stays: bool) -> Decimal:
    """Pieces that wait to be reworked here after a report.

    Those that it reworked are gone, those that it found and that stay are added.
    """
    reworked = made.processed + made.rework if is_reworked else Decimal(0)
    return max(Decimal(0), waiting - reworked) + (made.rework if stays else Decimal(0))


def rework_restored(waiting: Decimal, made: Totals, *, is_reworked: bool, stays: bool) -> Decimal:
    """Pieces that wait to be reworked here when a report is taken back.

    Never below zero, should they have been reworked since.
    """
    found = made.rework if stays else Decimal(0)
    return max(Decimal(0), waiting - found) + (made.processed + made.rework if is_reworked else Decimal(0))
