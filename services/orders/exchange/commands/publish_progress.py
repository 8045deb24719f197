"""The progress of a running import, published so that any replica can answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.kit.database import Database

log = structlog.get_logger(__name__)
PUBLISHED_EVERY_S = 0.2
STORE = text(
    "INSERT INTO import_progress (key, done, total, at) VALUES (:key, :done, :total, now())"
    " ON CONFLICT (key) DO UPDATE SET done = excluded.done, total = excluded.total, at = excluded.at"
)
DELETE = text("DELETE FROM import_progress WHERE key = :key OR at < now() - interval '1 hour'")


@dataclass
class RowProgress:
    """The progress of an import, in rows."""

    total: int
    done: int = 0


@asynccontextmanager
async def published_progress(database: Database, key: UUID | None, progress: RowProgress) -> AsyncIterator[None]:
    """Publish the progress of the import with this Idempotency-Key while it runs."""
    if key is None:
        yield
        return
    ended = asyncio.Event()
    publisher = asyncio.create_task(_publish(database, key, progress, ended))
    try:
        yield
    finally:
        ended.set()
        await publisher


async def _publish(database: Database, key: UUID, progress: RowProgress, ended: asyncio.Event) -> None:
    """Publish in transactions of its own: nobody sees what the import's has written before it ends."""
    try:
        while not ended.is_set():
            async with database.connection() as connection:
                await connection.execute(STORE, {"key": key, "done": progress.done, "total": progress.total})
            try:
                await asyncio.wait_for(ended.wait(), PUBLISHED_EVERY_S)
            except TimeoutError:
                continue
        async with database.connection() as connection:
            await connection.execute(DELETE, {"key": key})
    except (SQLAlchemyError, OSError) as error:
        log.warning("progress not published", key=str(key), error=str(error))
