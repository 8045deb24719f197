"""What the ERP's orders learn from the orders service: its items, and what became of their work orders."""

from collections.abc import Sequence
from decimal import Decimal

from services.erp_bridge.inbound.commands import (
    accept_orders,
    copy_items,
    follow_work_orders,
    keep_parts,
    refuse_orders,
    release_orders,
    take_amended,
)
from services.erp_bridge.outbound.commands import confirm_quantities
from services.erp_bridge.outbound.domain import Confirmed
from shared.contracts.orders.definitions import ItemDefined
from shared.contracts.orders.work_orders import (
    WorkOrderAmended,
    WorkOrderChanged,
    WorkOrderCreated,
    WorkOrderRefused,
    WorkOrderReleased,
    WorkOrderSplit,
)
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_items_defined(tx: Transaction, events: Sequence[Received[ItemDefined]]) -> None:
    """Keep the items that orders may name."""
    await copy_items(tx, {received.event.code: received.event.active for received in events})


async def on_work_orders_created(tx: Transaction, events: Sequence[Received[WorkOrderCreated]]) -> None:
    """The shop has accepted."""
    created = [received.event for received in events if received.event.external_id]
    await accept_orders(tx, created)
    await keep_parts(tx, created)


async def on_work_orders_split(tx: Transaction, events: Sequence[Received[WorkOrderSplit]]) -> None:
    """Keep the new parts."""
    await keep_parts(tx, [received.event for received in events if received.event.external_id])


async def on_work_orders_amended(tx: Transaction, events: Sequence[Received[WorkOrderAmended]]) -> None:
    """Keep what is to be made now and confirm it, and keep which of the ERP's changes was applied."""
    amended = [received.event for received in events if received.event.external_id]
    await keep_parts(tx, amended)
    changed = [
        _quantity(received)
        for received in events
        if received.event.external_id and "quantity" in received.event.changed
    ]
    if changed:
        await confirm_quantities(tx, changed)
    await take_amended(tx, amended)


def _quantity(received: Received[WorkOrderAmended]) -> Confirmed:
    event = received.event
    return Confirmed(
        id=received.id,
        external_id=event.external_id or "",
        work_order=event.work_order,
        number=event.number,
        op=None,
        item=event.item,
        job=None,
        good=Decimal(0),
        scrap=[],
        rework=Decimal(0),
        started_at=None,
        finished_at=None,
        final=False,
        total_good=None,
        total_scrap=None,
        total_rework=None,
        recorded_at=received.time,
    )


async def on_work_orders_changed(tx: Transaction, events: Sequence[Received[WorkOrderChanged]]) -> None:
    """Show where the work order stands."""
    await follow_work_orders(tx, [received.event for received in events if received.event.external_id])


async def on_work_orders_released(tx: Transaction, events: Sequence[Received[WorkOrderReleased]]) -> None:
    """From here on a planner decides on a change by the ERP."""
    released = [received.event for received in events if received.event.external_id]
    await keep_parts(tx, released)
    await release_orders(tx, released)


async def on_work_orders_refused(tx: Transaction, events: Sequence[Received[WorkOrderRefused]]) -> None:
    """Show why."""
    await refuse_orders(tx, [received.event for received in events])


CONSUMES = [
    on(ItemDefined, on_items_defined),
    on(WorkOrderCreated, on_work_orders_created),
    on(WorkOrderChanged, on_work_orders_changed),
    on(WorkOrderSplit, on_work_orders_split),
    on(WorkOrderAmended, on_work_orders_amended),
    on(WorkOrderReleased, on_work_orders_released),
    on(WorkOrderRefused, on_work_orders_refused),
]
