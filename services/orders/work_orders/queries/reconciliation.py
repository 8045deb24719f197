"""The reconciliation of an order's quantities: where its pieces are, as stored when the order was closed."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.definitions.queries import load_units
from services.orders.definitions.tables import Item
from services.orders.products.domain import BillLine, rounded
from services.orders.work_orders.domain.pieces import balances, begun, order_totals
from services.orders.work_orders.domain.states import WorkOrderState
from services.orders.work_orders.queries.orders import find_work_order, operations_of
from services.orders.work_orders.schemas import (
    BalanceOut,
    MaterialOut,
    ReconciliationOut,
    ReconciliationRevisionOut,
)
from services.orders.work_orders.tables import Reconciliation, WorkOrder, WorkOrderMaterial

AFTER_CLOSE = "after_close"
"""The reason of a reconciliation that was done anew for what was reported after the close."""
OF_THE_REVISION = {"closed_at", "closed_by", "revision", "reason", "revisions"}
"""What a reconciliation says beside the balance."""


async def get_reconciliation(session: AsyncSession, reference: str) -> ReconciliationOut:
    """The balance of an order's pieces, now or as it was stored last; a 404 problem for an unknown one."""
    order = await find_work_order(session, reference)
    stored = select(Reconciliation).where(Reconciliation.work_order == order.id)
    rows = list(await session.scalars(stored.order_by(col(Reconciliation.revision).desc())))
    revisions = [
        ReconciliationRevisionOut.model_validate(row.report | row.model_dump(exclude={"report"})) for row in rows
    ]
    if order.state != WorkOrderState.CLOSED or not rows:
        return (await reconcile(session, order)).model_copy(update={"revisions": revisions})
    last, close = rows[0], next(row for row in rows if row.reason != AFTER_CLOSE)
    head = {"closed_at": close.at, "closed_by": close.person, "revision": last.revision, "reason": last.reason}
    return ReconciliationOut.model_validate(last.report | head | {"revisions": revisions})


async def materials_of(session: AsyncSession, order: UUID) -> list[WorkOrderMaterial]:
    statement = (
        select(WorkOrderMaterial)
        .where(WorkOrderMaterial.work_order == order)
        .order_by(col(WorkOrderMaterial.op), col(WorkOrderMaterial.line))
    )
    return list(await session.scalars(statement))


async def frozen_lines(session: AsyncSession, orders: Collection[UUID]) -> dict[UUID, list[BillLine]]:
    """The components of orders for one of their item, as frozen at the release; none before it."""
    lines: dict[UUID, list[BillLine]] = {order: [] for order in orders}
    for row in await session.scalars(select(WorkOrderMaterial).where(col(WorkOrderMaterial.work_order).in_(orders))):
        lines[row.work_order].append(BillLine(row.component, row.per_piece, row.scrap_pct, row.op))
    return lines


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
    unit = (await session.get_one(Item, order.item)).unit
    decimals = (await load_units(session)).decimals(unit)
    good, scrap, rework = order_totals(list(operations.values()))
    return ReconciliationOut(
        work_order=order.id,
        number=order.number,
        item=order.item,
        unit=unit,
        quantity=order.quantity,
        good=good,
        scrap=scrap,
        rework=rework,
        difference=good - order.quantity,
        operations=[
            BalanceOut.model_validate(operations[balance.op].model_dump() | vars(balance))
            for balance in balances(list(operations.values()), decimals)
        ],
        materials=await describe_materials(session, order.id, begun(list(operations.values()), decimals)),
    )
