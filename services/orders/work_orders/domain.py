"""The rules of work orders: one table of transitions, and what release needs."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """Where a work order stands."""

    DRAFT = "draft"
    PLANNED = "planned"
    RELEASED = "released"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Command(StrEnum):
    """What moves it: people plan, release, hold, resume, cancel and close; the floor begins and completes."""

    PLAN = "plan"
    RELEASE = "release"
    BEGIN = "begin"
    HOLD = "hold"
    RESUME = "resume"
    COMPLETE = "complete"
    CANCEL = "cancel"
    CLOSE = "close"


OPEN = (State.DRAFT, State.PLANNED, State.RELEASED, State.IN_PROGRESS, State.ON_HOLD)
UNRELEASED = (State.DRAFT, State.PLANNED)
ON_THE_FLOOR = (State.RELEASED, State.IN_PROGRESS, State.ON_HOLD)
REASON_NEEDED = (Command.HOLD, Command.CANCEL)

TRANSITIONS: dict[tuple[State, Command], State] = {
    (State.DRAFT, Command.PLAN): State.PLANNED,
    (State.DRAFT, Command.RELEASE): State.RELEASED,
    (State.PLANNED, Command.RELEASE): State.RELEASED,
    (State.RELEASED, Command.BEGIN): State.IN_PROGRESS,
    (State.RELEASED, Command.HOLD): State.ON_HOLD,
    (State.IN_PROGRESS, Command.HOLD): State.ON_HOLD,
    (State.RELEASED, Command.COMPLETE): State.COMPLETED,
    (State.IN_PROGRESS, Command.COMPLETE): State.COMPLETED,
    (State.COMPLETED, Command.CLOSE): State.CLOSED,
    **{(state, Command.CANCEL): State.CANCELLED for state in OPEN},
}
"""Every allowed move but resume, which goes back to where hold came from."""


def next_state(state: State, command: Command, held_from: State | None = None) -> State | None:
    """The state after ``command``, or None when it is not possible in ``state``."""
    if command is Command.RESUME:
        return held_from if state is State.ON_HOLD else None
    return TRANSITIONS.get((state, command))


def order_number(local: datetime, sequence: int) -> str:
    """The human number: ``W-<year and month>-<sequence in the month>``; ``local`` is in the shop's time zone."""
    return f"W-{local:%y%m}-{sequence:04d}"


class Progress(Protocol):
    """Counts of one operation."""

    op: int
    good: Decimal
    scrap: Decimal
    rework: Decimal


def order_totals(operations: Sequence[Progress]) -> tuple[Decimal, Decimal, Decimal]:
    """An order's good pieces are those of its last operation; scrap and rework add up over all operations."""
    if not operations:
        return Decimal(0), Decimal(0), Decimal(0)
    last = max(operations, key=lambda operation: operation.op)
    return last.good, sum((o.scrap for o in operations), Decimal(0)), sum((o.rework for o in operations), Decimal(0))
