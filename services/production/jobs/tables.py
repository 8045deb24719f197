"""Jobs with their graph, runs, stops, crews and sendings."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


RANKS = ("running", "paused", "ready", "blocked", "waiting", "done", "skipped", "cancelled")
"""The states of jobs in the order in which an operator takes them, what is over last: as ``job_rank`` counts them."""
RANK = "job_rank(state)"
MACHINE = "coalesce(machine, planned_machine)"
"""The machine on which it runs or is to run. Both as the indexes have them: a parameter would match none."""


class Job(Base, table=True):
    """An operation of a released order; ``version`` counts its events.

    ``released_at`` is when its order was released, ``moved_at`` when the floor last moved it, ``finish_made_at`` when
    it was finished by the device's clock. ``planned_machine`` is the routing's, ``machine`` the one that it runs on.
    ``good`` are the pieces that have passed and were not sent back since, ``returns_due`` those that were sent back
    before they were reported here, ``rework`` all that were found to need rework here, ``rework_in`` those that still
    wait to be reworked here (negative: more were reworked than were found, so far), ``sent`` those that went to the
    subcontractor less those that came back (``outside`` says how many are there). ``traced``: its reports go into lots
    and take from them. ``decimals`` of its quantities, where they are not those of the item's unit: its pieces have
    numbers, or are not yet the item's.
    """

    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'ready', 'running', 'paused', 'done', 'blocked', 'skipped', 'cancelled')",
            name="state",
        ),
        CheckConstraint("state NOT IN ('running', 'paused', 'done') OR started_at IS NOT NULL", name="started"),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="finished"),
        CheckConstraint("scrap >= 0 AND rework >= 0", name="counts"),
        CheckConstraint("phase IN ('setup', 'first_off', 'production')", name="phase"),
        CheckConstraint("(instruction IS NULL) = (instruction_revision IS NULL)", name="instruction"),
        ForeignKeyConstraint(["instruction", "instruction_revision"], ["instruction.code", "instruction.revision"]),
        Index("uq_job_operation", "work_order", "op", unique=True),
        Index("uq_job_running", "machine", unique=True, postgresql_where=text("state = 'running'")),
        Index("ix_job_order", text(RANK), "priority", "due_at", "id"),
        Index("ix_job_machine", text(MACHINE), text(RANK), "priority", "due_at", "id"),
        Index("ix_job_work_center", "work_center", text(RANK), "priority", "due_at", "id"),
        Index("ix_job_finished", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    work_order: UUID
    number: str = Field(index=True)
    external_id: str | None = None
    op: int
    op_name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    item: str
    item_name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    unit: str
    box_quantity: Decimal | None = Field(default=None, sa_type=Numeric)
    customer: str | None = None
    work_center: str | None = None
    planned_machine: str | None = None
    machine: str | None = None
    state: str
    order_state: str = "released"
    planned: Decimal = Field(sa_type=Numeric)
    over_tolerance_pct: Decimal = Field(sa_type=Numeric)
    under_tolerance_pct: Decimal | None = Field(default=None, sa_type=Numeric)
    good: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    scrap: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    rework: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    rework_in: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    returns_due: Decimal = Field(default=Decimal(0), sa_type=Numeric, sa_column_kwargs={"server_default": "0"})
    sent: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    cycle_s: Decimal = Field(sa_type=Numeric)
    per_cycle: Decimal = Field(sa_type=Numeric)
    setup_s: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    tool: str | None = None
    self_inspection: bool = False
    subcontract: bool = False
    materials: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    due_at: datetime = Field(sa_type=INSTANT)
    priority: int
    started_at: datetime | None = Field(default=None, sa_type=INSTANT)
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)
    finish_made_at: datetime | None = Field(default=None, sa_type=INSTANT)
    pause_reason: str | None = None
    phase: str | None = None
    moved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    released_at: datetime | None = Field(default=None, sa_type=INSTANT)
    flags: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    instruction: str | None = None
    instruction_revision: int | None = None
    traced: bool = False
    decimals: int | None = None
    version: int = 1


class JobPredecessor(Base, table=True):
    """``job`` works on the good pieces of ``predecessor``: ``ratio`` of its own pieces from each."""

    __tablename__ = "job_predecessor"
    __table_args__ = (Index("ix_job_predecessor_predecessor", "predecessor"),)

    job: UUID = Field(primary_key=True, foreign_key="job.id")
    predecessor: UUID = Field(primary_key=True, foreign_key="job.id")
    ratio: Decimal = Field(sa_type=Numeric)


class JobBypass(Base, table=True):
    """``job`` worked on the good pieces of ``predecessor`` until that was skipped.

    It takes those of it that were reported all the same.
    """

    __tablename__ = "job_bypass"
    __table_args__ = (Index("ix_job_bypass_predecessor", "predecessor"),)

    job: UUID = Field(primary_key=True, foreign_key="job.id")
    predecessor: UUID = Field(primary_key=True, foreign_key="job.id")
    ratio: Decimal = Field(sa_type=Numeric)


SPAN = "tstzrange(begins, ends, '[]')"
"""A time from its begin to its end, both in it; without an end it has none."""


class Run(Base, table=True):
    """A time in which a job ran, in one phase; the open one is the present. A job has one open run at most."""

    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends >= begins", name="order"),
        CheckConstraint("phase IN ('setup', 'first_off', 'production')", name="phase"),
        Index("uq_run_open", "job", unique=True, postgresql_where=text("ends IS NULL")),
        Index("ix_run_job", "job", "begins"),
        Index("ix_run_machine", "machine", "begins"),
    )

    id: UUID = Field(primary_key=True)
    job: UUID = Field(foreign_key="job.id")
    machine: str | None = None
    phase: str
    begins: datetime = Field(sa_type=INSTANT)
    ends: datetime | None = Field(default=None, sa_type=INSTANT)


class CrewTime(Base, table=True):
    """A time in which a person worked on a job, at the machine it was on.

    Without an end they still do. A person is there once.
    """

    __tablename__ = "crew_time"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends >= begins", name="order"),
        Index("uq_crew_time_open", "job", "person", unique=True, postgresql_where=text("ends IS NULL")),
        Index("ix_crew_time_job", "job", "person", "begins"),
        Index("ix_crew_time_span", text(SPAN), postgresql_using="gist"),
    )

    id: UUID = Field(primary_key=True)
    job: UUID = Field(foreign_key="job.id")
    person: str
    machine: str | None = None
    begins: datetime = Field(sa_type=INSTANT)
    ends: datetime | None = Field(default=None, sa_type=INSTANT)


class CrewTouch(Base, table=True):
    """Somebody joins a job's crew or leaves it: the facts from which ``crew_time`` follows.

    ``cause``: they left because they went home, or because the job ended; they seem to be back from a break.
    """

    __tablename__ = "crew_touch"
    __table_args__ = (
        CheckConstraint("cause IN ('went', 'job_ended', 'back')", name="cause"),
        Index("ix_crew_touch_job", "job", "person", "at"),
        Index("ix_crew_touch_person", "person", "at"),
    )

    id: UUID = Field(primary_key=True)
    job: UUID = Field(foreign_key="job.id")
    person: str
    joins: bool
    machine: str | None = None
    at: datetime = Field(sa_type=INSTANT)
    cause: str | None = None
    device: str | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_type=INSTANT)


class JobStop(Base, table=True):
    """A time in which a job that had been started stood still; the open one is the present.

    ``reason`` is the one that was given at the job; a machine's states say what it was for the machine.
    """

    __tablename__ = "job_stop"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends >= begins", name="order"),
        Index("uq_job_stop_open", "job", unique=True, postgresql_where=text("ends IS NULL")),
        Index("ix_job_stop_job", "job", "begins"),
    )

    id: UUID = Field(primary_key=True)
    job: UUID = Field(foreign_key="job.id")
    reason: str | None = None
    begins: datetime = Field(sa_type=INSTANT)
    ends: datetime | None = Field(default=None, sa_type=INSTANT)


class JobTouch(Base, table=True):
    """Somebody paused a job or went on with it, which became known after the job had done something else since."""

    __tablename__ = "job_touch"
    __table_args__ = (Index("ix_job_touch_job", "job", "at"),)

    id: UUID = Field(primary_key=True)
    job: UUID = Field(foreign_key="job.id")
    pauses: bool
    reason: str | None = None
    at: datetime = Field(sa_type=INSTANT)
    person: str
    device: str | None = None
    recorded_at: datetime = Field(sa_type=INSTANT)


class Sending(Base, table=True):
    """Pieces of a job that went to a subcontractor, ``reworked`` of them again; its results say what came back."""

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("reworked BETWEEN 0 AND quantity", name="reworked"),
        Index("ix_sending_job", "job", "id"),
        Index("ix_sending_supplier", "supplier", "at", postgresql_where=text("supplier IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    job: UUID = Field(foreign_key="job.id")
    quantity: Decimal = Field(sa_type=Numeric)
    reworked: Decimal = Field(default=Decimal(0), sa_type=Numeric, sa_column_kwargs={"server_default": "0"})
    supplier: str | None = None
    due_at: datetime | None = Field(default=None, sa_type=INSTANT)
    note: str | None = None
    person: str
    device: str | None = None
    at: datetime = Field(sa_type=INSTANT)
    flags: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
