"""The rules of calls."""

from enum import StrEnum


class Kind(StrEnum):
    """Who is needed."""

    MATERIAL = "material"
    MAINTENANCE = "maintenance"
    QUALITY = "quality"
    SUPERVISOR = "supervisor"


class State(StrEnum):
    """Where a call stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Step(StrEnum):
    """What moves it."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


STEPS = {
    (State.OPEN, Step.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.OPEN, Step.RESOLVE): State.RESOLVED,
    (State.ACKNOWLEDGED, Step.RESOLVE): State.RESOLVED,
}
"""Every allowed move; what needed no walk to the machine is resolved at once."""


def joined(note: str | None, more: str | None) -> str | None:
    """The note of a call that was made a second time."""
    if more is None or note == more:
        return note
    return more if note is None else f"{note}\n{more}"
