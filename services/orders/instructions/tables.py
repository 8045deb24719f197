"""Instructions, their revisions, and who has read which. A revision that was approved is never written again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base

INSTANT = TIMESTAMP(timezone=True)


class Instruction(Base, table=True):
    """One instruction; ``version`` counts the changes of all its revisions."""

    code: str = Field(primary_key=True, max_length=60)
    version: int
    updated_at: datetime = Field(sa_type=INSTANT, nullable=False)


class InstructionRevision(Base, table=True):
    """One revision.

    ``authors`` wrote a part of it; ``note`` is what was said at its last move; ``pages`` are [{text, media}].
    """

    __tablename__ = "instruction_revision"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'in_review', 'approved', 'superseded', 'withdrawn')", name="state"),
        CheckConstraint("state NOT IN ('approved', 'superseded') OR approved_by IS NOT NULL", name="approved"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approval"),
        CheckConstraint("approved_by IS NULL OR approved_by <> ALL (authors)", name="four_eyes"),
        Index("uq_instruction_open", "code", unique=True, postgresql_where=text("state IN ('draft', 'in_review')")),
        Index("uq_instruction_approved", "code", unique=True, postgresql_where=text("state = 'approved'")),
    )

    code: str = Field(sa_column=Column(ForeignKey("instruction.code"), primary_key=True))
    revision: int = Field(primary_key=True)
    state: str
    title: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    item: str | None = Field(default=None, foreign_key="item.code", index=True)
    op: int | None = None
    pages: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)
    authors: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    written_at: datetime = Field(sa_type=INSTANT, nullable=False)
    submitted_by: str | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    note: str | None = None

    def content(self) -> dict[str, Any]:
        """The columns that an author writes."""
        return self.model_dump(include={"title", "item", "op", "pages"})


class InstructionReader(Base, table=True):
    """A person confirmed a revision at the job of an order; ``person`` is the event's id, before v0.2 the code."""

    __tablename__ = "instruction_reader"
    __table_args__ = (
        ForeignKeyConstraint(["code", "revision"], ["instruction_revision.code", "instruction_revision.revision"]),
    )

    code: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    person: str = Field(primary_key=True)
    at: datetime = Field(sa_type=INSTANT, nullable=False)
    work_order: UUID
    number: str
    op: int
