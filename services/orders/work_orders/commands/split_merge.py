"""Splits orders into parts and merges them again: quantities move between orders and are never lost."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.orders.definitions.commands import item_quantity, present_units
from services.orders.definitions.tables import Item
from services.orders.work_orders.commands.amend import Amendment, amend_order, plan_operations, record_amended
from services.orders.work_orders.commands.move import apply_command, lock_work_order, require_permitted
from services.orders.work_orders.commands.pegs import merge_pegs, share_parts, split_pegs
from services.orders.work_orders.domain.pieces import begun, makes, split_faults
from services.orders.work_orders.domain.states import WorkOrderAction, WorkOrderCommand, WorkOrderState
from services.orders.work_orders.events import work_order_split
from services.orders.work_orders.queries.orders import describe_work_orders, operations_of
from services.orders.work_orders.queries.reconciliation import materials_of
from services.orders.work_orders.schemas import MergeIn, OrdersOut, SplitIn, WorkOrderOut
from services.orders.work_orders.tables import WorkOrder, WorkOrderMaterial, WorkOrderOperation
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import FieldError, Problem
from shared.kit.quantities import plain
from shared.kit.units import fits

REPORTED = {"good", "scrap", "rework", "rework_in", "sent", "state"}
"""The columns that stay with the order on which they were reported."""
NOT_COPIED = {
    *("id", "number", "split_from", "quantity", "version"),
    *("state", "held_from", "reason", "created_at", "started_at", "completed_at", "changes_open"),
}
"""The columns that a part does not take over from the order it is split from."""


async def split_work_order(tx: Transaction, work_order: UUID, body: SplitIn) -> OrdersOut:
    """Split an open order: it keeps the first quantity and all that was reported.

    Each other one becomes an order of its own. 409 in another state or while a change of it is to be decided; 422
    when the sum differs or the first is less than what was worked on.
    """
    order = await lock_work_order(tx, work_order)
    require_permitted(order, WorkOrderAction.SPLIT)
    if order.changes_open:
        raise Problem(409, "changes_open", state=order.state, changes=order.changes_open)
    operations = (await operations_of(tx.session, [order.id]))[order.id]
    decimals = (await present_units(tx)).decimals((await tx.session.get_one(Item, order.item)).unit)
    done = begun(operations, decimals)
    quantities = await _quantities(tx, order, body)
    faults = split_faults(order.quantity, quantities, done)
    if faults:
        params = {"quantity": plain(order.quantity), "done": plain(done)}
        raise Problem(422, "invalid", errors=[FieldError(field, code, params) for field, code in faults])
    parts = [await _add_part(tx, order, quantity, operations, body.reason) for quantity in quantities[1:]]
    before, order.quantity = order.quantity, quantities[0]
    await plan_operations(tx, order, operations, order.quantity)
    made = makes(WorkOrderState(order.state), order.quantity, operations, decimals)
    others = [(part.id, part.quantity) for part in parts]
    await split_pegs(tx, order.id, [(order.id, made), *others])
    await share_parts(tx, order.id, [(order.id, order.quantity), *others])
    numbers = [part.number for part in parts]
    changes = [("quantity", before, order.quantity), ("parts", [], numbers)]
    tx.audit("split", order.subject, changes, body.reason)
    record_amended(tx, order, operations, ["quantity"], body.reason)
    await tx.session.flush()
    return OrdersOut(orders=await describe_work_orders(tx.session, [order, *parts], tx.zone))


async def _quantities(tx: Transaction, order: WorkOrder, body: SplitIn) -> list[Decimal]:
    """The quantities of the parts in the item's stock unit.

    An order of parts of a piece, from before its unit was known to count, keeps them when it is split.
    """
    item = await tx.session.get_one(Item, order.item)
    is_whole = fits(order.quantity, (await present_units(tx)).decimals(item.unit))
    first, *others = body.quantities
    parts = [
        await item_quantity(tx, item, quantity, body.unit, f"quantities.{index}")
        for index, quantity in enumerate(others, 1)
    ]
    if isinstance(first, Decimal) and not (is_whole or body.unit):
        return [first, *parts]
    return [await item_quantity(tx, item, first, body.unit, "quantities.0"), *parts]


async def _add_part(
    tx: Transaction, order: WorkOrder, quantity: Decimal, operations: Sequence[WorkOrderOperation], reason: str | None
) -> WorkOrder:
    state = WorkOrderState(order.state)
    is_held = state is WorkOrderState.ON_HOLD
    part = WorkOrder(
        **order.model_dump(exclude=NOT_COPIED),
        id=new_id(),
        number=await _part_number(tx, order),
        split_from=order.id,
        quantity=quantity,
        state=(WorkOrderState.RELEASED if state is WorkOrderState.IN_PROGRESS else state).value,
        held_from=WorkOrderState.RELEASED.value if is_held else None,
        reason=order.reason if is_held else None,
        created_at=tx.now,
    )
    tx.session.add(part)
    await tx.session.flush()
    steps = [
        WorkOrderOperation.model_validate(
            step.model_dump(exclude=REPORTED) | {"work_order": part.id, "state": "skipped" if step.skip else "waiting"}
        )
        for step in operations
    ]
    await plan_operations(tx, part, steps, quantity)
    tx.session.add_all(steps)
    await _copy_materials(tx, order.id, part.id)
    tx.record(work_order_split(part, order, steps, reason), aggregate=part.subject, version=part.version)
    tx.audit("create", part.subject, [("quantity", None, quantity), ("split_from", None, order.number)], reason)
    return part


async def _copy_materials(tx: Transaction, order: UUID, part: UUID) -> None:
    """A part is made of the same as the order it was split from."""
    copied = [
        WorkOrderMaterial.model_validate(material.model_dump() | {"work_order": part})
        for material in await materials_of(tx.session, order)
    ]
    tx.session.add_all(copied)


async def _part_number(tx: Transaction, order: WorkOrder) -> str:
    """The number of the order that all parts come from, and the next one behind it that is free."""
    root = order
    while root.split_from is not None:
        root = await tx.session.get_one(WorkOrder, root.split_from)
    taken = set(
        await tx.session.scalars(
            select(WorkOrder.number).where(func.starts_with(col(WorkOrder.number), f"{root.number}-"))
        )
    )
    return next(number for count in range(2, len(taken) + 3) if (number := f"{root.number}-{count}") not in taken)


async def merge_work_orders(tx: Transaction, body: MergeIn) -> WorkOrderOut:
    """Make one of orders that are not released: the first gets all quantity, the earliest due date and the highest
    urgency.

    An order comes before the parts that were split from it.
    409 when one is released; 422 unless all are of one item and of one order of the ERP, or of none. The others are
    cancelled.
    """
    ids = list(dict.fromkeys(body.work_order_ids))
    orders = {id_: await lock_work_order(tx, id_) for id_ in sorted(ids)}
    first, *others = sorted((orders[id_] for id_ in ids), key=lambda order: order.split_from is not None)
    for order in orders.values():
        require_permitted(order, WorkOrderAction.MERGE)
    faults = [
        FieldError(f"work_orders.{ids.index(order.id)}", code, {"number": order.number})
        for order in others
        for code, column in (("merge_item", "item"), ("merge_external_id", "external_id"))
        if getattr(order, column) != getattr(first, column)
    ]
    if not others:
        faults = [FieldError("work_order_ids", "merge_alone")]
    if faults:
        raise Problem(422, "invalid", errors=faults)
    values = {
        "quantity": sum((order.quantity for order in orders.values()), Decimal(0)),
        "due_at": min(order.due_at for order in orders.values()),
        "priority": min(order.priority for order in orders.values()),
    }
    changes = differences(first.model_dump(include=set(values)), values)
    numbers = [order.number for order in others]
    tx.audit("merge", first.subject, [*changes, ("merged", [], numbers)], body.reason)
    for order in others:
        apply_command(tx, order, WorkOrderCommand.CANCEL, f"→ {first.number}", merged_into=first.id)
    await merge_pegs(tx, [order.id for order in others], first.id)
    await amend_order(tx, first, Amendment(values), [name for name, _, _ in changes], body.reason)
    return (await describe_work_orders(tx.session, [first], tx.zone))[0]
