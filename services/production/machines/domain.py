"""Machine states. A machine has exactly one state at every moment: its intervals neither overlap nor leave a hole.

The reason of a stop may be corrected: while it lasts and in its shift by those at the machine, later by a leader. A
stop that had two reasons is split where the second one began. What was said at first stays with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    id: UUID | None = None
    was_reason: str | None = None
    corrected_by: str | None = None
    corrected_at: datetime | None = None


def clip(intervals: Sequence[Interval], begins: datetime, ends: datetime) -> list[Interval]:
    """The parts of the intervals within a window, in order."""
    clipped = []
    for interval in intervals:
        start, end = max(interval.begins, begins), min(interval.ends or ends, ends)
        if start < end:
            clipped.append(replace(interval, begins=start, ends=end))
    return clipped


def is_stop(state: str, reason: str | None) -> bool:
    """True of a stop, whose reason can be corrected; a set-up is one when it was begun by a reason."""
    return state == MachineState.STOPPED or (state == MachineState.SETUP and reason is not None)


def is_within(at: datetime, begins: datetime, ends: datetime) -> bool:
    """True of an instant that splits an interval into two that last."""
    return begins < at < ends


def is_of_shift(ends: datetime | None, shift_begins: datetime) -> bool:
    """True of an interval that lasts, or ended after the shift had begun."""
    return ends is None or ends > shift_begins


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
