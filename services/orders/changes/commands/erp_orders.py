"""Orders that the ERP sends: new ones become drafts.

Changes and cancellations are applied until the release and proposed after it.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.orders.changes.commands.requests import record_refusal, refuse_locked, store_proposal
from services.orders.changes.domain import ERP_FIELDS, ChangeOrigin, ChangeState, RequestedChange
from services.orders.changes.queries import differences_between
from services.orders.changes.tables import ChangeRequest
from services.orders.definitions.commands import item_quantity, require
from services.orders.definitions.tables import Item
from services.orders.work_orders.commands.amend import edit_unreleased
from services.orders.work_orders.commands.create import create_work_order
from services.orders.work_orders.commands.move import apply_command, wrong_state
from services.orders.work_orders.domain.states import (
    ENDED_WITH_PIECES,
    ON_THE_FLOOR,
    OPEN,
    UNRELEASED,
    WorkOrderCommand,
    WorkOrderState,
)
from services.orders.work_orders.queries.orders import operations_of
from services.orders.work_orders.schemas import WorkOrderIn
from services.orders.work_orders.tables import WorkOrder
from shared.contracts.orders.work_orders import CANCEL_REFUSED, OrderedByErp
from shared.kit.database import Transaction
from shared.kit.problem import Problem


async def receive_erp_order(tx: Transaction, body: WorkOrderIn) -> None:
    """Make a work order of the ERP's order, or bring the one there is, or a part of it, to what the ERP wants.

    Refuse with the reason otherwise.
    """
    try:
        parts = await _lock_parts(tx, body.external_id or "")
        if parts:
            await _apply_to_parts(tx, parts, body)
        else:
            await create_work_order(tx, body)
    except Problem as problem:
        reason = ", ".join(f"{error.field}: {error.code}" for error in problem.errors) or str(
            problem.params.get("state", problem.code)
        )
        record_refusal(tx, body.external_id or "", problem.code, reason)


async def _lock_parts(tx: Transaction, external_id: str) -> list[WorkOrder]:
    statement = select(WorkOrder).where(WorkOrder.external_id == external_id).order_by(col(WorkOrder.id))
    return list(await tx.session.scalars(statement.with_for_update()))


async def cancel_erp_order(tx: Transaction, external_id: str, change_id: UUID, reason: str | None) -> None:
    """Cancel the work orders of the ERP's order that are not released; for the released ones a planner is asked.

    ``change_id`` is the request about the first of them. One that is over is not cancelled any more: refused with its
    state, where there is no other. An order that was never made of it needs nothing.
    """
    parts = await _lock_parts(tx, external_id)
    asked = RequestedChange(cancel=True)
    request = {"external_id": external_id, "change_id": str(change_id)}
    working = sorted((part for part in parts if part.state in ON_THE_FLOOR), key=_rank)
    for part in working:
        await _propose(tx, part, asked, request, reason, change_id if part is working[0] else None)
    for part in parts:
        if part.state in UNRELEASED:
            apply_command(tx, part, WorkOrderCommand.CANCEL, reason or "erp")
    if parts and all(part.state in ENDED_WITH_PIECES for part in parts):
        record_refusal(tx, external_id, CANCEL_REFUSED, parts[0].state)


async def _apply_to_parts(tx: Transaction, parts: list[WorkOrder], body: WorkOrderIn) -> None:
    item = await require(tx, Item, body.item, "item")
    changeable = (*OPEN, WorkOrderState.COMPLETED)
    part = min((part for part in parts if part.state in changeable), key=_rank, default=None)
    if part is None:
        raise wrong_state(parts[0])
    others = [other for other in parts if other is not part and other.state != WorkOrderState.CANCELLED]
    made_by_others = sum((other.quantity for other in others), Decimal(0))
    is_same = body.quantity == part.quantity + made_by_others
    quantity = part.quantity if is_same else await item_quantity(tx, item, body.quantity) - made_by_others
    if quantity <= 0:
        raise Problem(409, "less_than_the_other_parts")
    values = body.model_dump(include=set(ERP_FIELDS)) | {"quantity": quantity}
    if part.state in UNRELEASED and not others:
        values["item"] = body.item
    elif body.item != part.item:
        raise Problem(409, "item_fixed")
    if part.state in UNRELEASED:
        await edit_unreleased(tx, part, values, "erp", OrderedByErp.model_validate(body, from_attributes=True))
    else:
        await _propose(tx, part, RequestedChange.model_validate(values), body.model_dump(mode="json"))


def _rank(part: WorkOrder) -> tuple[bool, bool, bool, str]:
    """The rank in which parts take a change: one that is not released, one that is not completed, then the one that the
    others were split from.
    """
    is_completed = part.state == WorkOrderState.COMPLETED
    return part.state not in UNRELEASED, is_completed, part.split_from is not None, part.number


async def _propose(
    tx: Transaction,
    part: WorkOrder,
    requested: RequestedChange,
    asked: dict[str, Any],
    reason: str | None = None,
    change_id: UUID | None = None,
) -> None:
    """Propose what differs; the ERP's earlier request is void, since this is its whole present one."""
    row = await tx.session.scalar(
        select(ChangeRequest)
        .where(
            ChangeRequest.work_order == part.id,
            ChangeRequest.state == ChangeState.PROPOSED.value,
            ChangeRequest.origin == ChangeOrigin.ERP.value,
        )
        .with_for_update()
    )
    if row is not None and RequestedChange.model_validate(row.wanted) == requested:
        return
    if row is not None:
        await refuse_locked(tx, part, row, "erp")
    operations = (await operations_of(tx.session, [part.id]))[part.id]
    if differences_between(part, operations, requested):
        await store_proposal(tx, part, requested, reason, asked, change_id)
