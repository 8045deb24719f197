"""The shop's code rules, the times that the floor needed, and the days that have records."""

import datetime as dt
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base


class CodeRule(Base, table=True):
    """The form that the codes of one kind shall have."""

    __tablename__ = "code_rule"

    kind: str = Field(primary_key=True)
    rule: str
    version: int = 1


class MeasuredRun(Base, table=True):
    """The time that one job ran, and the pieces that it processed; ``running_since`` while it runs."""

    __tablename__ = "measured_run"
    __table_args__ = (
        CheckConstraint("seconds >= 0", name="seconds"),
        Index("ix_measured_run_operation", "item", "op", "finished_at"),
    )

    job: UUID = Field(primary_key=True)
    item: str
    op: int
    machine: str | None = None
    running_since: datetime | None = Field(default=None, sa_type=TIMESTAMP(timezone=True))
    seconds: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    pieces: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    finished_at: datetime | None = Field(default=None, sa_type=TIMESTAMP(timezone=True))


class RecordedDay(Base, table=True):
    """The number of results recorded for a business date."""

    __tablename__ = "recorded_day"

    business_date: dt.date = Field(primary_key=True)
    results: int
