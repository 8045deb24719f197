"""Orders that the ERP sends: new ones become drafts, changes are taken until the release and asked for after it."""

from decimal import Decimal

from sqlmodel import col, select

from services.orders.changes.commands import propose, refuse, tell_refusal
from services.orders.changes.domain import ORDERED, Origin, State, Wanted
from services.orders.changes.queries import differences_between
from services.orders.changes.tables import ChangeRequest
from services.orders.definitions.commands import require
from services.orders.definitions.tables import Item
from services.orders.work_orders.amending import edit
from services.orders.work_orders.commands import Rules, create_work_order, wrong_state
from services.orders.work_orders.domain import OPEN, UNRELEASED
from services.orders.work_orders.domain import State as OrderState
from services.orders.work_orders.queries import operations_of
from services.orders.work_orders.schemas import WorkOrderIn
from services.orders.work_orders.tables import WorkOrder
from shared.contracts.orders.work_orders import OrderedByErp
from shared.kit.database import Transaction
from shared.kit.problem import Problem


async def receive_erp_order(tx: Transaction, rules: Rules, body: WorkOrderIn) -> None:
    """Make a work order of the ERP's order, or bring the one there is, or a part of it, to what the ERP wants; refuse with the reason otherwise."""
    try:
        parts = list(
            await tx.session.scalars(
                select(WorkOrder)
                .where(WorkOrder.external_id == body.external_id)
                .order_by(col(WorkOrder.id))
                .with_for_update()
            )
        )
        if parts:
            await _follow(tx, parts, body)
        else:
            await create_work_order(tx, rules, body)
    except Problem as problem:
        reason = ", ".join(f"{error.field}: {error.code}" for error in problem.errors) or str(
            problem.params.get("state", problem.code)
        )
        tell_refusal(tx, body.external_id or "", problem.code, reason)


async def _follow(tx: Transaction, parts: list[WorkOrder], body: WorkOrderIn) -> None:
    await require(tx, Item, body.item, "item")
    part = min((part for part in parts if part.state in OPEN), key=_place, default=None)
    if part is None:
        raise wrong_state(parts[0])
    others = [other for other in parts if other is not part and other.state != OrderState.CANCELLED]
    quantity = body.quantity - sum((other.quantity for other in others), Decimal(0))
    if quantity <= 0:
        raise Problem(409, "less_than_the_other_parts")
    values = body.model_dump(include=set(ORDERED)) | {"quantity": quantity}
    if part.state in UNRELEASED and not others:
        values["item"] = body.item
    elif body.item != part.item:
        raise Problem(409, "item_fixed")
    if part.state in UNRELEASED:
        await edit(tx, part, values, "erp", OrderedByErp.model_validate(body, from_attributes=True))
    else:
        await _ask(tx, part, Wanted.model_validate(values), body)


def _place(part: WorkOrder) -> tuple[bool, bool, str]:
    """Which part takes a change first: one that is not released, then the one that the others were split from."""
    return part.state not in UNRELEASED, part.split_from is not None, part.number


async def _ask(tx: Transaction, part: WorkOrder, wanted: Wanted, body: WorkOrderIn) -> None:
    """Ask for what differs; the ERP's earlier wish is void, since this is its whole present one."""
    row = await tx.session.scalar(
        select(ChangeRequest)
        .where(
            ChangeRequest.work_order == part.id,
            ChangeRequest.state == State.PROPOSED.value,
            ChangeRequest.origin == Origin.ERP.value,
        )
        .with_for_update()
    )
    if row is not None and Wanted.model_validate(row.wanted) == wanted:
        return
    if row is not None:
        await refuse(tx, part, row, "erp")
    operations = (await operations_of(tx.session, [part.id]))[part.id]
    if differences_between(part, operations, wanted):
        await propose(tx, part, wanted, None, body.model_dump(mode="json"))
