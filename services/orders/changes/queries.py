"""Reads of change requests."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.changes.domain import ORDER_FIELDS, ChangeState, RequestedChange, difference, warnings
from services.orders.changes.schemas import ChangeOut, DifferenceOut, DoneOut
from services.orders.changes.tables import ChangeRequest
from services.orders.definitions.queries import load_units
from services.orders.demand.queries.pegs import pegged_quantities
from services.orders.products.queries.revisions import load_items
from services.orders.work_orders.queries.orders import find_work_order, operations_of
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import Problem, unprocessable
from shared.kit.quantities import plain


def differences_between(
    order: WorkOrder, operations: Sequence[WorkOrderOperation], requested: RequestedChange
) -> list[tuple[str, Any, Any]]:
    """Each field that would be another one, as JSON values: (field, before, after)."""
    differences = difference(order.model_dump(include={*ORDER_FIELDS, "state"}), operations, requested)
    return [(name, _as_json(before), _as_json(after)) for name, before, after in differences]


def _as_json(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else to_jsonable_python(value)


def done_so_far(operations: Sequence[WorkOrderOperation]) -> list[dict[str, Any]]:
    """The counts of the operations, as JSON."""
    return [DoneOut.model_validate(operation.model_dump()).model_dump(mode="json") for operation in operations]


async def describe_changes(session: AsyncSession, changes: Sequence[ChangeRequest], now: datetime) -> list[ChangeOut]:
    """The changes as clients see them."""
    ids = {change.work_order for change in changes}
    orders = {order.id: order for order in await session.scalars(select(WorkOrder).where(col(WorkOrder.id).in_(ids)))}
    operations = await operations_of(session, list(ids))
    promised = await pegged_quantities(session, ids)
    items = await load_items(session, {order.item for order in orders.values()})
    units = await load_units(session)
    return [
        _describe_change(
            change,
            orders[change.work_order],
            operations[change.work_order],
            promised.get(change.work_order, Decimal(0)),
            now,
            units.decimals(items[orders[change.work_order].item].unit),
        )
        for change in changes
    ]


def _describe_change(
    change: ChangeRequest,
    order: WorkOrder,
    operations: Sequence[WorkOrderOperation],
    promised: Decimal,
    now: datetime,
    decimals: int,
) -> ChangeOut:
    differences: Sequence[Any] = change.difference
    done, found = change.done, []
    if change.state == ChangeState.PROPOSED:
        requested = RequestedChange.model_validate(change.wanted)
        differences = differences_between(order, operations, requested)
        done, found = done_so_far(operations), warnings(order, operations, requested, promised, now, decimals)
    shown = {
        "number": order.number,
        "difference": [DifferenceOut(field=field, before=before, after=after) for field, before, after in differences],
        "done": done,
        "warnings": found,
    }
    return ChangeOut.model_validate(change.model_dump() | shown)


async def get_change(session: AsyncSession, change: UUID, now: datetime) -> ChangeOut:
    """One change, or a 404 problem."""
    row = await session.get(ChangeRequest, change)
    if row is None:
        raise Problem(404, "not_found")
    return (await describe_changes(session, [row], now))[0]


async def list_changes(
    session: AsyncSession, reference: str | None, state: str | None, cursor: str | None, limit: int, now: datetime
) -> Page[ChangeOut]:
    """Changes, the newest first, of one order or of all; ``state`` is one of theirs."""
    statement = select(ChangeRequest).order_by(col(ChangeRequest.id).desc()).limit(limit + 1)
    if reference is not None:
        statement = statement.where(ChangeRequest.work_order == (await find_work_order(session, reference)).id)
    if state:
        if state not in set(ChangeState):
            raise unprocessable("state", "literal_error", expected=", ".join(ChangeState))
        statement = statement.where(ChangeRequest.state == state)
    if key := read_cursor(cursor, UUID):
        statement = statement.where(col(ChangeRequest.id) < key[0])
    page = page_of((await session.scalars(statement)).all(), limit, lambda row: (row.id,))
    return Page(items=await describe_changes(session, page.items, now), next_cursor=page.next_cursor)
