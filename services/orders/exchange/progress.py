"""How far the imports are that run, told so that any replica can answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from services.orders.exchange.schemas import ProgressOut
from shared.kit.database import Database

log = structlog.get_logger(__name__)
TOLD_EVERY_S = 0.2
TELL = text(
    "INSERT INTO import_progress (key, done, total, at) VALUES (:key, :done, :total, now())"
    " ON CONFLICT (key) DO UPDATE SET done = excluded.done, total = excluded.total, at = excluded.at"
)
FORGET = text("DELETE FROM import_progress WHERE key = :key OR at < now() - interval '1 hour'")
FIND = text("SELECT done, total FROM import_progress WHERE key = :key AND at > now() - interval '1 minute'")
"""A process that died in the middle tells nothing more."""


@dataclass
class Progress:
    """How far an import is, in rows."""

    total: int
    done: int = 0


@asynccontextmanager
async def told(database: Database, key: UUID | None, progress: Progress) -> AsyncIterator[None]:
    """Tell of the import with this Idempotency-Key as long as it runs."""
    if key is None:
        yield
        return
    ended = asyncio.Event()
    teller = asyncio.create_task(_tell(database, key, progress, ended))
    try:
        yield
    finally:
        ended.set()
        await teller


async def _tell(database: Database, key: UUID, progress: Progress, ended: asyncio.Event) -> None:
    """In transactions of its own: nobody sees what the import's has written before it ends."""
    try:
        while not ended.is_set():
            async with database.connection() as connection:
                await connection.execute(TELL, {"key": key, "done": progress.done, "total": progress.total})
            try:
                await asyncio.wait_for(ended.wait(), TOLD_EVERY_S)
            except TimeoutError:
                continue
        async with database.connection() as connection:
            await connection.execute(FORGET, {"key": key})
    except (SQLAlchemyError, OSError) as error:
        log.warning("progress not told", key=str(key), error=str(error))


async def find_progress(session: AsyncSession, key: UUID) -> ProgressOut:
    """How far the import is; nothing when it does not run."""
    row = (await session.execute(FIND, {"key": key})).one_or_none()
    return ProgressOut(done=row.done, total=row.total) if row else ProgressOut()
