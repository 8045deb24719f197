"""Creates work orders, with the month's next number."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, or_, select

from services.orders.definitions.commands import item_quantity, require
from services.orders.definitions.tables import Item
from services.orders.work_orders.commands.move import describe
from services.orders.work_orders.domain.states import order_number
from services.orders.work_orders.events import work_order_created
from services.orders.work_orders.schemas import WorkOrderIn, WorkOrderOut
from services.orders.work_orders.tables import WorkOrder
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem

NEXT_NUMBER = text(
    "INSERT INTO number_series (month, last) VALUES (:month, 1)"
    " ON CONFLICT (month) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


async def create_work_order(tx: Transaction, body: WorkOrderIn, parent: UUID | None = None) -> WorkOrderOut:
    """Create a draft, for a ``parent`` order or for itself.

    422 for an unknown item or a quantity that it has not, 409 when its number or external id is taken.
    """
    item = await require(tx, Item, body.item, "item")
    quantity = await item_quantity(tx, item, body.quantity, body.unit)
    body = body.model_copy(update={"quantity": quantity, "unit": None})
    taken = await _find_taken(tx, body)
    if taken is not None:
        raise Problem(409, "work_order_taken", number=taken.number, work_order=str(taken.id))
    local = tx.now.astimezone(tx.zone)
    number = body.number or await _next_number(tx, local)
    order = WorkOrder(
        id=new_id(), number=number, parent=parent, created_at=tx.now, **body.model_dump(exclude={"number", "unit"})
    )
    tx.session.add(order)
    await tx.session.flush()
    tx.record(work_order_created(order), aggregate=order.subject, version=order.version)
    values = body.model_dump(exclude_none=True) | ({"parent": parent} if parent else {})
    tx.audit("create", order.subject, differences({}, values))
    return await describe(tx, order)


async def _next_number(tx: Transaction, local: datetime) -> str:
    """The month's next number that nobody chose already."""
    while True:
        sequence = (await tx.session.execute(NEXT_NUMBER, {"month": f"{local:%y%m}"})).scalar_one()
        number = order_number(local, sequence)
        if await tx.session.scalar(select(WorkOrder.id).where(WorkOrder.number == number)) is None:
            return number


async def _find_taken(tx: Transaction, body: WorkOrderIn) -> WorkOrder | None:
    """The order that has this number or external id already."""
    same = [
        col(column) == value
        for column, value in ((WorkOrder.number, body.number), (WorkOrder.external_id, body.external_id))
        if value
    ]
    found: WorkOrder | None = await tx.session.scalar(select(WorkOrder).where(or_(*same)).limit(1)) if same else None
    return found
