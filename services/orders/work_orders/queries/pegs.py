"""Reads of pegs."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.work_orders.domain import WorkOrderState
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
