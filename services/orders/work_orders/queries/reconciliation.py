"""The reconciliation of an order's quantities: where its pieces are, as stored when the order was closed."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.definitions.tables import Item
from services.orders.products.domain import rounded
from services.orders.work_orders.domain import balances, begun, order_totals
from services.orders.work_orders.queries.orders import find_work_order, operations_of
from services.orders.work_orders.schemas import BalanceOut, MaterialOut, ReconciliationOut
from services.orders.work_orders.tables import Reconciliation, WorkOrder, WorkOrderMaterial


async def get_reconciliation(session: AsyncSession, reference: str) -> ReconciliationOut:
    """The balance of an order's pieces, now or as it was closed; a 404 problem for an unknown one."""
    order = await find_work_order(session, reference)
    stored = await session.get(Reconciliation, order.id)
    if stored is None:
        return await reconcile(session, order)
    return ReconciliationOut.model_validate(stored.report | {"closed_at": stored.at, "closed_by": stored.person})


async def materials_of(session: AsyncSession, order: UUID) -> list[WorkOrderMaterial]:
    statement = (
        select(WorkOrderMaterial)
        .where(WorkOrderMaterial.work_order == order)
        .order_by(col(WorkOrderMaterial.op), col(WorkOrderMaterial.line))
    )
    return list(await session.scalars(statement))


async def describe_materials(session: AsyncSession, order: UUID, quantity: Decimal) -> list[MaterialOut]:
    """The components of an order, as frozen.

    For one, for its whole quantity with what is lost, and for the ``quantity`` begun.
    """
    ordered = Fraction((await session.get_one(WorkOrder, order)).quantity)
    return [
        MaterialOut(
            **material.model_dump(include={"component", "name", "unit", "op", "scrap_pct"}),
            quantity=material.per_piece,
            planned=rounded(material.per_piece * ordered * (1 + Fraction(material.scrap_pct) / 100)),
            standard=rounded(material.per_piece * Fraction(quantity)),
        )
        for material in await materials_of(session, order)
    ]


async def reconcile(session: AsyncSession, order: WorkOrder) -> ReconciliationOut:
    operations = {operation.op: operation for operation in (await operations_of(session, [order.id]))[order.id]}
    good, scrap, rework = order_totals(list(operations.values()))
    return ReconciliationOut(
        work_order=order.id,
        number=order.number,
        item=order.item,
        unit=(await session.get_one(Item, order.item)).unit,
        quantity=order.quantity,
        good=good,
        scrap=scrap,
        rework=rework,
        difference=good - order.quantity,
        operations=[
            BalanceOut.model_validate(operations[balance.op].model_dump() | vars(balance))
            for balance in balances(list(operations.values()))
        ],
        materials=await describe_materials(session, order.id, begun(list(operations.values()))),
    )
