"""Changes of an order's fields: edited before the release, amended by an applied change request after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.orders.definitions.commands import item_quantity, present_units
from services.orders.definitions.tables import Item
from services.orders.products.domain import planned_pieces
from services.orders.work_orders.commands.move import describe, lock_work_order, require_permitted
from services.orders.work_orders.commands.pegs import share_parts
from services.orders.work_orders.domain.pieces import begun
from services.orders.work_orders.domain.states import WorkOrderAction
from services.orders.work_orders.events import work_order_amended
from services.orders.work_orders.queries.orders import operations_of
from services.orders.work_orders.schemas import DraftPatch, WorkOrderOut, WorkOrderPatch
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.contracts.orders.work_orders import OrderedByErp
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.paging import Precondition, check_etag
from shared.kit.problem import unprocessable


@dataclass(frozen=True)
class Amendment:
    """New values of an order's fields; machines and skipped operations by their number."""

    values: Mapping[str, Any]
    machines: Mapping[int, str] = field(default_factory=dict)
    skipped: frozenset[int] = frozenset()
    settles_change: bool = False
    """It settles one of the order's open change requests."""


async def edit_work_order(
    tx: Transaction, work_order: UUID, body: DraftPatch, if_match: Precondition | None
) -> WorkOrderOut:
    """Change an order that is not released; 409 when it is, 412 when somebody else changed it meanwhile."""
    order = await lock_work_order(tx, work_order)
    require_permitted(order, WorkOrderAction.EDIT)
    check_etag(if_match, order.version)
    await edit_unreleased(tx, order, await changed_values(tx, order, body))
    return await describe(tx, order)


async def changed_values(tx: Transaction, order: WorkOrder, body: WorkOrderPatch) -> dict[str, Any]:
    """The values that are given, the quantity in the item's stock unit; 422 when that has no such parts.

    A quantity that stays as it is, from before its unit was known to count, may have parts.
    """
    values = body.model_dump(exclude_unset=True, exclude={"unit"})
    if body.quantity is not None and (body.unit is not None or body.quantity != order.quantity):
        item = await tx.session.get_one(Item, order.item)
        values["quantity"] = await item_quantity(tx, item, body.quantity, body.unit)
    elif body.quantity is None and body.unit is not None:
        raise unprocessable("quantity", "missing")
    return values


async def edit_unreleased(
    tx: Transaction,
    order: WorkOrder,
    values: Mapping[str, Any],
    reason: str | None = None,
    ordered: OrderedByErp | None = None,
) -> None:
    """Give a locked unreleased order new values, enter and record what differs; nothing happens when nothing does."""
    changes = differences(order.model_dump(include=set(values)), values)
    if changes:
        tx.audit("change", order.subject, changes, reason)
        await amend_order(tx, order, Amendment(values), [name for name, _, _ in changes], reason, ordered)


async def amend_order(
    tx: Transaction,
    order: WorkOrder,
    amendment: Amendment,
    changed: Sequence[str],
    reason: str | None = None,
    ordered: OrderedByErp | None = None,
) -> None:
    """Store an amendment of a locked order and record it; operations follow the quantity.

    What others make for it beyond a lowered quantity, and beyond the pieces that were begun, is for nobody any more.
    """
    operations = (await operations_of(tx.session, [order.id]))[order.id]
    if "quantity" in amendment.values:
        quantity = amendment.values["quantity"]
        await plan_operations(tx, order, operations, quantity)
        if quantity < order.quantity:
            decimals = (await present_units(tx)).decimals((await tx.session.get_one(Item, order.item)).unit)
            needed = min(max(quantity, begun(operations, decimals)), order.quantity)
            await share_parts(tx, order.id, [(order.id, needed), (None, order.quantity - needed)])
    for operation in operations:
        operation.machine = amendment.machines.get(operation.op, operation.machine)
        operation.skip = operation.skip or operation.op in amendment.skipped
    order.sqlmodel_update(dict(amendment.values))
    order.changes_open -= amendment.settles_change
    record_amended(tx, order, operations, changed, reason, ordered)
    await tx.session.flush()


async def plan_operations(
    tx: Transaction, order: WorkOrder, operations: Sequence[WorkOrderOperation], quantity: Decimal
) -> None:
    """Have the operations yield what ``quantity`` of the order's item needs."""
    item = await tx.session.get_one(Item, order.item)
    planned = planned_pieces(operations, quantity, (await present_units(tx)).decimals(item.unit))
    for operation in operations:
        operation.planned = planned[operation.op]


def record_amended(
    tx: Transaction,
    order: WorkOrder,
    operations: Sequence[WorkOrderOperation],
    changed: Sequence[str],
    reason: str | None = None,
    ordered: OrderedByErp | None = None,
) -> None:
    """Record a locked order's present state, of which ``changed`` is new."""
    order.version += 1
    event = work_order_amended(order, operations, changed, reason, ordered)
    tx.record(event, aggregate=order.subject, version=order.version)


async def count_changes(tx: Transaction, order: WorkOrder, difference: int) -> None:
    """Count so many more open change requests of a locked order, and record it."""
    order.changes_open += difference
    record_amended(tx, order, (await operations_of(tx.session, [order.id]))[order.id], ["changes_open"])
    await tx.session.flush()
