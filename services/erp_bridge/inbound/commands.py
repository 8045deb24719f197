"""Changes of the ERP's orders: what the ERP sends, and what the shop says to it."""

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import text
from sqlmodel import select

from services.erp_bridge.inbound.domain import CONTENT, UNRELEASED, Decision, Source, State, changes_between, decide
from services.erp_bridge.inbound.queries import asked_content, quantities_of_orders
from services.erp_bridge.inbound.schemas import ErpOrderIn
from services.erp_bridge.inbound.tables import ErpOrder, KnownItem
from shared.contracts.erp.inbound import OrderChanged, OrderReceived
from shared.contracts.orders.work_orders import (
    WorkOrderAmended,
    WorkOrderChanged,
    WorkOrderCreated,
    WorkOrderRefused,
    WorkOrderReleased,
    WorkOrderSplit,
)
from shared.kit.audit import differences
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
    "UPDATE erp_order AS o SET work_order_state = d.state, reason = CASE WHEN o.asked IS NULL THEN d.reason ELSE coalesce(d.reason, o.reason) END"
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

KEEP_PARTS = text(
    "INSERT INTO erp_order_part (work_order, external_id, number, quantity, state)"
    " SELECT * FROM unnest(CAST(:work_orders AS uuid[]), CAST(:ids AS text[]), CAST(:numbers AS text[]), CAST(:quantities AS numeric[]), CAST(:states AS text[]))"
    " ON CONFLICT (work_order) DO UPDATE SET quantity = excluded.quantity, state = excluded.state"
)
FOLLOW_PARTS = text(
    "UPDATE erp_order_part AS p SET state = d.state FROM unnest(CAST(:work_orders AS uuid[]), CAST(:states AS text[])) AS d (work_order, state)"
    " WHERE p.work_order = d.work_order"
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
    if decision is Decision.NOTHING and order.asked is not None:
        # the ERP has taken its wish back
        order.sqlmodel_update({"asked": None, "reason": None, "version": order.version + 1})
        await tx.session.flush()
        _tell(tx, order, OrderChanged)
        return "updated", order
    if decision is Decision.NOTHING:
        return "unchanged", order
    if decision is Decision.REFUSE:
        raise Problem(
            409,
            "order_released" if order.item == body.item else "order_item_fixed",
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


async def ask_for_change(tx: Transaction, body: ErpOrderIn) -> None:
    """Keep what the ERP wants of a released order, and tell it, once: a planner decides. Another item is never possible."""
    order = await tx.session.get(ErpOrder, body.external_id, with_for_update=True)
    if order is None or order.item != body.item:
        return
    content = body.model_dump(include=set(CONTENT))
    known = order.asked
    if known is not None and not changes_between(asked_content(order.external_id, known), content):
        return
    told = OrderChanged(external_id=order.external_id, **content)
    asked = told.model_dump(mode="json", include=set(CONTENT))
    order.sqlmodel_update({"asked": asked, "reason": None, "version": order.version + 1})
    await tx.session.flush()
    tx.audit("ask_change", f"erp_order/{order.external_id}", differences(known or {}, asked))
    tx.record(told, aggregate=f"erp_order/{order.external_id}", version=order.version)


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


async def keep_parts(
    tx: Transaction,
    events: Sequence[WorkOrderCreated | WorkOrderSplit | WorkOrderReleased | WorkOrderAmended],
) -> None:
    """Keep what each work order of an ERP's order is to make."""
    last = {event.work_order: event for event in events}
    columns = {
        "work_orders": list(last),
        "ids": [event.external_id for event in last.values()],
        "numbers": [event.number for event in last.values()],
        "quantities": [event.quantity for event in last.values()],
        "states": [state_told(event) for event in last.values()],
    }
    await tx.session.execute(KEEP_PARTS, columns)


def state_told(event: WorkOrderCreated | WorkOrderSplit | WorkOrderReleased | WorkOrderAmended) -> str:
    """The state of the work order after the event."""
    if isinstance(event, WorkOrderCreated):
        return "draft"
    return "released" if isinstance(event, WorkOrderReleased) else event.state


async def take_amended(tx: Transaction, amended: Sequence[WorkOrderAmended]) -> None:
    """What the ERP asked for after the release is the order now, where the shop has applied it."""
    for event in amended:
        if event.ordered is None:
            continue
        order = await tx.session.get(ErpOrder, event.external_id, with_for_update=True)
        if order is not None and (order.asked is not None or event.state not in UNRELEASED):
            taken = event.ordered.model_dump()
            is_all = order.asked is None or not changes_between(asked_content(order.external_id, order.asked), taken)
            order.sqlmodel_update(taken | {"reason": None, "asked": None if is_all else order.asked})


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
    last = {event.work_order: event for event in changed}.values()
    columns = {
        "ids": [event.external_id for event in last],
        "work_orders": [event.work_order for event in last],
        "states": [event.state for event in last],
        "reasons": [event.reason if event.state in ("on_hold", "cancelled") else None for event in last],
    }
    await tx.session.execute(FOLLOW, columns)
    states = {event.work_order: event.state for event in changed}
    await tx.session.execute(FOLLOW_PARTS, {"work_orders": list(states), "states": list(states.values())})


async def release_orders(tx: Transaction, released: Sequence[WorkOrderReleased]) -> None:
    """Note what was released, over all parts: it counts, should a change of the ERP have crossed with the release."""
    quantities = await quantities_of_orders(tx.session, [event.external_id or "" for event in released])
    columns = {
        "ids": [event.external_id for event in released],
        "work_orders": [event.work_order for event in released],
        "items": [event.item for event in released],
        "quantities": [quantities[event.external_id or ""] for event in released],
        "due": [event.due_at for event in released],
        "priorities": [event.priority for event in released],
    }
    await tx.session.execute(RELEASE, columns)


async def refuse_orders(tx: Transaction, refused: Sequence[WorkOrderRefused]) -> None:
    """Note why orders, or changes of them, could not be taken."""
    reasons = {event.external_id: event.reason or event.code for event in refused}
    await tx.session.execute(REFUSE, {"ids": list(reasons), "reasons": list(reasons.values())})
