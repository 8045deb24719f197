"""Unassigned production over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.production.jobs.schemas import In, Note
from services.production.results.schemas import ScrapIn, ScrapOut
from services.production.unassigned.domain import UnassignedState
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.quantities import NotNegative, QuantityOut
from shared.kit.readers import AnyPersonOut, PersonOut
from shared.kit.references import refers_to


class UnassignedIn(In):
    """Pieces made without an order; ``item`` is what the operator takes them for."""

    item: Code | None = None
    good: NotNegative
    scrap: Annotated[list[ScrapIn], Field(max_length=50)] = Field(default_factory=list)
    note: Note | None = None
    at: Moment | None = None

    @property
    def scrapped(self) -> Decimal:
        """Scrap of all defects."""
        return sum((entry.quantity for entry in self.scrap), Decimal(0))


class AssignUnassignedIn(In):
    """The job to which the pieces belong."""

    job_id: UUID = refers_to("job")


class DismissUnassignedIn(In):
    """The reason why they belong to none."""

    reason: Note


class UnassignedOut(BaseModel):
    """Pieces made without an order, and what became of them."""

    id: UUID
    machine: str
    item: str | None
    good: QuantityOut
    scrap: list[ScrapOut]
    note: str | None
    person: PersonOut
    at: datetime
    business_date: date
    shift: str | None
    flags: list[str]
    state: UnassignedState
    job_id: UUID | None = refers_to("job")
    result_id: UUID | None = refers_to("result")
    resolved_by: AnyPersonOut
    resolved_at: datetime | None
    reason: str | None
