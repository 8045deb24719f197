"""Orders from demand, and what becomes of pegs when orders are split or merged."""

from decimal import Decimal
from uuid import UUID

from services.orders.demand.queries import make_plan
from services.orders.demand.schemas import DemandIn, DemandOut
from services.orders.products.domain import whole
from services.orders.work_orders.commands.create import create_work_order
from services.orders.work_orders.commands.pegs import store_pegs
from services.orders.work_orders.schemas import WorkOrderIn, WorkOrderOut
from shared.kit.database import Transaction

ONLY_OF_THE_ITEM = {"customer", "sales_order", "over_tolerance_pct", "under_tolerance_pct"}
"""Fields of the order of the demanded item alone, not of those of its parts."""


async def create_orders(tx: Transaction, demand: DemandIn) -> DemandOut:
    """Make the orders that the preview shows, with their parents, and peg what covers each parent's need."""
    planned = await make_plan(tx.session, demand, tx.now, tx.zone, lock=True)
    made: dict[str, WorkOrderOut] = {}
    pegs: dict[tuple[UUID, UUID], Decimal] = {}
    for order in planned.plan.orders:
        parent = made[order.parent].id if order.parent else None
        if order.quantity:
            body = WorkOrderIn(
                item=order.item,
                quantity=order.quantity,
                due_at=order.due_at,
                priority=demand.priority,
                **(demand.model_dump(include=ONLY_OF_THE_ITEM) if parent is None else {}),
            )
            made[order.key] = await create_work_order(tx, body, parent)
        if parent is None:
            continue
        covers = [(UUID(n.supply) if n.exists else made[n.supply].id, n.quantity) for n in order.netted]
        if order.own:
            covers.append((made[order.key].id, order.own))
        for supply, quantity in covers:
            pegs[parent, supply] = pegs.get((parent, supply), Decimal(0)) + whole(quantity)
    await store_pegs(tx, pegs)
    return DemandOut(orders=list(made.values()))
