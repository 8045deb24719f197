"""Working time: shifts and nights, days off and overtime, counted back from a date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.definitions.domain.working_time import EARLIEST, REACH, WorkingTime
from shared.kit.shop_calendar import ShiftPattern, ShopCalendar

SEOUL = ZoneInfo("Asia/Seoul")


DAY = ShiftPattern("D", time(8, 30), time(17, 30))


NIGHT = ShiftPattern("N", time(20), time(5))


FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (20, 21, 22, 23))


HOUR = 3600


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of a day at the shop."""
    return datetime.combine(day, time(hour, minute), SEOUL)


def shop(*shifts: ShiftPattern, off: tuple[date, ...] = (), zone: ZoneInfo = SEOUL, **overtime: time) -> WorkingTime:
    """A shop with these shifts; overtime is told as ``D20=until``: shift D on November 20."""
    longer = {(date(2026, 11, int(name[1:])), name[0]): ends for name, ends in overtime.items()}
    return WorkingTime(ShopCalendar(shifts, off, longer, zone))


def test_what_does_not_fit_into_the_day_is_begun_the_day_before() -> None:
    assert shop(DAY).back(at(FRIDAY, 10, 30), 3 * HOUR) == at(date(2026, 11, 19), 16, 30)


def test_nobody_works_on_days_off() -> None:
    assert shop(DAY, off=(SATURDAY, SUNDAY)).back(at(MONDAY, 9, 30), 2 * HOUR) == at(FRIDAY, 16, 30)


def test_a_night_shift_works_past_midnight_into_the_day_off() -> None:
    hours = shop(NIGHT, off=(SATURDAY, SUNDAY))
    assert hours.back(at(MONDAY, 21), 2 * HOUR) == at(SATURDAY, 4)
    assert hours.back(at(SATURDAY, 1), 4 * HOUR) == at(FRIDAY, 21)


def test_overtime_is_worked_and_on_a_day_off_it_is_a_special_shift() -> None:
    assert shop(DAY, D20=time(21)).back(at(SATURDAY, 8, 30), 5 * HOUR) == at(FRIDAY, 16)
    special = shop(DAY, off=(SATURDAY, SUNDAY), D21=time(12, 30))
    assert special.back(at(MONDAY, 8, 30), 5 * HOUR) == at(FRIDAY, 16, 30)


def test_what_waits_outside_passes_day_and_night_before_the_work() -> None:
    wait = timedelta(days=2)
    assert shop(DAY, off=(SUNDAY,)).back(at(MONDAY, 12), HOUR, wait) == at(SATURDAY, 11)
    assert shop(DAY, off=(SATURDAY, SUNDAY)).back(at(MONDAY, 12), HOUR, wait) == at(FRIDAY, 16, 30)


def test_shifts_that_overlap_are_worked_once() -> None:
    late = ShiftPattern("L", time(13), time(22))
    assert shop(DAY, late).back(at(FRIDAY, 22), 13 * HOUR) == at(FRIDAY, 9)


def test_the_clocks_going_forward_make_the_night_an_hour_shorter() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    morning = datetime(2026, 3, 29, 5, tzinfo=berlin)
    assert shop(NIGHT, zone=berlin).back(morning, 8 * HOUR) == datetime(2026, 3, 28, 20, tzinfo=berlin)


@pytest.mark.parametrize("hours", [shop(), shop(DAY)])
def test_nothing_is_planned_over_more_than_ten_years(hours: WorkingTime) -> None:
    due = at(FRIDAY, 12)
    assert hours.back(due, 10**18) == hours.back(due, 0, timedelta(days=10**6)) == due - REACH
    assert hours.back(EARLIEST, HOUR) == EARLIEST


TIMES = st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))


DAYS = st.dates(date(2026, 11, 1), date(2026, 11, 30))


SHOPS = st.builds(
    lambda shifts, off, overtime: WorkingTime(
        ShopCalendar([ShiftPattern(str(n), *shift) for n, shift in enumerate(shifts)], off, overtime, SEOUL)
    ),
    st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=3),
    st.sets(DAYS, max_size=10),
    st.dictionaries(st.tuples(DAYS, st.sampled_from("012")), TIMES, max_size=5),
)


INSTANTS = st.integers(0, 23 * 24 * 60).map(lambda minutes: at(date(2026, 11, 5), 0) + timedelta(minutes=minutes))


WORK = st.integers(0, 60 * HOUR)


@given(hours=SHOPS, at=INSTANTS, first=WORK, second=WORK)
def test_work_done_in_two_goes_begins_when_it_is_done_in_one(
    hours: WorkingTime, at: datetime, first: int, second: int
) -> None:
    assert hours.back(hours.back(at, first), second) == hours.back(at, first + second)


@given(hours=SHOPS, at=INSTANTS, work=WORK, more=WORK, later=st.timedeltas(timedelta(), timedelta(days=3)))
def test_more_work_begins_no_later_and_a_later_date_no_earlier(
    hours: WorkingTime, at: datetime, work: int, more: int, later: timedelta
) -> None:
    begins = hours.back(at, work)
    assert begins <= at - timedelta(seconds=work)
    assert hours.back(at, work + more) <= begins <= hours.back(at + later, work)


@given(at=INSTANTS, work=WORK)
def test_without_shifts_every_hour_counts(at: datetime, work: int) -> None:
    assert shop(off=(FRIDAY,)).back(at, work) == at - timedelta(seconds=work)


@given(
    shifts=st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=3),
    off=st.sets(DAYS, max_size=10),
    at=INSTANTS,
    minutes=st.integers(1, 2000),
)
def test_minute_by_minute_as_much_is_worked_as_was_asked_for(
    shifts: list[tuple[time, time]], off: set[date], at: datetime, minutes: int
) -> None:
    """Walks back on the wall clock and asks of each minute whether a shift that began on a working day is on."""

    def working(minute: datetime) -> bool:
        local = minute.astimezone(SEOUL)
        now = local.time()
        return any(
            (starts <= now and (now < ends or ends <= starts) and local.date() not in off)
            or (ends <= starts and now < ends and local.date() - timedelta(days=1) not in off)
            for starts, ends in shifts
        )

    calendar = ShopCalendar([ShiftPattern("S", *shift) for shift in shifts], off, {}, SEOUL)
    found = WorkingTime(calendar).back(at, 60 * minutes)
    minute, left = at.astimezone(UTC), minutes
    for _ in range(60 * 24 * 60):
        if not left:
            break
        minute -= timedelta(minutes=1)
        left -= working(minute)
    assert found == minute or left


def test_what_is_begun_on_friday_evening_is_there_on_monday() -> None:
    hours = shop(DAY, off=(SATURDAY, SUNDAY))
    assert hours.ahead(at(FRIDAY, 16, 30), 2 * HOUR) == at(MONDAY, 9, 30)
    assert hours.ahead(at(SATURDAY, 3), 1 * HOUR) == at(MONDAY, 9, 30)
    assert hours.ahead(at(FRIDAY, 16, 30), HOUR, timedelta(days=2)) == at(SUNDAY, 17, 30)
    assert shop().ahead(at(FRIDAY, 23), 2 * HOUR) == at(SATURDAY, 1)
    assert hours.ahead(at(FRIDAY, 12), 10**9) == at(FRIDAY, 12) + REACH


@given(st.integers(0, 14 * 24 * 60), st.integers(0, 400 * 60))
def test_what_must_begin_at_an_instant_is_there_in_time_when_it_begins_then(minutes: int, work_min: int) -> None:
    hours = shop(DAY, NIGHT, off=(SATURDAY, SUNDAY), D20=time(21))
    due = at(MONDAY, 0) + timedelta(minutes=minutes)
    begins = hours.back(due, work_min * 60)
    there = hours.ahead(begins, work_min * 60)
    assert there <= due
    assert hours.ahead(begins + timedelta(minutes=1), work_min * 60) >= there
