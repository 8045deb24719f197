"""The rules of reviews.

A command that was refused on its way from a tablet's queue waits for a leader. Nothing is lost: it is done as it was meant, done
in another way, done on another job, or dismissed with a reason, and all of that stays readable.
"""

from collections import deque
from collections.abc import Sequence
from enum import StrEnum

from services.production.jobs.domain import JobCommand, JobState, next_state


class Way(StrEnum):
    """How a review can be resolved."""

    ACCEPT = "accept"
    CORRECT = "correct"
    ASSIGN = "assign"
    DISMISS = "dismiss"


class Resolution(StrEnum):
    """How it was resolved."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    ASSIGNED = "assigned"
    DISMISSED = "dismissed"


RESOLUTIONS = {
    Way.ACCEPT: Resolution.ACCEPTED,
    Way.CORRECT: Resolution.CORRECTED,
    Way.ASSIGN: Resolution.ASSIGNED,
    Way.DISMISS: Resolution.DISMISSED,
}

GOALS = {
    JobCommand.START: JobState.RUNNING,
    JobCommand.RESUME: JobState.RUNNING,
    JobCommand.PAUSE: JobState.PAUSED,
    JobCommand.FINISH: JobState.DONE,
}
"""Where a job is to be after each of an operator's commands."""


def moves_to(state: JobState, goal: JobState) -> list[JobCommand] | None:
    """The shortest way of a job from ``state`` to ``goal`` when nothing bureaucratic stands in it; empty when it is there, None without a way."""
    ways: deque[tuple[JobState, list[JobCommand]]] = deque([(state, [])])
    seen = {state}
    while ways:
        place, way = ways.popleft()
        if place is goal:
            return way
        for command in GOALS:
            after = next_state(place, command, has_happened=True)
            if after is not None and after not in seen:
                seen.add(after)
                ways.append((after, [*way, command]))
    return None


def effects_of(moves: Sequence[JobCommand], state: JobState, *, is_held: bool) -> list[str]:
    """What accepting will do, in words for which each language has a text."""
    if not moves:
        return ["already"]
    words = {JobCommand.START: "start_unfed"} if state is JobState.WAITING else {}
    if is_held:
        words |= {JobCommand.START: "start_on_hold", JobCommand.RESUME: "resume_on_hold"}
    return [words.get(move, move.value) for move in moves]
