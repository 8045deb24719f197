"""The ledger of results. A result is never changed: a reversal is a row of its own, and there is at most one."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class Result(Base, table=True):
    """Pieces reported at once.

    ``at`` is when they were made, ``recorded_at`` when the server wrote it; date and shift are frozen.

    A negative one takes back the one that it ``reverses``, or the good pieces that ``returned_by`` sent back to be
    reworked before they come here again. ``rework_op``: where its rework went, when that is another operation.
    ``corrects``: it stands for one that was taken back.
    """

    __table_args__ = (
        CheckConstraint("good <> 0 OR scrap <> 0 OR rework <> 0", name="something"),
        CheckConstraint(
            "CASE WHEN (reverses IS NULL) = (returned_by IS NULL) THEN good >= 0 AND scrap >= 0 AND rework >= 0"
            " ELSE good <= 0 AND scrap <= 0 AND rework <= 0 END",
            name="sign",
        ),
        CheckConstraint("returned_by IS NULL OR (scrap = 0 AND rework = 0)", name="returned"),
        Index("ix_result_job", "job", "id"),
        Index("ix_result_shift", "business_date", "shift", "machine"),
        Index("ix_result_at", "at", "machine"),
        Index("uq_result_reverses", "reverses", unique=True, postgresql_where=text("reverses IS NOT NULL")),
        Index("uq_result_corrects", "corrects", unique=True, postgresql_where=text("corrects IS NOT NULL")),
        Index("ix_result_returned_by", "returned_by", postgresql_where=text("returned_by IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    job: UUID = Field(foreign_key="job.id")
    work_order: UUID
    number: str
    op: int
    item: str
    machine: str | None = None
    good: Decimal = Field(sa_type=Numeric)
    scrap: Decimal = Field(sa_type=Numeric)
    scrap_by_defect: list[dict[str, str]] = Field(sa_type=JSONB, nullable=False)
    rework: Decimal = Field(sa_type=Numeric)
    rework_op: int | None = None
    reworked: bool = False
    person: str | None = None
    device: str | None = None
    source: str
    at: datetime = Field(sa_type=INSTANT)
    recorded_at: datetime = Field(sa_type=INSTANT)
    business_date: date
    shift: str | None = None
    flags: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    reverses: UUID | None = Field(default=None, foreign_key="result.id")
    corrects: UUID | None = Field(default=None, foreign_key="result.id")
    returned_by: UUID | None = Field(default=None, foreign_key="result.id")
    reason: str | None = None


class ResultRow(NamedTuple):
    """A result on its way into the ledger: the columns of ``Result``, in their order."""

    id: UUID
    job: UUID
    work_order: UUID
    number: str
    op: int
    item: str
    machine: str | None
    good: Decimal
    scrap: Decimal
    scrap_by_defect: list[dict[str, str]]
    rework: Decimal
    rework_op: int | None
    reworked: bool
    person: str | None
    device: str | None
    source: str
    at: datetime
    recorded_at: datetime
    business_date: date
    shift: str | None
    flags: list[str]
    reverses: UUID | None = None
    corrects: UUID | None = None
    returned_by: UUID | None = None
    reason: str | None = None


class ReturnDue(Base, table=True):
    """Good pieces of a job that a report has sent back to be reworked before the job had reported them."""

    __tablename__ = "return_due"
    __table_args__ = (
        CheckConstraint("pieces > 0", name="pieces"),
        Index("ix_return_due_job", "job", "result"),
    )

    result: UUID = Field(primary_key=True, foreign_key="result.id")
    job: UUID = Field(primary_key=True, foreign_key="job.id")
    pieces: Decimal = Field(sa_type=Numeric)


class ResultToCheck(Base, table=True):
    """A flagged result that nobody has acknowledged or taken back: the database's triggers keep the list."""

    __tablename__ = "result_to_check"

    result: UUID = Field(primary_key=True, foreign_key="result.id")


class ResultAcknowledgement(Base, table=True):
    """Somebody has looked at a flagged result: once."""

    __tablename__ = "result_acknowledgement"

    result: UUID = Field(primary_key=True, foreign_key="result.id")
    person: str
    at: datetime = Field(sa_type=INSTANT)
    reason: str | None = None
