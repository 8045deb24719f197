"""The reconciliation of an order's quantities: where its pieces are, kept as it is when the order is closed."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.definitions.tables import Item
from services.orders.work_orders.domain import balances, begun, order_totals
from services.orders.work_orders.queries import find_work_order, operations_of
from services.orders.work_orders.schemas import BalanceOut, MaterialOut, ReconciliationOut
from services.orders.work_orders.tables import Material, Reconciliation, WorkOrder
from shared.kit.database import Transaction

MICRO = Decimal("0.000001")
"""The smallest quantity there is."""


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


async def copy_materials(tx: Transaction, order: UUID, part: UUID) -> None:
    """A part is made of the same as the order it was split from."""
    copied = [
        Material.model_validate(material.model_dump() | {"work_order": part})
        for material in await _materials_of(tx.session, order)
    ]
    tx.session.add_all(copied)


async def _materials_of(session: AsyncSession, order: UUID) -> list[Material]:
    wanted = select(Material).where(Material.work_order == order).order_by(col(Material.op), col(Material.component))
    return list(await session.scalars(wanted))


async def describe_materials(session: AsyncSession, order: UUID, quantity: Decimal) -> list[MaterialOut]:
    """What the order is made of, as frozen: for one, for its whole quantity with what is lost, and for the ``quantity`` begun."""
    ordered = (await session.get_one(WorkOrder, order)).quantity
    return [
        MaterialOut(
            **material.model_dump(exclude={"work_order"}),
            planned=(material.quantity * ordered * (1 + material.scrap_pct / 100)).quantize(MICRO),
            standard=(material.quantity * quantity).quantize(MICRO),
        )
        for material in await _materials_of(session, order)
    ]


async def _reconcile(session: AsyncSession, order: WorkOrder) -> ReconciliationOut:
    operations = {operation.op: operation for operation in (await operations_of(session, [order.id]))[order.id]}
    good, scrap, rework = order_totals(list(operations.values()))
    return ReconciliationOut(
        work_order=order.id,
        number=order.number,
        item=order.item,
        unit=(await session.get_one(Item, order.item)).unit,
        quantity=order.quantity,
        good=good,
        scrap=scrap,
        rework=rework,
        difference=good - order.quantity,
        operations=[
            BalanceOut.model_validate(operations[balance.op].model_dump() | vars(balance))
            for balance in balances(list(operations.values()))
        ],
        materials=await describe_materials(session, order.id, begun(list(operations.values()))),
    )
