"""Events of the ledger of results."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Part, Quantity
from shared.contracts.production.jobs import JobTotals


class ScrapQuantity(Part):
    """Pieces scrapped for one defect."""

    defect: str
    quantity: Quantity


class ResultReported(Event):
    """Pieces were reported on a job. A negative result with ``reverses`` takes an earlier one back.

    One with ``returned_by`` takes back good pieces that this result of a later operation sent back to be reworked; they
    will be reported here again, and so count once.
    """

    TYPE: ClassVar[str] = "production.result.reported.v2"
    TOPIC: ClassVar[str] = "work_orders"

    result_id: UUID
    job_id: UUID
    work_order_id: UUID
    number: str
    external_id: str | None
    op: int
    item: str
    machine: str | None
    good: Quantity
    scrap: list[ScrapQuantity]
    rework: Quantity
    totals: JobTotals
    planned: Quantity
    person_id: UUID | None
    source: str
    at: datetime
    business_date: date
    shift: str | None
    job_started_at: datetime | None
    flags: list[str]
    reverses_id: UUID | None
    rework_op: int | None = None
    """The operation that the rework went to, when that is another one."""
    reworked: bool = False
    """These pieces had come back to be reworked."""
    corrects_id: UUID | None = None
    returned_by_id: UUID | None = None
