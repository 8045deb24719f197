"""Changes of the ERP's orders: what the ERP sends, and what the shop says to it."""

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import text
from sqlmodel import select

from services.erp_bridge.inbound.domain import CONTENT, Decision, Source, State, changes_between, decide
from services.erp_bridge.inbound.schemas import ErpOrderIn
from services.erp_bridge.inbound.tables import ErpOrder, KnownItem
from shared.contracts.erp import OrderChanged, OrderReceived
from shared.contracts.orders import WorkOrderChanged, WorkOrderCreated, WorkOrderRefused, WorkOrderReleased
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable

Verdict = Literal["created", "updated", "unchanged"]

COPY_ITEMS = text(
    "INSERT INTO known_item (code, active) SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:active AS boolean[]))"
    " ON CONFLICT (code) DO UPDATE SET active = excluded.active"
)
ACCEPT = text(
    "UPDATE erp_order AS o SET state = 'accepted', reason = NULL, work_order = d.work_order, number = d.number, work_order_state = 'draft'"
    " FROM unnest(CAST(:ids AS text[]), CAST(:work_orders AS uuid[]), CAST(:numbers AS text[])) AS d (id, work_order, number)"
    " WHERE o.external_id = d.id"
)
FOLLOW = text(
    "UPDATE erp_order AS o SET work_order_state = d.state, reason = d.reason"
    " FROM unnest(CAST(:ids AS text[]), CAST(:work_orders AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[])) AS d (id, work_order, state, reason)"
    " WHERE o.external_id = d.id AND o.work_order = d.work_order"
)
RELEASE = text(
    "UPDATE erp_order AS o SET work_order_state = 'released', item = d.item, quantity = d.quantity, due_at = d.due_at, priority = d.priority"
    " FROM unnest(CAST(:ids AS text[]), CAST(:work_orders AS uuid[]), CAST(:items AS text[]), CAST(:quantities AS numeric[]),"
    " CAST(:due AS timestamptz[]), CAST(:priorities AS int[])) AS d (id, work_order, item, quantity, due_at, priority)"
    " WHERE o.external_id = d.id AND o.work_order = d.work_order"
)
REFUSE = text(
    "UPDATE erp_order AS o SET state = CASE WHEN o.work_order IS NULL THEN 'refused' ELSE o.state END, reason = d.reason"
    " FROM unnest(CAST(:ids AS text[]), CAST(:reasons AS text[])) AS d (id, reason) WHERE o.external_id = d.id"
)


async def receive_order(tx: Transaction, body: ErpOrderIn, source: Source) -> tuple[Verdict, ErpOrder]:
    """Take an order in, or its change; 422 for an unknown item, 409 with the difference when its work order is released."""
    order: ErpOrder | None = await tx.session.scalar(
        select(ErpOrder).where(ErpOrder.external_id == body.external_id).with_for_update()
    )
    content = body.model_dump(include=set(CONTENT))
    if order is None:
        await _require_item(tx, body.item)
        order = ErpOrder(external_id=body.external_id, source=source.value, received_at=tx.now, **content)
        tx.session.add(order)
        await tx.session.flush()
        _tell(tx, order, OrderReceived)
        return "created", order
    changes = changes_between(order.model_dump(include=set(CONTENT)), content)
    decision = decide(State(order.state), order.work_order_state, changes)
    if decision is Decision.NOTHING:
        return "unchanged", order
    if decision is Decision.REFUSE:
        raise Problem(
            409,
            "order_released",
            external_id=order.external_id,
            number=order.number,
            state=order.work_order_state,
            changes=[vars(change) for change in changes],
            fields=", ".join(change.field for change in changes),
        )
    await _require_item(tx, body.item)
    order.sqlmodel_update(content | {"source": source.value, "version": order.version + 1, "reason": None})
    if order.work_order is None:
        order.state = State.RECEIVED.value
    await tx.session.flush()
    _tell(tx, order, OrderChanged)
    return "updated", order


async def _require_item(tx: Transaction, code: str) -> None:
    item = await tx.session.get(KnownItem, code)
    if item is None or not item.active:
        raise unprocessable("item", "unknown_reference", value=code)


def _tell(tx: Transaction, order: ErpOrder, contract: type[OrderReceived | OrderChanged]) -> None:
    event = contract.model_validate(order, from_attributes=True)
    tx.record(event, aggregate=f"erp_order/{order.external_id}", version=order.version)


async def copy_items(tx: Transaction, active: Mapping[str, bool]) -> None:
    """Keep which items there are, and whether they are in use."""
    codes = sorted(active)
    await tx.session.execute(COPY_ITEMS, {"codes": codes, "active": [active[code] for code in codes]})


async def accept_orders(tx: Transaction, created: Sequence[WorkOrderCreated]) -> None:
    """Note the work orders that were made of orders."""
    columns = {
        "ids": [event.external_id for event in created],
        "work_orders": [event.work_order for event in created],
        "numbers": [event.number for event in created],
    }
    await tx.session.execute(ACCEPT, columns)


async def follow_work_orders(tx: Transaction, changed: Sequence[WorkOrderChanged]) -> None:
    """Note the states of the work orders; why one is held or cancelled stays visible while it is."""
    last = {event.external_id: event for event in changed}.values()
    columns = {
        "ids": [event.external_id for event in last],
        "work_orders": [event.work_order for event in last],
        "states": [event.state for event in last],
        "reasons": [event.reason if event.state in ("on_hold", "cancelled") else None for event in last],
    }
    await tx.session.execute(FOLLOW, columns)


async def release_orders(tx: Transaction, released: Sequence[WorkOrderReleased]) -> None:
    """Note what was released: it counts, should a change of the ERP have crossed with the release."""
    columns = {
        "ids": [event.external_id for event in released],
        "work_orders": [event.work_order for event in released],
        "items": [event.item for event in released],
        "quantities": [event.quantity for event in released],
        "due": [event.due_at for event in released],
        "priorities": [event.priority for event in released],
    }
    await tx.session.execute(RELEASE, columns)


async def refuse_orders(tx: Transaction, refused: Sequence[WorkOrderRefused]) -> None:
    """Note why orders, or changes of them, could not be taken."""
    reasons = {event.external_id: event.reason or event.code for event in refused}
    await tx.session.execute(REFUSE, {"ids": list(reasons), "reasons": list(reasons.values())})
