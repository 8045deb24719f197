"""The shop's answers to the ERP's orders: accepted, refused, split, released, changed."""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import text

from services.erp_bridge.inbound.domain import UNRELEASED, changes_between
from services.erp_bridge.inbound.queries import asked_content, quantities_of_orders
from services.erp_bridge.inbound.tables import ErpOrder, Unit
from shared.contracts.orders.definitions import ItemDefined, UnitDefined
from shared.contracts.orders.work_orders import (
    CANCEL_REFUSED,
    WorkOrderAmended,
    WorkOrderChanged,
    WorkOrderCreated,
    WorkOrderRefused,
    WorkOrderReleased,
    WorkOrderSplit,
)
from shared.kit.database import Transaction

COPY_ITEMS = text("""
    INSERT INTO known_item (code, active, unit, unit_conversions)
    SELECT code, active, unit, conversions::jsonb FROM unnest(
        CAST(:codes AS text[]), CAST(:active AS boolean[]), CAST(:units AS text[]), CAST(:conversions AS text[])
    ) AS d (code, active, unit, conversions)
    ON CONFLICT (code) DO UPDATE SET active = excluded.active, unit = excluded.unit,
        unit_conversions = excluded.unit_conversions
""")
ACCEPT = text("""
    UPDATE erp_order AS o
    SET state = CASE WHEN o.state = 'cancelled' THEN o.state ELSE 'accepted' END,
        reason = CASE WHEN o.state = 'cancelled' THEN o.reason END,
        work_order = d.work_order, number = d.number, work_order_state = 'draft'
    FROM unnest(CAST(:ids AS text[]), CAST(:work_orders AS uuid[]), CAST(:numbers AS text[]))
        AS d (id, work_order, number)
    WHERE o.external_id = d.id
""")
FOLLOW = text("""
    UPDATE erp_order AS o
    SET work_order_state = d.state,
        reason = CASE WHEN o.asked IS NULL AND o.cancel IS NULL THEN d.reason ELSE coalesce(d.reason, o.reason) END
    FROM unnest(
        CAST(:ids AS text[]), CAST(:work_orders AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[])
    ) AS d (id, work_order, state, reason)
    WHERE o.external_id = d.id AND o.work_order = d.work_order
""")
RELEASE = text("""
    UPDATE erp_order AS o
    SET work_order_state = 'released', state = 'accepted',
        item = d.item, quantity = d.quantity, due_at = d.due_at, priority = d.priority
    FROM unnest(
        CAST(:ids AS text[]), CAST(:work_orders AS uuid[]), CAST(:items AS text[]), CAST(:quantities AS numeric[]),
        CAST(:due AS timestamptz[]), CAST(:priorities AS int[])
    ) AS d (id, work_order, item, quantity, due_at, priority)
    WHERE o.external_id = d.id AND o.work_order = d.work_order
""")
REFUSE = text("""
    UPDATE erp_order AS o
    SET state = CASE WHEN o.work_order IS NULL AND o.state <> 'cancelled' THEN 'refused' ELSE o.state END,
        reason = d.reason
    FROM unnest(CAST(:ids AS text[]), CAST(:reasons AS text[])) AS d (id, reason)
    WHERE o.external_id = d.id
""")
REFUSE_CANCEL = text("""
    UPDATE erp_order AS o
    SET state = CASE WHEN o.state = 'cancelled' THEN 'accepted' ELSE o.state END, reason = d.reason, cancel = NULL
    FROM unnest(CAST(:ids AS text[]), CAST(:reasons AS text[])) AS d (id, reason)
    WHERE o.external_id = d.id AND o.cancel IS NOT NULL AND o.work_order IS NOT NULL
""")
SETTLE_CANCELS = text("""
    UPDATE erp_order AS o SET state = 'cancelled'
    WHERE o.external_id = ANY(CAST(:ids AS text[])) AND o.cancel IS NOT NULL
        AND EXISTS (SELECT FROM erp_order_part p WHERE p.external_id = o.external_id AND p.state = 'cancelled')
        AND NOT EXISTS (SELECT FROM erp_order_part p
            WHERE p.external_id = o.external_id AND p.state NOT IN ('cancelled', 'completed', 'closed'))
""")
STORE_PARTS = text("""
    INSERT INTO erp_order_part (work_order, external_id, number, quantity, state)
    SELECT * FROM unnest(
        CAST(:work_orders AS uuid[]), CAST(:ids AS text[]), CAST(:numbers AS text[]), CAST(:quantities AS numeric[]),
        CAST(:states AS text[])
    )
    ON CONFLICT (work_order) DO UPDATE SET quantity = excluded.quantity, state = excluded.state
""")
FOLLOW_PARTS = text("""
    UPDATE erp_order_part AS p
    SET state = d.state
    FROM unnest(CAST(:work_orders AS uuid[]), CAST(:states AS text[])) AS d (work_order, state)
    WHERE p.work_order = d.work_order
""")


async def copy_items(tx: Transaction, items: Iterable[ItemDefined]) -> None:
    """Store which items there are, whether they are in use, and which units they convert to their own."""
    latest = {item.code: item for item in items}
    last = [latest[code] for code in sorted(latest)]
    columns = {
        "codes": [item.code for item in last],
        "active": [item.active for item in last],
        "units": [item.unit for item in last],
        "conversions": [json.dumps([each.model_dump() for each in item.unit_conversions]) for item in last],
    }
    await tx.session.execute(COPY_ITEMS, columns)


async def copy_units(tx: Transaction, units: Iterable[UnitDefined]) -> None:
    """Store the units."""
    for unit in units:
        await tx.session.merge(Unit(**unit.model_dump(include={"code", "decimals", "aliases", "active"})))
    await tx.session.flush()


async def store_parts(
    tx: Transaction,
    events: Sequence[WorkOrderCreated | WorkOrderSplit | WorkOrderReleased | WorkOrderAmended],
) -> None:
    """Store what each work order of an ERP's order is to make."""
    last = {event.work_order_id: event for event in events}
    columns = {
        "work_orders": list(last),
        "ids": [event.external_id for event in last.values()],
        "numbers": [event.number for event in last.values()],
        "quantities": [event.quantity for event in last.values()],
        "states": [_state_after(event) for event in last.values()],
    }
    await tx.session.execute(STORE_PARTS, columns)


def _state_after(event: WorkOrderCreated | WorkOrderSplit | WorkOrderReleased | WorkOrderAmended) -> str:
    """The state of the work order after the event."""
    if isinstance(event, WorkOrderCreated):
        return "draft"
    return "released" if isinstance(event, WorkOrderReleased) else event.state


async def settle_changes(tx: Transaction, amended: Sequence[WorkOrderAmended]) -> None:
    """Make what the ERP asked for after the release the order's content, where the shop has applied it."""
    for event in amended:
        if event.ordered is None:
            continue
        order = await tx.session.get(ErpOrder, event.external_id, with_for_update=True)
        if order is not None and (order.asked is not None or event.state not in UNRELEASED):
            applied = event.ordered.model_dump()
            is_all = order.asked is None or not changes_between(asked_content(order.external_id, order.asked), applied)
            order.sqlmodel_update(applied | {"reason": None, "asked": None if is_all else order.asked})


async def accept_orders(tx: Transaction, created: Sequence[WorkOrderCreated]) -> None:
    """Record the work orders that were made of orders."""
    columns = {
        "ids": [event.external_id for event in created],
        "work_orders": [event.work_order_id for event in created],
        "numbers": [event.number for event in created],
    }
    await tx.session.execute(ACCEPT, columns)


async def follow_work_orders(tx: Transaction, changed: Sequence[WorkOrderChanged]) -> None:
    """Record the states of the work orders; why one is held or cancelled stays visible while it is.

    An order that the ERP wanted to be cancelled is, when nothing of it is open any more.
    """
    last = {event.work_order_id: event for event in changed}.values()
    columns = {
        "ids": [event.external_id for event in last],
        "work_orders": [event.work_order_id for event in last],
        "states": [event.state for event in last],
        "reasons": [event.reason if event.state in ("on_hold", "cancelled") else None for event in last],
    }
    await tx.session.execute(FOLLOW, columns)
    states = {event.work_order_id: event.state for event in changed}
    await tx.session.execute(FOLLOW_PARTS, {"work_orders": list(states), "states": list(states.values())})
    await tx.session.execute(SETTLE_CANCELS, {"ids": [event.external_id for event in last]})


async def release_orders(tx: Transaction, released: Sequence[WorkOrderReleased]) -> None:
    """Record what was released, over all parts: it counts, should a change of the ERP have crossed with the release."""
    quantities = await quantities_of_orders(tx.session, [event.external_id or "" for event in released])
    columns = {
        "ids": [event.external_id for event in released],
        "work_orders": [event.work_order_id for event in released],
        "items": [event.item for event in released],
        "quantities": [quantities[event.external_id or ""] for event in released],
        "due": [event.due_at for event in released],
        "priorities": [event.priority for event in released],
    }
    await tx.session.execute(RELEASE, columns)


async def refuse_orders(tx: Transaction, refused: Sequence[WorkOrderRefused]) -> None:
    """Record why orders, or changes or cancellations of them, could not be taken."""
    for statement, is_cancel in ((REFUSE, False), (REFUSE_CANCEL, True)):
        reasons = {
            event.external_id: event.reason or event.code
            for event in refused
            if (event.code == CANCEL_REFUSED) is is_cancel
        }
        if reasons:
            await tx.session.execute(statement, {"ids": list(reasons), "reasons": list(reasons.values())})
