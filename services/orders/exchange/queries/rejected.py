"""Rows that did not come in, until the entry is put by another way, or the file comes again."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

UNSETTLED = text(
    "SELECT kind, file, row, key, errors FROM rejected_row r"
    " WHERE NOT EXISTS (SELECT FROM audit a WHERE a.subject = r.subject AND a.at > r.at) ORDER BY file, row LIMIT 2000"
)


async def rejected_rows(session: AsyncSession) -> list[dict[str, Any]]:
    """The rows that still wait for somebody: {kind, file, row, key, errors}."""
    return [dict(row._mapping) for row in await session.execute(UNSETTLED)]
