"""What the ERP asks for."""

from collections.abc import Sequence

from services.orders.changes.ordering import receive_erp_order
from services.orders.work_orders.commands import Rules
from services.orders.work_orders.schemas import WorkOrderIn
from shared.contracts.erp.inbound import OrderChanged, OrderReceived
from shared.contracts.event import Event
from shared.kit.consumer import Handler
from shared.kit.database import Transaction
from shared.kit.inbox import Received


def erp_handlers(rules: Rules) -> dict[type[Event], Handler]:
    """Handlers of the ERP bridge's events."""

    async def receive(tx: Transaction, events: Sequence[Received[OrderReceived] | Received[OrderChanged]]) -> None:
        for received in events:
            await receive_erp_order(tx, rules, WorkOrderIn.model_validate(received.event.model_dump()))

    return {OrderReceived: receive, OrderChanged: receive}
