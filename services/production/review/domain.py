"""The rules of reviews.

A command that was refused on its way from a tablet's queue waits for a leader. Nothing is lost: it is done as it was
meant, done with another content, done on another job, or dismissed with a reason, and all of that stays readable.

It is done in the name and at the time of who did it on the floor; the leader stands in the review and in the audit
trail. The command's key is used up by that: a tablet that sends it again gets the stored answer or is refused. A
flagged result that a leader let through is acknowledged by that.
"""

from collections import deque
from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from services.production.jobs.domain import JobCommand, JobState, next_state

ReviewState = Literal["open", "resolved"]


class ResolveAction(StrEnum):
    """The actions by which a review can be resolved."""

    ACCEPT = "accept"
    CORRECT = "correct"
    ASSIGN = "assign"
    DISMISS = "dismiss"


class Resolution(StrEnum):
    """The resolution of a review, after its action."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    ASSIGNED = "assigned"
    DISMISSED = "dismissed"


RESOLUTIONS = {
    ResolveAction.ACCEPT: Resolution.ACCEPTED,
    ResolveAction.CORRECT: Resolution.CORRECTED,
    ResolveAction.ASSIGN: Resolution.ASSIGNED,
    ResolveAction.DISMISS: Resolution.DISMISSED,
}

GOALS = {
    JobCommand.START: JobState.RUNNING,
    JobCommand.RESUME: JobState.RUNNING,
    JobCommand.PAUSE: JobState.PAUSED,
    JobCommand.FINISH: JobState.DONE,
}
"""The state in which a job is to be after each of an operator's commands."""


def moves_to(state: JobState, goal: JobState) -> list[JobCommand] | None:
    """The shortest path of a job from ``state`` to ``goal`` by the rules for what has happened.

    Empty when the job is there, None when no path leads there. A finished job is not taken up again to be paused.
    """
    if (state, goal) == (JobState.DONE, JobState.PAUSED):
        return None
    paths: deque[tuple[JobState, list[JobCommand]]] = deque([(state, [])])
    seen = {state}
    while paths:
        reached, path = paths.popleft()
        if reached is goal:
            return path
        for command in GOALS:
            after = next_state(reached, command, has_happened=True)
            if after is not None and after not in seen:
                seen.add(after)
                paths.append((after, [*path, command]))
    return None


def effects_of(moves: Sequence[JobCommand], state: JobState, *, is_held: bool) -> list[str]:
    """The effects of accepting, as codes for which each language has a text."""
    if not moves:
        return ["already"]
    passed_over = {JobState.WAITING: "start_unfed", JobState.DONE: "start_again"}.get(state)
    codes = {JobCommand.START: passed_over} if passed_over else {}
    if is_held:
        codes |= {JobCommand.START: "start_on_hold", JobCommand.RESUME: "resume_on_hold"}
    return [codes.get(move, move.value) for move in moves]
