"""The states of work orders: one table of transitions, what may be done in each state, and how an order stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Standing(StrEnum):
    """How an open order stands: its date has passed, it is expected after its date, or neither."""

    LATE = "late"
    AT_RISK = "at_risk"
    IN_TIME = "in_time"


def standing_of(due_at: datetime, expected_at: datetime | None, now: datetime) -> tuple[Standing, timedelta | None]:
    """How an open order stands at ``now``, and how late it will be: below zero it has time to spare.

    ``expected_at`` is when it will be there; where nobody knows, an order whose date has passed is late by the time
    since, and of another one the time is None.
    """
    if due_at < now:
        return Standing.LATE, (expected_at or now) - due_at
    if expected_at is None:
        return Standing.IN_TIME, None
    return (Standing.AT_RISK if expected_at > due_at else Standing.IN_TIME), expected_at - due_at


class WorkOrderState(StrEnum):
    """The states of a work order."""

    DRAFT = "draft"
    PLANNED = "planned"
    RELEASED = "released"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class WorkOrderCommand(StrEnum):
    """The commands that move a work order: people plan, release, hold, resume, cancel, close and reopen.

    The floor begins, completes, and takes an operation up again.
    """

    PLAN = "plan"
    RELEASE = "release"
    BEGIN = "begin"
    HOLD = "hold"
    RESUME = "resume"
    COMPLETE = "complete"
    CANCEL = "cancel"
    CLOSE = "close"
    REOPEN = "reopen"
    TAKE_UP = "take_up"


class WorkOrderAction(StrEnum):
    """The actions of people that do not move an order: edit, split and merge it, ask for a change and apply one."""

    EDIT = "edit"
    SPLIT = "split"
    MERGE = "merge"
    PROPOSE_CHANGE = "propose_change"
    APPLY_CHANGE = "apply_change"


OPEN = (
    WorkOrderState.DRAFT,
    WorkOrderState.PLANNED,
    WorkOrderState.RELEASED,
    WorkOrderState.IN_PROGRESS,
    WorkOrderState.ON_HOLD,
)
UNRELEASED = (WorkOrderState.DRAFT, WorkOrderState.PLANNED)
BEFORE_WORK = (*UNRELEASED, WorkOrderState.RELEASED)
"""Nothing of it has been begun, so that its parts can still be made for it."""
ON_THE_FLOOR = (WorkOrderState.RELEASED, WorkOrderState.IN_PROGRESS, WorkOrderState.ON_HOLD)
ENDED_WITH_PIECES = (WorkOrderState.COMPLETED, WorkOrderState.CLOSED)
REASON_NEEDED = (WorkOrderCommand.HOLD, WorkOrderCommand.CANCEL, WorkOrderCommand.REOPEN)
TRANSITIONS: dict[tuple[WorkOrderState, WorkOrderCommand], WorkOrderState] = {
    (WorkOrderState.DRAFT, WorkOrderCommand.PLAN): WorkOrderState.PLANNED,
    (WorkOrderState.DRAFT, WorkOrderCommand.RELEASE): WorkOrderState.RELEASED,
    (WorkOrderState.PLANNED, WorkOrderCommand.RELEASE): WorkOrderState.RELEASED,
    (WorkOrderState.RELEASED, WorkOrderCommand.BEGIN): WorkOrderState.IN_PROGRESS,
    (WorkOrderState.RELEASED, WorkOrderCommand.HOLD): WorkOrderState.ON_HOLD,
    (WorkOrderState.IN_PROGRESS, WorkOrderCommand.HOLD): WorkOrderState.ON_HOLD,
    (WorkOrderState.RELEASED, WorkOrderCommand.COMPLETE): WorkOrderState.COMPLETED,
    (WorkOrderState.IN_PROGRESS, WorkOrderCommand.COMPLETE): WorkOrderState.COMPLETED,
    (WorkOrderState.COMPLETED, WorkOrderCommand.CLOSE): WorkOrderState.CLOSED,
    (WorkOrderState.COMPLETED, WorkOrderCommand.TAKE_UP): WorkOrderState.IN_PROGRESS,
    (WorkOrderState.CLOSED, WorkOrderCommand.TAKE_UP): WorkOrderState.IN_PROGRESS,
    (WorkOrderState.CLOSED, WorkOrderCommand.REOPEN): WorkOrderState.COMPLETED,
    **{(state, WorkOrderCommand.CANCEL): WorkOrderState.CANCELLED for state in OPEN},
}
"""Every allowed move but those back: resume, and reopen after a cancellation.

A closed order is completed again; who takes an operation of it up on the floor opens it altogether.
"""
RETURNS = (
    (WorkOrderState.ON_HOLD, WorkOrderCommand.RESUME),
    (WorkOrderState.CANCELLED, WorkOrderCommand.REOPEN),
)


def next_state(
    state: WorkOrderState, command: WorkOrderCommand, back_to: WorkOrderState | None = None
) -> WorkOrderState | None:
    """The state after ``command``, or None when it is not possible in ``state``; a way back leads to ``back_to``."""
    return back_to if (state, command) in RETURNS else TRANSITIONS.get((state, command))


def state_to_return_to(
    held_from: WorkOrderState | None, *, is_released: bool, has_begun: bool
) -> WorkOrderState | None:
    """The state to which a held or a cancelled order goes back.

    One that was cancelled before its release has no way back: there is nothing on it that a new order has not, and what
    a merge made of it is in another order already.
    """
    if held_from is not None or not is_released:
        return held_from
    return WorkOrderState.IN_PROGRESS if has_begun else WorkOrderState.RELEASED


PERMITTED: dict[WorkOrderAction, tuple[WorkOrderState, ...]] = {
    WorkOrderAction.EDIT: UNRELEASED,
    WorkOrderAction.MERGE: UNRELEASED,
    WorkOrderAction.SPLIT: OPEN,
    WorkOrderAction.PROPOSE_CHANGE: (*ON_THE_FLOOR, WorkOrderState.COMPLETED),
    WorkOrderAction.APPLY_CHANGE: (*ON_THE_FLOOR, WorkOrderState.COMPLETED),
}
"""A completed order is changed, too: a raised quantity opens it again, a lowered one is what it has come to."""


def is_permitted(state: WorkOrderState, action: WorkOrderAction) -> bool:
    """True when ``action`` is possible in ``state``."""
    return state in PERMITTED[action]


def is_milestone(before: str, after: str) -> bool:
    """True when an operation's move from ``before`` belongs into its order's history: begun, finished, skipped, opened.

    Not each pause.
    """
    if is_taken_up(before, after):
        return True
    return after != before and after in ("running", "done", "skipped") and (before, after) != ("paused", "running")


def is_taken_up(before: str, after: str) -> bool:
    """True when an operation that was finished is open again."""
    return before == "done" and after != "done"


def order_number(local: datetime, sequence: int) -> str:
    """The human number: ``W-<year and month>-<sequence in the month>``; ``local`` is in the shop's time zone."""
    return f"W-{local:%y%m}-{sequence:04d}"


MICRO = Decimal("0.000001")
"""The smallest quantity there is."""


@dataclass(frozen=True)
class Tolerances:
    """Good pieces beyond and short of an order's quantity that need no review, in percent."""

    over_tolerance_pct: Decimal
    under_tolerance_pct: Decimal


@dataclass(frozen=True)
class OperationMove:
    """An operation moved on the floor; ``id`` is the event's."""

    id: UUID
    at: datetime
    work_order: UUID
    op: int
    before: str
    state: str
    person_id: UUID | None
    machine: str | None
    reason: str | None = None
    rework_in: Decimal | None = None
    """Pieces that wait there to be reworked, where the event says so."""
    sent: Decimal | None = None
    """Pieces that are with the subcontractor, where the event says so."""
