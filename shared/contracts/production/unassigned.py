"""Events of pieces that were made without an order."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Quantity
from shared.contracts.production.results import ScrapQuantity


class UnassignedChanged(Event):
    """Pieces were made without an order, or a leader has said where they belong."""

    TYPE: ClassVar[str] = "production.unassigned.changed.v2"
    TOPIC: ClassVar[str] = "reviews"

    unassigned_id: UUID
    machine: str
    item: str | None
    good: Quantity
    scrap: list[ScrapQuantity]
    person_id: UUID | None
    at: datetime
    state: str
    job_id: UUID | None
    result_id: UUID | None
    resolved_by_id: UUID | None
