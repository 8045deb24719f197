"""Events of jobs."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event, Part, Quantity, is_none


class JobTotals(Part):
    """The totals of a job after the event that carries it."""

    good: Quantity
    scrap: Quantity
    rework: Quantity
    rework_in: Quantity | None = None
    """Those that wait to be reworked here."""
    sent: Quantity | None = Field(default=None, exclude_if=is_none)
    """Those that are with the subcontractor; negative where more came back than went."""


class JobChanged(Event):
    """A job moved from one state to another: started, paused, resumed, finished, cancelled, or became ready.

    With ``before`` as ``state``: something else about it is different, such as its ``phase`` or its crew.
    """

    TYPE: ClassVar[str] = "production.job.changed.v2"
    TOPIC: ClassVar[str] = "work_orders"

    job_id: UUID
    work_order_id: UUID
    number: str
    external_id: str | None
    op: int
    item: str
    machine: str | None
    before: str
    state: str
    reason: str | None
    person_id: UUID | None
    totals: JobTotals
    started_at: datetime | None
    finished_at: datetime | None
    phase: str | None = None
    """setup, first_off or production, while it runs or is paused."""
