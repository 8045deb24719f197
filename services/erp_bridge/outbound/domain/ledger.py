"""The entries of the ledger of confirmations."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

ENDED = ("done", "skipped", "cancelled")
"""States in which a job makes nothing more."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A confirmation to append to the ledger: a difference of an operation, or, ``final``, its end.

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
