"""What is kept for how long: old entries of the plumbing are made small or removed, a few at a time, once an hour.

The outbox is the log of all that a service has told: what was published long ago is packed into **pages**, a tenth of
its size, and stays. Unpacking a page puts its rows back as they were. An idempotency key lives as long as a device may
send its action again.
"""

import asyncio
import json
import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import text

from shared.kit.auth import Actor, allow
from shared.kit.database import Database, Transaction
from shared.kit.idempotency import Db
from shared.kit.problem import is_unavailable
from shared.kit.routing import api_router
from shared.kit.tasks import end

log = structlog.get_logger(__name__)

EVERY_S = 3600.0
REST_S = 0.05
PAGE = 1000
COLUMNS = ("position", "id", "type", "aggregate", "version", "time", "body", "traceparent", "published_at", "repeats")
LOCK = text("SELECT pg_try_advisory_xact_lock(1684370021)")
OLDEST = text(
    "SELECT position, id::text, type, aggregate, version, time::text, body::text, traceparent, published_at::text,"
    " repeats FROM outbox WHERE position < coalesce((SELECT min(position) FROM outbox WHERE published_at IS NULL"
    " OR published_at >= :before), 9223372036854775807) ORDER BY position LIMIT :limit"
)
STORE_PAGE = text("INSERT INTO outbox_page (first, last, events, body) VALUES (:first, :last, :events, :body)")
DROP_PACKED = text("DELETE FROM outbox WHERE position BETWEEN :first AND :last")
PAGES_AFTER = text("SELECT first, body FROM outbox_page WHERE last > :position ORDER BY first")
DROP_PAGE = text("DELETE FROM outbox_page WHERE first = :first")
UNPACK = text(
    "INSERT INTO outbox (position, id, type, aggregate, version, time, body, traceparent, published_at, repeats)"
    " OVERRIDING SYSTEM VALUE SELECT position, id, type, aggregate, version, time, CAST(body AS json), traceparent,"
    " published_at, repeats FROM json_to_recordset(CAST(:rows AS json)) AS r (position bigint, id uuid, type text,"
    " aggregate text, version int, time timestamptz, body text, traceparent text, published_at timestamptz,"
    " repeats smallint)"
)
DROP_KEYS = text(
    "DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE created_at < :before LIMIT :limit)"
)
SIZES = text(
    "SELECT relname AS table, pg_total_relation_size(oid) AS bytes FROM pg_class"
    " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY bytes DESC, relname"
)


@dataclass(frozen=True)
class Periods:
    """How long the plumbing's entries are kept as they are."""

    outbox: timedelta
    """After its publication an event is packed."""
    idempotency: timedelta
    """After its answer a key is forgotten."""


class Housekeeping:
    """Packs and removes what is old, in one process of a service at a time."""

    def __init__(self, database: Database, periods: Periods) -> None:
        self._database = database
        self._periods = periods
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, at some moment of the next hour."""
        self._task = asyncio.create_task(self._run(), name="housekeeping")

    async def stop(self) -> None:
        """Stop; what is left is done another time."""
        await end(self._task)

    async def _run(self) -> None:
        await asyncio.sleep(random.uniform(0.1, 1) * EVERY_S)  # noqa: S311  no secret
        while True:
            try:
                await self.tidy()
            except Exception as error:
                if not is_unavailable(error):
                    log.exception("housekeeping failed")
            await asyncio.sleep(EVERY_S)

    async def tidy(self) -> None:
        """Do all that is due now."""
        while await self._database.run(partial(pack_events, period=self._periods.outbox)):
            await asyncio.sleep(REST_S)
        while await self._database.run(partial(forget_keys, period=self._periods.idempotency)):
            await asyncio.sleep(REST_S)


async def pack_events(tx: Transaction, period: timedelta, size: int = PAGE) -> bool:
    """Pack the oldest events that were published so long ago into a page; False when they do not fill one."""
    if not await tx.session.scalar(LOCK):
        return False
    rows = (await tx.session.execute(OLDEST, {"before": tx.now - period, "limit": size})).all()
    if len(rows) < size:
        return False
    bounds = {"first": rows[0].position, "last": rows[-1].position}
    page = {**bounds, "events": len(rows), "body": packed([dict(zip(COLUMNS, row, strict=True)) for row in rows])}
    await tx.session.execute(STORE_PAGE, page)
    await tx.session.execute(DROP_PACKED, bounds)
    return True


async def unpack_events(tx: Transaction, position: int) -> None:
    """Put the events after a position back that were packed."""
    for page in (await tx.session.execute(PAGES_AFTER, {"position": position})).all():
        await tx.session.execute(UNPACK, {"rows": json.dumps(unpacked(page.body))})
        await tx.session.execute(DROP_PAGE, {"first": page.first})


async def forget_keys(tx: Transaction, period: timedelta) -> bool:
    """Forget idempotency keys of so long ago; False when there are no more."""
    done = await tx.session.execute(DROP_KEYS, {"before": tx.now - period, "limit": PAGE})
    return bool(done.rowcount == PAGE)  # type: ignore[attr-defined]  # a DELETE's result is a CursorResult


def packed(rows: Sequence[dict[str, Any]]) -> bytes:
    """Rows of the outbox, small; their bodies are JSON texts and stay as they are, letter by letter."""
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpacked(body: bytes) -> list[dict[str, Any]]:
    """The rows of a page."""
    rows: list[dict[str, Any]] = json.loads(zlib.decompress(body))
    return rows


class PeriodOut(BaseModel):
    """What is kept for how long. ``days`` is null for what is kept for ever."""

    what: str
    days: int | None
    setting: str | None
    """The variable of the environment that says so."""


class TableOut(BaseModel):
    """A table and what it takes on the disk, its indexes included."""

    table: str
    bytes: int


class RetentionOut(BaseModel):
    """What a service keeps, and what that takes."""

    periods: list[PeriodOut]
    tables: list[TableOut]
    bytes: int


FOR_EVER = ("facts", "audit", "inbox", "events_packed")


def retention_router(publisher: str) -> APIRouter:
    """The route that every service has: what it keeps for how long."""
    router = api_router(publisher, "retention")

    @router.get("/retention")
    async def show_retention(
        request: Request, db: Db, actor: Annotated[Actor, Depends(allow("admin", "viewer"))]
    ) -> RetentionOut:
        """What is kept for how long, and how much room each table takes."""
        settings = request.app.state.settings
        periods = [
            PeriodOut(what="events", days=settings.outbox_days, setting="DURE_OUTBOX_DAYS"),
            PeriodOut(what="idempotency_keys", days=settings.idempotency_days, setting="DURE_IDEMPOTENCY_DAYS"),
            *(PeriodOut(what=what, days=None, setting=None) for what in FOR_EVER),
        ]
        async with db.reading() as session:
            tables = [TableOut(table=row.table, bytes=row.bytes) for row in await session.execute(SIZES)]
        return RetentionOut(periods=periods, tables=tables, bytes=sum(table.bytes for table in tables))

    return router
