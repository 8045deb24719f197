"""Reads of work orders."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select, tuple_

from services.orders.definitions.tables import Item
from services.orders.work_orders.domain import ON_THE_FLOOR, State, order_totals
from services.orders.work_orders.schemas import ChildOut, OperationOut, WorkOrderOut
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.kit.moments import MOMENT
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import Problem, unprocessable


async def describe_work_orders(session: AsyncSession, orders: Sequence[WorkOrder]) -> list[WorkOrderOut]:
    """The orders with their items' names, operations and totals, in two queries for all of them."""
    items = {
        item.code: item
        for item in await session.scalars(select(Item).where(col(Item.code).in_({order.item for order in orders})))
    }
    operations = await operations_of(session, [order.id for order in orders])
    children = await _children_of(session, list(operations))
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
                    "children": children[order.id],
                }
            )
        )
    return described


async def _children_of(session: AsyncSession, orders: Sequence[UUID]) -> dict[UUID, list[ChildOut]]:
    children: dict[UUID, list[ChildOut]] = {order: [] for order in orders}
    wanted = select(WorkOrder).where(col(WorkOrder.parent).in_(orders)).order_by(col(WorkOrder.number))
    for child in await session.scalars(wanted):
        if child.parent is not None:
            children[child.parent].append(ChildOut.model_validate(child.model_dump()))
    return children


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


async def list_orders_since(session: AsyncSession, items: Collection[str], since: datetime) -> list[WorkOrder]:
    """The orders of these items that were created or released at ``since`` or later."""
    wanted = select(WorkOrder).where(
        col(WorkOrder.item).in_(items), or_(WorkOrder.created_at >= since, col(WorkOrder.released_at) >= since)
    )
    return list(await session.scalars(wanted.order_by(col(WorkOrder.number))))


class InstructionUse(NamedTuple):
    """An operation of an order that was released with a revision of an instruction."""

    work_order: UUID
    number: str
    item: str
    op: int
    revision: int
    state: str


async def orders_with_instruction(session: AsyncSession, code: str, limit: int = 200) -> list[InstructionUse]:
    """The operations of orders on the floor that run on a revision of the instruction, by due date."""
    step = WorkOrderOperation
    wanted = (
        select(WorkOrder, step)
        .join(step, col(WorkOrder.id) == col(step.work_order))
        .where(step.instruction == code, col(WorkOrder.state).in_([state.value for state in ON_THE_FLOOR]))
        .order_by(col(WorkOrder.due_at), col(WorkOrder.number), col(step.op))
        .limit(limit)
    )
    return [
        InstructionUse(order.id, order.number, order.item, use.op, use.instruction_revision or 0, order.state)
        for order, use in await session.execute(wanted)
    ]
