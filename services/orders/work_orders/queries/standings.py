"""How open orders stand against their due dates.

An order's lateness is one figure, and this is its only definition: the time from the due date to when what is left is
there, if work goes on from now by standard times, one operation after the other, in the hours in which the shop works.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.orders.definitions.domain.working_time import WorkingTime
from services.orders.definitions.queries import load_working_time
from services.orders.definitions.tables import Item
from services.orders.work_orders.domain.states import OPEN, Standing, WorkOrderState, standing_of
from services.orders.work_orders.queries.begin_by import LEFT, begin_by
from services.orders.work_orders.schemas import StandingOut
from services.orders.work_orders.tables import WorkOrder


def expected_at(hours: WorkingTime, left: Sequence[Decimal | None], now: datetime) -> datetime | None:
    """The instant at which the rest of an order is there; None without standards, which nobody can say it by."""
    work_s, lead_d = left
    if work_s is None or lead_d is None:
        return None
    return hours.ahead(now, ceil(work_s), timedelta(days=float(lead_d)))


async def list_standings(
    session: AsyncSession, ids: Sequence[UUID] | None, now: datetime, zone: ZoneInfo
) -> list[StandingOut]:
    """The open orders that are late or will be, the latest first; of some orders those that are in time, too."""
    conditions = [col(WorkOrder.state).in_(OPEN)]
    if ids is not None:
        conditions.append(col(WorkOrder.id).in_(ids))
    hours = await load_working_time(session, zone)
    found = await _read(session, hours, now, conditions)
    shown = [one for one in found if ids is not None or one.standing is not Standing.IN_TIME]
    return sorted(shown, key=lambda one: (-(one.late_s or 0), one.number))


async def ids_at_risk(session: AsyncSession, hours: WorkingTime, now: datetime) -> list[UUID]:
    """The open orders that are not late yet, and will be."""
    in_time = [col(WorkOrder.state).in_(OPEN), col(WorkOrder.due_at) >= now]
    return [one.id for one in await _read(session, hours, now, in_time) if one.standing is Standing.AT_RISK]


async def _read(
    session: AsyncSession, hours: WorkingTime, now: datetime, conditions: Sequence[ColumnElement[bool]]
) -> list[StandingOut]:
    columns: list[Any] = [
        *(col(WorkOrder.id), col(WorkOrder.number), col(WorkOrder.item), col(Item.name), col(WorkOrder.customer)),
        *(col(WorkOrder.due_at), col(WorkOrder.state), LEFT),
    ]
    statement = select(*columns).join(Item, col(Item.code) == WorkOrder.item).where(*conditions)
    rows = await session.execute(statement, {"zone": hours.zone.key})
    found = []
    for id_, number, item, item_name, customer, due_at, state, left in rows:
        expected = expected_at(hours, left, now)
        standing, late = standing_of(due_at, expected, now)
        found.append(
            StandingOut(
                id=id_,
                number=number,
                state=WorkOrderState(state),
                item=item,
                item_name=item_name,
                customer=customer,
                due_at=due_at,
                begin_by=begin_by(hours, state, due_at, left),
                expected_at=expected,
                standing=standing,
                late_s=None if late is None else round(late.total_seconds()),
            )
        )
    return found
