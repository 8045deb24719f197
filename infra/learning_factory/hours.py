"""The hours in which the shop of a history works."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LEAST_OF_A_DAY = dt.timedelta(hours=2)
"""A history that ends earlier in the day shift than this, or long after it, ends with a crew that came for it."""
SPECIAL = dt.timedelta(hours=4)
"""So long before the end such a crew came, which is also the longest overtime of a day shift."""


@dataclass(frozen=True)
class WorkingDay:
    """The hours of one crew, whose people have their breaks by turns."""

    begins: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True)
class Hours:
    """The day shift of a shop on working days, in the shop's time."""

    zone: ZoneInfo
    starts: dt.time
    ends: dt.time

    def days(self, first: dt.date, now: dt.datetime) -> list[WorkingDay]:
        """The working days from ``first`` up to ``now``: whenever that is, a crew is at work then."""
        today = now.astimezone(self.zone).date()
        dates = (first + dt.timedelta(days=offset) for offset in range((today - first).days + 1))
        shifts = [
            WorkingDay(*(dt.datetime.combine(date, time, self.zone) for time in (self.starts, self.ends)))
            for date in dates
            if date.weekday() < 5
        ]
        days = [day for day in shifts if day.begins < now - LEAST_OF_A_DAY]
        if days and now - days[-1].ends <= SPECIAL:
            return [*days[:-1], WorkingDay(days[-1].begins, now)]
        begins = max(now - SPECIAL, dt.datetime.combine(first, dt.time(), self.zone))
        return [*days, WorkingDay(begins, now)]
