"""Events of change requests: one function for each."""

from shared.contracts.orders.work_orders import WorkOrderRefused


def work_order_refused(external_id: str, code: str, reason: str) -> WorkOrderRefused:
    """An order of the ERP was refused."""
    return WorkOrderRefused(external_id=external_id, code=code, reason=reason)
