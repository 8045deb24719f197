"""Reads of plans and pegs."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.orders.definitions.domain.kinds import SupplyKind
from services.orders.definitions.queries import load_units, load_working_time
from services.orders.definitions.tables import Item
from services.orders.demand.domain import LotSizes, Plan, PlanFault, Planner, Product, Recipe, Supply, shortage
from services.orders.demand.schemas import (
    DemandIn,
    NettedOut,
    PegOut,
    PegsOut,
    PlannedMaterialOut,
    PlannedOrderOut,
    PreviewOut,
)
from services.orders.products.domain import Bill, whole
from services.orders.products.queries.boms import load_bills
from services.orders.products.queries.revisions import load_items
from services.orders.products.tables import RoutingOperation, RoutingRevision
from services.orders.work_orders.domain import OPEN, WorkOrderState, order_totals
from services.orders.work_orders.queries.orders import find_work_order
from services.orders.work_orders.queries.pegs import pegged_quantities
from services.orders.work_orders.tables import OrderPeg, WorkOrder, WorkOrderOperation
from shared.kit.problem import unprocessable
from shared.kit.units import Units
from shared.kit.units_given import require_quantity


@dataclass(frozen=True)
class DemandPlan:
    """A plan with the items and the orders that it speaks of."""

    plan: Plan
    items: dict[str, Item]
    existing: dict[str, WorkOrder]


async def make_plan(
    session: AsyncSession, demand: DemandIn, now: datetime, zone: ZoneInfo, *, lock: bool = False
) -> DemandPlan:
    """The plan for a demand; ``lock`` locks the orders that it nets until the end of the transaction.

    422 when there is none.
    """
    today = now.astimezone(zone).date()
    bills = await load_bills(session, [demand.item], today)
    items = await load_items(session, bills)
    item = items.get(demand.item)
    if item is None or not item.active:
        raise unprocessable("item", "unknown_reference", value=demand.item)
    if item.supply != SupplyKind.MAKE:
        raise unprocessable("item", "item_not_made", item=demand.item)
    units = await load_units(session)
    quantity = require_quantity(units, item.stock_unit, demand.quantity, demand.unit)
    products = await _products(session, items, bills, today, units)
    made = {code for code, product in products.items() if product.made} - {demand.item}
    supplies, existing = await _free_supplies(session, made, lock=lock)
    hours = await load_working_time(session, zone)
    planner = Planner(products, supplies, now, lambda at: at.astimezone(zone).date(), hours)
    try:
        plan = planner.plan(demand.item, quantity, demand.due_at)
    except PlanFault as fault:
        raise unprocessable("quantity", fault.code, item=fault.item) from fault
    return DemandPlan(plan, items, existing)


async def _products(
    session: AsyncSession, items: dict[str, Item], bills: dict[str, list[Bill]], today: date, units: Units
) -> dict[str, Product]:
    revisions = await session.scalars(
        select(RoutingRevision).where(
            col(RoutingRevision.item).in_(items),
            or_(col(RoutingRevision.effective_to).is_(None), col(RoutingRevision.effective_to) >= today),
        )
    )
    steps: defaultdict[tuple[str, int], list[RoutingOperation]] = defaultdict(list)
    for step in await session.scalars(select(RoutingOperation).where(col(RoutingOperation.item).in_(items))):
        steps[step.item, step.revision].append(step)
    recipes: defaultdict[str, list[Recipe]] = defaultdict(list)
    for head in revisions:
        recipe = Recipe(head.effective_from, head.effective_to, steps[head.item, head.revision])
        recipes[head.item].append(recipe)
    return {
        code: Product(
            item=code,
            decimals=units.decimals(item.unit),
            made=item.supply == SupplyKind.MAKE,
            active=item.active,
            lot=LotSizes(**{name: Decimal(v) if v else None for name, v in (item.lot_size or {}).items()}),
            bills=bills[code],
            recipes=recipes[code],
        )
        for code, item in items.items()
    }


async def _free_supplies(
    session: AsyncSession, items: Collection[str], *, lock: bool
) -> tuple[list[Supply], dict[str, WorkOrder]]:
    """Open orders of these items with what they still make for nobody.

    One with a customer or sales order is promised already.
    """
    statement = (
        select(WorkOrder)
        .where(
            col(WorkOrder.item).in_(items),
            col(WorkOrder.state).in_([state.value for state in OPEN]),
            col(WorkOrder.customer).is_(None),
            col(WorkOrder.sales_order).is_(None),
        )
        .order_by(col(WorkOrder.id))
    )
    orders = list(await session.scalars(statement.with_for_update() if lock else statement))
    ids = [order.id for order in orders]
    operations: defaultdict[UUID, list[WorkOrderOperation]] = defaultdict(list)
    for operation in await session.scalars(
        select(WorkOrderOperation).where(col(WorkOrderOperation.work_order).in_(ids))
    ):
        operations[operation.work_order].append(operation)
    pegged = await pegged_quantities(session, ids)
    supplies = []
    for order in orders:
        open_ = order.quantity - order_totals(operations[order.id])[0]
        free = min(open_, order.quantity - pegged.get(order.id, Decimal(0)))
        if free > 0:
            supplies.append(Supply(str(order.id), order.item, Fraction(free), order.due_at))
    return supplies, {str(order.id): order for order in orders}


async def get_pegs(session: AsyncSession, reference: str) -> PegsOut:
    """The orders that an order is made for, and those made for it, as far as the parents are not cancelled.

    A 404 problem for an unknown order.
    """
    order = await find_work_order(session, reference)
    parents = await _pegged_orders(session, OrderPeg.parent, OrderPeg.supply == order.id)
    supplies = await _pegged_orders(session, OrderPeg.supply, OrderPeg.parent == order.id)
    promised = await pegged_quantities(session, [order.id, *(supply.id for supply, _ in supplies)])
    lack = shortage(WorkOrderState(order.state), order.quantity, promised.get(order.id, Decimal(0)))
    return PegsOut(
        parents=[_peg(one, quantity, lack) for one, quantity in parents if one.state != WorkOrderState.CANCELLED],
        supplies=[
            _peg(one, quantity, shortage(WorkOrderState(one.state), one.quantity, promised.get(one.id, Decimal(0))))
            for one, quantity in supplies
        ],
        short=lack,
    )


async def _pegged_orders(session: AsyncSession, other: UUID, pegs: bool) -> list[tuple[WorkOrder, Decimal]]:
    statement = (
        select(WorkOrder, col(OrderPeg.quantity))
        .join(OrderPeg, col(WorkOrder.id) == other)
        .where(pegs)
        .order_by(col(WorkOrder.number))
    )
    return [(order, quantity) for order, quantity in (await session.execute(statement)).all()]


def _peg(order: WorkOrder, quantity: Decimal, short: Decimal) -> PegOut:
    values = order.model_dump(include={"id", "number", "item", "state"})
    return PegOut.model_validate(values | {"quantity": quantity, "short": short})


def show_plan(planned: DemandPlan, now: datetime) -> PreviewOut:
    """The plan as people see it."""
    plan, items = planned.plan, planned.items
    orders = [
        PlannedOrderOut(
            **{name: getattr(order, name) for name in ("key", "parent", "level", "item", "due_at", "starts_at")},
            item_name=items[order.item].name,
            unit=items[order.item].unit,
            gross=whole(order.gross),
            netted=[
                NettedOut(
                    number=planned.existing[netting.supply].number if netting.exists else None,
                    key=None if netting.exists else netting.supply,
                    item=order.item,
                    quantity=whole(netting.quantity),
                    due_at=netting.due_at,
                    late=netting.due_at > order.due_at,
                )
                for netting in order.netted
            ],
            quantity=order.quantity,
            late=order.starts_at < now,
            exists=not order.quantity,
        )
        for order in plan.orders
    ]
    materials = [
        PlannedMaterialOut(item=code, name=items[code].name, gross=whole(gross), unit=items[code].unit)
        for code, gross in sorted(plan.materials.items())
    ]
    return PreviewOut(orders=orders, materials=materials)
