"""Releases work orders with a frozen snapshot of the day's standard."""

from decimal import Decimal
from uuid import UUID

from services.orders.definitions.commands import present_units
from services.orders.definitions.tables import Item
from services.orders.work_orders.commands.move import describe, lock_work_order, wrong_state
from services.orders.work_orders.domain.states import MICRO, Tolerances, WorkOrderCommand, WorkOrderState, next_state
from services.orders.work_orders.events import released_materials, released_operations, work_order_released
from services.orders.work_orders.queries.standard import load_standard, standard_faults
from services.orders.work_orders.schemas import WorkOrderOut
from services.orders.work_orders.tables import WorkOrderMaterial, WorkOrderOperation
from shared.kit.database import Transaction
from shared.kit.problem import FieldError, Problem


async def release_work_order(tx: Transaction, shop: Tolerances, work_order: UUID) -> WorkOrderOut:
    """Release to the floor with the routing, the BOM, the instructions and the tolerances of the day, frozen.

    422 lists what is missing.
    """
    order = await lock_work_order(tx, work_order)
    state = WorkOrderState(order.state)
    if next_state(state, WorkOrderCommand.RELEASE) is None:
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
    order.over_tolerance_pct = _own_or_default(order.over_tolerance_pct, shop.over_tolerance_pct)
    order.under_tolerance_pct = _own_or_default(order.under_tolerance_pct, shop.under_tolerance_pct)
    decimals = (await present_units(tx)).decimals(item.unit)
    operations = released_operations(standard.steps, order.quantity, decimals, standard.instructions)
    materials = released_materials(standard.lines)
    order.routing_revision, order.bom_revision = standard.routing_revision, standard.bom_revision
    order.state, order.released_at, order.version = WorkOrderState.RELEASED.value, tx.now, order.version + 1
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
    names = {line.component: line.name for line in standard.lines}
    tx.session.add_all(
        WorkOrderMaterial(
            work_order=order.id,
            line=line,
            name=names[material.component],
            **material.model_dump(exclude={"alternates", "name"}),
        )
        for line, material in enumerate(materials)
    )
    await tx.session.flush()
    tx.audit("release", order.subject, [("state", state, WorkOrderState.RELEASED)])
    event = work_order_released(order, item, operations, materials)
    tx.record(event, aggregate=order.subject, version=order.version)
    return await describe(tx, order)


def _own_or_default(own: Decimal | None, default: Decimal) -> Decimal:
    return default if own is None else own
