"""Reads of pegs: what counts of them, and what there is of their supplies.

The parts of an order that is open are promised to it. One that is over needs no more of them than it has taken for the
pieces that were begun: the rest is for others, until it is opened again.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.orders.definitions.queries import load_units
from services.orders.definitions.tables import Item
from services.orders.demand.domain import Lack, PromisedPart, parts_taken, shortages
from services.orders.demand.schemas import PegOut, PegsOut
from services.orders.work_orders.domain.pieces import begun, makes, order_totals
from services.orders.work_orders.domain.states import OPEN, WorkOrderState
from services.orders.work_orders.queries.orders import find_work_order, operations_of
from services.orders.work_orders.tables import OrderPeg, WorkOrder


@dataclass(frozen=True)
class Peg:
    """``quantity`` of what ``supply`` makes is for ``parent``; the parent has taken it, or needs it."""

    parent: WorkOrder
    supply: WorkOrder
    quantity: Decimal

    @property
    def is_taken(self) -> bool:
        """True when the parent is over, and needs no more."""
        return self.parent.state not in OPEN


async def counting_pegs(session: AsyncSession, which: ColumnElement[bool]) -> list[Peg]:
    """The pegs with what counts of them, by the number of the parent; without those of which nothing does."""
    pegs = await _load(session, which)
    over = {peg.parent.id for peg in pegs if peg.is_taken}
    taken = await _taken(session, await _load(session, col(OrderPeg.parent).in_(over))) if over else {}
    counting = [replace(peg, quantity=taken.get((peg.parent.id, peg.supply.id), peg.quantity)) for peg in pegs]
    return [peg for peg in counting if peg.quantity]


async def _load(session: AsyncSession, which: ColumnElement[bool]) -> list[Peg]:
    parent, supply = aliased(WorkOrder), aliased(WorkOrder)
    statement = (
        select(parent, supply, col(OrderPeg.quantity))
        .join_from(OrderPeg, parent, col(parent.id) == OrderPeg.parent)
        .join(supply, col(supply.id) == OrderPeg.supply)
        .where(which)
        .order_by(col(parent.number), col(supply.number))
    )
    return [Peg(*row) for row in (await session.execute(statement)).all()]


async def _taken(session: AsyncSession, pegs: Sequence[Peg]) -> dict[tuple[UUID, UUID], Decimal]:
    """What orders that are over have taken of all their supplies, by (parent, supply)."""
    orders = {order.id: order for peg in pegs for order in (peg.parent, peg.supply)}
    operations = await operations_of(session, list(orders))
    decimals = await _decimals_of(session, orders.values())
    promised: defaultdict[tuple[UUID, str], list[Peg]] = defaultdict(list)
    for peg in sorted(pegs, key=lambda peg: (peg.supply.due_at, peg.supply.id)):
        promised[peg.parent.id, peg.supply.item].append(peg)
    found: dict[tuple[UUID, UUID], Decimal] = {}
    for (id_, item), parts in promised.items():
        order = orders[id_]
        share = Fraction(begun(operations[id_], decimals[order.item])) / Fraction(order.quantity)
        given = [PromisedPart(p.supply.id, p.quantity, order_totals(operations[p.supply.id])[0]) for p in parts]
        taken = parts_taken(given, share, decimals[item])
        found |= {(id_, supply): quantity for supply, quantity in taken.items()}
    return found


async def _decimals_of(session: AsyncSession, orders: Collection[WorkOrder]) -> dict[str, int]:
    """The decimals of the orders' items."""
    items = {order.item for order in orders}
    named = await session.execute(select(Item.code, Item.unit).where(col(Item.code).in_(items)))
    units = await load_units(session)
    return {code: units.decimals(unit) for code, unit in named}


async def pegged_quantities(session: AsyncSession, supplies: Collection[UUID]) -> dict[UUID, Decimal]:
    """The quantities of these orders that are for their parents, as far as that counts."""
    sums: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for peg in await counting_pegs(session, col(OrderPeg.supply).in_(supplies)):
        sums[peg.supply.id] += peg.quantity
    return sums


async def supplies_of(session: AsyncSession, parent: UUID) -> set[UUID]:
    """The orders that make something for an order."""
    return set(await session.scalars(select(OrderPeg.supply).where(OrderPeg.parent == parent)))


async def made_quantities(session: AsyncSession, orders: Collection[WorkOrder]) -> dict[UUID, Decimal]:
    """The good pieces that each of the orders has made and can still make."""
    operations = await operations_of(session, [order.id for order in orders])
    decimals = await _decimals_of(session, orders)
    return {
        order.id: makes(WorkOrderState(order.state), order.quantity, operations[order.id], decimals[order.item])
        for order in orders
    }


async def promised_parts(session: AsyncSession, parents: Collection[UUID]) -> dict[UUID, dict[str, Fraction]]:
    """What was made and can still be made for each of these orders of what it was promised, by item."""
    pegs = await counting_pegs(session, col(OrderPeg.parent).in_(parents))
    short = await peg_shortages(session, {peg.supply.id for peg in pegs})
    found: dict[UUID, defaultdict[str, Fraction]] = {parent: defaultdict(Fraction) for parent in parents}
    for peg in pegs:
        there = peg.quantity - short[peg.supply.id, peg.parent.id]
        found[peg.parent.id][peg.supply.item] += Fraction(there)
    return {parent: dict(by_item) for parent, by_item in found.items()}


async def get_pegs(session: AsyncSession, reference: str) -> PegsOut:
    """The orders that an order is made for, and those made for it; of a parent that is over what it has taken.

    A 404 problem for an unknown order.
    """
    order = await find_work_order(session, reference)
    own = await counting_pegs(session, col(OrderPeg.supply) == order.id)
    supplies = await counting_pegs(session, col(OrderPeg.parent) == order.id)
    lacks = await peg_shortages(session, {order.id, *(peg.supply.id for peg in supplies)})
    return PegsOut(
        parents=[_peg(peg.parent, peg, lacks) for peg in own],
        supplies=[_peg(peg.supply, peg, lacks) for peg in supplies],
        short=sum((lack for (supply, _), lack in lacks.items() if supply == order.id), Decimal(0)),
    )


async def peg_shortages(session: AsyncSession, supplies: Collection[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    """The quantity that each parent lacks of what it was promised of these supplies, by (supply, parent).

    A parent that is over has what it has taken, and lacks nothing; of the others those due first are served first.
    """
    by_supply: defaultdict[UUID, list[Peg]] = defaultdict(list)
    for peg in await counting_pegs(session, col(OrderPeg.supply).in_(supplies)):
        by_supply[peg.supply.id].append(peg)
    made = await made_quantities(session, [pegs[0].supply for pegs in by_supply.values()])
    found = {}
    for supply, pegs in by_supply.items():
        pegs.sort(key=lambda peg: (not peg.is_taken, peg.parent.due_at, peg.parent.number))
        for peg, lack in zip(pegs, shortages(made[supply], [peg.quantity for peg in pegs]), strict=True):
            found[supply, peg.parent.id] = Decimal(0) if peg.is_taken else lack
    return found


async def lacks_of(session: AsyncSession, parent: WorkOrder) -> list[Lack]:
    """What an order lacks of its parts by their shortages, when it needs the first of it."""
    pegs = await counting_pegs(session, col(OrderPeg.parent) == parent.id)
    short = await peg_shortages(session, {peg.supply.id for peg in pegs})
    by_item: defaultdict[str, list[tuple[datetime, Decimal]]] = defaultdict(list)
    for peg in pegs:
        if lack := short[peg.supply.id, parent.id]:
            by_item[peg.supply.item].append((peg.supply.due_at, lack))
    return [
        Lack(item, sum((lack for _, lack in lacks), Decimal(0)), min(due_at for due_at, _ in lacks))
        for item, lacks in sorted(by_item.items())
    ]


def _peg(order: WorkOrder, peg: Peg, lacks: Mapping[tuple[UUID, UUID], Decimal]) -> PegOut:
    values = order.model_dump(include={"id", "number", "item", "state"})
    short = lacks.get((peg.supply.id, peg.parent.id), Decimal(0))
    return PegOut.model_validate(values | {"quantity": peg.quantity, "short": short})
