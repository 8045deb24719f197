"""Stores where an order's pieces are: when it is closed, and anew when something is reported after that."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.orders.work_orders.domain.states import WorkOrderState
from services.orders.work_orders.events import work_order_reconciled
from services.orders.work_orders.queries.reconciliation import AFTER_CLOSE, OF_THE_REVISION, reconcile
from services.orders.work_orders.tables import Reconciliation, WorkOrder
from shared.kit.database import Transaction


async def store_reconciliation(tx: Transaction, order: WorkOrder, reason: str | None) -> None:
    """Store the next revision of a locked order's reconciliation, and record it."""
    await tx.session.flush()
    report = await reconcile(tx.session, order)
    last = select(func.coalesce(func.max(Reconciliation.revision), 0)).where(Reconciliation.work_order == order.id)
    revision = (await tx.session.scalar(last) or 0) + 1
    tx.session.add(
        Reconciliation(
            work_order=order.id,
            revision=revision,
            at=tx.now,
            person=tx.actor.person,
            reason=reason,
            report=report.model_dump(mode="json", exclude=OF_THE_REVISION),
        )
    )
    order.version += 1
    event = work_order_reconciled(order, revision, report.good, report.scrap, report.rework, reason)
    tx.record(event, aggregate=order.subject, version=order.version)
    await tx.session.flush()


async def reconcile_anew(tx: Transaction, orders: Collection[UUID]) -> None:
    """Do the reconciliation of those of the orders that are closed anew."""
    closed = (
        select(WorkOrder)
        .where(col(WorkOrder.id).in_(orders), WorkOrder.state == WorkOrderState.CLOSED.value)
        .order_by(col(WorkOrder.id))
    )
    for order in list(await tx.session.scalars(closed.with_for_update())):
        await store_reconciliation(tx, order, AFTER_CLOSE)
