"""Reads of work orders and their operations."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.orders.definitions.queries import load_working_time
from services.orders.work_orders.domain.states import WorkOrderState
from services.orders.work_orders.queries.begin_by import read_begin_bys
from services.orders.work_orders.schemas import WorkOrderOut
from services.orders.work_orders.tables import OrderCount, WorkOrder, WorkOrderOperation
from shared.kit.problem import Problem

DOCUMENTS = text(
    "SELECT json_build_object('id', o.id, 'number', o.number, 'external_id', o.external_id,"
    " 'parent_id', o.parent, 'split_from_id', o.split_from, 'item', o.item, 'item_name', i.name, 'unit', i.unit,"
    " 'quantity', trim_scale(o.quantity)::text, 'due_at', o.due_at, 'priority', o.priority,"
    " 'state', o.state, 'reason', o.reason,"
    " 'customer', o.customer, 'sales_order', o.sales_order, 'note', o.note,"
    " 'over_tolerance_pct', trim_scale(o.over_tolerance_pct)::text,"
    " 'under_tolerance_pct', trim_scale(o.under_tolerance_pct)::text, 'changes_open', o.changes_open,"
    " 'routing_revision', o.routing_revision, 'bom_revision', o.bom_revision, 'begin_by', listed.begin_by,"
    " 'good', trim_scale(coalesce(p.good, 0))::text, 'scrap', trim_scale(coalesce(p.scrap, 0))::text,"
    " 'rework', trim_scale(coalesce(p.rework, 0))::text,"
    " 'created_at', o.created_at, 'released_at', o.released_at,"
    " 'started_at', o.started_at, 'completed_at', o.completed_at, 'version', o.version,"
    " 'operations', coalesce(p.operations, '[]'),"
    " 'children', coalesce((SELECT json_agg("
    "json_build_object('id', c.id, 'number', c.number, 'item', c.item, 'state', c.state) ORDER BY c.number)"
    " FROM work_order AS c WHERE c.parent = o.id), '[]'))::text"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:begin_bys AS timestamptz[])) WITH ORDINALITY"
    " AS listed (id, begin_by, position)"
    " JOIN work_order AS o USING (id) JOIN item AS i ON i.code = o.item, LATERAL ("
    "SELECT json_agg(json_build_object('op', op, 'name', name, 'work_center', work_center, 'machine', machine,"
    " 'tool', tool, 'predecessors', predecessors,"
    " 'instruction', instruction, 'instruction_revision', instruction_revision, 'state', state, 'skip', skip,"
    " 'setup_s', trim_scale(setup_s)::text, 'piece_s', trim_scale(piece_s)::text,"
    " 'lead_time_d', trim_scale(lead_time_d)::text, 'planned', trim_scale(planned)::text,"
    " 'good', trim_scale(good)::text, 'scrap', trim_scale(scrap)::text, 'rework', trim_scale(rework)::text,"
    " 'rework_in', trim_scale(rework_in)::text)"
    " ORDER BY op) AS operations,"
    " (array_agg(good ORDER BY op DESC) FILTER (WHERE NOT skip))[1]"
    " - coalesce(sum(scrap + rework_in + greatest(sent, 0)) FILTER (WHERE op > last_op), 0) AS good,"
    " sum(scrap) AS scrap, sum(rework) AS rework"
    " FROM (SELECT *, max(op) FILTER (WHERE NOT skip) OVER () AS last_op FROM work_order_operation"
    " WHERE work_order = o.id) AS operation) AS p ORDER BY position"
)
"""Orders as WorkOrderOut, written by PostgreSQL: a page of 200 costs a quarter of what objects cost."""


async def describe_work_orders(
    session: AsyncSession, orders: Sequence[WorkOrder], zone: ZoneInfo
) -> list[WorkOrderOut]:
    """The orders with their items' names, operations and totals."""
    ids = [order.id for order in orders]
    begin_bys = await read_begin_bys(session, await load_working_time(session, zone), col(WorkOrder.id).in_(ids))
    documents = await write_documents(session, [(id_, begin_bys[id_]) for id_ in ids])
    return [WorkOrderOut.model_validate_json(document) for document in documents]


async def write_documents(session: AsyncSession, orders: Sequence[tuple[UUID, datetime | None]]) -> list[str]:
    """Each order, by its id and when its rest must be begun, as the JSON of a WorkOrderOut."""
    columns = {"ids": [id_ for id_, _ in orders], "begin_bys": [begins for _, begins in orders]}
    return list(await session.scalars(DOCUMENTS, columns))


async def operations_of(session: AsyncSession, orders: Sequence[UUID]) -> dict[UUID, list[WorkOrderOperation]]:
    """The operations of each order, in their order; none before the release."""
    operations: dict[UUID, list[WorkOrderOperation]] = {order: [] for order in orders}
    statement = (
        select(WorkOrderOperation)
        .where(col(WorkOrderOperation.work_order).in_(operations))
        .order_by(col(WorkOrderOperation.op))
    )
    # the floor's reports and moves are stored by statements that the session does not see
    for operation in await session.scalars(statement.execution_options(populate_existing=True)):
        operations[operation.work_order].append(operation)
    return operations


async def get_work_order(session: AsyncSession, reference: str, zone: ZoneInfo) -> WorkOrderOut:
    """The order with this id or number as clients see it, or a 404 problem."""
    return (await describe_work_orders(session, [await find_work_order(session, reference)], zone))[0]


async def find_work_order(session: AsyncSession, reference: str) -> WorkOrder:
    """The order with this id or number, or a 404 problem."""
    try:
        order = await session.get(WorkOrder, UUID(reference))
    except ValueError:
        order = await session.scalar(select(WorkOrder).where(WorkOrder.number == reference))
    if order is None:
        raise Problem(404, "not_found")
    return order


async def count_work_orders(session: AsyncSession) -> dict[str, int]:
    """The number of orders in each state."""
    counted = await session.execute(
        select(OrderCount.state, func.sum(OrderCount.orders)).group_by(col(OrderCount.state))
    )
    return {state.value: 0 for state in WorkOrderState} | dict(counted.all())


async def count_released(session: AsyncSession, since: date) -> int:
    """The number of orders that were released after the day ``since``."""
    counted = select(func.count()).where(col(WorkOrder.released_at) > since)
    return await session.scalar(counted) or 0


async def list_orders_since(session: AsyncSession, items: Collection[str], since: datetime) -> list[WorkOrder]:
    """The orders of these items that were created or released at ``since`` or later."""
    statement = select(WorkOrder).where(
        col(WorkOrder.item).in_(items), or_(WorkOrder.created_at >= since, col(WorkOrder.released_at) >= since)
    )
    return list(await session.scalars(statement.order_by(col(WorkOrder.number))))
