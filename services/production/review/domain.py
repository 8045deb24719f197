"""The rules of reviews.

A command that was refused on its way from a tablet's queue waits for a leader. Nothing is lost: it is done as it was meant, done
in another way, done on another job, or dismissed with a reason, and all of that stays readable.
"""

from collections import deque
from enum import StrEnum

from services.production.execution.domain import TRANSITIONS, Command, State


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
    Command.START: State.RUNNING,
    Command.RESUME: State.RUNNING,
    Command.PAUSE: State.PAUSED,
    Command.FINISH: State.DONE,
}
"""Where a job is to be after each of an operator's commands."""
MOVES = frozenset({*GOALS, Command.FEED, Command.UNBLOCK})
"""What a leader may do to a job on the way there."""


def moves_to(state: State, goal: State) -> list[Command] | None:
    """The shortest way of a job from ``state`` to ``goal``; none when it is there, None when there is no way."""
    ways: deque[tuple[State, list[Command]]] = deque([(state, [])])
    seen = {state}
    while ways:
        place, way = ways.popleft()
        if place is goal:
            return way
        for (before, command), after in TRANSITIONS.items():
            if before is place and command in MOVES and after not in seen:
                seen.add(after)
                ways.append((after, [*way, command]))
    return None
