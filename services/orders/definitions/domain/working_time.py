"""Working time: the shop works in its shifts, day after day but the days off, and longer with overtime."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.kit.shop_calendar import DAY, ShopCalendar, Span

NONE = timedelta()
REACH = timedelta(days=3650)
"""The furthest that working time is counted: nobody plans over more than ten years."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""Before it nothing is counted back: work begins when it is due."""


class WorkingTime:
    """The hours in which the shop works by its calendar.

    On days that know of no shift at all they are not known, and every hour counts.
    """

    def __init__(self, calendar: ShopCalendar) -> None:
        self._calendar = calendar
        self._days: dict[date, list[Span]] = {}

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return self._calendar.zone

    def back(self, at: datetime, work_s: int, wait: timedelta = NONE) -> datetime:
        """The latest instant from which ``work_s`` seconds of working time, and then ``wait``, pass until ``at``.

        ``wait`` passes day and night. The instant is at most REACH before ``at``.
        """
        if at <= EARLIEST:
            return at
        limit = at.astimezone(UTC) - REACH
        at = at.astimezone(UTC) - min(wait, REACH)
        left = timedelta(seconds=min(work_s, REACH.total_seconds()))
        if not self._calendar.has_shifts or not left:
            return max(at - left, limit)
        day = self._calendar.day_of(at)
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
        if not self._calendar.has_shifts or not left:
            return min(begins + left + wait, limit)
        day = self._calendar.day_of(begins)
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
            midnight, next_midnight = self._calendar.midnight(day), self._calendar.midnight(day + DAY)
            spans: list[Span] = [] if self._calendar.knows(day) else [(midnight, next_midnight)]
            shifts = [*self._calendar.shifts_of(day - DAY), *self._calendar.shifts_of(day)]
            worked = [] if spans else sorted((shift.begins, shift.ends) for shift in shifts)
            for begins, ends in worked:
                begins, ends = max(begins, midnight), min(ends, next_midnight)
                if begins >= ends:
                    continue
                if spans and begins <= spans[-1][1]:
                    before = spans.pop()
                    begins, ends = before[0], max(before[1], ends)
                spans.append((begins, ends))
            self._days[day] = spans
        return self._days[day]
