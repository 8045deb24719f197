"""Events of commands that wait for a leader."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class ReviewChanged(Event):
    """A command that a tablet could not get done waits for a leader, or a leader has resolved it."""

    TYPE: ClassVar[str] = "production.review.changed.v2"
    TOPIC: ClassVar[str] = "reviews"

    review_id: UUID
    command_id: UUID
    kind: str
    machine: str | None
    job_id: UUID | None
    person_id: UUID | None
    device_id: str | None
    at: datetime
    state: str
    resolution: str | None
    resolved_by_id: UUID | None
