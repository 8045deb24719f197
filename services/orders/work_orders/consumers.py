"""What work orders learn: orders from the ERP, and progress from the floor."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.orders.work_orders.commands import Rules, apply_command, complete_if_done, receive_erp_order
from services.orders.work_orders.domain import Command, State
from services.orders.work_orders.schemas import WorkOrderIn
from services.orders.work_orders.tables import WorkOrder
from shared.contracts.erp import OrderChanged, OrderReceived
from shared.contracts.event import Event
from shared.contracts.production import JobChanged, ResultReported
from shared.kit.consumer import Handler
from shared.kit.database import Transaction
from shared.kit.inbox import Received

COUNT = text(
    "UPDATE work_order_operation AS o SET good = o.good + d.good, scrap = o.scrap + d.scrap, rework = o.rework + d.rework"
    " FROM unnest(CAST(:orders AS uuid[]), CAST(:ops AS int[]), CAST(:good AS numeric[]), CAST(:scrap AS numeric[]), CAST(:rework AS numeric[]))"
    " AS d (work_order, op, good, scrap, rework) WHERE o.work_order = d.work_order AND o.op = d.op"
)
SET_STATES = text(
    "UPDATE work_order_operation AS o SET state = d.state FROM unnest(CAST(:orders AS uuid[]), CAST(:ops AS int[]), CAST(:states AS text[]))"
    " AS d (work_order, op, state) WHERE o.work_order = d.work_order AND o.op = d.op"
)


def erp_handlers(rules: Rules) -> dict[type[Event], Handler]:
    """Handlers of the ERP bridge's events."""

    async def receive(tx: Transaction, events: Sequence[Received[OrderReceived] | Received[OrderChanged]]) -> None:
        for received in events:
            await receive_erp_order(tx, rules, WorkOrderIn.model_validate(received.event.model_dump()))

    return {OrderReceived: receive, OrderChanged: receive}


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
        COUNT,
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
    finished = {order for (order, _), state in last.items() if state in ("done", "skipped")}
    if finished:
        await complete_if_done(
            tx,
            await tx.session.scalars(
                select(WorkOrder).where(col(WorkOrder.id).in_(finished)).order_by(col(WorkOrder.id)).with_for_update()
            ),
        )


async def begin_orders(tx: Transaction, orders: set[UUID]) -> None:
    """Move those of the orders that are only released."""
    waiting = (
        select(WorkOrder)
        .where(col(WorkOrder.id).in_(orders), WorkOrder.state == State.RELEASED.value)
        .order_by(col(WorkOrder.id))
    )
    for order in await tx.session.scalars(waiting.with_for_update()):
        apply_command(tx, order, Command.BEGIN)


PRODUCTION_HANDLERS: dict[type[Event], Handler] = {ResultReported: count_results, JobChanged: follow_jobs}
