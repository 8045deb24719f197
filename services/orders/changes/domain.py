"""The rules of change requests: their states, differences, faults and warnings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from pydantic import BaseModel

from services.orders.work_orders.domain.pieces import OperationProgress, begun

TOLERANCES = ("over_tolerance_pct", "under_tolerance_pct")
ERP_FIELDS = ("quantity", "due_at", "priority", "customer", "sales_order", "note")
"""The fields of an order that the ERP may change."""
ORDER_FIELDS = (*ERP_FIELDS, *TOLERANCES)
"""The fields of an order that a person may change."""


class ChangeState(StrEnum):
    """The states of a change request."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REFUSED = "refused"


class ChangeDecision(StrEnum):
    """The decisions about a change request."""

    APPLY = "apply"
    REFUSE = "refuse"


class ChangeOrigin(StrEnum):
    """The source of a change request."""

    PERSON = "person"
    ERP = "erp"


TRANSITIONS: dict[tuple[ChangeState, ChangeDecision], ChangeState] = {
    (ChangeState.PROPOSED, ChangeDecision.APPLY): ChangeState.APPLIED,
    (ChangeState.PROPOSED, ChangeDecision.REFUSE): ChangeState.REFUSED,
}


def next_state(state: ChangeState, command: ChangeDecision) -> ChangeState | None:
    """The state after ``command``, or None when the change is decided already."""
    return TRANSITIONS.get((state, command))


class RequestedOperation(BaseModel):
    """New values of one operation."""

    op: int
    machine: str | None = None
    skip: bool = False


class RequestedChange(BaseModel):
    """New values of an order; a field that is not set stays."""

    quantity: Decimal | None = None
    due_at: datetime | None = None
    priority: int | None = None
    customer: str | None = None
    sales_order: str | None = None
    note: str | None = None
    over_tolerance_pct: Decimal | None = None
    under_tolerance_pct: Decimal | None = None
    operations: list[RequestedOperation] = []
    cancel: bool = False
    """The order is to be cancelled; nothing else is asked for then."""

    def values(self) -> dict[str, Any]:
        """The order's own fields that were set."""
        return {name: getattr(self, name) for name in ORDER_FIELDS if name in self.model_fields_set}


class PresentOperation(OperationProgress, Protocol):
    """An operation of the order, as far as a change looks at it."""

    machine: str | None


class PresentOrder(Protocol):
    """The order."""

    quantity: Decimal
    due_at: datetime


Difference = tuple[str, Any, Any]
ENDED = ("done", "skipped", "cancelled")
UNTOUCHED = ("waiting", "ready", "blocked")


def difference(
    present: Mapping[str, Any], operations: Sequence[PresentOperation], requested: RequestedChange
) -> list[Difference]:
    """Each field that would be another one: (field, before, after)."""
    if requested.cancel:
        return [("state", present["state"], "cancelled")] if present["state"] != "cancelled" else []
    found: list[Difference] = [
        (name, present[name], value) for name, value in requested.values().items() if present[name] != value
    ]
    by_op = {operation.op: operation for operation in operations}
    for step in requested.operations:
        operation = by_op.get(step.op)
        if operation is None:
            continue
        if step.machine is not None and step.machine != operation.machine:
            found.append((f"operations.{step.op}.machine", operation.machine, step.machine))
        if step.skip and not operation.skip:
            found.append((f"operations.{step.op}.skip", False, True))
    return found


def faults(operations: Sequence[PresentOperation], requested: RequestedChange) -> list[tuple[str, str]]:
    """The faults of a change, as (field, code).

    What has begun is not skipped, what has ended gets no other machine, and something is left to do.
    """
    by_op = {operation.op: operation for operation in operations}
    found = []
    for index, step in enumerate(requested.operations):
        operation = by_op.get(step.op)
        if operation is None:
            found.append((f"operations.{index}.op", "operation_unknown"))
        elif step.machine is not None and operation.state in ENDED:
            found.append((f"operations.{index}.machine", "operation_ended"))
        elif step.skip and not operation.skip and _has_begun(operation):
            found.append((f"operations.{index}.skip", "operation_begun"))
    skipped = {step.op for step in requested.operations if step.skip}
    if skipped and all(operation.skip or operation.op in skipped for operation in operations):
        found.append(("operations", "nothing_left"))
    return found


def _has_begun(operation: PresentOperation) -> bool:
    return operation.state not in UNTOUCHED or bool(
        operation.good or operation.scrap or operation.rework or operation.rework_in or operation.sent > 0
    )


def warnings(
    order: PresentOrder,
    operations: Sequence[PresentOperation],
    requested: RequestedChange,
    promised: Decimal,
    now: datetime,
    decimals: int,
) -> list[str]:
    """The warnings that a person confirms before the change is applied, as codes.

    ``promised`` is what the order makes for others, ``decimals`` are those of its unit. What is cancelled makes none.
    """
    found = []
    quantity = Decimal(0) if requested.cancel else requested.quantity
    if quantity is not None and quantity < order.quantity and quantity < begun(operations, decimals):
        found.append("below_done")
    if quantity is not None and quantity < order.quantity and quantity < promised:
        found.append("parent_short")
    if quantity is not None and quantity > order.quantity and any(o.state == "done" for o in operations):
        found.append("operation_finished")
    if requested.due_at is not None and requested.due_at != order.due_at and requested.due_at < now:
        found.append("due_in_the_past")
    moved = {step.op: step.machine for step in requested.operations if step.machine is not None}
    working = [o for o in operations if o.state in ("running", "paused")]
    if any(requested.cancel or moved.get(o.op, o.machine) != o.machine for o in working):
        found.append("operation_running")
    return found
