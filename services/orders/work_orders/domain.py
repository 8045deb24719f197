"""The rules of work orders: one table of transitions, what may be done in each state, and how quantities are divided
and accounted for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from services.orders.products.domain import planned_quantities


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
    """The commands that move a work order: people plan, release, hold, resume, cancel and close.

    The floor begins and completes.
    """

    PLAN = "plan"
    RELEASE = "release"
    BEGIN = "begin"
    HOLD = "hold"
    RESUME = "resume"
    COMPLETE = "complete"
    CANCEL = "cancel"
    CLOSE = "close"


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
ON_THE_FLOOR = (WorkOrderState.RELEASED, WorkOrderState.IN_PROGRESS, WorkOrderState.ON_HOLD)
REASON_NEEDED = (WorkOrderCommand.HOLD, WorkOrderCommand.CANCEL)
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
    **{(state, WorkOrderCommand.CANCEL): WorkOrderState.CANCELLED for state in OPEN},
}
"""Every allowed move but resume, which goes back to where hold came from."""


def next_state(
    state: WorkOrderState, command: WorkOrderCommand, held_from: WorkOrderState | None = None
) -> WorkOrderState | None:
    """The state after ``command``, or None when it is not possible in ``state``."""
    if command is WorkOrderCommand.RESUME:
        return held_from if state is WorkOrderState.ON_HOLD else None
    return TRANSITIONS.get((state, command))


PERMITTED: dict[WorkOrderAction, tuple[WorkOrderState, ...]] = {
    WorkOrderAction.EDIT: UNRELEASED,
    WorkOrderAction.MERGE: UNRELEASED,
    WorkOrderAction.SPLIT: OPEN,
    WorkOrderAction.PROPOSE_CHANGE: ON_THE_FLOOR,
    WorkOrderAction.APPLY_CHANGE: ON_THE_FLOOR,
}


def is_permitted(state: WorkOrderState, action: WorkOrderAction) -> bool:
    """True when ``action`` is possible in ``state``."""
    return state in PERMITTED[action]


def is_milestone(before: str, after: str) -> bool:
    """True when an operation's move from ``before`` belongs into its order's history: begun, finished or skipped.

    Not each pause.
    """
    return after != before and after in ("running", "done", "skipped") and (before, after) != ("paused", "running")


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


class OperationProgress(Protocol):
    """An operation as it was frozen, and what was reported on it."""

    op: int

    @property
    def predecessors(self) -> list[int]:
        """The operations that give to it."""

    ratio: Decimal
    skip: bool
    planned: Decimal
    good: Decimal
    scrap: Decimal
    rework: Decimal


def order_totals(operations: Sequence[OperationProgress]) -> tuple[Decimal, Decimal, Decimal]:
    """An order's good pieces are those of its last operation; scrap and rework add up over all operations."""
    if not operations:
        return Decimal(0), Decimal(0), Decimal(0)
    last = max((o for o in operations if not o.skip), key=lambda operation: operation.op)
    return last.good, sum((o.scrap for o in operations), Decimal(0)), sum((o.rework for o in operations), Decimal(0))


def begun(operations: Sequence[OperationProgress]) -> Decimal:
    """The number of an order's pieces that have been worked on.

    The most that any operation has finished with, in pieces of the order.
    """
    each = planned_quantities(operations, Decimal(1))
    most = max((Fraction(o.good + o.scrap) / each[o.op] for o in operations), default=Fraction(0))
    return Decimal(most.numerator) / most.denominator


def split_faults(quantity: Decimal, parts: Sequence[Decimal], done: Decimal) -> list[tuple[str, str]]:
    """The faults of a split, as (field, code): the parts are the whole, and the first keeps what was worked on."""
    if sum(parts) != quantity:
        return [("quantities", "split_sum")]
    if parts[0] < done:
        return [("quantities.0", "split_below_done")]
    return []


def feeding(operations: Sequence[OperationProgress]) -> dict[int, dict[int, Decimal]]:
    """The operations that feed each operation that is not skipped, with the pieces it makes of one of theirs.

    Skipped ones are passed over, to those before them.
    """
    by_op = {operation.op: operation for operation in operations}

    def before(operation: OperationProgress) -> dict[int, Decimal]:
        found: dict[int, Decimal] = {}
        for op in operation.predecessors:
            if not by_op[op].skip:
                found[op] = operation.ratio
            else:
                found |= {further: ratio * operation.ratio for further, ratio in before(by_op[op]).items()}
        return found

    return {operation.op: before(operation) for operation in operations if not operation.skip}


@dataclass(frozen=True)
class Balance:
    """The balance of one operation's pieces: ``received`` came in, ``in_process`` of them have not left.

    ``not_begun`` never came in.

    ``unreported`` left it and never came in: what was reported is never refused, so a report before it is missing.
    ``not_begun`` is negative where more was made than planned.
    """

    op: int
    received: Decimal
    not_begun: Decimal
    in_process: Decimal
    unreported: Decimal


def balances(operations: Sequence[OperationProgress]) -> list[Balance]:
    """The balance of each operation.

    In a chain of like pieces, over all operations:
    planned = not begun + in process + scrap - unreported + good of the last.
    """
    by_op: Mapping[int, OperationProgress] = {operation.op: operation for operation in operations}
    found = []
    for op, feeds in feeding(operations).items():
        operation = by_op[op]
        processed = operation.good + operation.scrap
        received = min((by_op[before].good * ratio for before, ratio in feeds.items()), default=processed)
        not_begun = operation.planned - processed if not feeds else Decimal(0)
        rest, none = received - processed, Decimal(0)
        found.append(Balance(op, received, not_begun, max(rest, none), max(-rest, none)))
    return found
