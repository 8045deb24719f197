"""Events of calls for help."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class AndonCallChanged(Event):
    """Somebody at a machine calls for help, somebody comes, or it is done."""

    TYPE: ClassVar[str] = "production.andon.call_changed.v2"
    TOPIC: ClassVar[str] = "andon"

    call_id: UUID
    machine: str
    kind: str
    note: str | None
    state: str
    person_id: UUID | None
    at: datetime
    acknowledged_by_id: UUID | None
    acknowledged_at: datetime | None
    resolved_by_id: UUID | None
    resolved_at: datetime | None
    resolution: str | None
