"""The instant by which the rest of an order must be begun, by standard times."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from uuid import UUID

from sqlalchemy import ColumnElement, Date, String, and_, bindparam, case, cast, func
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.definitions.domain.working_time import WorkingTime
from services.orders.products.tables import RoutingOperation, RoutingRevision
from services.orders.work_orders.domain.states import OPEN, UNRELEASED
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation

STEP = WorkOrderOperation
LEFT_ON_THE_FLOOR = (
    select(
        array(
            [
                func.sum(
                    case((col(STEP.good) + col(STEP.scrap) + col(STEP.rework) == 0, col(STEP.setup_s)), else_=0)
                    + func.greatest(col(STEP.planned) - col(STEP.good) - col(STEP.scrap), 0) * col(STEP.piece_s)
                ),
                func.sum(func.coalesce(col(STEP.lead_time_d), 0)),
            ]
        )
    )
    .where(STEP.work_order == WorkOrder.id, col(STEP.state).not_in(["done", "skipped"]), col(STEP.skip).is_(False))
    .correlate(WorkOrder)
    .scalar_subquery()
)
TODAY = cast(func.timezone(bindparam("zone", type_=String), func.now()), Date)
"""The shop's date; ``zone`` is the name of its time zone."""
ROUTING_STEP = RoutingOperation
LEFT_BY_ROUTING = (
    select(
        array(
            [
                func.sum(
                    col(ROUTING_STEP.setup_s)
                    + col(WorkOrder.quantity)
                    * func.coalesce(
                        col(ROUTING_STEP.run_s_per_batch) / col(ROUTING_STEP.batch_size),
                        col(ROUTING_STEP.cycle_s) / col(ROUTING_STEP.per_cycle),
                    )
                ),
                func.sum(func.coalesce(col(ROUTING_STEP.lead_time_d), 0)),
            ]
        )
    )
    .join(
        RoutingRevision,
        and_(col(RoutingRevision.item) == ROUTING_STEP.item, col(RoutingRevision.revision) == ROUTING_STEP.revision),
    )
    .where(
        ROUTING_STEP.item == WorkOrder.item,
        RoutingRevision.effective_from <= TODAY,
        func.coalesce(RoutingRevision.effective_to, TODAY) >= TODAY,
    )
    .correlate(WorkOrder)
    .scalar_subquery()
)
LEFT = case((col(WorkOrder.state).in_(UNRELEASED), LEFT_BY_ROUTING), else_=LEFT_ON_THE_FLOOR)
"""The time of an order's rest, operation after operation: [seconds of work, days of lead time], or nulls.

They are null without standards. Of an order that is not released they go by today's routing, and need the ``zone`` of
TODAY.
"""


def begin_by(hours: WorkingTime, state: str, due_at: datetime, left: Sequence[Decimal | None]) -> datetime | None:
    """The instant by which the rest of an order must be begun; None when it is over or has no standards."""
    work_s, lead_d = left
    if state not in OPEN or work_s is None or lead_d is None:
        return None
    return hours.back(due_at, ceil(work_s), timedelta(days=float(lead_d)))


async def read_begin_bys(
    session: AsyncSession, hours: WorkingTime, *conditions: ColumnElement[bool]
) -> dict[UUID, datetime | None]:
    """The instant by which the rest of each of these orders must be begun."""
    columns = (col(WorkOrder.id), col(WorkOrder.state), col(WorkOrder.due_at), LEFT)
    found = await session.execute(select(*columns).where(*conditions), {"zone": hours.zone.key})
    return {id_: begin_by(hours, state, due_at, left) for id_, state, due_at, left in found.all()}
