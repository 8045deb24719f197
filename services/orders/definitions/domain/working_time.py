"""Working time: the shop works in its shifts, day after day but the days off, and longer with overtime."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
NONE = timedelta()
REACH = timedelta(days=3650)
"""The furthest that working time is counted: nobody plans over more than ten years."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""Before it nothing is counted back: work begins when it is due."""
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class ShiftPattern:
    """A shift of every day, in the shop's time zone; it ends on the next day when ``ends`` is not after ``starts``."""

    code: str
    starts: time
    ends: time


class WorkingTime:
    """The hours in which the shop works; without any shift they are not known, and every hour counts.

    A shift belongs to the day on which it begins: on a day off it is left out, unless that day has overtime for it.
    """

    def __init__(
        self,
        shifts: Sequence[ShiftPattern],
        days_off: Collection[date],
        overtime: Mapping[tuple[date, str], time],
        zone: ZoneInfo,
    ) -> None:
        self._shifts = shifts
        self._days_off = frozenset(days_off)
        self._overtime = overtime
        self.zone = zone
        self._days: dict[date, list[Span]] = {}

    def back(self, at: datetime, work_s: int, wait: timedelta = NONE) -> datetime:
        """The latest instant from which ``work_s`` seconds of working time, and then ``wait``, pass until ``at``.

        ``wait`` passes day and night. The instant is at most REACH before ``at``.
        """
        if at <= EARLIEST:
            return at
        limit = at.astimezone(UTC) - REACH
        at = at.astimezone(UTC) - min(wait, REACH)
        left = timedelta(seconds=min(work_s, REACH.total_seconds()))
        if not self._shifts or not left:
            return max(at - left, limit)
        day = at.astimezone(self.zone).date()
        for _ in range(REACH.days + 1):
            for begins, ends in reversed(self._spans(day)):
                worked = min(ends, at) - begins
                if worked >= left:
                    return max(min(ends, at) - left, limit)
                if worked > NONE:
                    left -= worked
            day -= DAY
        return limit

    def ahead(self, at: datetime, work_s: int, wait: timedelta = NONE) -> datetime:
        """The instant at which ``work_s`` seconds of working time, and then ``wait``, have passed since ``at``.

        ``wait`` passes day and night. The instant is at most REACH after ``at``.
        """
        begins = at.astimezone(UTC)
        limit = begins + REACH
        wait = min(wait, REACH)
        left = timedelta(seconds=min(work_s, REACH.total_seconds()))
        if not self._shifts or not left:
            return min(begins + left + wait, limit)
        day = begins.astimezone(self.zone).date()
        for _ in range(REACH.days + 1):
            for starts, ends in self._spans(day):
                worked = ends - max(starts, begins)
                if worked >= left:
                    return min(max(starts, begins) + left + wait, limit)
                if worked > NONE:
                    left -= worked
            day += DAY
        return limit

    def _spans(self, day: date) -> list[Span]:
        """The hours of work between a day's midnights, in order and apart from each other."""
        if day not in self._days:
            midnight, next_midnight = self._midnight(day), self._midnight(day + DAY)
            spans: list[Span] = []
            for begins, ends in sorted(self._shifts_of(day - DAY) + self._shifts_of(day)):
                begins, ends = max(begins, midnight), min(ends, next_midnight)
                if begins >= ends:
                    continue
                if spans and begins <= spans[-1][1]:
                    before = spans.pop()
                    begins, ends = before[0], max(before[1], ends)
                spans.append((begins, ends))
            self._days[day] = spans
        return self._days[day]

    def _shifts_of(self, day: date) -> list[Span]:
        """The shifts that begin on a day."""
        spans = []
        for shift in self._shifts:
            ends = self._overtime.get((day, shift.code), None if day in self._days_off else shift.ends)
            if ends is not None:
                last = day if ends > shift.starts else day + DAY
                spans.append((self._instant(day, shift.starts), self._instant(last, ends)))
        return spans

    def _midnight(self, day: date) -> datetime:
        return self._instant(day, time())

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)
