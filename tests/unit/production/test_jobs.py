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
    "cancelled": {},
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
    assert ready_quantity(Decimal(100), [Feed(10, Decimal(60), Decimal(1))], totals) == 28
    assert (
        ready_quantity(Decimal(100), [Feed(10, Decimal(60), Decimal(1)), Feed(20, Decimal(20), Decimal(2))], totals)
        == 8
    )
    assert ready_quantity(Decimal(100), [], totals) == 68


def test_pieces_to_be_reworked_have_not_left_the_operation() -> None:
    assert ready_quantity(Decimal(100), [], Totals(good=Decimal(90), rework=Decimal(10))) == 10


@given(st.lists(st.tuples(pieces, pieces, pieces), max_size=20), pieces)
def test_no_sequence_of_reports_makes_or_loses_a_piece(
    reports: list[tuple[Decimal, Decimal, Decimal]], planned: Decimal
) -> None:
    totals = Totals()
    for report in reports:
        totals += Totals(*report)
        assert ready_quantity(planned, [], totals) == max(Decimal(0), planned - totals.processed)
    for report in reports:
        totals += -Totals(*report)
    assert totals == Totals()


@given(st.lists(st.tuples(pieces, st.decimals(min_value="0.01", max_value=8, places=2)), max_size=5), pieces, pieces)
def test_what_is_ready_and_what_is_done_never_exceed_the_supply(
    feeds: list[tuple[Decimal, Decimal]], planned: Decimal, good: Decimal
) -> None:
    given_feeds = [Feed(10, *feed) for feed in feeds]
    ready = ready_quantity(planned, given_feeds, Totals(good=good))
    assert ready >= 0
    assert ready == 0 or ready + good == supply(planned, given_feeds)


def job(**more: Any) -> JobView:
    """A running job for 100 pieces with 5 % tolerance."""
    values: dict[str, Any] = {
        "state": JobState.RUNNING,
        "planned": Decimal(100),
        "over_tolerance_pct": Decimal(5),
        "order_state": "in_progress",
        "totals": Totals(),
        "feeds": [],
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
