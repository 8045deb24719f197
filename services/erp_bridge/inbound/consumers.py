"""What the ERP's orders learn from the orders service: its items, and what became of their work orders."""

from collections.abc import Sequence

from services.erp_bridge.inbound.commands import (
    accept_orders,
    copy_items,
    follow_work_orders,
    refuse_orders,
    release_orders,
)
from shared.contracts.event import Event
from shared.contracts.orders import (
    ItemDefined,
    WorkOrderChanged,
    WorkOrderCreated,
    WorkOrderRefused,
    WorkOrderReleased,
)
from shared.kit.consumer import Handler
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_items_defined(tx: Transaction, events: Sequence[Received[ItemDefined]]) -> None:
    """Keep the items that orders may name."""
    await copy_items(tx, {received.event.code: received.event.active for received in events})


async def on_work_orders_created(tx: Transaction, events: Sequence[Received[WorkOrderCreated]]) -> None:
    """The shop has accepted."""
    await accept_orders(tx, [received.event for received in events if received.event.external_id])


async def on_work_orders_changed(tx: Transaction, events: Sequence[Received[WorkOrderChanged]]) -> None:
    """Show where the work order stands."""
    await follow_work_orders(tx, [received.event for received in events if received.event.external_id])


async def on_work_orders_released(tx: Transaction, events: Sequence[Received[WorkOrderReleased]]) -> None:
    """From here on a change by the ERP is refused."""
    await release_orders(tx, [received.event for received in events if received.event.external_id])


async def on_work_orders_refused(tx: Transaction, events: Sequence[Received[WorkOrderRefused]]) -> None:
    """Show why."""
    await refuse_orders(tx, [received.event for received in events])


ORDERS_HANDLERS: dict[type[Event], Handler] = {
    ItemDefined: on_items_defined,
    WorkOrderCreated: on_work_orders_created,
    WorkOrderChanged: on_work_orders_changed,
    WorkOrderReleased: on_work_orders_released,
    WorkOrderRefused: on_work_orders_refused,
}
