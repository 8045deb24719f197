"""The order list: filters, sorting, and pages of JSON as PostgreSQL writes it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Select, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, tuple_

from services.orders.definitions.queries import load_working_time
from services.orders.work_orders.domain.states import OPEN, WorkOrderState
from services.orders.work_orders.queries.begin_by import LEFT, begin_by
from services.orders.work_orders.queries.orders import write_documents
from services.orders.work_orders.queries.standings import ids_at_risk
from services.orders.work_orders.tables import ORDER_TEXT, WorkOrder
from shared.kit.moments import MOMENT
from shared.kit.paging import INT, page_of, read_cursor
from shared.kit.problem import Problem, unprocessable
from shared.kit.searching import contains

SORTS: dict[str, tuple[Any, Callable[[str], Any]]] = {
    "due_at": (col(WorkOrder.due_at), MOMENT.validate_python),
    "number": (col(WorkOrder.number), str),
    "item": (col(WorkOrder.item), str),
    "priority": (col(WorkOrder.priority), INT),
    "quantity": (col(WorkOrder.quantity), Decimal),
    "created_at": (col(WorkOrder.created_at), MOMENT.validate_python),
}
"""The sort fields of the list, and how a value is read back from a cursor."""
MAX_IDS = 200


@dataclass(frozen=True)
class OrderFilter:
    """Filters of the list; None: any order.

    ``state`` and ``id`` are several, separated by commas; a leading ``-`` in ``sort`` means descending.
    """

    state: str | None = None
    id: str | None = None
    item: str | None = None
    customer: str | None = None
    parent: UUID | None = None
    split_from: UUID | None = None
    q: str | None = None
    due_before: datetime | None = None
    late: bool | None = None
    at_risk: bool | None = None
    sort: str = "due_at"


async def list_work_orders(
    session: AsyncSession, filters: OrderFilter, cursor: str | None, limit: int, now: datetime, zone: ZoneInfo
) -> str:
    """A page of orders, as JSON."""
    descending = filters.sort.startswith("-")
    name = filters.sort.removeprefix("-")
    if name not in SORTS:
        raise unprocessable("sort", "literal_error", expected=", ".join(SORTS))
    by, read = SORTS[name]
    position = tuple_(by, col(WorkOrder.number))
    hours = await load_working_time(session, zone)
    left = (col(WorkOrder.state), col(WorkOrder.due_at), LEFT)
    rows = _filtered(select(col(WorkOrder.id), by, col(WorkOrder.number), *left), filters, now)
    if filters.at_risk is not None:
        at_risk = col(WorkOrder.id) == any_(literal(await ids_at_risk(session, hours, now), ARRAY(Uuid)))
        rows = rows.where(at_risk if filters.at_risk else ~at_risk)
    if key := read_cursor(cursor, str, read, str):
        sort, *last = key
        if sort != filters.sort:
            raise Problem(422, "cursor_invalid")
        after = tuple_(*last)
        rows = rows.where(position < after if descending else position > after)
    number = col(WorkOrder.number)
    rows = rows.order_by(*((by.desc(), number.desc()) if descending else (by, number))).limit(limit + 1)
    found = (await session.execute(rows, {"zone": zone.key})).all()
    page = page_of(found, limit, lambda row: (filters.sort, row[1], row[2]))
    shown = [(id_, begin_by(hours, *standing)) for id_, _, _, *standing in page.items]
    documents = await write_documents(session, shown)
    return f'{{"items":[{",".join(documents)}],"next_cursor":{json.dumps(page.next_cursor)}}}'


def _filtered(rows: Select[Any], filters: OrderFilter, now: datetime) -> Select[Any]:
    if filters.state:
        chosen = [state.strip() for state in filters.state.split(",")]
        if not set(chosen) <= set(WorkOrderState):
            raise unprocessable("state", "literal_error", expected=", ".join(WorkOrderState))
        rows = rows.where(col(WorkOrder.state).in_(chosen))
    if filters.id:
        rows = rows.where(col(WorkOrder.id).in_(parse_ids(filters.id)))
    for column, value in ((WorkOrder.item, filters.item), (WorkOrder.customer, filters.customer)):
        if value:
            rows = rows.where(col(column) == value)
    for relation, id_ in ((WorkOrder.parent, filters.parent), (WorkOrder.split_from, filters.split_from)):
        if id_:
            rows = rows.where(col(relation) == id_)
    if filters.due_before:
        rows = rows.where(col(WorkOrder.due_at) < filters.due_before)
    if filters.late is not None:
        late = col(WorkOrder.state).in_(OPEN) & (col(WorkOrder.due_at) < now)
        rows = rows.where(late if filters.late else ~late)
    if filters.q:
        rows = rows.where(contains(ORDER_TEXT, filters.q))
    return rows


def parse_ids(text: str) -> list[UUID]:
    """Ids separated by commas; a 422 problem when they are none, or too many."""
    try:
        ids = [UUID(one.strip()) for one in text.split(",")]
    except ValueError as error:
        raise unprocessable("id", "uuid_parsing") from error
    if len(ids) > MAX_IDS:
        raise unprocessable("id", "too_long", max_length=MAX_IDS)
    return ids
