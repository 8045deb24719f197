"""The validity of shifts and calendars: a day is cut by what was valid then, whatever is changed later.

A business date is closed 72 hours after its last shift; in the first 72 hours of a shop nothing is, as it is still
being set up. A shift's new times are valid from the first day on which that shift is not over yet, or from a day that
is named and not closed. What a calendar says of a day counts until that day is closed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.kit.shop_calendar import DAY, ShiftPattern, ShiftTimes, ShopCalendar

CLOSING = timedelta(hours=72)


def first_open_day(calendar: ShopCalendar, now: datetime, set_up_at: datetime | None) -> date | None:
    """The first business date that is not closed; None while the shop is being set up and none is."""
    if set_up_at is None or now - set_up_at < CLOSING:
        return None
    day = calendar.day_of(now - CLOSING) - 2 * DAY
    while _end_of(calendar, day) + CLOSING <= now:
        day += DAY
    return day


def _end_of(calendar: ShopCalendar, day: date) -> datetime:
    return max((shift.ends for shift in calendar.shifts_of(day)), default=calendar.midnight(day + DAY))


def first_day_of(calendar: ShopCalendar, code: str, times: ShiftTimes, now: datetime) -> date:
    """The day from which new times of a shift are valid: today, or tomorrow when today's shift is over."""
    today = calendar.day_of(now)
    changed = ShopCalendar([ShiftPattern(code, times.starts, times.ends, times.active)], (), {}, calendar.zone)
    before = [shift for shift in calendar.shifts_of(today) if shift.code == code]
    is_over = any(shift.ends <= now for shift in (*before, *changed.shifts_of(today)))
    return today + DAY if is_over else today


def revised(shift: ShiftPattern | None, code: str, times: ShiftTimes, valid_from: date | None) -> ShiftPattern:
    """A shift with new times from a day on, from ever when that is None; what was planned after that day is dropped.

    A shift that is new was not there before.
    """
    earlier: list[tuple[date, ShiftTimes]] = []
    if valid_from is not None:
        absent = ShiftTimes(times.starts, times.ends, active=False)
        last = shift.on(valid_from - DAY) if shift else absent
        before = [entry for entry in shift.earlier if entry[0] < valid_from] if shift else []
        for until, valid in [*before, (valid_from, last)]:
            if earlier and earlier[-1][1] == valid:
                earlier.pop()
            earlier.append((until, valid))
        if earlier[-1][1] == times:
            earlier.pop()
    return ShiftPattern(code, times.starts, times.ends, times.active, tuple(earlier))


def written_earlier(shift: ShiftPattern) -> list[dict[str, Any]]:
    """The earlier times of a shift as they are stored."""
    return [
        {
            "until": until.isoformat(),
            "starts": times.starts.isoformat(),
            "ends": times.ends.isoformat(),
            "active": times.active,
        }
        for until, times in shift.earlier
    ]


@dataclass(frozen=True)
class CalendarDays:
    """Days off, and the times at which shifts end otherwise, by day and shift."""

    days_off: frozenset[date] = frozenset()
    overtime: Mapping[tuple[date, str], time] = field(default_factory=dict)

    @classmethod
    def read(cls, days_off: Iterable[Mapping[str, Any]], overtime: Iterable[Mapping[str, Any]]) -> "CalendarDays":
        """The days as they are stored: [{date}] and [{date, shift, ends}]."""
        return cls(
            frozenset(date.fromisoformat(day["date"]) for day in days_off),
            {
                (date.fromisoformat(entry["date"]), entry["shift"]): time.fromisoformat(entry["ends"])
                for entry in overtime
            },
        )

    @classmethod
    def counting(
        cls,
        *,
        days_off: Iterable[Mapping[str, Any]],
        overtime: Iterable[Mapping[str, Any]],
        active: bool,
        closed: Mapping[str, Any] | None,
    ) -> "CalendarDays":
        """What counts of a calendar: of closed days what counted then, of the others what it says now, if active."""
        present = cls.read(days_off, overtime) if active else cls()
        if closed is None:
            return present
        return present.with_closed(
            cls.read(closed["days_off"], closed["overtime"]), date.fromisoformat(closed["before"])
        )

    def before(self, day: date) -> "CalendarDays":
        """What there is before a day."""
        return CalendarDays(
            frozenset(off for off in self.days_off if off < day),
            {key: ends for key, ends in self.overtime.items() if key[0] < day},
        )

    def with_closed(self, closed: "CalendarDays", day: date) -> "CalendarDays":
        """These days from ``day`` on, and before it those that are closed."""
        return CalendarDays(
            closed.days_off | {off for off in self.days_off if off >= day},
            {**closed.overtime, **{key: ends for key, ends in self.overtime.items() if key[0] >= day}},
        )

    def written(self) -> dict[str, Any]:
        """The days as they are stored."""
        return {
            "days_off": [{"date": off.isoformat()} for off in sorted(self.days_off)],
            "overtime": [
                {"date": day.isoformat(), "shift": shift, "ends": ends.isoformat()}
                for (day, shift), ends in sorted(self.overtime.items())
            ],
        }


def closed_days(before: CalendarDays, after: CalendarDays, first_open: date | None) -> dict[str, Any] | None:
    """What goes on counting before the first open day when a calendar changes, as it is stored.

    None when the change concerns no closed day.
    """
    if first_open is None or before.before(first_open) == after.before(first_open):
        return None
    return {"before": first_open.isoformat(), **before.before(first_open).written()}
