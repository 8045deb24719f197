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
    Stop,
    Work,
    add_up,
    days_of,
    is_forgotten,
    overlap,
    ratio,
    shares,
    stops_by_machine,
    union,
    without,
    worked,
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


def seconds(of: list[Work], *, waits: bool) -> Fraction:
    return sum((work.span.seconds for work in of if work.waits == waits), Fraction(0))


def test_a_break_is_no_work_and_a_failure_is_waiting() -> None:
    stops = [Stop(span(60, 120), "planned"), Stop(span(150, 180), "unplanned"), Stop(span(200, 210), None)]
    left = worked(Work("P01", "A", None, span(0, 240)), stops)
    assert (seconds(left, waits=False), seconds(left, waits=True)) == (60 * 140, 60 * 40)


def test_a_die_change_is_work() -> None:
    left = worked(Work("P01", "A", "PR1", span(0, 240)), [Stop(span(60, 120), "setup")])
    assert left == [Work("P01", "A", "PR1", span(0, 240))]


def test_who_tends_two_presses_works_on_the_one_that_runs() -> None:
    first = worked(Work("P01", "A", "PR1", span(0, 120)), [Stop(span(60, 120), "unplanned")])
    second = worked(Work("P01", "B", "PR2", span(0, 120)), [])
    assert minutes(shares([*first, *second], [])) == {"A": 30, "B": 90}


def test_who_has_nothing_that_runs_waits_for_both() -> None:
    stop = [Stop(span(60, 120), "unplanned")]
    works = [worked(Work("P01", job, None, span(60, 120)), stop) for job in ("A", "B")]
    found = shares([work for each in works for work in each], [])
    assert {share.work.waits for share in found} == {True}
    assert minutes(found) == {"A": 30, "B": 30}


def test_a_lunch_on_one_job_leaves_all_of_the_time_to_the_other() -> None:
    first = worked(Work("P01", "A", None, span(0, 60)), [Stop(span(0, 60), "planned")])
    assert minutes(shares([*first, Work("P01", "B", None, span(0, 60))], [])) == {"B": 60}


def test_the_machine_knows_a_corrected_reason_and_the_job_the_rest() -> None:
    given_stops = [Stop(span(60, 120), "unplanned")]
    at_machine = [Stop(span(60, 90), "planned"), Stop(span(90, 100), "setup")]
    found = stops_by_machine(given_stops, at_machine)
    assert found == [*at_machine, Stop(span(100, 120), "unplanned")]
    assert stops_by_machine(given_stops, []) == given_stops
    assert stops_by_machine([], at_machine) == []


kinds = st.sampled_from(["planned", "unplanned", "setup", None])


@given(spans, st.lists(st.tuples(st.integers(0, 120), st.integers(1, 120), kinds), max_size=5))
def test_minute_by_minute_work_is_direct_or_waiting_or_a_break(
    at_work: Span, gaps: list[tuple[int, int, str | None]]
) -> None:
    """A foreman with a watch notes at each minute whether the job runs, and if not, why."""
    stops, begins = [], 0
    for gap, lasting, kind in gaps:
        begins += gap
        stops.append(Stop(span(begins, begins + lasting), kind))
        begins += lasting
    left = worked(Work("P01", "A", None, at_work), stops)
    noted = {False: 0, True: 0}
    moment = at_work.begins
    while moment < at_work.ends:
        why = [stop.kind for stop in stops if stop.span.begins <= moment < stop.span.ends]
        if why != ["planned"]:
            noted[why in (["unplanned"], [None])] += 1
        moment += timedelta(minutes=1)
    for waits, minutes_ in noted.items():
        assert seconds(left, waits=waits) == 60 * minutes_


@given(spans, st.lists(spans, max_size=6))
def test_what_is_without_and_what_is_within_are_the_whole(whole: Span, several: list[Span]) -> None:
    covers = union(several)
    assert length(without(whole, covers)) + length(overlap(whole, covers)) == whole.seconds
    assert all(not overlap(part, covers) for part in without(whole, covers))


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
