"""The rules of jobs and results.

A report is never refused for a bureaucratic reason: the pieces were made. What is unusual about it becomes a flag, for a person to look at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache

CLOCK_TOLERANCE = timedelta(minutes=2)
MICRO = Decimal("0.000001")
"""The smallest quantity there is."""


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


class Phase(StrEnum):
    """What a job on its machine is at: being set up, making the first piece for approval, or producing."""

    SETUP = "setup"
    FIRST_OFF = "first_off"
    PRODUCTION = "production"


class Command(StrEnum):
    """What moves it; the last six come from the order and from other jobs."""

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
    (State.DONE, Command.REOPEN): State.READY,
    **{(state, Command.CANCEL): State.CANCELLED for state in OPEN},
}
"""Every allowed move. An unblocked job waits until it is fed; one that was done is reopened by pieces that come back to it."""

HAPPENED: dict[tuple[State, Command], State] = {
    (State.WAITING, Command.START): State.RUNNING,
    (State.BLOCKED, Command.START): State.RUNNING,
    (State.RUNNING, Command.START): State.RUNNING,
    (State.RUNNING, Command.RESUME): State.RUNNING,
    (State.PAUSED, Command.PAUSE): State.PAUSED,
    (State.DONE, Command.FINISH): State.DONE,
}
"""What is taken beside that when it has happened already: begun before its turn, or told a second time by another tablet."""


def next_state(state: State, command: Command, *, has_happened: bool = False) -> State | None:
    """The state after ``command``, or None when it is not possible in ``state``."""
    move = (state, command)
    return TRANSITIONS.get(move) or (HAPPENED.get(move) if has_happened else None)


@dataclass(frozen=True)
class Touch:
    """When a command took effect, and what is unusual about the time that its device gave."""

    at: datetime
    flags: tuple[str, ...] = ()
    has_happened: bool = False
    """It is told long after it was done: what would only have been forbidden cannot be any more."""


def touched(at: datetime | None, now: datetime, *not_before: datetime | None) -> Touch:
    """The device's time ``at`` as it counts: never in the future, and never before what it follows."""
    told = at or now
    made_at = min(told, now)
    effective = max([made_at, *(moment for moment in not_before if moment is not None)])
    flags = []
    if effective - made_at > CLOCK_TOLERANCE:
        flags.append("late")
    if told - now > CLOCK_TOLERANCE:
        flags.append("clock")
    return Touch(effective, tuple(flags), now - told > CLOCK_TOLERANCE)


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
    """A predecessor's operation number, its good pieces, and how many of this job's pieces one of them gives."""

    op: int
    good: Decimal
    ratio: Decimal


def supply(planned: Decimal, feeds: Iterable[Feed]) -> Decimal:
    """Pieces that a job can have worked on so far: min over its predecessors of good × ratio; all of them for a first job."""
    return min((feed.good * feed.ratio for feed in feeds), default=planned)


def ready_quantity(planned: Decimal, feeds: Iterable[Feed], totals: Totals) -> Decimal:
    """Pieces that wait to be worked on now; never below zero."""
    return max(Decimal(0), supply(planned, feeds) - totals.processed)


def is_short(good: Decimal, planned: Decimal, under_tolerance_pct: Decimal | None) -> bool:
    """Whether so few good pieces are worth a look when the job is finished; never without a tolerance."""
    return under_tolerance_pct is not None and good < planned * (1 - under_tolerance_pct / 100)


def rework_left(waiting: Decimal, made: Totals, *, is_reworked: bool, stays: bool) -> Decimal:
    """Pieces that wait to be reworked here after a report: those that it reworked are gone, those that it found and that stay are added."""
    reworked = made.processed + made.rework if is_reworked else Decimal(0)
    return max(Decimal(0), waiting - reworked) + (made.rework if stays else Decimal(0))


def rework_restored(waiting: Decimal, made: Totals, *, is_reworked: bool, stays: bool) -> Decimal:
    """Pieces that wait to be reworked here when a report is taken back; never below zero, should they have been reworked since."""
    found = made.rework if stays else Decimal(0)
    return max(Decimal(0), waiting - found) + (made.processed + made.rework if is_reworked else Decimal(0))


def sent_back(
    feeds: Mapping[int, Mapping[int, Decimal]], source: int, target: int, quantity: Decimal
) -> dict[int, Decimal] | None:
    """How many pieces of which operations have not passed after all, when pieces go back from ``source`` to ``target``.

    ``feeds`` are the operations before each one, with the pieces it makes of one of theirs. None when ``target`` is not before ``source``.
    """

    @cache
    def leads_from_target(op: int) -> bool:
        return op == target or any(leads_from_target(before) for before in feeds[op])

    if source == target or not leads_from_target(source):
        return None
    back: dict[int, Decimal] = {}

    def walk(op: int, pieces: Decimal) -> None:
        for before, ratio in feeds[op].items():
            if leads_from_target(before):
                given = (pieces / ratio).quantize(MICRO)
                back[before] = max(back.get(before, Decimal(0)), given)
                walk(before, given)

    walk(source, quantity)
    return back


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
