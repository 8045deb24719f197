"""Pegs: stored for a demand, and moved when orders are split or merged, so that nothing promised gets lost."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, or_, select, update

from services.orders.work_orders.tables import OrderPeg, WorkOrder
from shared.kit.database import Transaction

NOTHING = Decimal(0)


async def store_pegs(tx: Transaction, pegs: Mapping[tuple[UUID, UUID], Decimal]) -> None:
    """Store how much of a supply is for a parent, by (parent, supply)."""
    tx.session.add_all(OrderPeg(parent=p, supply=s, quantity=quantity) for (p, s), quantity in pegs.items())
    await tx.session.flush()


async def split_pegs(tx: Transaction, order: UUID, parts: Sequence[tuple[UUID, Decimal]]) -> None:
    """Share what ``order`` makes for others among the parts (id, what it can make) that it became, first ones first.

    ``order`` itself is among them.
    """
    rest = [quantity for _, quantity in parts]
    for peg in await tx.session.scalars(
        select(OrderPeg).where(OrderPeg.supply == order).order_by(col(OrderPeg.parent))
    ):
        await tx.session.delete(peg)
        await tx.session.flush()
        need = peg.quantity
        for index, (part, _) in enumerate(parts):
            taken = need if index == len(parts) - 1 else min(rest[index], need)
            rest[index] -= taken
            need -= taken
            if taken > NOTHING:
                tx.session.add(OrderPeg(parent=peg.parent, supply=part, quantity=taken))
    await tx.session.flush()


async def merge_pegs(tx: Transaction, orders: Collection[UUID], into: UUID) -> None:
    """Let ``into`` stand for all of ``orders``: what they make for others, and what is made for them."""
    sums: defaultdict[tuple[UUID, UUID], Decimal] = defaultdict(lambda: NOTHING)
    affected = or_(
        col(OrderPeg.supply).in_(orders),
        col(OrderPeg.parent).in_(orders),
        OrderPeg.supply == into,
        OrderPeg.parent == into,
    )
    for peg in await tx.session.scalars(select(OrderPeg).where(affected)):
        parent = into if peg.parent in orders else peg.parent
        supply = into if peg.supply in orders else peg.supply
        sums[parent, supply] += peg.quantity
        await tx.session.delete(peg)
    await tx.session.flush()
    await store_pegs(tx, sums)
    await tx.session.execute(update(WorkOrder).where(col(WorkOrder.parent).in_(orders)).values(parent=into))
