"""Machine states and shifts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class MachineState(StrEnum):
    """What a machine does; every interval of time has exactly one."""

    OFF = "off"
    IDLE = "idle"
    SETUP = "setup"
    RUNNING = "running"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ShiftPattern:
    """A shift of every day, in the shop's time zone; it ends on the next day when ``ends`` is not after ``starts``."""

    code: str
    starts: time
    ends: time


@dataclass(frozen=True)
class ShiftTime:
    """One shift of one day. ``business_date`` is the day on which it began."""

    code: str | None
    business_date: date
    begins: datetime
    ends: datetime


def shift_at(patterns: Iterable[ShiftPattern], local: datetime) -> ShiftTime:
    """The shift at ``local`` (aware, in the shop's time zone); outside of all shifts the calendar day, without a code."""
    for day in (local.date(), local.date() - timedelta(days=1)):
        for pattern in patterns:
            begins = datetime.combine(day, pattern.starts, local.tzinfo)
            end_day = day if pattern.ends > pattern.starts else day + timedelta(days=1)
            ends = datetime.combine(end_day, pattern.ends, local.tzinfo)
            if begins <= local < ends:
                return ShiftTime(pattern.code, day, begins, ends)
    midnight = datetime.combine(local.date(), time(0), local.tzinfo)
    return ShiftTime(None, local.date(), midnight, midnight + timedelta(days=1))


def shifts_between(patterns: Sequence[ShiftPattern], begins: datetime, ends: datetime) -> Iterator[ShiftTime]:
    """The shifts from ``begins`` to ``ends`` (aware, in the shop's time zone), clipped to them, and what lies outside of all shifts."""
    while begins < ends:
        shift = shift_at(patterns, begins)
        until = min(shift.ends, ends)
        if shift.code is None:
            until = min([until, *(start for start in _starts(patterns, begins) if start > begins)])
        yield ShiftTime(shift.code, shift.business_date, begins, until)
        begins = until


def _starts(patterns: Iterable[ShiftPattern], local: datetime) -> list[datetime]:
    return [datetime.combine(local.date(), pattern.starts, local.tzinfo) for pattern in patterns]


def state_of_reason(kind: str | None) -> MachineState:
    """The state that a pause brings: a set-up is one of its own, anything else is a stop."""
    return MachineState.SETUP if kind == "setup" else MachineState.STOPPED


@dataclass(frozen=True)
class Interval:
    """A machine state from ``begins`` to ``ends``; an open end is the present."""

    begins: datetime
    ends: datetime | None
    state: str
    reason: str | None
    source: str


def clip(intervals: Sequence[Interval], begins: datetime, ends: datetime) -> list[Interval]:
    """The parts of the intervals within a window, in order."""
    clipped = []
    for interval in intervals:
        start, end = max(interval.begins, begins), min(interval.ends or ends, ends)
        if start < end:
            clipped.append(Interval(start, end, interval.state, interval.reason, interval.source))
    return clipped
