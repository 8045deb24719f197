"""Reviews.

Invariants: a command has one review, however often its tablet hands it over; a resolved review says how, by whom and
when.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base
from services.production.review.domain import ReviewState

INSTANT = TIMESTAMP(timezone=True)


class Review(Base, table=True):
    """A refused command.

    ``at`` is the tablet's time; ``done_body`` is the content that it was done with in the end;
    ``version`` counts its events.
    """

    __table_args__ = (
        CheckConstraint("resolution IN ('accepted', 'corrected', 'assigned', 'dismissed')", name="resolution"),
        CheckConstraint("(resolution IS NULL) = (resolved_at IS NULL)", name="resolved_at"),
        CheckConstraint("(resolution IS NULL) = (resolved_by IS NULL)", name="resolved_by"),
        CheckConstraint("resolution IS NULL OR resolution = 'accepted' OR reason IS NOT NULL", name="reason"),
        Index("ix_review_open", "id", postgresql_where=text("resolution IS NULL")),
        Index("ix_review_machine", "machine", "id"),
        Index("ix_review_person", "person", "id"),
    )

    id: UUID = Field(primary_key=True)
    command: UUID = Field(unique=True)
    kind: str
    path: str
    body: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
    person: str | None = None
    device: str | None = None
    device_enrolled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    sent_by: str
    at: datetime = Field(sa_type=INSTANT)
    received_at: datetime = Field(sa_type=INSTANT)
    problem: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
    machine: str | None = None
    job: UUID | None = Field(default=None, foreign_key="job.id")
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    reason: str | None = None
    done_body: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    outcome: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    version: int = 1

    @property
    def state(self) -> ReviewState:
        """Resolved as soon as it has a resolution."""
        return "resolved" if self.resolution else "open"
