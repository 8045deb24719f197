"""The rules of calls."""

from enum import StrEnum


class CallKind(StrEnum):
    """Those who can be called to a machine."""

    MATERIAL = "material"
    MAINTENANCE = "maintenance"
    QUALITY = "quality"
    SUPERVISOR = "supervisor"


class CallState(StrEnum):
    """The states of a call."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class CallStep(StrEnum):
    """The actions that move a call."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


TRANSITIONS = {
    (CallState.OPEN, CallStep.ACKNOWLEDGE): CallState.ACKNOWLEDGED,
    (CallState.OPEN, CallStep.RESOLVE): CallState.RESOLVED,
    (CallState.ACKNOWLEDGED, CallStep.RESOLVE): CallState.RESOLVED,
}
"""Every allowed move; what needed no walk to the machine is resolved at once."""


def append_note(note: str | None, more: str | None) -> str | None:
    """The note of a call with what a second call for the same adds to it."""
    if more is None or note == more:
        return note
    return more if note is None else f"{note}\n{more}"
