"""Events of pieces that were made without an order."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Quantity
from shared.contracts.production.results import ScrapQuantity


class UnassignedChanged(Event):
    """Pieces were made without an order, or a leader has said where they belong."""

    TYPE: ClassVar[str] = "production.unassigned.changed.v1"
    TOPIC: ClassVar[str] = "reviews"

    unassigned: UUID
    machine: str
    item: str | None
    good: Quantity
    scrap: list[ScrapQuantity]
    person: str | None
    at: datetime
    state: str
    job: UUID | None
    result: UUID | None
    resolved_by: str | None
