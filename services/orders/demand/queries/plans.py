"""Plans: what is to be made for a demand, or for what orders lack."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
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
from services.orders.demand.domain import (
    LotSizes,
    Plan,
    PlanFault,
    Planner,
    Product,
    Recipe,
    Standing,
    Supply,
    free_quantity,
)
from services.orders.demand.queries.pegs import lacks_of, made_quantities, pegged_quantities, promised_parts
from services.orders.demand.schemas import (
    DemandIn,
    NettedOut,
    PlannedMaterialOut,
    PlannedOrderOut,
    PreviewOut,
)
from services.orders.products.domain import Bill, whole
from services.orders.products.queries.boms import load_bills
from services.orders.products.queries.revisions import load_items
from services.orders.products.tables import RoutingOperation, RoutingRevision
from services.orders.work_orders.domain.pieces import order_totals
from services.orders.work_orders.domain.states import BEFORE_WORK, OPEN, UNRELEASED
from services.orders.work_orders.queries.orders import operations_of
from services.orders.work_orders.queries.reconciliation import frozen_lines
from services.orders.work_orders.tables import WorkOrder
from shared.kit.problem import Problem, unprocessable
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
    planner, existing = await _planner(
        session, items, bills, now, zone, units, netted=items.keys() - {demand.item}, lock=lock
    )
    with _faults("quantity"):
        plan = planner.plan(demand.item, quantity, demand.due_at)
    return DemandPlan(plan, items, existing)


async def plan_missing(
    session: AsyncSession, order: WorkOrder, now: datetime, zone: ZoneInfo, *, lock: bool = False
) -> DemandPlan:
    """The plan for what an order that there is lacks of its parts.

    409 for one that makes nothing any more, 422 when nothing is missing or there is no plan.
    """
    if order.state not in OPEN:
        raise Problem(409, "wrong_state", state=order.state)
    lacks = await lacks_of(session, order)
    if not lacks:
        raise Problem(422, "nothing_missing", number=order.number)
    bills = await load_bills(session, sorted({lack.item for lack in lacks}), now.astimezone(zone).date())
    items = await load_items(session, bills)
    units = await load_units(session)
    planner, existing = await _planner(session, items, bills, now, zone, units, netted=items.keys(), lock=lock)
    with _faults("order"):
        plan = planner.plan_missing(str(order.id), lacks)
    return DemandPlan(plan, items, existing)


async def find_orders(session: AsyncSession, ids: Collection[UUID]) -> list[WorkOrder]:
    """These orders; 404 when one is unknown, 409 when one makes nothing any more."""
    orders = list(await session.scalars(select(WorkOrder).where(col(WorkOrder.id).in_(ids))))
    if len(orders) < len(set(ids)):
        raise Problem(404, "not_found")
    for order in orders:
        if order.state not in OPEN:
            raise Problem(409, "wrong_state", state=order.state)
    return orders


async def plan_parts(
    session: AsyncSession, orders: Sequence[WorkOrder], now: datetime, zone: ZoneInfo, *, lock: bool = False
) -> DemandPlan:
    """The plan for the parts that nobody makes for these orders yet, and the bought items that they take.

    422 when there is no plan.
    """
    frozen = await frozen_lines(session, [order.id for order in orders])
    promised = await promised_parts(session, [order.id for order in orders])
    tops = {order.item for order in orders} | {line.component for lines in frozen.values() for line in lines}
    bills = await load_bills(session, sorted(tops), now.astimezone(zone).date())
    items = await load_items(session, bills)
    units = await load_units(session)
    planner, existing = await _planner(session, items, bills, now, zone, units, netted=items.keys(), lock=lock)
    with _faults("order"):
        plan = planner.plan_parts(
            Standing(
                key=str(order.id),
                item=order.item,
                quantity=order.quantity,
                due_at=order.due_at,
                promised=promised[order.id],
                lines=None if order.state in UNRELEASED else frozen[order.id],
                begun=order.state not in BEFORE_WORK,
            )
            for order in orders
        )
    return DemandPlan(plan, items, existing)


async def _planner(
    session: AsyncSession,
    items: dict[str, Item],
    bills: dict[str, list[Bill]],
    now: datetime,
    zone: ZoneInfo,
    units: Units,
    *,
    netted: Collection[str],
    lock: bool,
) -> tuple[Planner, dict[str, WorkOrder]]:
    products = await _products(session, items, bills, now.astimezone(zone).date(), units)
    made = {code for code in netted if products[code].made}
    supplies, existing = await _free_supplies(session, made, lock=lock)
    hours = await load_working_time(session, zone)
    return Planner(products, supplies, now, lambda at: at.astimezone(zone).date(), hours), existing


@contextmanager
def _faults(field: str) -> Iterator[None]:
    try:
        yield
    except PlanFault as fault:
        raise unprocessable(field, fault.code, item=fault.item) from fault


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
    operations = await operations_of(session, ids)
    pegged = await pegged_quantities(session, ids)
    made = await made_quantities(session, orders)
    supplies = []
    for order in orders:
        good = order_totals(operations[order.id])[0]
        free = free_quantity(made[order.id], good, pegged.get(order.id, Decimal(0)))
        if free > 0:
            supplies.append(Supply(str(order.id), order.item, Fraction(free), order.due_at))
    return supplies, {str(order.id): order for order in orders}


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
