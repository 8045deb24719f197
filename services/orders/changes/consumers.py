"""What the ERP asks for."""

from collections.abc import Sequence

from services.orders.changes.commands.erp_orders import receive_erp_order
from services.orders.work_orders.commands.release import Rules
from services.orders.work_orders.schemas import WorkOrderIn
from shared.contracts.erp.inbound import OrderChanged, OrderReceived
from shared.kit.consumer import Subscription, on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


def consumes(rules: Rules) -> list[Subscription]:
    """What the ERP bridge publishes, applied by the shop's rules."""

    async def receive(tx: Transaction, events: Sequence[Received[OrderReceived] | Received[OrderChanged]]) -> None:
        for received in events:
            await receive_erp_order(tx, rules, WorkOrderIn.model_validate(received.event.model_dump()))

    return [on(OrderReceived, receive), on(OrderChanged, receive)]
