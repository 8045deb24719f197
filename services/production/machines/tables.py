"""Machine states, and read copies of what the orders service defines.

Invariant: a machine has one open state interval, and an interval ends at the instant at which the next one begins.
"""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class Machine(Base, table=True):
    """A machine; ``version`` counts the state events told about it."""

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    work_center: str = Field(index=True)
    active: bool = True
    version: int = 0


class MachineStateInterval(Base, table=True):
    """A state from ``begins`` to ``ends``; the open one is the present state."""

    __tablename__ = "machine_state"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends >= begins", name="order"),
        CheckConstraint("state IN ('off', 'idle', 'setup', 'running', 'stopped')", name="state"),
        Index("uq_machine_state_open", "machine", unique=True, postgresql_where=text("ends IS NULL")),
        Index("ix_machine_state_time", "machine", "begins"),
    )

    id: UUID = Field(primary_key=True)
    machine: str = Field(foreign_key="machine.code")
    state: str
    reason: str | None = None
    job: UUID | None = None
    source: str
    begins: datetime = Field(sa_type=INSTANT)
    ends: datetime | None = Field(default=None, sa_type=INSTANT)


class Reason(Base, table=True):
    """Why a machine stops."""

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    kind: str
    note_required: bool = False
    active: bool = True


class Shift(Base, table=True):
    """A shift of the day, in the shop's time zone."""

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    starts: time
    ends: time
    active: bool = True
