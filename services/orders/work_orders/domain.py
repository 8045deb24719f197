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

from services.orders.products.domain import in_order, planned_quantities
from shared.kit.quantities import exact_ratio, round_down, round_up
from shared.kit.units import MOST_DECIMALS


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
    rework_in: Decimal
    """Those that wait to be reworked there."""
    sent: Decimal
    """Those that are with the subcontractor; negative where more came back than went."""
    state: str


def order_totals(operations: Sequence[OperationProgress]) -> tuple[Decimal, Decimal, Decimal]:
    """An order's good pieces are those of its last operation; scrap and rework add up over all operations."""
    if not operations:
        return Decimal(0), Decimal(0), Decimal(0)
    last = max((o for o in operations if not o.skip), key=lambda operation: operation.op)
    return last.good, sum((o.scrap for o in operations), Decimal(0)), sum((o.rework for o in operations), Decimal(0))


def _in_hand(operation: OperationProgress) -> Decimal:
    """The pieces that an operation has finished with, and those that wait there for rework or are at its
    subcontractor.
    """
    away = max(operation.sent, Decimal(0))
    return operation.good + operation.scrap + operation.rework_in + away


def begun(operations: Sequence[OperationProgress], decimals: int) -> Decimal:
    """The number of an order's pieces that have been worked on.

    The most that any operation has finished with, has waiting for rework or at its subcontractor, in pieces of the
    order. An operation that is planned for more than they need, since it makes no parts of a sheet, begins no more
    pieces than are ordered.
    """
    if not operations:
        return Decimal(0)
    each = planned_quantities(operations, Decimal(1))
    ordered = Fraction(max(operations, key=lambda operation: operation.op).planned)
    found = Fraction(0)
    for operation in operations:
        touched = Fraction(_in_hand(operation))
        beyond = max(touched - Fraction(operation.planned), Fraction(0))
        found = max(found, min(touched / each[operation.op], ordered + beyond / each[operation.op]))
    return round_up(found, decimals)


def makes(state: WorkOrderState, quantity: Decimal, operations: Sequence[OperationProgress], decimals: int) -> Decimal:
    """The good pieces that there are or will be of an order: all that are ordered before its release, all that it has
    made once it is over, and what can still come good in between.
    """
    if state in UNRELEASED:
        return quantity
    return obtainable(operations, decimals) if state in ON_THE_FLOOR else order_totals(operations)[0]


def split_faults(quantity: Decimal, parts: Sequence[Decimal], done: Decimal) -> list[tuple[str, str]]:
    """The faults of a split, as (field, code): the parts are the whole, and the first keeps what was worked on."""
    if sum(parts) != quantity:
        return [("quantities", "split_sum")]
    if parts[0] < done:
        return [("quantities.0", "split_below_done")]
    return []


def allotments(
    supplies: Sequence[tuple[UUID, Decimal]], parts: Sequence[tuple[UUID | None, Decimal]]
) -> list[tuple[UUID | None, UUID, Decimal]]:
    """What each part of an order gets of what its ``supplies`` make for it, as (part, supply, quantity).

    Parts get by their quantities, the first ones of the first supplies; all together exactly what there was.
    """
    promised = sum((quantity for _, quantity in supplies), Decimal(0))
    whole = sum((Fraction(quantity) for _, quantity in parts), Fraction(0))
    found, left, given, passed = [], list(supplies), Decimal(0), Fraction(0)
    for part, quantity in parts:
        passed += Fraction(quantity)
        due = round_down(Fraction(promised) * passed / whole, MOST_DECIMALS) - given
        given += due
        while due > 0:
            supply, there = left.pop(0)
            taken = min(due, there)
            due -= taken
            found.append((part, supply, taken))
            if there > taken:
                left.insert(0, (supply, there - taken))
    return found


def feeding(operations: Sequence[OperationProgress]) -> dict[int, dict[int, Fraction]]:
    """The operations that feed each operation that is not skipped, with the pieces it makes of one of theirs.

    Skipped ones are passed over, to those before them.
    """
    by_op = {operation.op: operation for operation in operations}

    def before(operation: OperationProgress) -> dict[int, Fraction]:
        found: dict[int, Fraction] = {}
        own = exact_ratio(operation.ratio)
        for op in operation.predecessors:
            if not by_op[op].skip:
                found[op] = own
            else:
                found |= {further: ratio * own for further, ratio in before(by_op[op]).items()}
        return found

    return {operation.op: before(operation) for operation in operations if not operation.skip}


def obtainable(operations: Sequence[OperationProgress], decimals: int) -> Decimal:
    """The good pieces that an order has made and can still make: what was scrapped or left out cannot be one any more.

    A finished operation gives what it has given. One that is open gives what came in and will come in, less its scrap,
    and no more than is planned; what was made beyond the plan is made.
    """
    by_op = {operation.op: operation for operation in operations}
    feeds = feeding(operations)
    given: dict[int, Fraction] = {}
    for op in in_order({op: list(before) for op, before in feeds.items()}):
        operation = by_op[op]
        good, planned = Fraction(operation.good), Fraction(operation.planned)
        coming = min((given[before] * ratio for before, ratio in feeds[op].items()), default=planned)
        left = Fraction(round_down(coming, decimals)) - Fraction(operation.scrap)
        is_over = operation.state in ("done", "cancelled")
        given[op] = good if is_over else max(good, min(left, planned))
    return round_down(given[max(given)], decimals) if given else Decimal(0)


@dataclass(frozen=True)
class Balance:
    """The balance of one operation's pieces: ``received`` came in, ``in_process`` of them have not left.

    ``not_begun`` never came in. Of what an earlier operation gives because it makes no parts of a sheet no more comes
    in than is planned here, unless it is used.

    ``unreported`` left it and never came in: what was reported is never refused, so a report before it is missing.
    ``not_begun`` is negative where more was made than planned.
    """

    op: int
    received: Decimal
    not_begun: Decimal
    in_process: Decimal
    unreported: Decimal


def balances(operations: Sequence[OperationProgress], decimals: int) -> list[Balance]:
    """The balance of each operation.

    In a chain of like pieces, over all operations:
    planned = not begun + in process + scrap - unreported + good of the last.
    """
    by_op: Mapping[int, OperationProgress] = {operation.op: operation for operation in operations}
    found = []
    none = Decimal(0)
    for op, feeds in feeding(operations).items():
        operation = by_op[op]
        processed = operation.good + operation.scrap
        touched = _in_hand(operation)
        received = touched
        if feeds:
            came = min(Fraction(by_op[before].good) * ratio for before, ratio in feeds.items())
            needed = min(_needed(by_op[before], operation, ratio) for before, ratio in feeds.items())
            received = round_down(max(needed, min(came, Fraction(touched))), decimals)
        rest = received - processed
        not_begun = none if feeds else operation.planned - received
        found.append(Balance(op, received, not_begun, max(rest, none), max(-rest, none)))
    return found


def _needed(before: OperationProgress, operation: OperationProgress, ratio: Fraction) -> Fraction:
    """The pieces that ``before`` has given ``operation`` of those it wants: no more than are planned, while ``before``
    has made no more than was planned there.
    """
    beyond = max(Fraction(before.good) - Fraction(before.planned), Fraction(0))
    return min(Fraction(before.good) * ratio, Fraction(operation.planned) + beyond * ratio)
