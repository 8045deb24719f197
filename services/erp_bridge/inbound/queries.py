"""Reads of the ERP's orders."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select, tuple_

from services.erp_bridge.inbound.domain import CONTENT, OrderState, changes_between
from services.erp_bridge.inbound.schemas import ErpOrderIn, ErpOrderOut, ImportRunOut, PartOut, RequestedChangeOut
from services.erp_bridge.inbound.tables import (
    ORDER_TEXT,
    ErpOrder,
    ErpOrderCount,
    ErpOrderPart,
    ImportRow,
    ImportRun,
    KnownItem,
    Unit,
)
from shared.kit.importing import FieldChange, RowResult, Verdict
from shared.kit.moments import MOMENT
from shared.kit.paging import INT, Page, page_of, read_cursor
from shared.kit.problem import FieldError, Problem, unprocessable
from shared.kit.searching import contains
from shared.kit.units import DefinedUnit, Units


async def load_units(session: AsyncSession) -> Units:
    """All units; what is in use comes before what was."""
    rows = await session.scalars(select(Unit).order_by(col(Unit.active), Unit.code))
    return Units(DefinedUnit(row.code, row.decimals, tuple(row.aliases)) for row in rows)


async def is_item_known(session: AsyncSession, code: str, unit: str | None) -> bool:
    """True when the item's event has arrived, and what it says of that unit."""
    item = await session.scalar(select(KnownItem).where(KnownItem.code == code))
    if item is None or unit is None:
        return item is not None
    return (await load_units(session)).factor(unit, item.stock_unit) is not None


async def list_orders(
    session: AsyncSession, states: str | None, q: str | None, cursor: str | None, limit: int
) -> Page[ErpOrderOut]:
    """Orders, the last received first.

    ``states`` is a comma-separated choice, ``q`` is looked for in numbers, item and customer.
    """
    statement = (
        select(ErpOrder).order_by(col(ErpOrder.received_at).desc(), col(ErpOrder.external_id).desc()).limit(limit + 1)
    )
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(OrderState):
            raise unprocessable("state", "literal_error", expected=", ".join(OrderState))
        statement = statement.where(col(ErpOrder.state).in_(chosen))
    if q:
        statement = statement.where(contains(ORDER_TEXT, q))
    if key := read_cursor(cursor, MOMENT.validate_python, str):
        statement = statement.where(tuple_(col(ErpOrder.received_at), col(ErpOrder.external_id)) < tuple_(*key))
    orders = (await session.scalars(statement)).all()
    page = page_of(orders, limit, lambda order: (order.received_at, order.external_id))
    return Page(items=await describe_orders(session, page.items), next_cursor=page.next_cursor)


async def describe_orders(session: AsyncSession, orders: Sequence[ErpOrder]) -> list[ErpOrderOut]:
    """The orders as clients see them."""
    parts = await parts_of(session, [order.external_id for order in orders])
    items = select(col(KnownItem.code), col(KnownItem.unit)).where(
        col(KnownItem.code).in_({order.item for order in orders})
    )
    units = dict((await session.execute(items)).all())
    return [_describe(order, parts[order.external_id], units.get(order.item)) for order in orders]


async def parts_of(session: AsyncSession, external_ids: Sequence[str]) -> dict[str, list[ErpOrderPart]]:
    """The work orders of each order, in the order in which they came into being."""
    parts: dict[str, list[ErpOrderPart]] = {external_id: [] for external_id in external_ids}
    statement = (
        select(ErpOrderPart).where(col(ErpOrderPart.external_id).in_(parts)).order_by(col(ErpOrderPart.work_order))
    )
    for part in await session.scalars(statement):
        parts[part.external_id].append(part)
    return parts


def _describe(order: ErpOrder, parts: Sequence[ErpOrderPart], unit: str | None) -> ErpOrderOut:
    shown = order.model_dump() | {
        "unit": unit,
        "parts": [PartOut.model_validate(part) for part in parts],
        "work_order_quantity": _sum(parts) if parts else None,
        "asked": [],
    }
    if order.asked is not None:
        changes = changes_between(order.model_dump(include=set(CONTENT)), asked_content(order.external_id, order.asked))
        shown["asked"] = [RequestedChangeOut.model_validate(change) for change in changes]
    return ErpOrderOut.model_validate(shown)


def asked_content(external_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The stored request of the ERP as an order's content."""
    return ErpOrderIn.model_validate(asked | {"external_id": external_id}).model_dump(include=set(CONTENT))


def _sum(parts: Sequence[ErpOrderPart]) -> Decimal:
    return sum((part.quantity for part in parts if part.state != "cancelled"), Decimal(0))


async def quantities_of_orders(session: AsyncSession, external_ids: Sequence[str]) -> dict[str, Decimal]:
    """The quantity to be made of each order now, over all its parts."""
    found = await parts_of(session, external_ids)
    return {external_id: _sum(parts) for external_id, parts in found.items() if parts}


async def list_imports(session: AsyncSession, cursor: str | None, limit: int) -> Page[ImportRunOut]:
    """The files that were imported, newest first."""
    statement = select(ImportRun).order_by(col(ImportRun.at).desc(), col(ImportRun.id).desc()).limit(limit + 1)
    if key := read_cursor(cursor, MOMENT.validate_python, UUID):
        statement = statement.where(tuple_(col(ImportRun.at), col(ImportRun.id)) < tuple_(*key))
    runs = [ImportRunOut(kind="erp_orders", **run.model_dump()) for run in await session.scalars(statement)]
    return page_of(runs, limit, lambda run: (run.at, run.id))


async def list_import_rows(
    session: AsyncSession, run: UUID, verdict: str | None, cursor: str | None, limit: int
) -> Page[RowResult]:
    """What became of the rows of a file; those that changed nothing are not told. 404 for an unknown run."""
    if await session.get(ImportRun, run) is None:
        raise Problem(404, "not_found")
    statement = select(ImportRow).where(ImportRow.run == run).order_by(col(ImportRow.row)).limit(limit + 1)
    if verdict:
        statement = statement.where(ImportRow.verdict == verdict)
    if key := read_cursor(cursor, INT):
        statement = statement.where(col(ImportRow.row) > key[0])
    rows = [
        RowResult(
            row.row,
            row.key,
            cast("Verdict", row.verdict),
            [FieldError(**error) for error in row.errors],
            [FieldChange(**change) for change in row.changes],
            row.cells,
        )
        for row in await session.scalars(statement)
    ]
    return page_of(rows, limit, lambda row: (row.row,))


async def ordered_quantities(session: AsyncSession, external_ids: Sequence[str]) -> dict[str, Decimal]:
    """The quantity that the ERP has ordered, by order."""
    statement = select(col(ErpOrder.external_id), col(ErpOrder.quantity)).where(
        col(ErpOrder.external_id).in_(external_ids)
    )
    return dict((await session.execute(statement)).all())


async def cancelled_by_erp(session: AsyncSession, external_ids: Sequence[str]) -> set[str]:
    """Those of the orders that the ERP has cancelled."""
    statement = select(col(ErpOrder.external_id)).where(
        col(ErpOrder.external_id).in_(external_ids), ErpOrder.state == OrderState.CANCELLED.value
    )
    return set(await session.scalars(statement))


async def count_orders(session: AsyncSession) -> dict[OrderState, int]:
    """The number of orders in each state."""
    counted = await session.execute(
        select(ErpOrderCount.state, func.sum(ErpOrderCount.orders)).group_by(col(ErpOrderCount.state))
    )
    return dict.fromkeys(OrderState, 0) | {OrderState(state): count for state, count in counted}
