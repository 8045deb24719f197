"""Orders from demand: all that one needs, or what an order that there is lacks."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.orders.demand.queries.pegs import lacks_of, peg_shortages, supplies_of
from services.orders.demand.queries.plans import DemandPlan, make_plan, plan_missing, plan_parts
from services.orders.demand.schemas import DemandIn, DemandOut
from services.orders.products.domain import whole
from services.orders.work_orders.commands.create import create_work_order
from services.orders.work_orders.commands.move import lock_work_order
from services.orders.work_orders.commands.pegs import add_pegs, take_pegs
from services.orders.work_orders.domain.states import BEFORE_WORK
from services.orders.work_orders.schemas import WorkOrderIn, WorkOrderOut
from shared.kit.database import Transaction
from shared.kit.problem import Problem

ONLY_OF_THE_ITEM = {"customer", "sales_order", "over_tolerance_pct", "under_tolerance_pct"}
"""Fields of the order of the demanded item alone, not of those of its parts."""


async def create_orders(tx: Transaction, demand: DemandIn) -> DemandOut:
    """Make the orders that the preview shows, with their parents, and peg what covers each parent's need."""
    planned = await make_plan(tx.session, demand, tx.now, tx.zone, lock=True)
    return await _make(tx, planned, demand.priority, demand.model_dump(include=ONLY_OF_THE_ITEM), {})


async def cover_missing(tx: Transaction, parent: UUID) -> DemandOut:
    """Make the orders for what an order lacks of its parts; what cannot come any more is promised no longer."""
    order = await lock_work_order(tx, parent)
    planned = await plan_missing(tx.session, order, tx.now, tx.zone, lock=True)
    missing = [(f"missing.{lack.item}", lack.quantity, 0) for lack in await lacks_of(tx.session, order)]
    tx.audit("cover_missing", order.subject, missing)
    await _give_up(tx, order.id)
    return await _make(tx, planned, order.priority, {}, {str(order.id): order.id})


async def make_parts(tx: Transaction, parent: UUID) -> DemandOut:
    """Make the orders for the parts that an order needs and nobody makes for it yet, or not any more.

    409 for one whose work has begun or is over, 422 when all of it is made for it already.
    """
    order = await lock_work_order(tx, parent)
    if order.state not in BEFORE_WORK:
        raise Problem(409, "wrong_state", state=order.state)
    planned = await plan_parts(tx.session, [order], tx.now, tx.zone, lock=True)
    if not planned.plan.orders:
        raise Problem(422, "nothing_missing", number=order.number)
    await _give_up(tx, order.id)
    tx.audit("make_parts", order.subject, [(f"parts.{one.item}", 0, one.gross) for one in planned.plan.orders])
    return await _make(tx, planned, order.priority, {}, {str(order.id): order.id})


async def _give_up(tx: Transaction, parent: UUID) -> None:
    """Promise no longer what cannot come any more."""
    short = await peg_shortages(tx.session, await supplies_of(tx.session, parent))
    await take_pegs(tx, {(to, of): lack for (of, to), lack in short.items() if to == parent and lack})


async def _make(
    tx: Transaction, planned: DemandPlan, priority: int, of_the_item: Mapping[str, Any], known: Mapping[str, UUID]
) -> DemandOut:
    """Make the orders of a plan; ``known`` are the orders that there are by their keys in it."""
    made: dict[str, WorkOrderOut] = {}
    ids = dict(known)
    pegs: dict[tuple[UUID, UUID], Decimal] = {}
    for order in planned.plan.orders:
        parent = ids[order.parent] if order.parent else None
        if order.quantity:
            body = WorkOrderIn(
                item=order.item,
                quantity=order.quantity,
                due_at=order.due_at,
                priority=priority,
                **(of_the_item if parent is None else {}),
            )
            made[order.key] = await create_work_order(tx, body, parent)
            ids[order.key] = made[order.key].id
        if parent is None:
            continue
        covers = [(UUID(n.supply) if n.exists else ids[n.supply], n.quantity) for n in order.netted]
        if order.own:
            covers.append((ids[order.key], order.own))
        for supply, quantity in covers:
            pegs[parent, supply] = pegs.get((parent, supply), Decimal(0)) + whole(quantity)
    await add_pegs(tx, pegs)
    return DemandOut(orders=list(made.values()))
