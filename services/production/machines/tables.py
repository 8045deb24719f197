"""Machines and the intervals of their states.

Invariant: a machine has one open interval, and an interval ends at the instant at which the next one begins.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class Machine(Base, table=True):
    """The read copy of a machine, and the aggregate of its states.

    Its row is locked to change them, ``version`` counts their events.
    """

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    work_center: str = Field(index=True)
    active: bool = True
    version: int = 0


class MachineStateInterval(Base, table=True):
    """A state from ``begins`` to ``ends``; the open one is the present state.

    ``was_state`` and ``was_reason`` are what was said at first, where somebody has corrected it since.
    """

    __tablename__ = "machine_state"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends >= begins", name="order"),
        CheckConstraint("state IN ('off', 'idle', 'setup', 'running', 'stopped')", name="state"),
        CheckConstraint(
            "(corrected_at IS NULL) = (corrected_by IS NULL) AND (corrected_at IS NULL) = (was_state IS NULL)",
            name="corrected",
        ),
        Index("uq_machine_state_open", "machine", unique=True, postgresql_where=text("ends IS NULL")),
        Index("ix_machine_state_time", "machine", "begins"),
        Index(
            "ix_machine_state_job",
            "job",
            "begins",
            postgresql_where=text("job IS NOT NULL AND state IN ('stopped', 'setup')"),
        ),
    )

    id: UUID = Field(primary_key=True)
    machine: str = Field(foreign_key="machine.code")
    state: str
    reason: str | None = None
    job: UUID | None = None
    source: str
    begins: datetime = Field(sa_type=INSTANT)
    ends: datetime | None = Field(default=None, sa_type=INSTANT)
    was_state: str | None = None
    was_reason: str | None = None
    corrected_by: str | None = None
    corrected_at: datetime | None = Field(default=None, sa_type=INSTANT)
