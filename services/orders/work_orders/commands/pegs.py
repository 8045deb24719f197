"""Pegs: stored for a demand, taken back where a supply fails, and moved when orders are split or merged.

Nothing promised gets lost.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, or_, select, update

from services.orders.work_orders.domain.pieces import allotments
from services.orders.work_orders.tables import OrderPeg, WorkOrder
from shared.kit.database import Transaction

NOTHING = Decimal(0)


async def add_pegs(tx: Transaction, pegs: Mapping[tuple[UUID, UUID], Decimal]) -> None:
    """Promise so much more of a supply to a parent, by (parent, supply)."""
    for (parent, supply), quantity in pegs.items():
        peg = await tx.session.get(OrderPeg, (parent, supply), with_for_update=True)
        if peg is None:
            tx.session.add(OrderPeg(parent=parent, supply=supply, quantity=quantity))
        else:
            peg.quantity += quantity
    await tx.session.flush()


async def take_pegs(tx: Transaction, pegs: Mapping[tuple[UUID, UUID], Decimal]) -> None:
    """Promise so much less of a supply to a parent, by (parent, supply)."""
    for key, quantity in pegs.items():
        peg = await tx.session.get_one(OrderPeg, key, with_for_update=True)
        if peg.quantity > quantity:
            peg.quantity -= quantity
        else:
            await tx.session.delete(peg)
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


async def share_parts(tx: Transaction, order: UUID, parts: Sequence[tuple[UUID | None, Decimal]]) -> None:
    """Share what others make for ``order`` among the parts (id, quantity) that it became, by their quantities.

    ``order`` itself is among them. Each gets of every component what it needs as far as the order had it, and no more;
    what is for None is for nobody any more.
    """
    statement = (
        select(OrderPeg, col(WorkOrder.item))
        .join(WorkOrder, col(WorkOrder.id) == OrderPeg.supply)
        .where(OrderPeg.parent == order)
        .order_by(col(WorkOrder.due_at), col(OrderPeg.supply))
    )
    promised: defaultdict[str, list[tuple[UUID, Decimal]]] = defaultdict(list)
    for peg, item in (await tx.session.execute(statement.with_for_update(of=OrderPeg))).all():
        promised[item].append((peg.supply, peg.quantity))
        await tx.session.delete(peg)
    await tx.session.flush()
    for supplies in promised.values():
        for part, supply, quantity in allotments(supplies, parts):
            if part is not None:
                tx.session.add(OrderPeg(parent=part, supply=supply, quantity=quantity))
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
    await add_pegs(tx, sums)
    await tx.session.execute(update(WorkOrder).where(col(WorkOrder.parent).in_(orders)).values(parent=into))
