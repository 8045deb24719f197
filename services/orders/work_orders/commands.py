"""What can be done with a work order. Each command decides by the domain, stores, and tells its event in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import col, or_, select

from services.orders.definitions.commands import require
from services.orders.definitions.tables import Item
from services.orders.products.standard import load_standard, materials, snapshot, standard_faults
from services.orders.settings import OrdersSettings
from services.orders.work_orders.closing import MICRO, store_reconciliation
from services.orders.work_orders.domain import (
    REASON_NEEDED,
    Action,
    Command,
    State,
    is_permitted,
    next_state,
    order_number,
)
from services.orders.work_orders.queries import describe_work_orders
from services.orders.work_orders.schemas import WorkOrderIn, WorkOrderOut
from services.orders.work_orders.tables import Material, WorkOrder, WorkOrderOperation
from shared.contracts.orders.work_orders import WorkOrderChanged, WorkOrderCreated, WorkOrderReleased
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import FieldError, Problem, unprocessable

NEXT_NUMBER = text(
    "INSERT INTO number_series (month, last) VALUES (:month, 1) ON CONFLICT (month) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


@dataclass(frozen=True)
class Rules:
    """The shop's rules, from the settings."""

    settings: OrdersSettings

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.settings.time_zone)


async def create_work_order(
    tx: Transaction, rules: Rules, body: WorkOrderIn, parent: UUID | None = None
) -> WorkOrderOut:
    """Create a draft, for a ``parent`` order or for itself; 422 for an unknown item, 409 when its number or external id is taken."""
    item = await require(tx, Item, body.item, "item")
    taken = await _find_taken(tx, body)
    if taken is not None:
        raise Problem(409, "work_order_taken", number=taken.number, work_order=str(taken.id))
    local = tx.now.astimezone(rules.zone)
    number = body.number or await _next_number(tx, local)
    order = WorkOrder(
        id=new_id(), number=number, parent=parent, created_at=tx.now, **body.model_dump(exclude={"number"})
    )
    tx.session.add(order)
    await tx.session.flush()
    tx.record(
        WorkOrderCreated(
            work_order=order.id,
            number=number,
            external_id=order.external_id,
            item=item.code,
            quantity=order.quantity,
            due_at=order.due_at,
        ),
        aggregate=f"work_order/{order.id}",
        version=order.version,
    )
    tx.audit(
        "create",
        f"work_order/{order.id}",
        differences({}, body.model_dump(exclude_none=True) | ({"parent": parent} if parent else {})),
    )
    return await describe(tx, order)


async def _next_number(tx: Transaction, local: datetime) -> str:
    """The month's next number that nobody chose already."""
    while True:
        sequence = (await tx.session.execute(NEXT_NUMBER, {"month": f"{local:%y%m}"})).scalar_one()
        number = order_number(local, sequence)
        if await tx.session.scalar(select(WorkOrder.id).where(WorkOrder.number == number)) is None:
            return number


async def _find_taken(tx: Transaction, body: WorkOrderIn) -> WorkOrder | None:
    """The order that has this number or external id already."""
    same = [
        col(place) == value
        for place, value in ((WorkOrder.number, body.number), (WorkOrder.external_id, body.external_id))
        if value
    ]
    found: WorkOrder | None = await tx.session.scalar(select(WorkOrder).where(or_(*same)).limit(1)) if same else None
    return found


async def move_work_order(tx: Transaction, work_order: UUID, command: Command, reason: str | None) -> WorkOrderOut:
    """Plan, hold, resume, cancel or close; 409 when the state does not allow it, 422 when a reason is missing."""
    if command in REASON_NEEDED and not reason:
        raise unprocessable("reason", "missing")
    order = await lock_work_order(tx, work_order)
    apply_command(tx, order, command, reason)
    if command is Command.RESUME:
        await complete_if_done(tx, [order])
    if command is Command.CLOSE:
        await store_reconciliation(tx, order)
    await tx.session.flush()
    return await describe(tx, order)


async def release_work_order(tx: Transaction, rules: Rules, work_order: UUID) -> WorkOrderOut:
    """Release to the floor: freezes the routing, the BOM, the instructions and the tolerances of the day as the order's snapshot; 422 lists what is missing."""
    order = await lock_work_order(tx, work_order)
    state = State(order.state)
    if next_state(state, Command.RELEASE) is None:
        raise wrong_state(order)
    item = await tx.session.get_one(Item, order.item)
    standard = await load_standard(tx.session, order.item, tx.today)
    faults = await standard_faults(tx.session, order.item, standard)
    if not item.active:
        faults.insert(0, FieldError("item", "item_inactive", {"item": order.item}))
    if not item.unit:
        faults.insert(0, FieldError("item", "unit_missing", {"item": order.item}))
    if faults:
        raise Problem(422, "release_incomplete", errors=faults)
    order.over_tolerance_pct = _own(order.over_tolerance_pct, rules.settings.over_tolerance_pct)
    order.under_tolerance_pct = _own(order.under_tolerance_pct, rules.settings.under_tolerance_pct)
    operations = snapshot(standard.steps, order.quantity, item.unit, standard.instructions)
    needed = materials(standard.lines)
    order.routing_revision, order.bom_revision = standard.routing_revision, standard.bom_revision
    order.state, order.released_at, order.version = State.RELEASED.value, tx.now, order.version + 1
    tx.session.add_all(
        WorkOrderOperation(
            work_order=order.id,
            op=operation.op,
            name=operation.name,
            work_center=operation.work_center,
            machine=operation.machine,
            planned=operation.planned or order.quantity,
            predecessors=operation.predecessors,
            ratio=operation.ratio,
            tool=operation.tool,
            setup_s=operation.setup_s,
            piece_s=(operation.cycle_s / operation.per_cycle).quantize(MICRO),
            lead_time_d=operation.lead_time_d,
            instruction=operation.instruction.code if operation.instruction else None,
            instruction_revision=operation.instruction.revision if operation.instruction else None,
        )
        for operation in operations
    )
    tx.session.add_all(
        Material(work_order=order.id, **material.model_dump(exclude={"alternates"})) for material in needed
    )
    await tx.session.flush()
    tx.audit("release", f"work_order/{order.id}", [("state", state, State.RELEASED)])
    tx.record(
        WorkOrderReleased(
            work_order=order.id,
            number=order.number,
            external_id=order.external_id,
            item=item.code,
            item_name=item.name,
            unit=item.unit,
            box_quantity=item.box_quantity,
            quantity=order.quantity,
            over_tolerance_pct=order.over_tolerance_pct,
            under_tolerance_pct=order.under_tolerance_pct,
            due_at=order.due_at,
            priority=order.priority,
            operations=operations,
            materials=needed,
            routing_revision=standard.routing_revision,
            bom_revision=standard.bom_revision,
            parent=order.parent,
            customer=order.customer,
        ),
        aggregate=f"work_order/{order.id}",
        version=order.version,
    )
    return await describe(tx, order)


def _own(value: Decimal | None, of_the_shop: Decimal) -> Decimal:
    return of_the_shop if value is None else value


async def lock_work_order(tx: Transaction, work_order: UUID) -> WorkOrder:
    """The order, locked until the end of the transaction, or a 404 problem."""
    order = await tx.session.get(WorkOrder, work_order, with_for_update=True)
    if order is None:
        raise Problem(404, "not_found")
    return order


def wrong_state(order: WorkOrder) -> Problem:
    """A 409 with the state that stands in the way."""
    return Problem(409, "wrong_state", state=order.state)


def require_permitted(order: WorkOrder, action: Action) -> None:
    """A 409 problem when the order's state does not allow ``action``."""
    if not is_permitted(State(order.state), action):
        raise wrong_state(order)


def apply_command(tx: Transaction, order: WorkOrder, command: Command, reason: str | None = None) -> None:
    """Move a locked order and tell it; a 409 problem when its state does not allow it."""
    before = State(order.state)
    after = next_state(before, command, State(order.held_from) if order.held_from else None)
    if after is None:
        raise wrong_state(order)
    order.state = after.value
    order.held_from = before.value if after is State.ON_HOLD else None
    order.reason = reason if after in (State.ON_HOLD, State.CANCELLED) else None
    if after is State.IN_PROGRESS and order.started_at is None:
        order.started_at = tx.now
    if after is State.COMPLETED:
        order.completed_at = tx.now
    tx.audit(command, f"work_order/{order.id}", [("state", before, after)], reason)
    _tell_change(tx, order, before, reason)


def _tell_change(tx: Transaction, order: WorkOrder, before: State, reason: str | None) -> None:
    order.version += 1
    tx.record(
        WorkOrderChanged(
            work_order=order.id,
            number=order.number,
            external_id=order.external_id,
            before=before.value,
            state=order.state,
            reason=reason,
        ),
        aggregate=f"work_order/{order.id}",
        version=order.version,
    )


async def complete_if_done(tx: Transaction, orders: Iterable[WorkOrder]) -> None:
    """Complete those of the locked orders whose operations are all done; a held one waits for its resumption."""
    working = {order.id: order for order in orders if order.state in (State.RELEASED, State.IN_PROGRESS)}
    if not working:
        return
    unfinished = select(WorkOrderOperation.work_order).where(
        col(WorkOrderOperation.work_order).in_(working), col(WorkOrderOperation.state).not_in(["done", "skipped"])
    )
    still_open = set(await tx.session.scalars(unfinished))
    for id_, order in working.items():
        if id_ not in still_open:
            apply_command(tx, order, Command.COMPLETE)


async def describe(tx: Transaction, order: WorkOrder) -> WorkOrderOut:
    """The order as clients see it."""
    return (await describe_work_orders(tx.session, [order], tx.zone))[0]
