"""Progress from the floor: counts, states and milestones of an order's operations."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, or_, select

from services.orders.work_orders.commands.move import apply_command, complete_if_done
from services.orders.work_orders.domain import WorkOrderCommand, WorkOrderState, is_milestone
from services.orders.work_orders.tables import WorkOrder
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.database import Transaction
from shared.kit.inbox import Received

ADD_COUNTS = text(
    "UPDATE work_order_operation AS o SET good = o.good + d.good, scrap = o.scrap + d.scrap, rework = o.rework + d.rework"
    " FROM unnest(CAST(:orders AS uuid[]), CAST(:ops AS int[]), CAST(:good AS numeric[]), CAST(:scrap AS numeric[]), CAST(:rework AS numeric[]))"
    " AS d (work_order, op, good, scrap, rework) WHERE o.work_order = d.work_order AND o.op = d.op"
)
SET_STATES = text(
    "UPDATE work_order_operation AS o SET state = d.state, skip = o.skip AND d.state NOT IN ('running', 'paused', 'done') FROM unnest(CAST(:orders AS uuid[]), CAST(:ops AS int[]), CAST(:states AS text[]))"
    " AS d (work_order, op, state) WHERE o.work_order = d.work_order AND o.op = d.op"
)
STORE_MILESTONES = text(
    "INSERT INTO work_order_milestone (id, work_order, op, state, at, person, machine)"
    " SELECT d.* FROM unnest(CAST(:ids AS uuid[]), CAST(:orders AS uuid[]), CAST(:ops AS int[]), CAST(:states AS text[]), CAST(:ats AS timestamptz[]),"
    " CAST(:people AS text[]), CAST(:machines AS text[])) AS d (id, work_order, op, state, at, person, machine)"
    " JOIN work_order o ON o.id = d.work_order ON CONFLICT (id) DO NOTHING"
)


async def count_results(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Add reported pieces to their operations; an order begins with its first report."""
    sums: defaultdict[tuple[UUID, int], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for received in events:
        event = received.event
        sums[event.work_order, event.op] = [
            total + part
            for total, part in zip(
                sums[event.work_order, event.op],
                (event.good, sum((s.quantity for s in event.scrap), Decimal(0)), event.rework),
                strict=True,
            )
        ]
    await begin_orders(tx, {order for order, _ in sums})
    keys = sorted(sums)
    await tx.session.execute(
        ADD_COUNTS,
        {
            "orders": [order for order, _ in keys],
            "ops": [op for _, op in keys],
            "good": [sums[key][0] for key in keys],
            "scrap": [sums[key][1] for key in keys],
            "rework": [sums[key][2] for key in keys],
        },
    )


async def follow_jobs(tx: Transaction, events: Sequence[Received[JobChanged]]) -> None:
    """Keep the operations' states; an order begins with its first job and is completed with its last."""
    last = {(received.event.work_order, received.event.op): received.event.state for received in events}
    keys = sorted(last)
    if any(state == "running" for state in last.values()):
        await begin_orders(tx, {order for (order, _), state in last.items() if state == "running"})
    states = {
        "orders": [order for order, _ in keys],
        "ops": [op for _, op in keys],
        "states": [last[key] for key in keys],
    }
    await tx.session.execute(SET_STATES, states)
    await store_milestones(tx, events)
    finished = {order for (order, _), state in last.items() if state in ("done", "skipped")}
    if finished:
        await complete_if_done(
            tx,
            await tx.session.scalars(
                select(WorkOrder).where(col(WorkOrder.id).in_(finished)).order_by(col(WorkOrder.id)).with_for_update()
            ),
        )


async def store_milestones(tx: Transaction, events: Sequence[Received[JobChanged]]) -> None:
    """Keep when operations were begun, finished and skipped, for the order's history."""
    told = [received for received in events if is_milestone(received.event.before, received.event.state)]
    if told:
        columns = {
            "ids": [received.id for received in told],
            "orders": [received.event.work_order for received in told],
            "ops": [received.event.op for received in told],
            "states": [received.event.state for received in told],
            "ats": [received.time for received in told],
            "people": [received.event.person for received in told],
            "machines": [received.event.machine for received in told],
        }
        await tx.session.execute(STORE_MILESTONES, columns)


async def begin_orders(tx: Transaction, orders: set[UUID]) -> None:
    """Move those of the orders that are only released; one that is held goes there when it is resumed."""
    waiting = (
        select(WorkOrder)
        .where(
            col(WorkOrder.id).in_(orders),
            or_(WorkOrder.state == WorkOrderState.RELEASED.value, WorkOrder.held_from == WorkOrderState.RELEASED.value),
        )
        .order_by(col(WorkOrder.id))
    )
    for order in await tx.session.scalars(waiting.with_for_update()):
        if order.held_from is None:
            apply_command(tx, order, WorkOrderCommand.BEGIN)
        else:
            order.held_from = WorkOrderState.IN_PROGRESS.value
            order.started_at = order.started_at or tx.now
