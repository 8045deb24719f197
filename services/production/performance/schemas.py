"""The daily report over HTTP. Durations in seconds."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.kit.quantities import QuantityOut
from shared.kit.readers import PersonOut
from shared.kit.references import refers_to


class TimesOut(BaseModel):
    """Times by category.

    ``utilisation`` is the operation time over all but planned stops; null where there was no such time.
    """

    planned_stop_s: float
    die_change_s: float
    no_material_s: float
    readjustment_s: float
    machine_failure_s: float
    no_operator_s: float
    other_s: float
    setups: int
    utilisation: float | None
    operation_s: float


class CountsOut(TimesOut):
    """Pieces made, and times by category.

    ``good`` are those of the operations that are added up; ``finished`` are those of them that left the last operation.
    """

    finished: QuantityOut
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut


class DailyRowOut(CountsOut):
    """A machine's work on a job in a shift.

    ``crew`` are codes of people, ``plan`` is the operation's, ``remarks`` are in the reader's language.
    """

    business_date: date
    shift: str | None
    shift_name: dict[str, str] | None
    machine: str | None
    machine_name: dict[str, str] | None
    item: str | None
    item_name: dict[str, str] | None
    unit: str | None
    customer: str | None
    job_id: UUID | None = refers_to("job")
    work_order_id: UUID | None = refers_to("work_order")
    number: str | None
    op: int | None
    op_name: dict[str, str] | None
    plan: QuantityOut | None
    crew: list[PersonOut]
    remarks: str


class DailyShiftOut(BaseModel):
    """A shift of the day."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    code: str
    name: dict[str, str]
    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="to")


class DailyReportOut(BaseModel):
    """One business date's production, as far as it is known ``at`` that moment; ``total`` adds the rows up.

    ``people`` are the codes of those who reported or worked on that day, in order of their codes.
    """

    business_date: date
    at: datetime
    shifts: list[DailyShiftOut]
    people: list[PersonOut]
    items: list[DailyRowOut]
    total: CountsOut
