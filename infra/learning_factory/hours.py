"""The hours in which the shop of a history works."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LEAST_OF_A_DAY = dt.timedelta(hours=2)
"""A history that ends earlier in the day shift than this, or long after it, ends with a crew that came for it."""
LONGEST_OVERTIME = dt.timedelta(hours=3)
SPECIAL = dt.timedelta(hours=4)
"""So long before the end such a crew came."""
LONGEST_BREAK = dt.timedelta(hours=2)


@dataclass(frozen=True)
class Stretch:
    """Hours without a break."""

    begins: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True)
class WorkingDay:
    """The stretches of one crew, with its breaks between them."""

    stretches: tuple[Stretch, ...]

    @property
    def begins(self) -> dt.datetime:
        """When the crew begins."""
        return self.stretches[0].begins

    @property
    def ends(self) -> dt.datetime:
        """When the crew ends."""
        return self.stretches[-1].ends


@dataclass(frozen=True)
class Hours:
    """The day shift of a shop on working days, and its lunch, in the shop's time."""

    zone: ZoneInfo
    starts: dt.time
    ends: dt.time
    lunch: tuple[dt.time, dt.time]

    def days(self, first: dt.date, now: dt.datetime) -> list[WorkingDay]:
        """The working days from ``first`` up to ``now``: whenever that is, a crew is at work then."""
        today = now.astimezone(self.zone).date()
        stretches = [
            one
            for offset in range((today - first).days + 1)
            for one in self._stretches(first + dt.timedelta(days=offset))
            if one.begins < now
        ]
        days = _grouped([Stretch(one.begins, min(one.ends, now)) for one in stretches])
        last = days[-1] if days else None
        if last is None or now - last.begins < LEAST_OF_A_DAY or now - last.ends > LONGEST_OVERTIME:
            begins = max(now - SPECIAL, dt.datetime.combine(first, dt.time(), self.zone))
            return [*[day for day in days if day.ends <= begins], WorkingDay((Stretch(begins, now),))]
        rest = last.stretches[-1]
        return [*days[:-1], WorkingDay((*last.stretches[:-1], Stretch(rest.begins, now)))]

    def _stretches(self, day: dt.date) -> Iterator[Stretch]:
        if day.weekday() < 5:
            at = [dt.datetime.combine(day, time, self.zone) for time in (self.starts, *self.lunch, self.ends)]
            yield Stretch(at[0], at[1])
            yield Stretch(at[2], at[3])


def _grouped(stretches: Sequence[Stretch]) -> list[WorkingDay]:
    days: list[list[Stretch]] = []
    for one in stretches:
        if days and one.begins - days[-1][-1].ends <= LONGEST_BREAK:
            days[-1].append(one)
        else:
            days.append([one])
    return [WorkingDay(tuple(day)) for day in days]
