"""Jobs: states, quantities that flow, and what is unusual about a report."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.jobs.domain import (
    OPEN,
    Feed,
    JobCommand,
    JobState,
    Totals,
    is_opened_by,
    next_state,
    of_the_item,
    ready_quantity,
    supply,
)
from services.production.results.domain import JobView, fraction_flags, report_flags

ALLOWED = {
    "waiting": {"feed": "ready", "block": "blocked", "cancel": "cancelled", "skip": "skipped"},
    "ready": {"start": "running", "block": "blocked", "cancel": "cancelled", "skip": "skipped"},
    "running": {"pause": "paused", "finish": "done", "cancel": "cancelled"},
    "paused": {"resume": "running", "finish": "done", "cancel": "cancelled"},
    "blocked": {"unblock": "waiting", "cancel": "cancelled", "skip": "skipped"},
    "done": {"reopen": "ready"},
    "skipped": {},
    "cancelled": {"reopen": "waiting"},
}
pieces = st.decimals(min_value=0, max_value=100_000, places=2)


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("command", JobCommand)
def test_every_pair_of_state_and_command_is_decided(state: JobState, command: JobCommand) -> None:
    assert next_state(state, command) == ALLOWED[state].get(command)


def test_every_open_job_can_be_cancelled() -> None:
    assert all(next_state(state, JobCommand.CANCEL) is JobState.CANCELLED for state in OPEN)


def test_a_job_works_on_what_its_predecessors_have_given() -> None:
    totals = Totals(good=Decimal(30), scrap=Decimal(2))
    assert ready_quantity(Decimal(100), [Feed(10, Decimal(60), Decimal(1))], totals, 6) == 28
    assert (
        ready_quantity(Decimal(100), [Feed(10, Decimal(60), Decimal(1)), Feed(20, Decimal(20), Decimal(2))], totals, 6)
        == 8
    )
    assert ready_quantity(Decimal(100), [], totals, 6) == 68


def test_pieces_to_be_reworked_have_not_left_the_operation() -> None:
    assert ready_quantity(Decimal(100), [], Totals(good=Decimal(90), rework=Decimal(10)), 6) == 10


def test_what_four_sheets_give_beyond_an_order_of_ten_is_not_ready() -> None:
    sheets = [Feed(10, Decimal(4), Decimal(3))]
    assert ready_quantity(Decimal(10), sheets, Totals(), 0) == 10
    assert ready_quantity(Decimal(10), sheets, Totals(good=Decimal(8), scrap=Decimal(2)), 0) == 2
    assert ready_quantity(Decimal(10), sheets, Totals(good=Decimal(12)), 0) == 0


def test_of_what_is_counted_no_part_is_ready_and_three_thirds_are_one() -> None:
    pairs = [Feed(10, Decimal(5), Decimal("0.5"))]
    assert (supply(Decimal(5), pairs, 0), supply(Decimal(5), pairs, 6)) == (2, Decimal("2.5"))
    assert [supply(Decimal(5), [Feed(10, Decimal(good), Decimal("0.333333"))], 0) for good in (2, 3, 9)] == [0, 1, 3]


@pytest.mark.parametrize(
    ("state", "good", "before", "planned", "is_opened"),
    [
        (JobState.DONE, 10, 10, 15, True),
        (JobState.DONE, 6, 10, 11, True),
        (JobState.DONE, 15, 10, 15, False),
        (JobState.DONE, 6, 10, 8, False),
        (JobState.READY, 0, 10, 15, False),
        (JobState.CANCELLED, 0, 10, 15, False),
    ],
)
def test_a_raised_quantity_opens_what_was_finished_and_lacks_something(
    state: JobState, good: int, before: int, planned: int, is_opened: bool
) -> None:
    assert is_opened_by(state, Decimal(good), Decimal(before), Decimal(planned)) is is_opened


@given(st.lists(st.tuples(pieces, pieces, pieces), max_size=20), pieces)
def test_no_sequence_of_reports_makes_or_loses_a_piece(
    reports: list[tuple[Decimal, Decimal, Decimal]], planned: Decimal
) -> None:
    totals = Totals()
    for report in reports:
        totals += Totals(*report)
        assert ready_quantity(planned, [], totals, 6) == max(Decimal(0), planned - totals.processed)
    for report in reports:
        totals += -Totals(*report)
    assert totals == Totals()


@given(st.lists(st.tuples(pieces, st.decimals(min_value="0.01", max_value=8, places=2)), max_size=5), pieces, pieces)
def test_what_is_ready_and_what_is_done_never_exceed_the_supply(
    feeds: list[tuple[Decimal, Decimal]], planned: Decimal, good: Decimal
) -> None:
    given_feeds = [Feed(10, *feed) for feed in feeds]
    ready = ready_quantity(planned, given_feeds, Totals(good=good), 6)
    assert ready >= 0
    assert ready == 0 or ready + good == min(planned, supply(planned, given_feeds, 6))


def job(**more: Any) -> JobView:
    """A running job for 100 pieces with 5 % tolerance."""
    values: dict[str, Any] = {
        "state": JobState.RUNNING,
        "planned": Decimal(100),
        "over_tolerance_pct": Decimal(5),
        "order_state": "in_progress",
        "totals": Totals(),
        "feeds": [],
        "decimals": 0,
    }
    return JobView(**(values | more))


def test_an_ordinary_report_has_no_flag() -> None:
    assert report_flags(job(), Totals(good=Decimal(100))) == []


@pytest.mark.parametrize(
    ("view", "good", "flag"),
    [
        (job(), 105, None),
        (job(), 106, "over_production"),
        (job(state=JobState.READY), 1, "not_started"),
        (job(state=JobState.SKIPPED), 1, "not_started"),
        (job(state=JobState.DONE), 1, "after_finish"),
        (job(state=JobState.CANCELLED, order_state="cancelled"), 1, "order_cancelled"),
        (job(order_state="on_hold"), 1, "order_on_hold"),
        (job(order_state="closed"), 1, "after_close"),
        (job(feeds=[Feed(10, Decimal(10), Decimal(1))]), 11, "beyond_ready"),
    ],
)
def test_what_is_unusual_is_flagged_and_never_refused(view: JobView, good: int, flag: str | None) -> None:
    assert report_flags(view, Totals(good=Decimal(good))) == ([flag] if flag else [])


@pytest.mark.parametrize(
    ("ratios", "own"),
    [
        ({10: {}, 20: {10: "1"}, 30: {20: "1"}}, {10, 20, 30}),
        ({10: {}, 20: {10: "8"}, 30: {20: "1"}}, {20, 30}),  # sheets, cut into eight parts each
        ({10: {}, 20: {10: "8"}, 30: {20: "0.125"}}, {30}),
        ({10: {}, 20: {}, 30: {10: "1", 20: "4"}}, {10, 30}),
        ({50: {}, 10: {50: "2"}, 60: {10: "1"}}, {10, 60}),  # numbers tell nothing of the way
    ],
)
def test_pieces_are_the_items_from_the_last_ratio_on(ratios: dict[int, dict[int, str]], own: set[int]) -> None:
    assert of_the_item({op: {b: Decimal(r) for b, r in feeds.items()} for op, feeds in ratios.items()}) == own


@pytest.mark.parametrize(
    ("quantities", "decimals", "flags"),
    [(["2", "0"], 0, []), (["2", "0.5"], 0, ["fraction"]), (["0.125"], 3, []), (["0.1255"], 3, ["fraction"])],
)
def test_parts_of_what_counts_are_flagged(quantities: list[str], decimals: int, flags: list[str]) -> None:
    assert fraction_flags(map(Decimal, quantities), decimals) == flags
