"""The ERP's orders, as the ERP bridge publishes them."""

from collections.abc import Sequence

from services.orders.changes.commands.erp_orders import cancel_erp_order, receive_erp_order
from services.orders.work_orders.schemas import WorkOrderIn
from shared.contracts.erp.inbound import OrderCancelled, OrderChanged, OrderReceived
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_order(tx: Transaction, events: Sequence[Received[OrderReceived] | Received[OrderChanged]]) -> None:
    """Make or change the work orders."""
    for received in events:
        await receive_erp_order(tx, WorkOrderIn.model_validate(received.event.model_dump()))


async def on_cancelled(tx: Transaction, events: Sequence[Received[OrderCancelled]]) -> None:
    """Cancel the work orders, or ask a planner to."""
    for received in events:
        event = received.event
        await cancel_erp_order(tx, event.external_id, event.change_id, event.reason)


CONSUMES = [
    on(OrderReceived, on_order),
    on(OrderChanged, on_order),
    on(OrderCancelled, on_cancelled),
]
