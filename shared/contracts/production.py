"""Events of the production service: jobs, results and machine states."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Name, Part, Quantity


class ScrapQuantity(Part):
    """Pieces scrapped for one defect."""

    defect: str
    quantity: Quantity


class JobTotals(Part):
    """What a job has come to, after the event that carries it."""

    good: Quantity
    scrap: Quantity
    rework: Quantity


class JobChanged(Event):
    """A job moved from one state to another: started, paused, resumed, finished, cancelled, or became ready.

    With ``before`` as ``state``: something else about it is different, such as its ``phase`` or its crew.
    """

    TYPE: ClassVar[str] = "production.job.changed.v1"
    TOPIC: ClassVar[str] = "work_orders"

    job: UUID
    work_order: UUID
    number: str
    external_id: str | None
    op: int
    item: str
    machine: str | None
    before: str
    state: str
    reason: str | None
    person: str | None
    totals: JobTotals
    started_at: datetime | None
    finished_at: datetime | None
    phase: str | None = None
    """setup, first_off or production, while it runs or is paused."""


class ResultReported(Event):
    """Pieces were reported on a job. A negative result with ``reverses`` takes an earlier one back.

    One with ``returned_by`` takes back good pieces that this result of a later operation sent back to be reworked; they will be reported here
    again, and so count once.
    """

    TYPE: ClassVar[str] = "production.result.reported.v1"
    TOPIC: ClassVar[str] = "work_orders"

    result: UUID
    job: UUID
    work_order: UUID
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
    person: str | None
    source: str
    at: datetime
    business_date: date
    shift: str | None
    job_started_at: datetime | None
    flags: list[str]
    reverses: UUID | None
    rework_op: int | None = None
    """Where the rework went, when that is another operation."""
    reworked: bool = False
    """These pieces had come back to be reworked."""
    corrects: UUID | None = None
    returned_by: UUID | None = None


class InstructionConfirmed(Event):
    """A person read a revision of a work instruction at a job, and confirmed it: once for each person and revision."""

    TYPE: ClassVar[str] = "production.instruction.confirmed.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    revision: int
    person: str
    device: str | None
    at: datetime
    job: UUID
    work_order: UUID
    number: str
    op: int
    item: str


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


class AndonCallChanged(Event):
    """Somebody at a machine calls for help, somebody comes, or it is done."""

    TYPE: ClassVar[str] = "production.andon.call_changed.v1"
    TOPIC: ClassVar[str] = "andon"

    call: UUID
    machine: str
    kind: str
    note: str | None
    state: str
    person: str | None
    at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    resolved_by: str | None
    resolved_at: datetime | None
    resolution: str | None


class MachineStateChanged(Event):
    """A machine entered a state; the interval before it ended at the same instant."""

    TYPE: ClassVar[str] = "production.machine.state_changed.v1"
    TOPIC: ClassVar[str] = "machines"

    machine: str
    state: str
    reason: str | None
    reason_name: Name | None
    since: datetime
    job: UUID | None
    source: str
