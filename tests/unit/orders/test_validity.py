"""What a change of shifts and calendars counts for: from now on, and never for days that are closed."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.definitions.domain.validity import (
    CalendarDays,
    closed_days,
    first_day_of,
    first_open_day,
    revised,
    written_earlier,
)
from shared.kit.shop_calendar import ShiftPattern, ShiftTimes, ShopCalendar, read_earlier

SEOUL = ZoneInfo("Asia/Seoul")
DAY, NIGHT = ShiftPattern("D", time(8), time(17)), ShiftPattern("N", time(22), time(6))
SHOP = ShopCalendar([DAY, NIGHT], [], {}, SEOUL)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """A moment of November 2026 at the shop: ``25 16:00``."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL)


def day(number: int) -> date:
    return date(2026, 11, number)


@pytest.mark.parametrize(
    ("now", "first"),
    [("25 05:59", 21), ("25 06:00", 22), ("25 18:00", 22), ("26 05:59", 22), ("26 06:00", 23)],
)
def test_a_day_is_closed_three_days_after_its_last_shift(now: str, first: int) -> None:
    assert first_open_day(SHOP, at(now), LONG_AGO) == day(first)


def test_a_day_without_a_shift_is_closed_three_days_after_its_end() -> None:
    rested = ShopCalendar([DAY], [day(22)], {}, SEOUL)
    assert first_open_day(rested, at("25 23:59"), LONG_AGO) == day(22)
    assert first_open_day(rested, at("26 00:00"), LONG_AGO) == day(23)


def test_while_a_shop_is_being_set_up_nothing_is_closed() -> None:
    assert first_open_day(SHOP, at("25 12:00"), None) is None
    assert first_open_day(SHOP, at("25 12:00"), at("22 12:01")) is None
    assert first_open_day(SHOP, at("25 12:00"), at("22 12:00")) is not None


@pytest.mark.parametrize(
    ("code", "times", "now", "from_"),
    [
        ("N", ShiftTimes(time(23), time(7)), "25 10:00", 25),
        ("N", ShiftTimes(time(23), time(7)), "25 03:00", 25),
        ("N", ShiftTimes(time(23), time(7)), "25 23:30", 25),
        ("D", ShiftTimes(time(8), time(18)), "25 15:00", 25),
        ("D", ShiftTimes(time(8), time(18)), "25 17:30", 26),
        ("D", ShiftTimes(time(8), time(15)), "25 16:00", 26),
        ("D", ShiftTimes(time(8), time(17), active=False), "25 16:00", 25),
        ("D", ShiftTimes(time(8), time(17), active=False), "25 17:00", 26),
        ("X", ShiftTimes(time(8), time(10)), "25 11:00", 26),
        ("X", ShiftTimes(time(8), time(10)), "25 09:00", 25),
    ],
)
def test_new_times_are_valid_from_the_first_day_whose_shift_is_not_over(
    code: str, times: ShiftTimes, now: str, from_: int
) -> None:
    assert first_day_of(SHOP, code, times, at(now)) == day(from_)


def test_a_night_that_begins_later_leaves_the_nights_before_as_they_were() -> None:
    moved = revised(NIGHT, "N", ShiftTimes(time(23), time(7)), day(25))
    assert (moved.on(day(24)), moved.on(day(25))) == (ShiftTimes(time(22), time(6)), ShiftTimes(time(23), time(7)))
    assert read_earlier(written_earlier(moved)) == moved.earlier


def test_what_is_changed_back_before_it_came_has_never_been() -> None:
    moved = revised(NIGHT, "N", ShiftTimes(time(23), time(7)), day(30))
    assert revised(moved, "N", ShiftTimes(time(22), time(6)), day(25)) == NIGHT


def test_a_shift_that_is_new_was_not_there_before() -> None:
    new = revised(None, "L", ShiftTimes(time(14), time(22)), day(25))
    assert (new.on(day(24)).active, new.on(day(25)).active) == (False, True)
    assert revised(None, "L", ShiftTimes(time(14), time(22)), None).earlier == ()


day_numbers = st.integers(1, 28)
shift_times = st.builds(
    ShiftTimes, st.sampled_from([time(6), time(7), time(8)]), st.sampled_from([time(14), time(15)]), st.booleans()
)


@given(st.lists(st.tuples(day_numbers, shift_times), min_size=1, max_size=8), day_numbers)
def test_a_change_says_what_is_from_its_day_on_and_nothing_of_before(
    changes: list[tuple[int, ShiftTimes]], probe: int
) -> None:
    """A plain list of what held on each day of the month, overwritten from each change's day on."""
    shift = DAY
    held = dict.fromkeys(range(1, 31), ShiftTimes(time(8), time(17)))
    for number, times in changes:
        shift = revised(shift, "D", times, day(number))
        held |= dict.fromkeys(range(number, 31), times)
    assert shift.on(day(probe)) == held[probe]
    assert {number: shift.on(day(number)) for number in held} == held
    assert [until for until, _ in shift.earlier] == sorted({until for until, _ in shift.earlier})


def days(*off: int, **overtime: time) -> CalendarDays:
    """Days off of November, and overtime told as ``D20=until``."""
    longer = {(day(int(name[1:])), name[0]): ends for name, ends in overtime.items()}
    return CalendarDays(frozenset(map(day, off)), longer)


def counting(calendar: CalendarDays, closed: dict[str, object] | None, *, active: bool = True) -> CalendarDays:
    return CalendarDays.counting(**calendar.written(), active=active, closed=closed)


def test_a_calendar_corrected_for_a_closed_day_counts_from_the_first_open_one() -> None:
    before, after = days(5, 29, D20=time(20)), days(6, 28, D20=time(19), D27=time(21))
    closed = closed_days(before, after, day(22))
    assert counting(after, closed) == days(5, 28, D20=time(20), D27=time(21))


def test_a_calendar_that_was_not_there_closes_no_day_afterwards() -> None:
    after = days(5, 28)
    assert counting(after, closed_days(CalendarDays(), after, day(22))) == days(28)


def test_a_calendar_that_is_put_away_stays_for_the_days_that_are_closed() -> None:
    before = days(5, 28, D20=time(20))
    closed = closed_days(before, CalendarDays(), day(22))
    assert counting(before, closed, active=False) == days(5, D20=time(20))


def test_a_change_of_open_days_alone_needs_no_memory() -> None:
    assert closed_days(days(5, 28), days(5, 29), day(22)) is None
    assert closed_days(days(5, 28), days(6, 29), None) is None


def test_old_entries_may_be_cleared_out_and_still_count() -> None:
    before, kept = days(1, 5, 28), days(28)
    closed = closed_days(before, kept, day(22))
    again = counting(kept, closed)
    assert again == before
    assert counting(days(29), closed_days(again, days(29), day(27))) == days(1, 5, 29)


@given(
    st.lists(st.tuples(st.sets(day_numbers), st.integers(0, 3)), min_size=1, max_size=8),
)
def test_no_change_ever_moves_a_closed_day(changes: list[tuple[set[int], int]]) -> None:
    """A month in which the calendar is put anew every few days: what counted when a day was closed counts for ever."""
    counted, stored, closed = days(), CalendarDays(), None
    first = 1
    for off, later in changes:
        first = min(28, first + later)
        stored, before = days(*off), counted
        closed = closed_days(before, stored, day(first)) if stored != before else closed
        counted = counting(stored, closed)
        for number in range(1, 29):
            source = before if number < first else stored
            assert (day(number) in counted.days_off) == (day(number) in source.days_off)


def test_days_are_stored_as_they_are_read() -> None:
    calendar = days(5, 28, D20=time(20))
    assert CalendarDays.read(**calendar.written()) == calendar
