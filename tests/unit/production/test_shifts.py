"""Which shift a moment belongs to, and what a machine did in a window."""

import itertools
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.machines.domain import Interval, MachineState, clip, state_of_reason
from shared.kit.shop_calendar import ShiftPattern, ShopCalendar

SEOUL = ZoneInfo("Asia/Seoul")
DAY = ShiftPattern("D", time(8), time(20))
NIGHT = ShiftPattern("N", time(20), time(8))


@pytest.mark.parametrize(
    ("local", "code", "business_date"),
    [
        (datetime(2026, 11, 25, 8, 0), "D", date(2026, 11, 25)),  # noqa: DTZ001  zone: below
        (datetime(2026, 11, 25, 19, 59), "D", date(2026, 11, 25)),  # noqa: DTZ001
        (datetime(2026, 11, 25, 20, 0), "N", date(2026, 11, 25)),  # noqa: DTZ001
        (datetime(2026, 11, 26, 3, 30), "N", date(2026, 11, 25)),  # noqa: DTZ001
    ],
)
def test_a_night_shift_belongs_to_the_day_on_which_it_began(local: datetime, code: str, business_date: date) -> None:
    found = ShopCalendar([DAY, NIGHT], [], {}, SEOUL).shift_at(local.replace(tzinfo=SEOUL))
    assert (found.code, found.business_date) == (code, business_date)


def test_outside_of_all_shifts_the_calendar_day_counts() -> None:
    found = ShopCalendar([DAY], [], {}, SEOUL).shift_at(datetime(2026, 11, 25, 22, 0, tzinfo=SEOUL))
    assert (found.code, found.business_date) == (None, date(2026, 11, 25))


@given(st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2030, 1, 1)))  # noqa: DTZ001  zone: below
def test_every_moment_lies_in_its_shift(local: datetime) -> None:
    for zone in (SEOUL, ZoneInfo("Europe/Berlin")):
        moment = local.replace(tzinfo=zone)
        found = ShopCalendar([DAY, NIGHT], [], {}, zone).shift_at(moment)
        assert found.code in ("D", "N")
        assert found.begins <= moment < found.ends


@given(
    st.lists(st.integers(min_value=1, max_value=600), min_size=1, max_size=30),
    st.integers(0, 4000),
    st.integers(1, 4000),
)
def test_clipped_intervals_have_no_hole_and_no_overlap(minutes: list[int], offset: int, length: int) -> None:
    start = datetime(2026, 11, 25, tzinfo=SEOUL)
    intervals, at = [], start
    for number, lasting in enumerate(minutes):
        end = None if number == len(minutes) - 1 else at + timedelta(minutes=lasting)
        intervals.append(Interval(at, end, "running", None, "manual"))
        at += timedelta(minutes=lasting)
    begins, ends = start + timedelta(minutes=offset), start + timedelta(minutes=offset + length)
    parts = clip(intervals, begins, ends)
    assert sum(((part.ends or ends) - part.begins for part in parts), timedelta()) == max(timedelta(), ends - begins)
    assert all(before.ends == after.begins for before, after in itertools.pairwise(parts))


def test_a_die_change_is_a_set_up_and_anything_else_a_stop() -> None:
    assert state_of_reason("setup") is MachineState.SETUP
    assert {state_of_reason(kind) for kind in ("planned", "unplanned", None)} == {MachineState.STOPPED}
