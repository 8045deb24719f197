"""An order's history: who changed what, from what to what, and what its operations came to, in one list."""

import json
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.orders.work_orders.queries.orders import find_work_order
from services.orders.work_orders.schemas import HistoryOut
from shared.kit.moments import MOMENT
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.pseudonyms import Pseudonyms

ENTRIES = text(
    "SELECT * FROM ("
    " SELECT at, lpad(position::text, 20, '0') AS entry, person, device, action, NULL::int AS op, NULL AS machine,"
    "  changes::text AS changes, reason, CASE WHEN action LIKE '%\\_change' THEN 'change' ELSE 'order' END AS kind"
    "  FROM audit WHERE subject = :subject"
    " UNION ALL"
    " SELECT at, id::text, person, NULL, state, op, machine, '[]', reason, 'operation'"
    "  FROM work_order_milestone WHERE work_order = :id"
    ") AS entries WHERE (at, entry) < (:at, :entry) ORDER BY at DESC, entry DESC LIMIT :limit"
)
BEYOND = (datetime(9998, 1, 1, tzinfo=UTC), "~")


async def list_history(
    session: AsyncSession, people: Pseudonyms, reference: str, cursor: str | None, limit: int
) -> Page[HistoryOut]:
    """The entries of an order's history, newest first; 404 for an unknown one."""
    order = await find_work_order(session, reference)
    at, entry = read_cursor(cursor, MOMENT.validate_python, str) or BEYOND
    params = {"id": order.id, "subject": order.subject, "at": at, "entry": entry, "limit": limit + 1}
    page = page_of((await session.execute(ENTRIES, params)).all(), limit, lambda row: (row.at, row.entry))
    items = [
        HistoryOut.model_validate(
            dict(row._mapping)
            | dict(zip(("person", "person_id"), people.stored(row.person), strict=True))
            | {"changes": [{"field": f, "before": b, "after": a} for f, b, a in json.loads(row.changes)]}
        )
        for row in page.items
    ]
    return Page(items=items, next_cursor=page.next_cursor)
