"""The daily report adds up: pieces to the ledger, times to what the machines did."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.machines.domain import MachineTime
from services.production.performance.domain import (
    CrewPresence,
    Pieces,
    RowKey,
    TimeCategory,
    report_rows,
    time_category,
    utilisation,
)
from shared.kit.shop_calendar import ShiftPattern, ShopCalendar

SEOUL = ZoneInfo("Asia/Seoul")
DAY = date(2026, 11, 25)
MORNING = datetime(2026, 11, 25, 8, tzinfo=SEOUL)
PATTERNS = [ShiftPattern("D", time(8), time(20)), ShiftPattern("N", time(20), time(8))]
JOBS = [UUID(int=number) for number in range(3)]
TODAY = ShopCalendar(PATTERNS, [], {}, SEOUL).business_shifts(DAY, DAY)
HOUR = timedelta(hours=1)


def did(
    hour: float,
    until: float | None,
    state: str,
    reason: str | None = None,
    kind: str | None = None,
    job: int | None = 0,
) -> MachineTime:
    ends = None if until is None else MORNING + HOUR * until
    return MachineTime("PR1", MORNING + HOUR * hour, ends, state, reason, kind, None if job is None else JOBS[job])


@pytest.mark.parametrize(
    ("state", "kind", "reason", "column"),
    [
        ("running", None, None, TimeCategory.OPERATION),
        ("setup", "setup", "S1", TimeCategory.DIE_CHANGE),
        ("setup", None, None, TimeCategory.DIE_CHANGE),
        ("stopped", "planned", "P1", TimeCategory.PLANNED_STOP),
        ("stopped", "unplanned", "U2", TimeCategory.MACHINE_FAILURE),
        ("stopped", "unplanned", "U4", TimeCategory.NO_MATERIAL),
        ("stopped", "unplanned", "U6", TimeCategory.NO_OPERATOR),
        ("stopped", "unplanned", "U7", TimeCategory.READJUSTMENT),
        ("stopped", "unplanned", "U8", TimeCategory.OTHER),
        ("stopped", None, None, TimeCategory.OTHER),
        ("idle", None, None, TimeCategory.PLANNED_STOP),
    ],
)
def test_every_time_of_a_machine_has_its_column(
    state: str, kind: str | None, reason: str | None, column: TimeCategory
) -> None:
    assert time_category(state, kind, reason) is column


def test_a_day_at_a_press_reads_like_the_paper() -> None:
    times = [
        did(0, 1, "setup", "S1", "setup"),
        did(1, 1.5, "setup"),
        did(1.5, 4, "running"),
        did(4, 5, "stopped", "P1", "planned"),
        did(5, 5.5, "stopped", "U9", "unplanned"),
        did(5.5, 14, "running"),
        did(14, None, "idle", job=None),
    ]
    crew = [
        CrewPresence("1101", JOBS[0], MORNING, MORNING + HOUR * 12),
        CrewPresence("1102", JOBS[0], MORNING + HOUR * 12, None),
    ]
    rows = report_rows(TODAY, [], times, crew, MORNING + HOUR * 15)
    by_day, by_night, without = rows
    assert by_day.key == RowKey("D", "PR1", JOBS[0])
    assert by_day.times == {
        TimeCategory.DIE_CHANGE: HOUR * 1.5,
        TimeCategory.OPERATION: HOUR * 9,
        TimeCategory.PLANNED_STOP: HOUR,
        TimeCategory.OTHER: HOUR / 2,
    }
    assert (by_day.setups, by_day.stops, by_day.crew) == (1, {"U9": HOUR / 2}, {"1101"})
    assert utilisation(by_day.times) == pytest.approx(9 / 11)
    assert (by_night.key.shift, by_night.times, by_night.setups, by_night.crew) == (
        "N",
        {TimeCategory.OPERATION: HOUR * 2},
        0,
        {"1102"},
    )
    assert (without.key.job, without.without_order) == (None, HOUR)
    assert utilisation(without.times) is None


def test_somebodys_day_has_the_times_in_which_they_worked_on_the_job() -> None:
    crew = [
        CrewPresence("1101", JOBS[0], MORNING, MORNING + HOUR * 2),
        CrewPresence("1102", JOBS[0], MORNING + HOUR * 2, None),
    ]
    times = [did(0, 3, "setup"), did(3, 6, "running"), did(6, None, "idle", job=None)]
    now = MORNING + HOUR * 8
    [first] = report_rows(TODAY, [], times, crew, now, "1101")
    [second] = report_rows(TODAY, [], times, crew, now, "1102")
    assert (first.times, first.setups) == ({TimeCategory.DIE_CHANGE: HOUR * 2}, 1)
    assert (second.times, second.setups) == ({TimeCategory.DIE_CHANGE: HOUR, TimeCategory.OPERATION: HOUR * 3}, 0)


def test_a_machine_without_an_order_outside_of_all_shifts_is_no_lost_time() -> None:
    shifts = ShopCalendar(PATTERNS[:1], [], {}, SEOUL).business_shifts(DAY, DAY)
    rows = report_rows(shifts, [], [did(0, 13, "running"), did(13, None, "idle", job=None)], [], MORNING + HOUR * 16)
    assert [(row.key.shift, row.times) for row in rows] == [
        ("D", {TimeCategory.OPERATION: HOUR * 12}),
        (None, {TimeCategory.OPERATION: HOUR}),
    ]


pattern_times = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
patterns = st.lists(st.tuples(pattern_times, pattern_times), max_size=4).map(
    lambda found: [ShiftPattern(f"S{place}", starts, ends) for place, (starts, ends) in enumerate(found)]
)


@given(patterns, st.integers(0, 2880), st.integers(1, 2880), st.integers(0, 2880))
def test_shifts_follow_each_other_without_a_hole(
    found: list[ShiftPattern], offset: int, length: int, probe: int
) -> None:
    begins = MORNING + timedelta(minutes=offset)
    ends = begins + timedelta(minutes=length)
    calendar = ShopCalendar(found, [], {}, SEOUL)
    shifts = calendar.shifts_between(begins, ends)
    assert (shifts[0].begins, shifts[-1].ends) == (begins, ends)
    assert all(before.ends == after.begins for before, after in pairwise(shifts))
    moment = begins + timedelta(minutes=probe % length)
    [holding] = [shift for shift in shifts if shift.begins <= moment < shift.ends]
    expected = calendar.shift_at(moment)
    assert (holding.code, holding.business_date) == (expected.code, expected.business_date)


states = st.sampled_from(
    [
        ("running", None, None),
        ("setup", "S1", "setup"),
        ("setup", None, None),
        ("stopped", "U2", "unplanned"),
        ("stopped", "U99", "unplanned"),
        ("stopped", None, None),
        ("stopped", "P1", "planned"),
        ("idle", None, None),
    ]
)
histories = st.lists(st.tuples(st.integers(1, 400), states, st.integers(0, 2)), min_size=1, max_size=25)


@given(histories, st.integers(-900, 600), st.integers(1, 4000))
def test_the_times_of_a_shift_are_what_the_machine_did_in_it(
    history: list[tuple[int, tuple[str, str | None, str | None], int]], first: int, elapsed: int
) -> None:
    times, at = [], MORNING.astimezone(UTC) + timedelta(minutes=first)
    begun, now = at, at + timedelta(minutes=elapsed)
    for number, (lasting, (state, reason, kind), job) in enumerate(history):
        ends = None if number == len(history) - 1 else at + timedelta(minutes=lasting)
        times.append(MachineTime("PR1", at, ends, state, reason, kind, None if state == "idle" else JOBS[job]))
        at += timedelta(minutes=lasting)
    rows = report_rows(TODAY, [], times, [], now)
    for shift in TODAY:
        known = max(timedelta(), min(shift.ends, now) - max(shift.begins, begun))
        reported = [lasting for row in rows if row.key.shift == shift.code for lasting in row.times.values()]
        assert sum(reported, timedelta()) == known
    setups = [
        time
        for before, time in zip([None, *times], times, strict=False)
        if time.state == "setup" and (before is None or (before.state, before.job) != ("setup", time.job))
    ]
    assert sum(row.setups for row in rows) == len(
        [s for s in setups if TODAY[0].begins <= s.begins < min(TODAY[-1].ends, now)]
    )


counts = st.integers(-50, 50).map(Decimal)
entries = st.lists(
    st.tuples(
        st.sampled_from(["D", "N", None]),
        st.sampled_from(["PR1", "PR2", None]),
        st.integers(0, 2),
        counts,
        counts,
        counts,
    ),
    max_size=30,
)


@given(entries)
def test_the_pieces_of_the_rows_are_those_of_the_ledger(
    ledger: list[tuple[str | None, str | None, int, Decimal, Decimal, Decimal]],
) -> None:
    nobody: frozenset[str] = frozenset()
    pieces = [
        Pieces(RowKey(shift, machine, JOBS[job]), good, scrap, rework, 0, nobody, nobody)
        for shift, machine, job, good, scrap, rework in ledger
    ]
    rows = report_rows(TODAY, pieces, [did(0, None, "running")], [], MORNING + HOUR)
    for name in ("good", "scrap", "rework"):
        assert sum(getattr(row, name) for row in rows) == sum(getattr(entry, name) for entry in pieces)
    assert len({row.key for row in rows}) == len(rows)
