"""Events of who has read which work instruction."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class InstructionConfirmed(Event):
    """A person read a revision of a work instruction at a job, and confirmed it: once for each person and revision."""

    TYPE: ClassVar[str] = "production.instruction.confirmed.v2"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    revision: int
    person_id: UUID
    device_id: str | None
    at: datetime
    job_id: UUID
    work_order_id: UUID
    number: str
    op: int
    item: str
