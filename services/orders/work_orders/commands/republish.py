"""Publishing work orders again: their present terms, and their operations once they are released."""

from collections.abc import Sequence

from services.orders.work_orders.events import work_order_amended
from services.orders.work_orders.queries.orders import operations_of
from services.orders.work_orders.tables import WorkOrder
from shared.contracts.orders.work_orders import WorkOrderAmended
from shared.kit.database import Transaction
from shared.kit.republish import Republishable


async def present_orders(tx: Transaction, orders: Sequence[WorkOrder]) -> list[WorkOrderAmended]:
    """The orders as they are, with nothing changed."""
    operations = await operations_of(tx.session, [order.id for order in orders])
    return [work_order_amended(order, operations[order.id], (), None, None) for order in orders]


REPUBLISHES = [Republishable("work_order", WorkOrder, present_orders)]
