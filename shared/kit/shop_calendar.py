"""The shop's calendar: which shift an instant belongs to. Planning, production and labour all ask this one.

A shift is there every day but the days off, and ends at another time where the calendar has overtime for it; on a day
off it is there when it has overtime. It belongs to the day on which it begins. What it looked like on a day is what was
valid then (``earlier``).

All instants that come out are in UTC, so that the time between two of them is what has really passed, whatever the
clock on the wall did; those that go in may be in any zone. A time of the wall's clock is the first instant of its day
at which the clock shows it or more: of an hour that comes twice the first one, of an hour that is left out its end.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Span = tuple[datetime, datetime]
"""Two instants in UTC."""


@dataclass(frozen=True)
class ShiftTimes:
    """The times of a shift on a day by the shop's clock; it ends on the next day when ``ends`` is not after ``starts``.

    It is not there when it is not ``active``.
    """

    starts: time
    ends: time
    active: bool = True


@dataclass(frozen=True)
class ShiftPattern:
    """A shift of every day: its times from now on, and those that it had before.

    ``earlier`` are the days before which it had other times, and these, in order.
    """

    code: str
    starts: time
    ends: time
    active: bool = True
    earlier: tuple[tuple[date, ShiftTimes], ...] = ()

    def on(self, day: date) -> ShiftTimes:
        """The times that were valid on a day."""
        for until, times in self.earlier:
            if day < until:
                return times
        return ShiftTimes(self.starts, self.ends, self.active)


def read_earlier(entries: Iterable[Mapping[str, Any]]) -> tuple[tuple[date, ShiftTimes], ...]:
    """The earlier times of a shift as they are stored: [{until, starts, ends, active}]."""
    return tuple(
        (
            date.fromisoformat(entry["until"]),
            ShiftTimes(time.fromisoformat(entry["starts"]), time.fromisoformat(entry["ends"]), entry["active"]),
        )
        for entry in entries
    )


@dataclass(frozen=True)
class ShiftTime:
    """One shift of one day. ``business_date`` is the day on which it began."""

    code: str | None
    business_date: date
    begins: datetime
    ends: datetime


class ShopCalendar:
    """The shifts of a shop in its time zone.

    Where shifts overlap, an instant belongs to the one of its own day, and of these to the first.
    """

    def __init__(
        self,
        shifts: Sequence[ShiftPattern],
        days_off: Collection[date],
        overtime: Mapping[tuple[date, str], time],
        zone: ZoneInfo,
    ) -> None:
        self.zone = zone
        self._shifts = shifts
        self._days_off = frozenset(days_off)
        self._overtime = overtime
        self._days: dict[date, list[ShiftTime]] = {}

    @property
    def has_shifts(self) -> bool:
        """True when there is or was a shift."""
        return any(shift.active or shift.earlier for shift in self._shifts)

    def knows(self, day: date) -> bool:
        """True when a shift was valid on a day, whether the shop worked or rested."""
        return any(shift.on(day).active for shift in self._shifts)

    def day_of(self, at: datetime) -> date:
        """The day that the shop's clock shows at an instant."""
        return at.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins."""
        return self.instant(day, time())

    def instant(self, day: date, at: time) -> datetime:
        """The first instant of a day at which the shop's clock shows ``at`` or more."""
        return first_instant(day, at, self.zone)

    def shifts_of(self, day: date) -> list[ShiftTime]:
        """The shifts that begin on a day, in the order in which they were given."""
        if day not in self._days:
            self._days[day] = [shift for pattern in self._shifts if (shift := self._shift_of(pattern, day))]
        return self._days[day]

    def _shift_of(self, pattern: ShiftPattern, day: date) -> ShiftTime | None:
        times = pattern.on(day)
        ends = self._overtime.get((day, pattern.code), None if day in self._days_off else times.ends)
        if ends is None or not times.active:
            return None
        last = day if ends > times.starts else day + DAY
        shift = ShiftTime(pattern.code, day, self.instant(day, times.starts), self.instant(last, ends))
        return shift if shift.begins < shift.ends else None

    def shift_at(self, at: datetime) -> ShiftTime:
        """The shift at an instant; outside of all shifts the day by the shop's clock, without a code."""
        day = self.day_of(at)
        for shift in [*self.shifts_of(day), *self.shifts_of(day - DAY)]:
            if shift.begins <= at < shift.ends:
                return shift
        return ShiftTime(None, day, self.midnight(day), self.midnight(day + DAY))

    def shifts_between(self, begins: datetime, ends: datetime) -> list[ShiftTime]:
        """The shifts from one instant to another, without a hole: each moment has the one that ``shift_at`` gives it.

        What is outside of all shifts has no code.
        """
        begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)
        first = self.day_of(begins)
        days = [first + DAY * number for number in range(-1, (self.day_of(ends) - first).days + 2)]
        cuts = {self.midnight(day) for day in days}
        cuts |= {cut for day in days for shift in self.shifts_of(day) for cut in (shift.begins, shift.ends)}
        edges = [begins, *sorted(cut for cut in cuts if begins < cut < ends), ends]
        found: list[ShiftTime] = []
        for start, end in pairwise(edges):
            shift = self.shift_at(start)
            last = found[-1] if found else None
            if last and (last.code, last.business_date) == (shift.code, shift.business_date):
                found[-1] = ShiftTime(last.code, last.business_date, last.begins, end)
            else:
                found.append(ShiftTime(shift.code, shift.business_date, start, end))
        return found

    def business_shifts(self, first: date, last: date) -> list[ShiftTime]:
        """All shifts of the business dates from ``first`` to ``last``, in order, and what is between them."""
        found = self.shifts_between(self.midnight(first), self.midnight(last + 2 * DAY))
        return [shift for shift in found if first <= shift.business_date <= last]

    def business_time(self, first: date, last: date) -> Span:
        """The beginning and the end of the business dates from ``first`` to ``last``."""
        shifts = self.business_shifts(first, last)
        return (shifts[0].begins, shifts[-1].ends) if shifts else (self.midnight(first), self.midnight(last + DAY))


def first_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant of a day at which the clock of a zone shows ``at`` or more, in UTC."""
    local = datetime.combine(day, at.replace(fold=0), zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    # the clock leaves this time out: the end of the gap lies between what the offsets before and after it say
    after = local.replace(fold=1).utcoffset()
    low, high = local.replace(fold=1, microsecond=0).astimezone(UTC), found.replace(microsecond=0)
    while high - low > SECOND:
        middle = low + (high - low) // 2 // SECOND * SECOND
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == after else (middle, high)
    return high
