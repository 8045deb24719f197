"""Events of commands that wait for a leader."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class ReviewChanged(Event):
    """A command that a tablet could not get done waits for a leader, or a leader has resolved it."""

    TYPE: ClassVar[str] = "production.review.changed.v1"
    TOPIC: ClassVar[str] = "reviews"

    review: UUID
    command: UUID
    kind: str
    machine: str | None
    job: UUID | None
    person: str | None
    device: str | None
    at: datetime
    state: str
    resolution: str | None
    resolved_by: str | None
