"""The reconciliation of an order's quantities: where its pieces are, kept as it is when the order is closed."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.orders.work_orders.domain import balances
from services.orders.work_orders.queries import describe_work_orders, find_work_order, operations_of
from services.orders.work_orders.schemas import BalanceOut, ReconciliationOut
from services.orders.work_orders.tables import Reconciliation, WorkOrder
from shared.kit.database import Transaction


async def get_reconciliation(session: AsyncSession, reference: str) -> ReconciliationOut:
    """Where the pieces of an order are, or were when it was closed; 404 for an unknown one."""
    order = await find_work_order(session, reference)
    stored = await session.get(Reconciliation, order.id)
    if stored is None:
        return await _reconcile(session, order)
    return ReconciliationOut.model_validate(stored.report | {"closed_at": stored.at, "closed_by": stored.person})


async def store_reconciliation(tx: Transaction, order: WorkOrder) -> None:
    """Keep where the pieces are."""
    report = await _reconcile(tx.session, order)
    kept = report.model_dump(mode="json", exclude={"closed_at", "closed_by"})
    tx.session.add(Reconciliation(work_order=order.id, at=tx.now, person=tx.actor.person, report=kept))


async def _reconcile(session: AsyncSession, order: WorkOrder) -> ReconciliationOut:
    [shown] = await describe_work_orders(session, [order])
    operations = {operation.op: operation for operation in (await operations_of(session, [order.id]))[order.id]}
    return ReconciliationOut(
        work_order=order.id,
        number=order.number,
        item=order.item,
        unit=shown.unit,
        quantity=order.quantity,
        good=shown.good,
        scrap=shown.scrap,
        rework=shown.rework,
        difference=shown.good - order.quantity,
        operations=[
            BalanceOut.model_validate(operations[balance.op].model_dump() | vars(balance))
            for balance in balances(list(operations.values()))
        ],
    )
