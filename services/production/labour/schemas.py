"""Labour over HTTP. Times in seconds."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.production.execution.schemas import In
from shared.kit.moments import Moment
from shared.kit.names import Code


class By(StrEnum):
    """What labour time is added up by."""

    PERSON = "person"
    JOB = "job"
    MACHINE = "machine"
    SHIFT = "shift"


class AttendanceIn(In):
    """The caller comes or goes, or another ``person``, when a leader says so; ``at`` is the device's time."""

    kind: Literal["in", "out"]
    person: Code | None = None
    at: Moment | None = None


class AttendanceOut(BaseModel):
    """When a person came and went; ``flags`` say what was unusual about the touch."""

    id: UUID
    person: str
    begins: datetime
    ends: datetime | None
    flags: list[str]


class LabourOut(BaseModel):
    """Labour time of one person, job, machine or shift; ``attendance_s`` is null where nobody noted it, and for jobs and machines."""

    person: str | None = None
    job: UUID | None = None
    number: str | None = None
    op: int | None = None
    machine: str | None = None
    business_date: date | None = None
    shift: str | None = None
    attendance_s: int | None = None
    direct_s: int


class SheetOut(BaseModel):
    """Labour time of a period. ``direct_s`` of all that was worked on several jobs at once is shared among them."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="to")
    by: By
    attendance_s: int
    direct_s: int
    items: list[LabourOut]
