"""The board over HTTP."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.production.definitions.schemas import ReasonOut
from services.production.jobs.schemas import JobOut
from services.production.machines.domain import MachineState
from services.production.machines.schemas import StateOut
from shared.kit.quantities import QuantityOut


class ShiftOut(BaseModel):
    """The present shift."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    code: str | None
    name: dict[str, str] | None
    business_date: date
    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="to")


class ShiftOutputOut(BaseModel):
    """The output of the present shift.

    ``finished`` are good pieces of last operations; ``processed`` are good and scrapped ones of every operation, so
    that a piece of three operations is counted three times.
    """

    shift: ShiftOut
    finished: QuantityOut
    processed: QuantityOut
    scrap: QuantityOut


class MachineOut(BaseModel):
    """A machine as a board shows it; good and scrap are those of the present shift."""

    code: str
    name: dict[str, str]
    work_center: str
    state: MachineState
    since: datetime | None
    reason: ReasonOut | None
    job: JobOut | None
    next_job: JobOut | None
    shift: ShiftOut
    strip: list[StateOut]
    good: QuantityOut
    scrap: QuantityOut
