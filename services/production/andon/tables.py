"""Calls. Invariant: a machine has at most one call of a kind that is not resolved; a second touch is the same call."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class AndonCall(Base, table=True):
    """A call; ``resolution`` is the note with which it was resolved, ``version`` counts its events."""

    __tablename__ = "andon_call"
    __table_args__ = (
        CheckConstraint("kind IN ('material', 'maintenance', 'quality', 'supervisor')", name="kind"),
        CheckConstraint("state IN ('open', 'acknowledged', 'resolved')", name="state"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"),
        CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved_at"),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_by"),
        Index("ix_andon_call_machine", "machine", "id"),
        Index("uq_andon_call_open", "machine", "kind", unique=True, postgresql_where=text("state <> 'resolved'")),
    )

    id: UUID = Field(primary_key=True)
    machine: str = Field(foreign_key="machine.code")
    kind: str
    note: str | None = None
    state: str = "open"
    person: str
    device: str | None = None
    at: datetime = Field(sa_type=INSTANT)
    recorded_at: datetime = Field(sa_type=INSTANT)
    flags: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), nullable=False, sa_column_kwargs={"server_default": "{}"}
    )
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = Field(default=None, sa_type=INSTANT)
    resolved_by: str | None = None
    resolved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    resolution: str | None = None
    version: int = 1
