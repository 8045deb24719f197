"""Reads of work orders."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select, tuple_

from services.orders.definitions.tables import Item
from services.orders.work_orders.domain import State, order_totals
from services.orders.work_orders.schemas import OperationOut, WorkOrderOut
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.kit.moments import Moment
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import Problem, unprocessable

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


async def describe_work_orders(session: AsyncSession, orders: Sequence[WorkOrder]) -> list[WorkOrderOut]:
    """The orders with their items' names, operations and totals, in two queries for all of them."""
    items = {
        item.code: item
        for item in await session.scalars(select(Item).where(col(Item.code).in_({order.item for order in orders})))
    }
    operations = await operations_of(session, [order.id for order in orders])
    described = []
    for order in orders:
        good, scrap, rework = order_totals(operations[order.id])
        steps = [OperationOut.model_validate(operation) for operation in operations[order.id]]
        item = items[order.item]
        described.append(
            WorkOrderOut.model_validate(
                order.model_dump()
                | {
                    "item_name": item.name,
                    "unit": item.unit,
                    "good": good,
                    "scrap": scrap,
                    "rework": rework,
                    "operations": steps,
                }
            )
        )
    return described


async def operations_of(session: AsyncSession, orders: Sequence[UUID]) -> dict[UUID, list[WorkOrderOperation]]:
    """The operations of each order, in their order; none before the release."""
    operations: dict[UUID, list[WorkOrderOperation]] = {order: [] for order in orders}
    wanted = (
        select(WorkOrderOperation)
        .where(col(WorkOrderOperation.work_order).in_(operations))
        .order_by(col(WorkOrderOperation.op))
    )
    for operation in await session.scalars(wanted):
        operations[operation.work_order].append(operation)
    return operations


async def get_work_order(session: AsyncSession, reference: str) -> WorkOrderOut:
    """The order with this id or number as clients see it, or a 404 problem."""
    return (await describe_work_orders(session, [await find_work_order(session, reference)]))[0]


async def find_work_order(session: AsyncSession, reference: str) -> WorkOrder:
    """The order with this id or number, or a 404 problem."""
    try:
        order = await session.get(WorkOrder, UUID(reference))
    except ValueError:
        order = await session.scalar(select(WorkOrder).where(WorkOrder.number == reference))
    if order is None:
        raise Problem(404, "not_found")
    return order


async def list_work_orders(
    session: AsyncSession,
    states: str | None,
    item: str | None,
    q: str | None,
    due_before: datetime | None,
    cursor: str | None,
    limit: int,
) -> Page[WorkOrderOut]:
    """Orders by due date; ``states`` is a comma-separated choice, ``q`` is looked for in numbers, item and customer."""
    wanted = select(WorkOrder).order_by(col(WorkOrder.due_at), col(WorkOrder.number)).limit(limit + 1)
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(State):
            raise unprocessable("state", "literal_error", expected=", ".join(State))
        wanted = wanted.where(col(WorkOrder.state).in_(chosen))
    if item:
        wanted = wanted.where(WorkOrder.item == item)
    if due_before:
        wanted = wanted.where(WorkOrder.due_at < due_before)
    if q:
        places = (WorkOrder.number, WorkOrder.external_id, WorkOrder.item, WorkOrder.customer, WorkOrder.sales_order)
        wanted = wanted.where(or_(*(col(place).icontains(q, autoescape=True) for place in places)))
    if key := decode_cursor(cursor, 2):
        try:
            after = MOMENT.validate_python(key[0])
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
        wanted = wanted.where(tuple_(col(WorkOrder.due_at), col(WorkOrder.number)) > tuple_(after, key[1]))
    orders = list(await session.scalars(wanted))
    page = orders[:limit]
    following = encode_cursor(page[-1].due_at.isoformat(), page[-1].number) if len(orders) > limit else None
    return Page(items=await describe_work_orders(session, page), next_cursor=following)


async def count_work_orders(session: AsyncSession) -> dict[str, int]:
    """How many orders stand in each state."""
    counted = await session.execute(select(WorkOrder.state, func.count()).group_by(col(WorkOrder.state)))
    return {state.value: 0 for state in State} | dict(counted.all())
