"""Saved mappings, imports that were run or are running, their changes, and rows that were rejected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base

INSTANT = TIMESTAMP(timezone=True)


class ImportMapping(Base, table=True):
    """The columns of somebody's files by field, saved by name."""

    __tablename__ = "import_mapping"

    kind: str = Field(primary_key=True, max_length=40)
    name: str = Field(primary_key=True, max_length=80)
    mapping: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
    person: str
    updated_at: datetime = Field(sa_type=INSTANT, nullable=False)


class ImportRun(Base, table=True):
    """A file that was imported; it can be undone once, as a whole."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("state IN ('applied', 'undone')", name="state"),
        CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL) AND (undone_at IS NULL) = (undone_by IS NULL)", name="undone"
        ),
        Index("ix_import_run_at", "at", "id"),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    file: str
    at: datetime = Field(sa_type=INSTANT, nullable=False)
    person: str
    mode: str
    summary: dict[str, int] = Field(sa_type=JSONB, nullable=False)
    state: str = "applied"
    undone_at: datetime | None = Field(default=None, sa_type=INSTANT)
    undone_by: str | None = None
    reason: str | None = None


class ImportProgress(Base, table=True):
    """The progress of a running import, in rows. Worth nothing after a crash, so it is not logged."""

    __tablename__ = "import_progress"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012  as SQLAlchemy wants it

    key: UUID = Field(primary_key=True)
    done: int
    total: int
    at: datetime = Field(sa_type=INSTANT, nullable=False)


class RejectedRow(Base, table=True):
    """A row of a file that could not be taken; the next import of the same file replaces all of its rows."""

    __tablename__ = "rejected_row"
    __table_args__ = (Index("ix_rejected_row_file", "kind", "file"),)

    id: UUID = Field(primary_key=True)
    kind: str
    file: str
    row: int
    key: str
    subject: str
    """The entry in the audit trail: what is entered there later settles the row."""
    errors: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)
    at: datetime = Field(sa_type=INSTANT, nullable=False)


class ImportChange(Base, table=True):
    """One document that a run made (``before`` is null) or changed, as it was and as it was left."""

    __tablename__ = "import_change"
    __table_args__ = (Index("ix_import_change_key", "kind", "key"),)

    run: UUID = Field(primary_key=True, foreign_key="import_run.id")
    position: int = Field(primary_key=True)
    kind: str
    key: str
    before: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    after: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
