"""Where a leader can bring a job, with which effects, and whose commands wait for a leader."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.jobs.domain import JobCommand, JobState, next_state
from services.production.permissions import CanOpenReviews
from services.production.review.commands.dispatch import KINDS
from services.production.review.commands.kinds import CommandKind
from services.production.review.domain import GOALS, effects_of, moves_to


@pytest.mark.parametrize(
    ("state", "command", "moves"),
    [
        (JobState.BLOCKED, JobCommand.START, [JobCommand.START]),
        (JobState.WAITING, JobCommand.FINISH, [JobCommand.START, JobCommand.FINISH]),
        (JobState.PAUSED, JobCommand.START, [JobCommand.RESUME]),
        (JobState.READY, JobCommand.PAUSE, [JobCommand.START, JobCommand.PAUSE]),
        (JobState.RUNNING, JobCommand.START, []),
        (JobState.DONE, JobCommand.START, [JobCommand.START]),
        (JobState.DONE, JobCommand.RESUME, [JobCommand.START]),
        (JobState.DONE, JobCommand.PAUSE, None),
        (JobState.CANCELLED, JobCommand.FINISH, None),
    ],
)
def test_a_leader_brings_a_job_where_it_was_meant_to_be(
    state: JobState, command: JobCommand, moves: list[JobCommand] | None
) -> None:
    assert moves_to(state, GOALS[command]) == moves


@given(st.sampled_from(JobState), st.sampled_from(sorted(GOALS)))
def test_every_way_leads_to_its_goal(state: JobState, command: JobCommand) -> None:
    moves = moves_to(state, GOALS[command])
    for move in moves or []:
        after = next_state(state, move, has_happened=True)
        assert after is not None
        state = after
    assert moves is None or state is GOALS[command]


def test_what_accepting_does_is_said_with_what_it_passes_over() -> None:
    assert effects_of([JobCommand.START], JobState.BLOCKED, is_held=True) == ["start_on_hold"]
    assert effects_of([JobCommand.START, JobCommand.FINISH], JobState.WAITING, is_held=False) == [
        "start_unfed",
        "finish",
    ]
    assert effects_of([JobCommand.RESUME], JobState.PAUSED, is_held=True) == ["resume_on_hold"]
    assert effects_of([JobCommand.START], JobState.DONE, is_held=False) == ["start_again"]
    assert effects_of([], JobState.DONE, is_held=False) == ["already"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
def test_whoever_may_do_a_command_may_hand_it_over(kind: CommandKind) -> None:
    can_open = get_args(CanOpenReviews)[1].dependency
    assert "operator" in kind.permission.roles
    assert kind.permission.roles <= can_open.roles
