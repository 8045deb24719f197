"""The time at which a command counts.

By the tablet's clock, but never in the future, never before what it follows, and never on an impossible day.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.definitions.domain import Recording
from services.production.jobs.domain import JobCommand, JobState, next_state

NOW = datetime(2026, 11, 25, 14, 32, tzinfo=UTC)
NINETY = timedelta(days=90)
HERE = Recording(NOW, NINETY)
moments = st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda away: NOW + away)


@pytest.mark.parametrize(
    ("minutes", "followed", "counts", "flags", "has_happened"),
    [
        (None, None, 0, (), False),
        (-1, None, -1, (), False),
        (-300, -400, -300, (), True),
        (-300, -200, -200, ("late",), True),
        (-30, -29, -29, (), True),
        (1, None, 0, (), False),
        (5, None, 0, ("clock",), False),
    ],
)
def test_a_touch_counts_from_when_it_was_made(
    minutes: int | None, followed: int | None, counts: int, flags: tuple[str, ...], has_happened: bool
) -> None:
    at = None if minutes is None else NOW + timedelta(minutes=minutes)
    before = None if followed is None else NOW + timedelta(minutes=followed)
    touch = HERE.effective(at, before)
    assert (touch.at, touch.flags, touch.has_happened) == (NOW + timedelta(minutes=counts), flags, has_happened)


@given(moments, st.lists(moments.filter(lambda moment: moment <= NOW)))
def test_no_touch_is_in_the_future_or_before_what_it_follows(at: datetime, followed: list[datetime]) -> None:
    touch = HERE.effective(at, *followed)
    assert touch.at <= NOW
    assert all(moment <= touch.at for moment in followed)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def test_a_tablet_whose_clock_fell_back_is_brought_behind_the_release() -> None:
    touch = HERE.effective(datetime(2020, 1, 1, tzinfo=UTC), released_at=ago(hours=2))
    assert (touch.at, touch.flags) == (ago(hours=2), ("clock",))


def test_pieces_of_a_wrong_clock_were_made_after_their_job_was_begun() -> None:
    touch = HERE.effective(datetime(1970, 1, 1, tzinfo=UTC), released_at=ago(hours=2), known_at=ago(hours=1))
    assert (touch.at, touch.flags) == (ago(hours=1), ("clock",))


def test_without_an_order_a_wrong_clock_is_brought_to_the_farthest_day_that_is_believed() -> None:
    touch = HERE.effective(datetime(2, 1, 1, tzinfo=UTC))
    assert (touch.at, touch.flags) == (NOW - NINETY, ("clock",))


def test_paper_of_last_month_is_believed_also_before_the_release() -> None:
    touch = HERE.effective(ago(days=30), released_at=ago(hours=2))
    assert (touch.at, touch.flags, touch.has_happened) == (ago(days=30), ("before_release",), True)


def test_what_follows_something_after_the_release_is_only_late() -> None:
    touch = HERE.effective(ago(days=30), ago(hours=1), released_at=ago(hours=2))
    assert (touch.at, touch.flags) == (ago(hours=1), ("late",))


def test_the_shop_may_believe_for_longer_or_shorter() -> None:
    assert Recording(NOW, timedelta(days=7)).effective(ago(days=8)).flags == ("clock",)
    assert Recording(NOW, timedelta(days=365)).effective(ago(days=364)).flags == ()


def test_a_device_has_seen_nothing_before_it_was_enrolled() -> None:
    fresh = Recording(NOW, NINETY, enrolled_at=ago(hours=3))
    assert fresh.effective(ago(hours=2)).at == ago(hours=2)
    assert fresh.effective(ago(hours=5)).flags == ("clock",)
    assert fresh.effective(ago(hours=5)).at == ago(hours=3)
    assert fresh.effective(ago(hours=5), released_at=ago(hours=1)).at == ago(hours=1)
    within = fresh.effective(ago(hours=3, minutes=1))
    assert (within.at, within.flags) == (ago(hours=3), ())


def test_what_was_received_long_ago_is_judged_by_then() -> None:
    waited = Recording(NOW, NINETY, received_at=ago(days=60))
    assert waited.effective(ago(days=140)).at == ago(days=140)
    assert waited.effective(ago(days=151)).flags == ("clock",)
    after = waited.effective(ago(days=59))
    assert (after.at, after.flags) == (ago(days=60), ("clock",))


def test_a_fact_that_follows_nothing_is_late_when_it_comes_long_after() -> None:
    assert HERE.effective(ago(minutes=1)).arrival_flags == []
    assert HERE.effective(ago(minutes=3)).arrival_flags == ["late"]
    assert HERE.effective(NOW + timedelta(minutes=3)).arrival_flags == ["clock"]
    assert HERE.effective(ago(days=400)).arrival_flags == ["clock"]
    assert HERE.effective(ago(days=3), released_at=NOW).arrival_flags == ["late", "before_release"]


anywhere = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(anywhere, moments, moments, moments)
def test_whatever_a_device_says_the_day_is_possible(
    at: datetime, released: datetime, enrolled: datetime, received: datetime
) -> None:
    recording = Recording(NOW, NINETY, min(enrolled, NOW), min(received, NOW))
    touch = recording.effective(at, released_at=min(released, NOW))
    assert min(received, NOW) - NINETY <= touch.at <= NOW
    assert touch.at >= min(enrolled, received, NOW)
    assert abs(touch.at - at) <= timedelta(minutes=2) or "clock" in touch.flags


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("command", JobCommand)
def test_what_has_happened_is_taken_wherever_it_would_be_taken_now(state: JobState, command: JobCommand) -> None:
    allowed = next_state(state, command)
    assert allowed is None or next_state(state, command, has_happened=True) is allowed


def test_what_two_tablets_tell_is_so_already_and_a_start_before_its_turn_counts() -> None:
    taken = {
        (state, command): after
        for state in JobState
        for command in JobCommand
        if next_state(state, command) is None and (after := next_state(state, command, has_happened=True))
    }
    assert taken == {
        (JobState.WAITING, JobCommand.START): JobState.RUNNING,
        (JobState.BLOCKED, JobCommand.START): JobState.RUNNING,
        (JobState.RUNNING, JobCommand.START): JobState.RUNNING,
        (JobState.RUNNING, JobCommand.RESUME): JobState.RUNNING,
        (JobState.PAUSED, JobCommand.PAUSE): JobState.PAUSED,
        (JobState.DONE, JobCommand.FINISH): JobState.DONE,
        (JobState.DONE, JobCommand.START): JobState.RUNNING,
    }
