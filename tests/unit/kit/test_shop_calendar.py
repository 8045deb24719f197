"""The shop's calendar: shifts by the clock on the wall, hours as they really pass."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kit.shop_calendar import ShiftPattern, ShiftTimes, ShopCalendar, first_instant, read_earlier

BERLIN, NEW_YORK, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Seoul")
EARLY, LATE, NIGHT = (
    ShiftPattern("E", time(6), time(14)),
    ShiftPattern("L", time(14), time(22)),
    ShiftPattern("N", time(22), time(6)),
)
DAY = ShiftPattern("D", time(8), time(17))
HOUR = timedelta(hours=1)


def shop(
    *shifts: ShiftPattern,
    zone: ZoneInfo = SEOUL,
    off: Collection[date] = (),
    overtime: Mapping[tuple[date, str], time] | None = None,
) -> ShopCalendar:
    return ShopCalendar(shifts, off, overtime or {}, zone)


def lengths(calendar: ShopCalendar, day: date) -> dict[str | None, float]:
    """Hours of the shifts of a business date."""
    shifts = calendar.business_shifts(day, day)
    return {one.code: (one.ends - one.begins) / HOUR for one in shifts}


@pytest.mark.parametrize(
    ("zone", "day", "night"),
    [
        (BERLIN, date(2026, 10, 24), 9),
        (BERLIN, date(2026, 3, 28), 7),
        (BERLIN, date(2026, 10, 23), 8),
        (NEW_YORK, date(2026, 10, 31), 9),
        (NEW_YORK, date(2026, 3, 7), 7),
        (SEOUL, date(2026, 10, 24), 8),
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 4), 8.5),
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 3), 7.5),
    ],
)
def test_a_night_is_as_long_as_it_really_is(zone: ZoneInfo, day: date, night: float) -> None:
    assert lengths(shop(EARLY, LATE, NIGHT, zone=zone), day) == {"E": 8, "L": 8, "N": night}


def test_both_hours_of_the_night_with_the_clock_put_back_are_of_the_night_shift() -> None:
    calendar = shop(EARLY, LATE, NIGHT, zone=BERLIN)
    for fold in (0, 1):
        found = calendar.shift_at(datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold))
        assert (found.code, found.business_date) == ("N", date(2026, 10, 24))
        assert found.ends - found.begins == 9 * HOUR


@pytest.mark.parametrize(
    ("day", "at", "offset"),
    [
        (date(2026, 3, 29), "02:30", "03:00+02:00"),
        (date(2026, 3, 29), "01:59", "01:59+01:00"),
        (date(2026, 3, 29), "03:00", "03:00+02:00"),
        (date(2026, 10, 25), "02:30", "02:30+02:00"),
        (date(2026, 10, 25), "03:00", "03:00+01:00"),
    ],
)
def test_a_time_that_is_left_out_is_the_end_of_the_gap_and_of_two_the_first_one(
    day: date, at: str, offset: str
) -> None:
    found = first_instant(day, time.fromisoformat(at), BERLIN)
    assert found == datetime.fromisoformat(f"{day}T{offset}")


def test_shifts_that_meet_in_the_hole_leave_no_minute_out_and_none_twice() -> None:
    calendar = shop(ShiftPattern("A", time(18), time(2, 30)), ShiftPattern("B", time(2, 30), time(10)), zone=BERLIN)
    [before] = [one for one in calendar.shifts_of(date(2026, 3, 28)) if one.code == "A"]
    [after] = [one for one in calendar.shifts_of(date(2026, 3, 29)) if one.code == "B"]
    assert before.ends == after.begins == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert (before.ends - before.begins, after.ends - after.begins) == (8 * HOUR, 7 * HOUR)


def test_shifts_that_meet_in_the_doubled_hour_meet_when_it_comes_first() -> None:
    calendar = shop(ShiftPattern("A", time(18), time(2, 30)), ShiftPattern("B", time(2, 30), time(10)), zone=BERLIN)
    [before] = [one for one in calendar.shifts_of(date(2026, 10, 24)) if one.code == "A"]
    [after] = [one for one in calendar.shifts_of(date(2026, 10, 25)) if one.code == "B"]
    assert before.ends == after.begins == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert (before.ends - before.begins, after.ends - after.begins) == (8.5 * HOUR, 8.5 * HOUR)


def test_a_shift_that_lies_in_the_hole_is_not_there() -> None:
    assert shop(ShiftPattern("H", time(2), time(3)), zone=BERLIN).shifts_of(date(2026, 3, 29)) == []


def test_overtime_belongs_to_its_shift_and_shortens_it_too() -> None:
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    calendar = shop(DAY, overtime={(monday, "D"): time(20), (tuesday, "D"): time(12)})
    assert calendar.shift_at(datetime(2026, 11, 23, 18, 30, tzinfo=SEOUL)).code == "D"
    assert calendar.shift_at(datetime(2026, 11, 23, 20, tzinfo=SEOUL)).code is None
    assert calendar.shift_at(datetime(2026, 11, 24, 12, tzinfo=SEOUL)).code is None


def test_overtime_of_a_night_goes_into_the_morning() -> None:
    calendar = shop(NIGHT, overtime={(date(2026, 11, 23), "N"): time(9)})
    found = calendar.shift_at(datetime(2026, 11, 24, 8, 30, tzinfo=SEOUL))
    assert (found.code, found.business_date) == ("N", date(2026, 11, 23))


def test_on_a_day_off_nobody_works_but_in_a_special_shift() -> None:
    sunday = date(2026, 11, 22)
    assert shop(DAY, LATE, off=[sunday]).shifts_of(sunday) == []
    special = shop(DAY, LATE, off=[sunday], overtime={(sunday, "D"): time(12)})
    assert [(one.code, one.ends - one.begins) for one in special.shifts_of(sunday)] == [("D", 4 * HOUR)]
    assert special.shift_at(datetime(2026, 11, 22, 15, tzinfo=SEOUL)).code is None


def test_the_night_before_a_day_off_is_worked_to_its_end() -> None:
    calendar = shop(NIGHT, off=[date(2026, 11, 22)])
    assert calendar.shift_at(datetime(2026, 11, 22, 5, tzinfo=SEOUL)).business_date == date(2026, 11, 21)
    assert calendar.shift_at(datetime(2026, 11, 22, 23, tzinfo=SEOUL)).code is None


def test_a_day_is_cut_by_what_was_valid_then() -> None:
    entries = [{"until": "2026-11-23", "starts": "22:00:00", "ends": "06:00:00", "active": True}]
    moved = ShiftPattern("N", time(23), time(7), earlier=read_earlier(entries))
    calendar = shop(moved)
    before, after = (calendar.shifts_of(date(2026, 11, day))[0] for day in (22, 23))
    assert before.begins == datetime(2026, 11, 22, 22, tzinfo=SEOUL)
    assert before.ends == datetime(2026, 11, 23, 6, tzinfo=SEOUL)
    assert after.begins == datetime(2026, 11, 23, 23, tzinfo=SEOUL)


def test_a_shift_that_was_ended_is_there_on_the_days_on_which_it_was() -> None:
    ended = ShiftPattern("D", time(8), time(17), False, ((date(2026, 11, 23), ShiftTimes(time(8), time(17))),))
    calendar = shop(ended)
    assert [calendar.knows(date(2026, 11, day)) for day in (22, 23)] == [True, False]
    assert [len(calendar.shifts_of(date(2026, 11, day))) for day in (22, 23)] == [1, 0]


def test_business_dates_last_until_their_night_ends() -> None:
    begins, ends = shop(EARLY, LATE, NIGHT).business_time(date(2026, 11, 25), date(2026, 11, 26))
    assert (begins, ends) == (datetime(2026, 11, 25, 6, tzinfo=SEOUL), datetime(2026, 11, 27, 6, tzinfo=SEOUL))


AROUND = {
    BERLIN: (date(2026, 3, 28), date(2026, 10, 24)),
    NEW_YORK: (date(2026, 3, 7), date(2026, 10, 31)),
    ZoneInfo("America/Santiago"): (date(2026, 9, 5), date(2026, 4, 4)),
    ZoneInfo("Australia/Lord_Howe"): (date(2026, 4, 4), date(2026, 10, 3)),
    SEOUL: (date(2026, 11, 25),),
}
"""Days before and after a change of the clocks, by zone; in Santiago midnight is left out, in Seoul nothing happens."""
MINUTE = timedelta(minutes=1)


@cache
def minutes_of(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime]]:
    """Every minute from two days before a day to three days after it, and what the clock on the wall shows."""
    start = datetime.combine(day, time(), UTC) - timedelta(days=2)
    instants = [start + MINUTE * number for number in range(5 * 24 * 60)]
    return [(at, at.astimezone(zone).replace(tzinfo=None)) for at in instants]


times = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
places = st.sampled_from([(zone, day) for zone, days in AROUND.items() for day in days])
offsets = st.integers(-1, 2)


@given(
    places,
    st.lists(st.tuples(times, times), max_size=3),
    st.sets(offsets, max_size=2),
    st.dictionaries(st.tuples(offsets, st.sampled_from("012")), times, max_size=3),
    st.none() | st.tuples(offsets, times, times, st.booleans()),
)
def test_minute_by_minute_each_moment_has_its_shift(
    place: tuple[ZoneInfo, date],
    pairs: list[tuple[time, time]],
    off: set[int],
    longer: dict[tuple[int, str], time],
    change: tuple[int, time, time, bool] | None,
) -> None:
    """A watchman who looks at the wall every minute notes who begins and who ends, and knows nothing of zones."""
    zone, day = place
    days = [day + timedelta(days=number) for number in range(-2, 4)]
    earlier = ((days[change[0] + 2], ShiftTimes(*change[1:])),) if change and pairs else ()
    patterns = [
        ShiftPattern(str(number), *pair, earlier=earlier if number == 0 else ()) for number, pair in enumerate(pairs)
    ]
    overtime = {(day + timedelta(days=key[0]), key[1]): ends for key, ends in longer.items()}
    resting = {day + timedelta(days=number) for number in off}
    wall = minutes_of(zone, day)

    def first_shown(shown: datetime) -> int:
        return next((number for number, (_, local) in enumerate(wall) if local >= shown), len(wall))

    noted: list[tuple[int, int, str, date]] = []
    for on in days:
        for pattern in patterns:
            starts, ends, active = pattern.starts, pattern.ends, True
            if pattern.earlier and on < pattern.earlier[0][0]:
                was = pattern.earlier[0][1]
                starts, ends, active = was.starts, was.ends, was.active
            if not active or (on in resting and (on, pattern.code) not in overtime):
                continue
            ends = overtime.get((on, pattern.code), ends)
            last = on if ends > starts else on + timedelta(days=1)
            span = first_shown(datetime.combine(on, starts)), first_shown(datetime.combine(last, ends))
            noted.append((*span, pattern.code, on))
    calendar = ShopCalendar(patterns, resting, overtime, zone)
    watched = [number for number, (_, local) in enumerate(wall) if day <= local.date() <= day + timedelta(days=1)]
    spent: dict[tuple[str | None, date], int] = {}
    for number in watched:
        at, local = wall[number]
        there = [(code, on) for begins, ends, code, on in noted if begins <= number < ends]
        own = [one for one in there if one[1] == local.date()]
        yesterday = [one for one in there if one[1] == local.date() - timedelta(days=1)]
        expected = (own or yesterday or [(None, local.date())])[0]
        spent[expected] = spent.get(expected, 0) + 1
        if number % 15 == 0:
            found = calendar.shift_at(at)
            assert (found.code, found.business_date) == expected, local
    begins, ends = wall[watched[0]][0], wall[watched[-1]][0] + MINUTE
    shifts = calendar.shifts_between(begins, ends)
    assert (shifts[0].begins, shifts[-1].ends) == (begins, ends)
    assert all(before.ends == after.begins for before, after in pairwise(shifts))
    counted: dict[tuple[str | None, date], int] = {}
    for one in shifts:
        key = (one.code, one.business_date)
        counted[key] = counted.get(key, 0) + (one.ends - one.begins) // MINUTE
    assert counted == spent
