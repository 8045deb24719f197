"""Rows that did not come in: kept with their reasons until the entry is put by another way, or the file comes again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, delete

from services.orders.exchange.outcome import Outcome
from services.orders.exchange.tables import RejectedRow
from shared.kit.database import Transaction
from shared.kit.ids import new_id

OPEN = text(
    "SELECT kind, file, row, key, errors FROM rejected_row r"
    " WHERE NOT EXISTS (SELECT FROM audit a WHERE a.subject = r.subject AND a.at > r.at) ORDER BY file, row LIMIT 2000"
)


async def keep_rejected(tx: Transaction, file: str, outcomes: Sequence[Outcome]) -> None:
    """Keep the rows that failed, in place of those that an earlier import of the same file left."""
    kinds = {outcome.kind.name for outcome in outcomes}
    await tx.session.execute(delete(RejectedRow).where(col(RejectedRow.kind).in_(kinds), col(RejectedRow.file) == file))
    tx.session.add_all(
        RejectedRow(
            id=new_id(),
            kind=outcome.kind.name,
            file=file,
            row=row,
            key=outcome.entry.key,
            subject=f"{outcome.kind.name.removesuffix('s')}/{outcome.entry.key}",
            errors=[{"field": fault.field, "code": fault.code, "params": dict(fault.params)} for fault in faults],
            at=tx.now,
        )
        for outcome in outcomes
        if outcome.verdict == "error"
        for row, faults in zip(outcome.entry.rows, outcome.faults, strict=True)
    )


async def rejected_rows(session: AsyncSession) -> list[dict[str, Any]]:
    """The rows that still wait for somebody: {kind, file, row, key, errors}."""
    return [dict(row._mapping) for row in await session.execute(OPEN)]
