"""Reads of pegs."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.definitions.queries import load_units
from services.orders.definitions.tables import Item
from services.orders.work_orders.domain.pieces import makes
from services.orders.work_orders.domain.states import WorkOrderState
from services.orders.work_orders.queries.orders import operations_of
from services.orders.work_orders.tables import OrderPeg, WorkOrder


async def pegged_quantities(session: AsyncSession, supplies: Collection[UUID]) -> dict[UUID, Decimal]:
    """The quantities of these orders that are for parents which are not cancelled."""
    statement = (
        select(OrderPeg.supply, func.sum(OrderPeg.quantity))
        .join(WorkOrder, col(WorkOrder.id) == OrderPeg.parent)
        .where(col(OrderPeg.supply).in_(supplies), WorkOrder.state != WorkOrderState.CANCELLED.value)
        .group_by(col(OrderPeg.supply))
    )
    return dict((await session.execute(statement)).all())


async def promised_parts(session: AsyncSession, parents: Collection[UUID]) -> dict[UUID, dict[str, Fraction]]:
    """The quantities that are promised to each of these orders, by item."""
    statement = (
        select(OrderPeg.parent, WorkOrder.item, func.sum(OrderPeg.quantity))
        .join(WorkOrder, col(WorkOrder.id) == OrderPeg.supply)
        .where(col(OrderPeg.parent).in_(parents))
        .group_by(col(OrderPeg.parent), col(WorkOrder.item))
    )
    found: dict[UUID, dict[str, Fraction]] = {parent: {} for parent in parents}
    for parent, item, quantity in await session.execute(statement):
        found[parent][item] = Fraction(quantity)
    return found


async def supplies_of(session: AsyncSession, parent: UUID) -> set[UUID]:
    """The orders that make something for an order."""
    return set(await session.scalars(select(OrderPeg.supply).where(OrderPeg.parent == parent)))


async def made_quantities(session: AsyncSession, orders: Collection[WorkOrder]) -> dict[UUID, Decimal]:
    """The good pieces that each of the orders has made and can still make."""
    operations = await operations_of(session, [order.id for order in orders])
    items = {order.item for order in orders}
    named = dict((await session.execute(select(Item.code, Item.unit).where(col(Item.code).in_(items)))).all())
    units = await load_units(session)
    return {
        order.id: makes(
            WorkOrderState(order.state), order.quantity, operations[order.id], units.decimals(named[order.item])
        )
        for order in orders
    }
