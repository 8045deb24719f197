"""A period is added up by whole months and the days around them: each of its days is in it once."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.quality.defects.domain import Period, split_period

DAYS = st.dates(date(2023, 12, 1), date(2026, 3, 31))


def month_of(first: date) -> list[date]:
    days = (first + timedelta(days=number) for number in range(31))
    return [day for day in days if day.month == first.month]


def days_of(period: Period) -> list[date]:
    """Every day that is counted, as often as it is."""
    found = [first + timedelta(days=n) for first, last in period.days for n in range((last - first).days + 1)]
    for first, last in period.months:
        month = first
        while month <= last:
            found += month_of(month)
            month = (month + timedelta(days=31)).replace(day=1)
    return sorted(found)


@given(DAYS, DAYS)
def test_each_day_of_a_period_is_counted_once(first: date, last: date) -> None:
    wanted = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert days_of(split_period(first, last)) == wanted


def test_a_period_within_a_month_is_its_days() -> None:
    assert split_period(date(2026, 2, 2), date(2026, 2, 28)) == Period([], [(date(2026, 2, 2), date(2026, 2, 28))])


def test_all_time_is_months_alone() -> None:
    assert split_period(None, None) == Period([(date.min, date(9999, 12, 1))], [])


def test_without_an_end_the_days_before_the_first_whole_month_come_by_themselves() -> None:
    begun = split_period(date(2026, 2, 10), None)
    assert begun == Period([(date(2026, 3, 1), date(9999, 12, 1))], [(date(2026, 2, 10), date(2026, 2, 28))])
