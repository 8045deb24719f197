"""Attendance: the touches by which people come and go, and what follows from them. A person is there once at a time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class AttendanceTouch(Base, table=True):
    """Somebody comes or goes: the facts from which ``attendance`` follows."""

    __tablename__ = "attendance_touch"
    __table_args__ = (Index("ix_attendance_touch_person", "person", "at"),)

    id: UUID = Field(primary_key=True)
    person: str
    comes: bool
    at: datetime = Field(sa_type=INSTANT)
    device: str | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_type=INSTANT)


class Attendance(Base, table=True):
    """A person came and went; without an end they are there.

    ``again_at``: when they last said that they came, though they were there.
    """

    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends >= begins", name="order"),
        Index("uq_attendance_open", "person", unique=True, postgresql_where=text("ends IS NULL")),
        Index("ix_attendance_person", "person", "begins"),
        Index("ix_attendance_span", text("tstzrange(begins, ends, '[]')"), postgresql_using="gist"),
    )

    id: UUID = Field(primary_key=True)
    person: str
    device: str | None = None
    begins: datetime = Field(sa_type=INSTANT)
    ends: datetime | None = Field(default=None, sa_type=INSTANT)
    again_at: datetime | None = Field(default=None, sa_type=INSTANT)
