"""Progress from the floor: counts, states and milestones of an order's operations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import and_, col, or_, select

from services.orders.work_orders.commands.move import apply_command, complete_if_done
from services.orders.work_orders.commands.reconcile import reconcile_anew
from services.orders.work_orders.domain.states import (
    ENDED_WITH_PIECES,
    OperationMove,
    WorkOrderCommand,
    WorkOrderState,
    is_milestone,
    is_taken_up,
)
from services.orders.work_orders.tables import WorkOrder
from shared.kit.database import Transaction

ADD_COUNTS = text(
    "UPDATE work_order_operation AS o"
    " SET good = o.good + d.good, scrap = o.scrap + d.scrap, rework = o.rework + d.rework,"
    " rework_in = coalesce(d.rework_in, o.rework_in), sent = coalesce(d.sent, o.sent),"
    " skip = o.skip AND o.state = 'skipped'"
    " FROM unnest(CAST(:orders AS uuid[]), CAST(:ops AS int[]), CAST(:good AS numeric[]), CAST(:scrap AS numeric[]),"
    " CAST(:rework AS numeric[]), CAST(:rework_in AS numeric[]), CAST(:sent AS numeric[]))"
    " AS d (work_order, op, good, scrap, rework, rework_in, sent) WHERE o.work_order = d.work_order AND o.op = d.op"
)
"""What is reported before the floor has skipped an operation keeps it from doing so: what has begun is not skipped."""
SET_STATES = text(
    "UPDATE work_order_operation AS o"
    " SET state = d.state, skip = d.state = 'skipped' OR o.skip AND d.state NOT IN ('running', 'paused', 'done'),"
    " rework_in = coalesce(d.rework_in, o.rework_in), sent = coalesce(d.sent, o.sent)"
    " FROM unnest(CAST(:orders AS uuid[]), CAST(:ops AS int[]), CAST(:states AS text[]), CAST(:rework_in AS numeric[]),"
    " CAST(:sent AS numeric[]))"
    " AS d (work_order, op, state, rework_in, sent) WHERE o.work_order = d.work_order AND o.op = d.op"
)
BEGIN_TO_RECOUNT = (
    text(
        "CREATE TEMPORARY TABLE counted_before ON COMMIT DROP AS"
        " SELECT work_order, op, good, scrap, rework FROM work_order_operation"
    ),
    text(
        "UPDATE work_order_operation SET good = 0, scrap = 0, rework = 0"
        " WHERE (good, scrap, rework) IS DISTINCT FROM (0, 0, 0)"
    ),
)
RECOUNTED = text(
    "SELECT DISTINCT o.work_order FROM work_order_operation o JOIN counted_before c USING (work_order, op)"
    " WHERE (o.good, o.scrap, o.rework) IS DISTINCT FROM (c.good, c.scrap, c.rework)"
)
STORE_MILESTONES = text(
    "INSERT INTO work_order_milestone (id, work_order, op, state, at, person, machine, reason)"
    " SELECT d.* FROM unnest(CAST(:ids AS uuid[]), CAST(:orders AS uuid[]), CAST(:ops AS int[]),"
    " CAST(:states AS text[]), CAST(:ats AS timestamptz[]), CAST(:people AS text[]), CAST(:machines AS text[]),"
    " CAST(:reasons AS text[])) AS d (id, work_order, op, state, at, person, machine, reason)"
    " JOIN work_order o ON o.id = d.work_order ON CONFLICT (id) DO NOTHING"
)


@dataclass(frozen=True)
class Counts:
    """Reported pieces of an operation; those that wait there to be reworked and those that are with its subcontractor,
    where the event says so.
    """

    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)
    rework_in: Decimal | None = None
    sent: Decimal | None = None

    def __add__(self, later: "Counts") -> "Counts":
        return Counts(self.good + later.good, self.scrap + later.scrap, self.rework + later.rework)


async def count_results(
    tx: Transaction, counts: Mapping[tuple[UUID, int], Counts], first_at: Mapping[UUID, datetime]
) -> None:
    """Add reported pieces to their operations, by order and number.

    An order begins with its first report (``first_at``); one that was closed is reconciled anew.
    """
    await begin_orders(tx, first_at)
    await add_counts(tx, counts)
    await reconcile_anew(tx, {order for order, _ in counts})


async def add_counts(tx: Transaction, counts: Mapping[tuple[UUID, int], Counts]) -> None:
    """Add reported pieces to their operations, by order and number."""
    keys = sorted(counts)
    columns = {
        "orders": [order for order, _ in keys],
        "ops": [op for _, op in keys],
        **{
            name: [getattr(counts[key], name) for key in keys]
            for name in ("good", "scrap", "rework", "rework_in", "sent")
        },
    }
    await tx.session.execute(ADD_COUNTS, columns)


async def begin_to_recount(tx: Transaction) -> None:
    """Set the counts of all operations to zero, and remember them."""
    for statement in BEGIN_TO_RECOUNT:
        await tx.session.execute(statement)


async def end_recount(tx: Transaction) -> None:
    """Reconcile those of the closed orders anew whose counts are others now."""
    orders = set(await tx.session.scalars(RECOUNTED))
    if orders:
        await reconcile_anew(tx, orders)


async def move_operations(tx: Transaction, moves: Sequence[OperationMove]) -> None:
    """Store the operations' states; an order begins with its first job and is completed with its last.

    One that was over is in progress again when a finished operation is taken up again.
    """
    last = {(move.work_order, move.op): move.state for move in moves}
    waiting = {(move.work_order, move.op): move.rework_in for move in moves}
    sent = {(move.work_order, move.op): move.sent for move in moves}
    taken_up = {move.work_order: move for move in moves if is_taken_up(move.before, move.state)}
    if taken_up:
        await _take_up(tx, taken_up)
    running: dict[UUID, datetime] = {}
    for move in moves:
        if last[move.work_order, move.op] == "running":
            running.setdefault(move.work_order, move.at)
    if running:
        await begin_orders(tx, running)
    keys = sorted(last)
    states = {
        "orders": [order for order, _ in keys],
        "ops": [op for _, op in keys],
        "states": [last[key] for key in keys],
        "rework_in": [waiting[key] for key in keys],
        "sent": [sent[key] for key in keys],
    }
    await tx.session.execute(SET_STATES, states)
    await _store_milestones(tx, [move for move in moves if is_milestone(move.before, move.state)])
    finished = {move.work_order: move.at for move in moves if last[move.work_order, move.op] in ("done", "skipped")}
    if finished:
        statement = select(WorkOrder).where(col(WorkOrder.id).in_(finished)).order_by(col(WorkOrder.id))
        await complete_if_done(tx, await tx.session.scalars(statement.with_for_update()), finished)


async def _take_up(tx: Transaction, taken_up: Mapping[UUID, OperationMove]) -> None:
    """Put those of the orders that were over in progress again, with the reason that the floor gave."""
    over = (
        select(WorkOrder)
        .where(col(WorkOrder.id).in_(taken_up), col(WorkOrder.state).in_([s.value for s in ENDED_WITH_PIECES]))
        .order_by(col(WorkOrder.id))
    )
    for order in await tx.session.scalars(over.with_for_update()):
        apply_command(tx, order, WorkOrderCommand.TAKE_UP, taken_up[order.id].reason)


async def _store_milestones(tx: Transaction, moves: Sequence[OperationMove]) -> None:
    """Store when operations were begun, finished, skipped and opened again, for the order's history."""
    if not moves:
        return
    columns = {
        "ids": [move.id for move in moves],
        "orders": [move.work_order for move in moves],
        "ops": [move.op for move in moves],
        "states": [move.state for move in moves],
        "ats": [move.at for move in moves],
        "people": [move.person_id and str(move.person_id) for move in moves],
        "machines": [move.machine for move in moves],
        "reasons": [move.reason for move in moves],
    }
    await tx.session.execute(STORE_MILESTONES, columns)


async def begin_orders(tx: Transaction, orders: Mapping[UUID, datetime]) -> None:
    """Move those of the orders that are only released, from these instants on; one that is held goes there when it is
    resumed, and one that is cancelled when it is reopened.
    """
    waiting = (
        select(WorkOrder)
        .where(
            col(WorkOrder.id).in_(orders),
            or_(
                WorkOrder.state == WorkOrderState.RELEASED.value,
                WorkOrder.held_from == WorkOrderState.RELEASED.value,
                and_(WorkOrder.state == WorkOrderState.CANCELLED.value, col(WorkOrder.started_at).is_(None)),
            ),
        )
        .order_by(col(WorkOrder.id))
    )
    for order in await tx.session.scalars(waiting.with_for_update()):
        if order.state == WorkOrderState.RELEASED:
            apply_command(tx, order, WorkOrderCommand.BEGIN, at=orders[order.id])
            continue
        order.started_at = order.started_at or orders[order.id]
        if order.held_from is not None:
            order.held_from = WorkOrderState.IN_PROGRESS.value
