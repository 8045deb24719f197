"""Change requests: proposed by a person or for the ERP, applied, refused."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import select

from services.orders.changes.domain import (
    TOLERANCES,
    ChangeDecision,
    ChangeOrigin,
    ChangeState,
    RequestedChange,
    faults,
    next_state,
    warnings,
)
from services.orders.changes.events import work_order_refused
from services.orders.changes.queries import describe_changes, differences_between, done_so_far
from services.orders.changes.schemas import ApplyIn, ChangeIn, ChangeOut
from services.orders.changes.tables import ChangeRequest
from services.orders.definitions.commands import require
from services.orders.definitions.queries import load_units
from services.orders.definitions.tables import Item, Machine
from services.orders.demand.queries.pegs import pegged_quantities
from services.orders.work_orders.commands.amend import Amendment, amend_order, changed_values, count_changes
from services.orders.work_orders.commands.move import apply_command, lock_work_order, require_permitted
from services.orders.work_orders.domain.states import Tolerances, WorkOrderAction, WorkOrderCommand, WorkOrderState
from services.orders.work_orders.queries.orders import operations_of
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.contracts.orders.work_orders import CANCEL_REFUSED, OrderedByErp
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import FieldError, Problem, unprocessable


async def propose_change(tx: Transaction, shop: Tolerances, work_order: UUID, body: ChangeIn) -> ChangeOut:
    """Propose a change of a released order; 409 in another state, 422 when it cannot be or would change nothing."""
    order = await lock_work_order(tx, work_order)
    require_permitted(order, WorkOrderAction.PROPOSE_CHANGE)
    values = await changed_values(tx, order, body)
    requested = _with_default_tolerances(RequestedChange.model_validate(values), shop)
    operations = await _operations(tx, order)
    _check(operations, requested)
    await _check_machines(tx, operations, requested)
    if not differences_between(order, operations, requested):
        raise Problem(422, "nothing_changed")
    return await store_proposal(tx, order, requested, body.reason)


def _with_default_tolerances(requested: RequestedChange, shop: Tolerances) -> RequestedChange:
    """The request, with the shop's tolerance where one was emptied: a released order has both."""
    emptied = {name for name in TOLERANCES if name in requested.model_fields_set and getattr(requested, name) is None}
    return requested.model_copy(update={name: getattr(shop, name) for name in emptied})


async def store_proposal(
    tx: Transaction,
    order: WorkOrder,
    requested: RequestedChange,
    reason: str | None,
    erp_order: dict[str, Any] | None = None,
    change_id: UUID | None = None,
) -> ChangeOut:
    """Store a change of a locked order for a person to decide on, under an id of its own or the one that is given."""
    operations = await _operations(tx, order)
    differences = differences_between(order, operations, requested)
    change = ChangeRequest(
        id=change_id or new_id(),
        work_order=order.id,
        origin=(ChangeOrigin.PERSON if erp_order is None else ChangeOrigin.ERP).value,
        wanted=requested.model_dump(mode="json", exclude_unset=True),
        erp_order=erp_order,
        difference=differences,
        done=done_so_far(operations),
        reason=reason,
        by=tx.actor.person if erp_order is None else "erp",
        at=tx.now,
    )
    tx.session.add(change)
    tx.audit("propose_change", order.subject, differences, reason)
    await count_changes(tx, order, +1)
    return await _describe(tx, change)


async def _operations(tx: Transaction, order: WorkOrder) -> list[WorkOrderOperation]:
    return (await operations_of(tx.session, [order.id]))[order.id]


def _check(operations: list[WorkOrderOperation], requested: RequestedChange) -> None:
    found = faults(operations, requested)
    if found:
        raise Problem(422, "invalid", errors=[FieldError(field, code) for field, code in found])


async def _check_machines(tx: Transaction, operations: list[WorkOrderOperation], requested: RequestedChange) -> None:
    """Another machine must be known and stand in the operation's work center."""
    centers = {operation.op: operation.work_center for operation in operations}
    for index, step in enumerate(requested.operations):
        if step.machine is not None:
            name = f"operations.{index}.machine"
            machine = await require(tx, Machine, step.machine, name)
            if machine.work_center != centers[step.op]:
                raise unprocessable(name, "machine_elsewhere", work_center=centers[step.op])


async def apply_change(tx: Transaction, change: UUID, body: ApplyIn) -> ChangeOut:
    """Change the order as requested.

    409 when that is decided, not possible any more, or has warnings that were not confirmed.
    """
    order, row = await _lock(tx, change, ChangeDecision.APPLY)
    requested = RequestedChange.model_validate(row.wanted)
    if not (requested.cancel and order.state == WorkOrderState.CANCELLED):
        require_permitted(order, WorkOrderAction.APPLY_CHANGE)
    operations = await _operations(tx, order)
    _check(operations, requested)
    await _check_machines(tx, operations, requested)
    promised = await pegged_quantities(tx.session, [order.id])
    decimals = (await load_units(tx.session)).decimals((await tx.session.get_one(Item, order.item)).unit)
    due = promised.get(order.id, Decimal(0))
    unconfirmed = warnings(order, operations, requested, due, tx.now, decimals)
    if not set(unconfirmed) <= set(body.confirmed):
        raise Problem(409, "change_unconfirmed", state=row.state, warnings=unconfirmed)
    row.difference = differences_between(order, operations, requested)
    row.done = done_so_far(operations)
    tx.audit("apply_change", order.subject, row.difference, body.reason or row.reason)
    if requested.cancel:
        await _cancel(tx, order, body.reason or row.reason)
        return await _decide(tx, row, ChangeState.APPLIED, body.reason)
    amendment = Amendment(
        values=requested.values(),
        machines={step.op: step.machine for step in requested.operations if step.machine is not None},
        skipped=frozenset(step.op for step in requested.operations if step.skip),
        settles_change=True,
    )
    changed = [field for field, _, _ in row.difference]
    ordered = OrderedByErp.model_validate(row.erp_order) if row.erp_order else None
    await amend_order(tx, order, amendment, changed, body.reason or row.reason, ordered)
    return await _decide(tx, row, ChangeState.APPLIED, body.reason)


async def _cancel(tx: Transaction, order: WorkOrder, reason: str | None) -> None:
    """Cancel a locked order as its open request wants, unless a person did meanwhile."""
    if order.state != WorkOrderState.CANCELLED:
        apply_command(tx, order, WorkOrderCommand.CANCEL, reason)
    await count_changes(tx, order, -1)


async def refuse_change(tx: Transaction, change: UUID, reason: str | None) -> ChangeOut:
    """Leave the order as it is; the ERP that asked gets the refusal. 409 when the change is decided already."""
    order, row = await _lock(tx, change, ChangeDecision.REFUSE)
    if row.origin == ChangeOrigin.ERP and order.state != WorkOrderState.CANCELLED:
        is_cancel = RequestedChange.model_validate(row.wanted).cancel
        record_refusal(tx, order.external_id or "", CANCEL_REFUSED if is_cancel else "change_refused", reason or "")
    return await refuse_locked(tx, order, row, reason)


async def refuse_locked(tx: Transaction, order: WorkOrder, row: ChangeRequest, reason: str | None) -> ChangeOut:
    """Refuse a locked change of a locked order."""
    operations = await _operations(tx, order)
    row.difference = differences_between(order, operations, RequestedChange.model_validate(row.wanted))
    row.done = done_so_far(operations)
    tx.audit("refuse_change", order.subject, row.difference, reason)
    await count_changes(tx, order, -1)
    return await _decide(tx, row, ChangeState.REFUSED, reason)


async def _lock(tx: Transaction, change: UUID, command: ChangeDecision) -> tuple[WorkOrder, ChangeRequest]:
    """The order and the change, locked in this sequence by everyone; 404, or 409 when the change is decided."""
    found = await tx.session.scalar(select(ChangeRequest.work_order).where(ChangeRequest.id == change))
    if found is None:
        raise Problem(404, "not_found")
    order = await lock_work_order(tx, found)
    row = await tx.session.get_one(ChangeRequest, change, with_for_update=True)
    if next_state(ChangeState(row.state), command) is None:
        raise Problem(409, "wrong_state", state=row.state)
    return order, row


async def _decide(tx: Transaction, row: ChangeRequest, state: ChangeState, reason: str | None) -> ChangeOut:
    row.state, row.decided_by, row.decided_at, row.decision = state.value, tx.actor.person, tx.now, reason
    await tx.session.flush()
    return await _describe(tx, row)


async def _describe(tx: Transaction, change: ChangeRequest) -> ChangeOut:
    return (await describe_changes(tx.session, [change], tx.now))[0]


def record_refusal(tx: Transaction, external_id: str, code: str, reason: str) -> None:
    """Record for the ERP bridge that what the ERP sent was not taken."""
    tx.record(work_order_refused(external_id, code, reason), aggregate=f"refusal/{new_id()}", version=1)
