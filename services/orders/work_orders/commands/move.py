"""Moves work orders from state to state."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlmodel import col, select

from services.orders.work_orders.commands.reconcile import store_reconciliation
from services.orders.work_orders.domain.states import (
    REASON_NEEDED,
    WorkOrderAction,
    WorkOrderCommand,
    WorkOrderState,
    is_permitted,
    next_state,
    state_to_return_to,
)
from services.orders.work_orders.events import work_order_changed
from services.orders.work_orders.queries.orders import describe_work_orders
from services.orders.work_orders.schemas import WorkOrderOut
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable

NEVER: Mapping[UUID, datetime] = MappingProxyType({})


async def move_work_order(
    tx: Transaction, work_order: UUID, command: WorkOrderCommand, reason: str | None
) -> WorkOrderOut:
    """Plan, hold, resume, cancel, close or reopen; 409 when the state does not allow it, 422 when a reason is missing.

    Nothing is closed while a change of it is to be decided.
    """
    if command in REASON_NEEDED and not reason:
        raise unprocessable("reason", "missing")
    order = await lock_work_order(tx, work_order)
    if command is WorkOrderCommand.CLOSE and order.changes_open:
        raise Problem(409, "changes_open", state=order.state, changes=order.changes_open)
    apply_command(tx, order, command, reason)
    if command in (WorkOrderCommand.RESUME, WorkOrderCommand.REOPEN):
        await complete_if_done(tx, [order])
    if command is WorkOrderCommand.CLOSE:
        await store_reconciliation(tx, order, reason)
    await tx.session.flush()
    return await describe(tx, order)


async def lock_work_order(tx: Transaction, work_order: UUID) -> WorkOrder:
    """The order, locked until the end of the transaction, or a 404 problem."""
    order = await tx.session.get(WorkOrder, work_order, with_for_update=True)
    if order is None:
        raise Problem(404, "not_found")
    return order


def wrong_state(order: WorkOrder) -> Problem:
    """A 409 with the state that stands in the way."""
    return Problem(409, "wrong_state", state=order.state)


def require_permitted(order: WorkOrder, action: WorkOrderAction) -> None:
    """A 409 problem when the order's state does not allow ``action``."""
    if not is_permitted(WorkOrderState(order.state), action):
        raise wrong_state(order)


def apply_command(
    tx: Transaction,
    order: WorkOrder,
    command: WorkOrderCommand,
    reason: str | None = None,
    at: datetime | None = None,
    merged_into: UUID | None = None,
) -> None:
    """Move a locked order and record it; a 409 problem when its state does not allow it.

    ``at`` is when it happened on the floor, where that was before it is heard here; ``merged_into`` is the order that
    goes on with what this one was to make.
    """
    before = WorkOrderState(order.state)
    back_to = state_to_return_to(
        WorkOrderState(order.held_from) if order.held_from else None,
        is_released=order.released_at is not None,
        has_begun=order.started_at is not None,
    )
    after = next_state(before, command, back_to)
    if after is None:
        raise wrong_state(order)
    order.state = after.value
    order.held_from = before.value if after is WorkOrderState.ON_HOLD else None
    order.reason = reason if after in (WorkOrderState.ON_HOLD, WorkOrderState.CANCELLED) else None
    if after is WorkOrderState.IN_PROGRESS and order.started_at is None:
        order.started_at = at or tx.now
    if command is WorkOrderCommand.COMPLETE:
        order.completed_at = at or tx.now
    elif command is WorkOrderCommand.TAKE_UP:
        order.completed_at = None
    order.version += 1
    tx.audit(command, order.subject, [("state", before, after)], reason)
    event = work_order_changed(order, before.value, reason, merged_into)
    tx.record(event, aggregate=order.subject, version=order.version)


async def complete_if_done(
    tx: Transaction, orders: Iterable[WorkOrder], ended_at: Mapping[UUID, datetime] = NEVER
) -> None:
    """Complete those of the locked orders whose operations are all done; a held one waits for its resumption.

    ``ended_at`` is by order when its last operation ended, where that is what completes it.
    """
    working = {
        order.id: order for order in orders if order.state in (WorkOrderState.RELEASED, WorkOrderState.IN_PROGRESS)
    }
    if not working:
        return
    unfinished = select(WorkOrderOperation.work_order).where(
        col(WorkOrderOperation.work_order).in_(working), col(WorkOrderOperation.state).not_in(["done", "skipped"])
    )
    still_open = set(await tx.session.scalars(unfinished))
    for id_, order in working.items():
        if id_ not in still_open:
            apply_command(tx, order, WorkOrderCommand.COMPLETE, at=ended_at.get(id_))


async def describe(tx: Transaction, order: WorkOrder) -> WorkOrderOut:
    """The order as clients see it."""
    return (await describe_work_orders(tx.session, [order], tx.zone))[0]
