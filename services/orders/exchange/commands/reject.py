"""Stores rows that did not come in, with their reasons."""

from collections.abc import Sequence

from sqlmodel import col, delete

from services.orders.exchange.commands.outcomes import EntryOutcome
from services.orders.exchange.tables import RejectedRow
from shared.kit.database import Transaction
from shared.kit.ids import new_id


async def store_rejected(tx: Transaction, file: str, outcomes: Sequence[EntryOutcome]) -> None:
    """Store the rows that failed, in place of those that an earlier import of the same file left."""
    kinds = {outcome.kind.name for outcome in outcomes}
    await tx.session.execute(delete(RejectedRow).where(col(RejectedRow.kind).in_(kinds), col(RejectedRow.file) == file))
    tx.session.add_all(
        RejectedRow(
            id=new_id(),
            kind=outcome.kind.name,
            file=file,
            row=row,
            key=outcome.entry.key,
            subject=outcome.kind.store.subject_of(outcome.entry.key),
            errors=[{"field": fault.field, "code": fault.code, "params": dict(fault.params)} for fault in faults],
            at=tx.now,
        )
        for outcome in outcomes
        if outcome.verdict == "error"
        for row, faults in zip(outcome.entry.rows, outcome.faults, strict=True)
    )
