"""Machine states. A machine has exactly one state at every moment: its intervals neither overlap nor leave a hole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class MachineState(StrEnum):
    """A state of a machine."""

    OFF = "off"
    IDLE = "idle"
    SETUP = "setup"
    RUNNING = "running"
    STOPPED = "stopped"


def state_of_reason(kind: str | None) -> MachineState:
    """The state that a pause brings: a set-up is one of its own, anything else is a stop."""
    return MachineState.SETUP if kind == "setup" else MachineState.STOPPED


@dataclass(frozen=True)
class Interval:
    """A machine state from ``begins`` to ``ends``; an open end is the present."""

    begins: datetime
    ends: datetime | None
    state: str
    reason: str | None
    source: str


def clip(intervals: Sequence[Interval], begins: datetime, ends: datetime) -> list[Interval]:
    """The parts of the intervals within a window, in order."""
    clipped = []
    for interval in intervals:
        start, end = max(interval.begins, begins), min(interval.ends or ends, ends)
        if start < end:
            clipped.append(Interval(start, end, interval.state, interval.reason, interval.source))
    return clipped


@dataclass(frozen=True)
class MachineTime:
    """A machine's state from ``begins`` to ``ends``, for which job.

    ``kind`` is the reason's, an open end is the present.
    """

    machine: str
    begins: datetime
    ends: datetime | None
    state: str
    reason: str | None
    kind: str | None
    job: UUID | None
