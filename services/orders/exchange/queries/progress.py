"""The progress of a running import."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.orders.exchange.schemas import ProgressOut

FIND = text("SELECT done, total FROM import_progress WHERE key = :key AND at > now() - interval '1 minute'")
"""A process that died in the middle updates its row no more."""


async def find_progress(session: AsyncSession, key: UUID) -> ProgressOut:
    """The progress of the import; nothing when it does not run."""
    row = (await session.execute(FIND, {"key": key})).one_or_none()
    return ProgressOut(done=row.done, total=row.total) if row else ProgressOut()
