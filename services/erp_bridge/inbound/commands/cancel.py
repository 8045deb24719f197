"""Orders that the ERP cancels: at once before their release, by a planner's decision after it."""

from services.erp_bridge.inbound.commands.receive import lock_order, record
from services.erp_bridge.inbound.domain import CancelDecision, OrderState, decide_cancel
from services.erp_bridge.inbound.events import order_cancelled
from services.erp_bridge.inbound.queries import parts_of
from services.erp_bridge.inbound.schemas import CancelOut
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


async def cancel_order(tx: Transaction, external_id: str, reason: str | None) -> CancelOut:
    """Cancel an order, or ask a planner to; the same again changes nothing.

    404 for an unknown one, 409 for one that is made already. An order that the shop has not seen yet is cancelled when
    it comes to it; one that was released meanwhile becomes a request all the same.
    """
    order = await lock_order(tx, external_id)
    if order is None:
        raise Problem(404, "not_found")
    parts = [part.state for part in (await parts_of(tx.session, [external_id]))[external_id]]
    decision = decide_cancel(OrderState(order.state), parts, is_asked=order.cancel is not None)
    if decision is CancelDecision.TOO_LATE:
        raise Problem(409, "order_made", external_id=external_id, number=order.number, state=order.work_order_state)
    if decision in (CancelDecision.CANCEL, CancelDecision.REQUEST):
        before = order.state
        order.cancel, order.asked, order.reason, order.version = new_id(), None, reason, order.version + 1
        if decision is CancelDecision.CANCEL:
            order.state = OrderState.CANCELLED.value
        elif order.state == OrderState.CANCELLED:
            order.state = OrderState.ACCEPTED.value
        tx.audit(decision.value, f"erp_order/{external_id}", [("state", before, order.state)], reason)
        await record(tx, order, order_cancelled(external_id, order.cancel, reason))
    is_asked = decision in (CancelDecision.REQUEST, CancelDecision.WAIT)
    return CancelOut(
        external_id=external_id, state=OrderState(order.state), change_id=order.cancel if is_asked else None
    )
