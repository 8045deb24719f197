"""The daily report: one day's ledger and machine states, by shift, machine and job.

Invariants: the rows' pieces add up to the ledger's, and a row's times to what its machine did for its job in that
shift.

A time's column follows from the state, the reason's kind and its code; the open state counts up to now. A machine
without an order is a planned stop (ISO 22400-2), and outside of all shifts it is left out. Utilisation is operation
time over all but planned stops; sums are divided once, never averaged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from services.production.machines.domain import MachineState, MachineTime
from shared.kit.shop_calendar import ShiftTime

NOTHING = timedelta()


class TimeCategory(StrEnum):
    """The categories of a machine's time, each a column of the report."""

    OPERATION = "operation"
    PLANNED_STOP = "planned_stop"
    DIE_CHANGE = "die_change"
    NO_MATERIAL = "no_material"
    READJUSTMENT = "readjustment"
    MACHINE_FAILURE = "machine_failure"
    NO_OPERATOR = "no_operator"
    OTHER = "other"


CATEGORY_OF_STATE = {
    MachineState.RUNNING: TimeCategory.OPERATION,
    MachineState.SETUP: TimeCategory.DIE_CHANGE,
    MachineState.IDLE: TimeCategory.PLANNED_STOP,
    MachineState.OFF: TimeCategory.PLANNED_STOP,
}
"""A machine without an order is a planned stop: ISO 22400-2 counts "no order" to the planned downtime."""
CATEGORY_OF_KIND = {"planned": TimeCategory.PLANNED_STOP, "setup": TimeCategory.DIE_CHANGE}
LOSS_OF_REASON = {
    "U2": TimeCategory.MACHINE_FAILURE,
    "U4": TimeCategory.NO_MATERIAL,
    "U6": TimeCategory.NO_OPERATOR,
    "U7": TimeCategory.READJUSTMENT,
}
"""The loss category of an unplanned stop by its reason, by the codes that a new shop begins with.

A stop for any other reason is in the last column, and named in the remarks.
"""


def time_category(state: str, kind: str | None, reason: str | None) -> TimeCategory:
    """The category of a machine's time: by its state, a stop's by the reason's kind, then by its code."""
    of_state = CATEGORY_OF_STATE.get(MachineState(state))
    return of_state or CATEGORY_OF_KIND.get(kind or "") or LOSS_OF_REASON.get(reason or "", TimeCategory.OTHER)


@dataclass(frozen=True)
class RowKey:
    """The shift, machine and job of a row.

    Without a machine the pieces were made by hand, without a job the machine had none.
    """

    shift: str | None
    machine: str | None
    job: UUID | None


@dataclass(frozen=True)
class Pieces:
    """The ledger's sums of a row on one business date."""

    key: RowKey
    good: Decimal
    scrap: Decimal
    rework: Decimal
    reversals: int
    people: frozenset[str]
    flags: frozenset[str]


@dataclass(frozen=True)
class CrewPresence:
    """A time in which somebody worked on a job; an open end is the present."""

    person: str
    job: UUID
    begins: datetime
    ends: datetime | None


@dataclass
class ReportRow:
    """One line of the report.

    ``stops`` are the times by reason of what is not in a column of its own; None is a stop without a
    reason.
    """

    key: RowKey
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)
    reversals: int = 0
    times: dict[TimeCategory, timedelta] = field(default_factory=lambda: defaultdict(timedelta))
    stops: dict[str | None, timedelta] = field(default_factory=lambda: defaultdict(timedelta))
    without_order: timedelta = NOTHING
    setups: int = 0
    crew: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)


def utilisation(times: Mapping[TimeCategory, timedelta]) -> float | None:
    """Operation time over the time that was not a planned stop (APT / PBT, ISO 22400-2); None where there was none."""
    busy = sum((lasting for category, lasting in times.items() if category is not TimeCategory.PLANNED_STOP), NOTHING)
    return times.get(TimeCategory.OPERATION, NOTHING) / busy if busy else None


def report_rows(
    shifts: Sequence[ShiftTime],
    ledger: Iterable[Pieces],
    times: Sequence[MachineTime],
    crew: Sequence[CrewPresence],
    now: datetime,
    person: str | None = None,
) -> list[ReportRow]:
    """The rows of one business date, whose ``shifts`` are given, up to ``now``.

    ``times`` are whole intervals in order for each machine. With a ``person`` the ledger is theirs, and machine times
    count while they worked on the machine's job. Outside of all shifts a machine without a job is left out.
    """
    rows: dict[RowKey, ReportRow] = {}
    for pieces in ledger:
        row = rows.setdefault(pieces.key, ReportRow(pieces.key))
        row.good, row.scrap, row.rework = row.good + pieces.good, row.scrap + pieces.scrap, row.rework + pieces.rework
        row.reversals += pieces.reversals
        row.crew |= pieces.people
        row.flags |= pieces.flags
    at_work = _presence_by_job([one for one in crew if person in (None, one.person)])
    began = {id(time) for time in times if time.state == MachineState.SETUP} - _continued_setups(times)
    for shift in shifts:
        for time in times:
            key = RowKey(shift.code, time.machine, time.job)
            if time.job is None and (shift.code is None or person):
                continue
            begins, ends = max(time.begins, shift.begins), min(time.ends or now, shift.ends, now)
            present = at_work.get(time.job, []) if time.job else []
            spans = _within(begins, ends, present) if person else [(begins, ends)] if begins < ends else []
            if not spans:
                continue
            row = rows.setdefault(key, ReportRow(key))
            _add_time(row, time, sum((end - start for start, end in spans), NOTHING))
            row.setups += id(time) in began and begins == time.begins and spans[0][0] == begins
            row.crew |= {one.person for one in present if one.begins < ends and (one.ends is None or one.ends > begins)}
    return list(rows.values())


def _add_time(row: ReportRow, time: MachineTime, lasting: timedelta) -> None:
    category = time_category(time.state, time.kind, time.reason)
    row.times[category] += lasting
    if time.job is None:
        row.without_order += lasting
    elif category is TimeCategory.OTHER:
        row.stops[time.reason] += lasting


def _presence_by_job(crew: Iterable[CrewPresence]) -> dict[UUID, list[CrewPresence]]:
    by_job: defaultdict[UUID, list[CrewPresence]] = defaultdict(list)
    for one in sorted(crew, key=lambda one: one.begins):
        by_job[one.job].append(one)
    return by_job


def _continued_setups(times: Sequence[MachineTime]) -> set[int]:
    """Those that go on with the set-up of the same job, for another reason."""
    return {
        id(time)
        for before, time in pairwise(times)
        if before.state == time.state == MachineState.SETUP
        and (before.machine, before.job, before.ends) == (time.machine, time.job, time.begins)
    }


def _within(begins: datetime, ends: datetime, present: Iterable[CrewPresence]) -> list[tuple[datetime, datetime]]:
    """The parts of a time in which one person was there; a person's times on a job do not overlap."""
    spans = ((max(begins, one.begins), min(ends, one.ends or ends)) for one in present)
    return [(start, end) for start, end in spans if start < end]
