"""Orders that the ERP sends: taken in, changed, or handed to a planner as a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlmodel import select

from services.erp_bridge.inbound.domain import CONTENT, Change, Decision, OrderState, Source, changes_between, decide
from services.erp_bridge.inbound.events import order_changed, order_received
from services.erp_bridge.inbound.queries import asked_content, load_units
from services.erp_bridge.inbound.schemas import ErpOrderIn
from services.erp_bridge.inbound.tables import ErpOrder, KnownItem
from shared.contracts.erp.inbound import OrderCancelled, OrderChanged, OrderReceived
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable
from shared.kit.units_given import require_quantity


@dataclass(frozen=True)
class Receipt:
    """An order as it stands after it was sent, and what that did to it."""

    outcome: Literal["created", "updated", "unchanged"]
    order: ErpOrder
    problem: Problem | None = None
    """The answer to a change after the release: the request is stored, the order itself unchanged."""


async def receive_order(tx: Transaction, body: ErpOrderIn, source: Source) -> Receipt:
    """Take an order in, or its change; a change after the release becomes a request that a planner decides on.

    422 for an unknown item, 409 for another item after the release, and for an order that the ERP has cancelled.
    """
    order = await lock_order(tx, body.external_id)
    content = body.model_dump(include=set(CONTENT)) | {"quantity": await _quantity(tx, body, order)}
    if order is None:
        await _require_item(tx, body.item)
        order = ErpOrder(external_id=body.external_id, source=source.value, received_at=tx.now, **content)
        tx.session.add(order)
        await record(tx, order, order_received(order))
        return Receipt("created", order)
    if order.state == OrderState.CANCELLED or order.cancel is not None:
        raise Problem(409, "cancelled", external_id=order.external_id, state=order.state)
    before = order.model_dump(include=set(CONTENT))
    changes = changes_between(before, content)
    match decide(OrderState(order.state), order.work_order_state, changes):
        case Decision.NOTHING if order.asked is not None:
            # the ERP has taken its request back
            order.sqlmodel_update({"asked": None, "reason": None, "version": order.version + 1})
            await record(tx, order, order_changed(order.external_id, before))
        case Decision.NOTHING:
            return Receipt("unchanged", order)
        case Decision.REQUEST if order.item != body.item:
            raise _too_late("order_item_fixed", order, changes)
        case Decision.REQUEST:
            problem = _too_late("order_released", order, changes)
            await _request_change(tx, order, content)
            return Receipt("unchanged", order, problem)
        case Decision.CHANGE:
            await _require_item(tx, body.item)
            order.sqlmodel_update(content | {"source": source.value, "version": order.version + 1, "reason": None})
            if order.work_order is None:
                order.state = OrderState.RECEIVED.value
            await record(tx, order, order_changed(order.external_id, content))
    return Receipt("updated", order)


def _too_late(code: str, order: ErpOrder, changes: Sequence[Change]) -> Problem:
    return Problem(
        409,
        code,
        external_id=order.external_id,
        number=order.number,
        state=order.work_order_state,
        changes=[vars(change) for change in changes],
        fields=", ".join(change.field for change in changes),
    )


async def _request_change(tx: Transaction, order: ErpOrder, content: Mapping[str, Any]) -> None:
    """Store what the ERP asks for, and publish it, once."""
    known = order.asked
    if known is not None and not changes_between(asked_content(order.external_id, known), content):
        return
    event = order_changed(order.external_id, content)
    asked = event.model_dump(mode="json", include=set(CONTENT))
    order.sqlmodel_update({"asked": asked, "reason": None, "version": order.version + 1})
    tx.audit("request_change", f"erp_order/{order.external_id}", differences(known or {}, asked))
    await record(tx, order, event)


async def _require_item(tx: Transaction, code: str) -> None:
    item = await tx.session.get(KnownItem, code)
    if item is None or not item.active:
        raise unprocessable("item", "unknown_reference", value=code)


async def _quantity(tx: Transaction, body: ErpOrderIn, order: ErpOrder | None) -> Decimal:
    """The quantity in the item's unit; 422 when it does not convert, or there are no such parts of it.

    What the order has already, from before its unit was known to count, is sent again as it is.
    """
    if order is not None and body.unit is None and body.quantity == order.quantity:
        return order.quantity
    item = await tx.session.get(KnownItem, body.item)
    if item is None:
        raise unprocessable("item", "unknown_reference", value=body.item)
    return require_quantity(await load_units(tx.session), item.stock_unit, body.quantity, body.unit)


async def lock_order(tx: Transaction, external_id: str) -> ErpOrder | None:
    """The order, locked until the end of the transaction, if there is one."""
    statement = select(ErpOrder).where(ErpOrder.external_id == external_id)
    order: ErpOrder | None = await tx.session.scalar(statement.with_for_update())
    return order


async def record(tx: Transaction, order: ErpOrder, event: OrderReceived | OrderChanged | OrderCancelled) -> None:
    """Record an event of a locked order, whose version counts it already."""
    await tx.session.flush()
    tx.record(event, aggregate=f"erp_order/{order.external_id}", version=order.version)
