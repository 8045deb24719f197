"""The revisions that jobs run on, and their confirmations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base


class Instruction(Base, table=True):
    """One revision as it was approved; ``pages`` are [{text, media}]. It never changes."""

    code: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    title: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    pages: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)


class InstructionConfirmation(Base, table=True):
    """A person read a revision and said so: once."""

    __tablename__ = "instruction_confirmation"
    __table_args__ = (ForeignKeyConstraint(["code", "revision"], ["instruction.code", "instruction.revision"]),)

    code: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    person: str = Field(primary_key=True)
    device: str | None = None
    at: datetime = Field(sa_type=TIMESTAMP(timezone=True), nullable=False)
    job: UUID = Field(foreign_key="job.id")
