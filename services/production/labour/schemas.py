"""Labour over HTTP. Times in seconds."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.production.jobs.schemas import In
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.references import refers_to


class GroupBy(StrEnum):
    """The keys by which labour time is added up."""

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
    """When a person came and went; ``flags`` say what was unusual about the touch.

    ``came_again``: they are there, since they came again after they went. ``never_came``: nobody has said so far that
    they came before; then ``begins`` is null.
    """

    id: UUID
    person: str
    begins: datetime | None
    ends: datetime | None
    flags: list[str]


class OwnAttendanceOut(BaseModel):
    """When the caller last came, came once more without having gone, and went; all null for who never came."""

    begins: datetime | None = None
    again_at: datetime | None = None
    ends: datetime | None = None


class PresentJobOut(BaseModel):
    """A job on which somebody works, and since when."""

    job_id: UUID = refers_to("job")
    number: str
    op: int
    machine: str | None
    since: datetime


class PresentOut(BaseModel):
    """A person who is there, or works on a job without having said that they came: then ``begins`` is null.

    ``again_at``: when they said once more that they came. ``flags``: ``forgotten_out``, ``double_in``,
    ``no_attendance``.
    """

    person: str
    begins: datetime | None
    again_at: datetime | None
    jobs: list[PresentJobOut]
    flags: list[str]


class LabourOut(BaseModel):
    """Labour time of one person, job, machine or shift: direct time, and waiting while jobs stood unplanned.

    ``attendance_s`` is null where nobody noted it, and for jobs and machines. ``direct_ratio`` is the direct time of
    those whose attendance was noted over that. ``flags`` say why a person's time may be wrong.
    """

    person: str | None = None
    job_id: UUID | None = refers_to("job", default=None)
    number: str | None = None
    op: int | None = None
    op_name: dict[str, str] | None = None
    item: str | None = None
    item_name: dict[str, str] | None = None
    machine: str | None = None
    business_date: date | None = None
    shift: str | None = None
    name: dict[str, str] | None = Field(default=None, description="the machine's or the shift's")
    attendance_s: int | None = None
    direct_s: int
    waiting_s: int
    direct_ratio: float | None = None
    flags: list[str] = []


class SheetOut(BaseModel):
    """Labour time of a period. ``direct_s`` of all that was worked on several jobs at once is shared among them.

    ``unattended_s`` of the direct time is that of people whose attendance nobody noted: ``direct_ratio`` leaves it out.
    ``first_date`` and ``last_date`` are business dates, null for a period from one moment to another.
    """

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="to")
    first_date: date | None
    last_date: date | None
    by: GroupBy
    attendance_s: int
    direct_s: int
    waiting_s: int
    unattended_s: int
    direct_ratio: float | None
    items: list[LabourOut]
