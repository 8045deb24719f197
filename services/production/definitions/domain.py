"""Shifts, and the business date that they give to a moment. Times are in the shop's time zone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise


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
    """The shift at ``local`` (aware, in the shop's time zone).

    Outside of all shifts the calendar day, without a code.
    """
    for day in (local.date(), local.date() - timedelta(days=1)):
        for pattern in patterns:
            begins = datetime.combine(day, pattern.starts, local.tzinfo)
            end_day = day if pattern.ends > pattern.starts else day + timedelta(days=1)
            ends = datetime.combine(end_day, pattern.ends, local.tzinfo)
            if begins <= local < ends:
                return ShiftTime(pattern.code, day, begins, ends)
    midnight = datetime.combine(local.date(), time(0), local.tzinfo)
    return ShiftTime(None, local.date(), midnight, midnight + timedelta(days=1))


def shifts_between(patterns: Sequence[ShiftPattern], begins: datetime, ends: datetime) -> list[ShiftTime]:
    """The shifts from ``begins`` to ``ends`` (aware, in the shop's time zone) without a hole.

    What is outside of all shifts has no code.

    Where shifts overlap, each moment has the one that ``shift_at`` gives it.
    """
    days = [begins.date() + timedelta(days=n) for n in range(-1, (ends.date() - begins.date()).days + 2)]
    times = {time(0), *(pattern.starts for pattern in patterns), *(pattern.ends for pattern in patterns)}
    cuts = {datetime.combine(day, at, begins.tzinfo) for day in days for at in times}
    edges = [begins, *sorted(cut for cut in cuts if begins < cut < ends), ends]
    found: list[ShiftTime] = []
    for start, end in pairwise(edges):
        shift = shift_at(patterns, start)
        last = found[-1] if found else None
        if last and (last.code, last.business_date) == (shift.code, shift.business_date):
            found[-1] = ShiftTime(last.code, last.business_date, last.begins, end)
        else:
            found.append(ShiftTime(shift.code, shift.business_date, start, end))
    return found


def business_time(patterns: Sequence[ShiftPattern], first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The beginning and the end of the shifts of the business dates from ``first`` to ``last``."""
    midnight = datetime.combine(first, time(0), zone)
    found = shifts_between(patterns, midnight, datetime.combine(last, time(0), zone) + timedelta(days=2))
    shifts = [shift for shift in found if first <= shift.business_date <= last]
    return shifts[0].begins, shifts[-1].ends
