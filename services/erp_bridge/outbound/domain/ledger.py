"""The entries of the ledger of confirmations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

ENDED = ("done", "skipped", "cancelled")
"""States in which a job makes nothing more."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A confirmation to append to the ledger: a difference of an operation, its end (``final``), or that it goes on.

    Then it ``reopens`` the final one.

    Without an operation: the order's quantity was changed. ``id`` is that of the event behind it.
    """

    id: UUID
    external_id: str
    work_order: UUID
    number: str
    op: int | None
    item: str
    job: UUID | None
    good: Decimal
    scrap: list[dict[str, str]]
    rework: Decimal
    started_at: datetime | None
    finished_at: datetime | None
    final: bool
    total_good: Decimal | None
    total_scrap: Decimal | None
    total_rework: Decimal | None
    recorded_at: datetime
    order_quantity: Decimal | None = None
    """The quantity to be made of the ERP's order now, over all its parts."""
    traceparent: str | None = None
    reopens: UUID | None = None


Operation = tuple[str, int | None]
"""An operation of an ERP's order, over all its parts: external id and number."""


def ends_and_reopenings(
    states: Mapping[Operation, Mapping[UUID, str]],
    finals: Mapping[Operation, UUID],
    moves: Sequence[tuple[str, LedgerEntry]],
) -> list[LedgerEntry]:
    """The entries for operations that end or go on again by ``moves``: pairs of a job's state and the entry of an end.

    An operation has ended when all its jobs have and one was done. ``states`` are those of its jobs before, ``finals``
    the final confirmations that hold.
    """
    jobs = {operation: dict(known) for operation, known in states.items()}
    held = dict(finals)
    entries = []
    for state, end in moves:
        operation = (end.external_id, end.op)
        known = jobs.setdefault(operation, {})
        if end.job is not None:
            known[end.job] = state
        has_ended = "done" in known.values() and set(known.values()) <= set(ENDED)
        if has_ended and operation not in held:
            held[operation] = end.id
            entries.append(end)
        elif not has_ended and operation in held:
            entries.append(replace(end, final=False, finished_at=None, reopens=held.pop(operation)))
    return entries
