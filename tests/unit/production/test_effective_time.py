"""The time at which a command counts.

By the tablet's clock, but never in the future and never before what it follows.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.jobs.domain import JobCommand, JobState, effective_time, next_state

NOW = datetime(2026, 11, 25, 14, 32, tzinfo=UTC)
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
    touch = effective_time(at, NOW, before)
    assert (touch.at, touch.flags, touch.has_happened) == (NOW + timedelta(minutes=counts), flags, has_happened)


@given(moments, st.lists(moments.filter(lambda moment: moment <= NOW)))
def test_no_touch_is_in_the_future_or_before_what_it_follows(at: datetime, followed: list[datetime]) -> None:
    touch = effective_time(at, NOW, *followed)
    assert touch.at <= NOW
    assert all(moment <= touch.at for moment in followed)


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
