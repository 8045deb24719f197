"""Handover notes and their readers. A note is never changed; a person has read it once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class Handover(Base, table=True):
    """A note at a machine; date and shift are those in which it was written."""

    __table_args__ = (Index("ix_handover_machine", "machine", "at", "id"), Index("ix_handover_at", "at", "id"))

    id: UUID = Field(primary_key=True)
    machine: str = Field(foreign_key="machine.code")
    note: str
    person: str
    device: str | None = None
    at: datetime = Field(sa_type=INSTANT)
    recorded_at: datetime = Field(sa_type=INSTANT)
    business_date: date
    shift: str | None = None
    flags: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), nullable=False, sa_column_kwargs={"server_default": "{}"}
    )


class HandoverReader(Base, table=True):
    """Somebody has read a note."""

    __tablename__ = "handover_reader"

    handover: UUID = Field(primary_key=True, foreign_key="handover.id")
    person: str = Field(primary_key=True)
    at: datetime = Field(sa_type=INSTANT)
