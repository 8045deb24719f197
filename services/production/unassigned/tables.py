"""Unassigned production.

Invariant: what is assigned names its job and its result in the ledger; what is decided says by whom and when.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class Unassigned(Base, table=True):
    """Pieces made without an order; ``item`` is what the operator took them for. ``version`` counts its events.

    ``flags`` say what a person should look at.
    """

    __table_args__ = (
        CheckConstraint("state IN ('open', 'assigned', 'dismissed')", name="state"),
        CheckConstraint("good > 0 OR scrap > 0", name="something"),
        CheckConstraint("(state = 'assigned') = (result IS NOT NULL AND job IS NOT NULL)", name="assigned"),
        CheckConstraint("(state = 'open') = (resolved_at IS NULL)", name="resolved_at"),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_by"),
        CheckConstraint("state <> 'dismissed' OR reason IS NOT NULL", name="reason"),
        Index("ix_unassigned_state", "state", "id"),
        Index("ix_unassigned_machine", "machine", "id"),
    )

    id: UUID = Field(primary_key=True)
    machine: str = Field(foreign_key="machine.code")
    item: str | None = None
    good: Decimal = Field(sa_type=Numeric)
    scrap: Decimal = Field(sa_type=Numeric)
    scrap_by_defect: list[dict[str, str]] = Field(sa_type=JSONB, nullable=False)
    note: str | None = None
    person: str
    device: str | None = None
    at: datetime = Field(sa_type=INSTANT)
    recorded_at: datetime = Field(sa_type=INSTANT)
    business_date: date
    shift: str | None = None
    flags: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), nullable=False, sa_column_kwargs={"server_default": "{}"}
    )
    state: str = "open"
    job: UUID | None = Field(default=None, foreign_key="job.id")
    result: UUID | None = Field(default=None, foreign_key="result.id", unique=True)
    resolved_by: str | None = None
    resolved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    reason: str | None = None
    version: int = 1
