"""The rules of jobs.

The jobs of an order are a graph. Pieces ready at a job = min over its predecessors of good × ratio, less what it has
processed, and never more than it still lacks of what is planned; the first good pieces of an operation make the next
one ready. A machine runs one job at a time. Each start, resume and change of phase begins a run; pause and finish end
it. Who starts a job joins its crew, and the finish ends all of it.

A finished job is taken up again by who may, with a reason: it is started anew, and its machine time and its crew begin
again. Pieces that come back to it and a raised quantity make it ready by themselves. A job of a cancelled order comes
back with its order.

A command counts from its device's time, but not before what the job or its machine did last. One that arrives more
than two minutes after it was done has happened: what would have been refused becomes a flag. ``flags`` of a job are all
that it ever had.

An amended order changes what its jobs plan; what was reported stays with its job. A job that is skipped is taken out of
the graph, unless it has begun. A part of a split order gets jobs like those of the order it was split from, with
nothing reported.

Who joins and leaves a crew, or comes and goes at the gate, is recorded touch by touch; from all of them together it
follows who was there, in whatever order they arrived. An opposite touch at the same instant takes one back.

A subcontracted operation's pieces are sent out and come back by results; more back than out is flagged
(``beyond_sent``), as is an operation that is finished below its order's tolerance (``under_production``) or goes above
it. What came back to be reworked waits here: it is reworked in the shop, or goes out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import prod

from services.production.machines.domain import MachineState
from shared.kit.quantities import exact_ratio, round_down


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


PHASE_STATES = {
    Phase.SETUP: MachineState.SETUP,
    Phase.FIRST_OFF: MachineState.SETUP,
    Phase.PRODUCTION: MachineState.RUNNING,
}
"""The machine's state in each phase of its job: making a piece for approval is a part of the set-up."""


class JobCommand(StrEnum):
    """A move of a job; the last six come from the order and from other jobs, the last one also from who takes it up."""

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
    (JobState.CANCELLED, JobCommand.REOPEN): JobState.WAITING,
    **{(state, JobCommand.CANCEL): JobState.CANCELLED for state in OPEN},
}
"""Every allowed move.

An unblocked job waits until it is fed, and so does one whose cancelled order comes back; one that was done is reopened
by pieces that come back to it, by a raised quantity, or to be started again.
"""


HAPPENED: dict[tuple[JobState, JobCommand], JobState] = {
    (JobState.WAITING, JobCommand.START): JobState.RUNNING,
    (JobState.BLOCKED, JobCommand.START): JobState.RUNNING,
    (JobState.RUNNING, JobCommand.START): JobState.RUNNING,
    (JobState.RUNNING, JobCommand.RESUME): JobState.RUNNING,
    (JobState.PAUSED, JobCommand.PAUSE): JobState.PAUSED,
    (JobState.DONE, JobCommand.FINISH): JobState.DONE,
    (JobState.DONE, JobCommand.START): JobState.RUNNING,
}
"""Moves that are accepted as well when they have happened already.

Such a job was begun before its turn, or goes on after its finish, or another tablet has reported the move before.
"""


def next_state(state: JobState, command: JobCommand, *, has_happened: bool = False) -> JobState | None:
    """The state after ``command``, or None when it is not possible in ``state``."""
    move = (state, command)
    return TRANSITIONS.get(move) or (HAPPENED.get(move) if has_happened else None)


LONGEST_BREAK = timedelta(hours=4)
"""Who is back within it had a break, and goes on with the jobs on which they worked."""
Touch = tuple[datetime, bool]
"""An instant, and whether somebody comes (or goes) then."""
Absence = tuple[datetime, datetime | None]
"""When somebody went, and when they were there again, if they are."""


@dataclass(frozen=True)
class Presence:
    """A time in which somebody was there; without an end they still are.

    ``again_at`` is when they last came once more though they were there.
    """

    begins: datetime
    ends: datetime | None = None
    again_at: datetime | None = None

    @property
    def touches(self) -> list[Touch]:
        """The touches that it follows from."""
        again = [(self.again_at, True)] if self.again_at else []
        return [(self.begins, True), *again, *([(self.ends, False)] if self.ends else [])]


def presences(touches: Iterable[Touch]) -> list[Presence]:
    """The times in which somebody was there, in order, by all touches of theirs in whatever order.

    Who goes without having come was not there; who comes twice was there all the time. Touches at one instant count in
    the order in which they are given.
    """
    found: list[Presence] = []
    there: Presence | None = None
    for at, comes in sorted(touches, key=lambda touch: touch[0]):
        if comes and there is None:
            if found and found[-1].begins == at:
                found.pop()  # they had come and gone at this instant
            there = Presence(at)
        elif comes and there is not None and at > there.begins:
            there = Presence(there.begins, None, at)
        elif not comes and there is not None:
            found.append(Presence(there.begins, at, there.again_at))
            there = None
    return [*found, there] if there else found


def all_touches(recorded: Sequence[Touch], stored: Iterable[Presence]) -> list[Touch]:
    """The recorded touches, and before them those of stored times that were not recorded touch by touch."""
    known = set(recorded)
    return [*(touch for presence in stored for touch in presence.touches if touch not in known), *recorded]


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
    """A predecessor's operation number, its good pieces, and how many of this job's pieces one of them gives.

    Of these, skipped operations in between have ``held_back`` so many.
    """

    op: int
    good: Decimal
    ratio: Decimal
    held_back: Fraction = Fraction(0)


def of_the_item(ratios: Mapping[int, Mapping[int, Decimal]]) -> set[int]:
    """The operations whose pieces are the item's: no ratio but 1 lies between them and the end.

    ``ratios`` are by operation those to each of its predecessors. Before a ratio there are sheets or rods, in whatever
    unit.
    """
    links = [(before, op, ratio) for op, feeds in ratios.items() for before, ratio in feeds.items()]
    others = {before for before, _, ratio in links if ratio != 1}
    while found := {before for before, op, _ in links if op in others} - others:
        others |= found
    return set(ratios) - others


def supply(planned: Decimal, feeds: Iterable[Feed], decimals: int) -> Decimal:
    """Pieces that a job can have worked on so far: min over its predecessors of good × ratio, in whole ``decimals``.

    A first job can have worked on all that are planned.
    """
    given = [Fraction(feed.good) * exact_ratio(feed.ratio) - feed.held_back for feed in feeds]
    return round_down(min(given), decimals) if given else planned


def ready_quantity(planned: Decimal, feeds: Iterable[Feed], totals: Totals, decimals: int) -> Decimal:
    """Pieces that wait to be worked on now: of those that are there as many as are lacking; never below zero.

    Four sheets of three pieces are twelve, of which an order of ten wants ten.
    """
    waiting = supply(planned, feeds, decimals) - totals.processed
    return max(Decimal(0), min(waiting, planned - totals.good))


def is_opened_by(state: JobState, good: Decimal, before: Decimal, planned: Decimal) -> bool:
    """True when a quantity that was raised from ``before`` to ``planned`` opens a job that was done."""
    return state is JobState.DONE and planned > before and good < planned


def is_over(good: Decimal, planned: Decimal, over_tolerance_pct: Decimal) -> bool:
    """True when more good pieces were made than the order and its tolerance want."""
    return good > planned * (1 + over_tolerance_pct / 100)


def is_short(good: Decimal, planned: Decimal, under_tolerance_pct: Decimal | None) -> bool:
    """True when so few good pieces are worth a look when the job is finished; never without a tolerance."""
    return under_tolerance_pct is not None and good < planned * (1 - under_tolerance_pct / 100)


def rework_left(waiting: Decimal, made: Totals, *, is_reworked: bool, stays: bool) -> Decimal:
    """Pieces that wait to be reworked here after a report; after it is taken back, with the negative of it.

    Those that it reworked are gone, those that it found and that stay are added. Below zero more were reworked than
    were found, so far: reports come in any order, and are corrected.
    """
    reworked = made.processed + made.rework if is_reworked else Decimal(0)
    return waiting - reworked + (made.rework if stays else Decimal(0))


def back_from_outside(made: Totals, *, is_reworked: bool) -> Decimal:
    """Pieces that came back by a report at a subcontracted operation; those reworked in the shop had before."""
    return Decimal(0) if is_reworked else made.processed + made.rework


def outside(sent: Decimal, waiting: Decimal) -> Decimal:
    """Pieces that are with the subcontractor, by those ``sent`` less those back; below zero more came than went.

    ``waiting`` are those to be reworked here as they are counted: where more were reworked than waited, the others were
    reworked out there, and came back by that.
    """
    return sent - min(waits(-waiting), waits(sent))


def held_back(scrap: Decimal, waiting: Decimal, sent: Decimal, ratio: Decimal) -> Fraction:
    """Pieces that a skipped operation has not let go, as those of the job that takes ``ratio`` from each of its."""
    pieces = scrap + waits(waiting) + waits(outside(sent, waiting))
    return Fraction(pieces) * exact_ratio(ratio)


def through(ratios: Iterable[Decimal]) -> Decimal:
    """The ratio of operations one after the other: three thirds are one, and not 0.999999."""
    ratio = prod(map(exact_ratio, ratios))
    return Decimal(ratio.numerator) / ratio.denominator


def out_again(quantity: Decimal, fresh: Decimal, waiting: Decimal) -> Decimal:
    """Pieces of a sending that go out again to be reworked, where nobody says how many.

    Those beyond the ``fresh`` ones, which have not been out yet, as far as so many are ``waiting``.
    """
    return min(waits(quantity - waits(fresh)), waits(waiting))


def waits(counted: Decimal) -> Decimal:
    """Pieces that wait somewhere, of those counted in less those counted out; never below zero."""
    return max(Decimal(0), counted)
