"""The orders service's events: its items, and what became of the work orders of an ERP's orders."""

from collections.abc import Sequence

from services.erp_bridge.inbound.commands.follow import (
    accept_orders,
    copy_items,
    copy_units,
    follow_work_orders,
    refuse_orders,
    release_orders,
    store_parts,
)
from shared.contracts.orders.definitions import ItemDefined, UnitDefined
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
    """Store the items that orders may name."""
    await copy_items(tx, [received.event for received in events])


async def on_units_defined(tx: Transaction, events: Sequence[Received[UnitDefined]]) -> None:
    """Store the units in which orders may be given."""
    await copy_units(tx, [received.event for received in events])


async def on_work_orders_created(tx: Transaction, events: Sequence[Received[WorkOrderCreated]]) -> None:
    """Record that the shop has accepted."""
    created = [received.event for received in events if received.event.external_id]
    await accept_orders(tx, created)
    await store_parts(tx, created)


async def on_work_orders_split(tx: Transaction, events: Sequence[Received[WorkOrderSplit]]) -> None:
    """Store the new parts."""
    await store_parts(tx, [received.event for received in events if received.event.external_id])


async def on_work_orders_amended(tx: Transaction, events: Sequence[Received[WorkOrderAmended]]) -> None:
    """Store what is to be made now."""
    await store_parts(tx, [received.event for received in events if received.event.external_id])


async def on_work_orders_changed(tx: Transaction, events: Sequence[Received[WorkOrderChanged]]) -> None:
    """Record where the work order stands."""
    await follow_work_orders(tx, [received.event for received in events if received.event.external_id])


async def on_work_orders_released(tx: Transaction, events: Sequence[Received[WorkOrderReleased]]) -> None:
    """Record the release: from here on a planner decides on a change by the ERP."""
    released = [received.event for received in events if received.event.external_id]
    await store_parts(tx, released)
    await release_orders(tx, released)


async def on_work_orders_refused(tx: Transaction, events: Sequence[Received[WorkOrderRefused]]) -> None:
    """Record why."""
    await refuse_orders(tx, [received.event for received in events])


CONSUMES = [
    on(UnitDefined, on_units_defined),
    on(ItemDefined, on_items_defined),
    on(WorkOrderCreated, on_work_orders_created),
    on(WorkOrderChanged, on_work_orders_changed),
    on(WorkOrderSplit, on_work_orders_split),
    on(WorkOrderAmended, on_work_orders_amended),
    on(WorkOrderReleased, on_work_orders_released),
    on(WorkOrderRefused, on_work_orders_refused),
]
