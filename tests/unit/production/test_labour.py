"""Labour time: who works on several jobs at once shares, and nobody works longer than they were there."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.production.labour.domain import (
    Period,
    Share,
    Span,
    Work,
    add_up,
    days_of,
    is_forgotten,
    overlap,
    ratio,
    shares,
    union,
)
from shared.kit.shop_calendar import ShiftPattern, ShopCalendar

START = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def span(begins: int, ends: int) -> Span:
    """Minutes after eight."""
    return Span(START + timedelta(minutes=begins), START + timedelta(minutes=ends))


spans = st.tuples(st.integers(0, 600), st.integers(0, 200)).map(lambda pair: span(pair[0], pair[0] + pair[1]))
works = st.lists(
    st.builds(Work, st.sampled_from(["P01", "P02"]), st.sampled_from(["A", "B", "C"]), st.just("PR1"), spans),
    max_size=12,
)
attendance = st.lists(st.tuples(st.sampled_from(["P01", "P02", "P03"]), spans), max_size=6)


def minutes(given_shares: list[Share]) -> dict[object, Fraction]:
    return {job: seconds / 60 for job, seconds in add_up((s.work.job, s.seconds) for s in given_shares).items()}


def length(of: list[Span]) -> Fraction:
    return sum((each.seconds for each in of), Fraction(0))


def test_two_jobs_at_once_get_half_of_the_time_that_both_ran() -> None:
    done = [Work("P01", "A", "PR1", span(0, 60)), Work("P01", "B", "PR2", span(30, 90))]
    assert minutes(shares(done, [])) == {"A": 45, "B": 45}


def test_two_people_on_a_job_give_it_both_their_time() -> None:
    done = [Work("P01", "A", "PR1", span(0, 60)), Work("P02", "A", "PR1", span(0, 60))]
    assert minutes(shares(done, [])) == {"A": 120}


def test_who_went_home_and_left_the_job_running_worked_until_they_went() -> None:
    done = [Work("P01", "A", "PR1", span(0, 600))]
    assert minutes(shares(done, [("P01", span(-10, 240)), ("P01", span(300, 360))])) == {"A": 300}


@given(works, attendance)
def test_shares_add_up_to_the_time_in_which_one_worked_and_was_there(
    done: list[Work], attended: list[tuple[str, Span]]
) -> None:
    given_shares = shares(done, attended)
    for person in ("P01", "P02"):
        worked = union([work.span for work in done if work.person == person])
        there = [each for who, each in attended if who == person]
        if there:
            worked = [part for each in worked for part in overlap(each, union(there))]
        direct = sum((s.seconds for s in given_shares if s.work.person == person), Fraction(0))
        assert direct == length(worked)
        assert not there or direct <= length(union(there))


@given(works, attendance)
def test_a_share_lies_within_the_work_that_it_is_of(done: list[Work], attended: list[tuple[str, Span]]) -> None:
    for share in shares(done, attended):
        assert share.work.span.begins <= share.span.begins < share.span.ends <= share.work.span.ends


@given(st.lists(spans, max_size=10))
def test_a_union_covers_the_same_time_once(several: list[Span]) -> None:
    joined = union(several)
    assert all(before.ends < after.begins for before, after in pairwise(joined))
    assert all(overlap(each, joined) == [each] for each in several if each.begins < each.ends)
    assert length(joined) <= length(several)


def test_a_period_is_cut_where_shifts_begin_and_end() -> None:
    zone = ZoneInfo("Asia/Seoul")
    day, night = ShiftPattern("D", time(8, 30), time(19, 30)), ShiftPattern("N", time(20), time(6))
    begins, ends = datetime(2026, 11, 25, 7, tzinfo=zone), datetime(2026, 11, 26, 9, tzinfo=zone)
    cut = ShopCalendar([day, night], [], {}, zone).shifts_between(begins, ends)
    assert [(one.code, one.business_date.day, f"{one.begins.astimezone(zone):%H:%M}") for one in cut] == [
        *((None, 25, "07:00"), ("D", 25, "08:30"), (None, 25, "19:30"), ("N", 25, "20:00")),
        *((None, 26, "06:00"), ("D", 26, "08:30")),
    ]
    assert all(before.ends == after.begins for before, after in pairwise(cut))
    assert (cut[0].begins, cut[-1].ends) == (begins, ends)


def test_a_week_begins_on_monday_and_a_month_on_the_first() -> None:
    sunday = date(2026, 3, 1)
    assert days_of(Period.TODAY, sunday) == (sunday, sunday)
    assert days_of(Period.YESTERDAY, sunday) == (date(2026, 2, 28), date(2026, 2, 28))
    assert days_of(Period.WEEK, sunday) == (date(2026, 2, 23), sunday)
    assert days_of(Period.MONTH, sunday) == (sunday, sunday)


def test_two_shifts_are_not_yet_forgotten() -> None:
    assert not is_forgotten(START, START + timedelta(hours=16))
    assert is_forgotten(START, START + timedelta(hours=16, seconds=1))


def test_where_nobody_was_noted_there_is_no_share_of_direct_time() -> None:
    assert ratio(Fraction(3600), Fraction(0)) is None
    assert ratio(Fraction(3600), Fraction(7200)) == 0.5


def test_business_dates_last_until_their_night_shift_ends() -> None:
    zone = ZoneInfo("Asia/Seoul")
    patterns = [ShiftPattern("D", time(8), time(20)), ShiftPattern("N", time(20), time(8))]
    calendar = ShopCalendar(patterns, [], {}, zone)
    begins, ends = calendar.business_time(date(2026, 11, 25), date(2026, 11, 26))
    assert (begins, ends) == (datetime(2026, 11, 25, 8, tzinfo=zone), datetime(2026, 11, 27, 8, tzinfo=zone))
