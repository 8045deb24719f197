"""Jobs over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from services.production.jobs.domain import JobState, Phase
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.quantities import NotNegative, Positive, QuantityOut
from shared.kit.readers import PersonOut
from shared.kit.references import refers_to
from shared.kit.units import MOST_DECIMALS

Note = Annotated[str, Field(min_length=1, max_length=500)]


class In(BaseModel):
    """A body that comes in: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class JobCommandIn(In):
    """``machine`` where it differs from the planned one.

    ``reason`` of a pause is a reason's code, of a finished job that is taken up again why; ``at`` is the device's time;
    ``phase`` of a job that runs.
    """

    machine: Code | None = None
    reason: Note | None = None
    at: Moment | None = None
    phase: Phase | None = None


class PhaseIn(In):
    """The phase of a job from now on, or from the device's time ``at`` on."""

    phase: Phase
    at: Moment | None = None


class ReopenIn(In):
    """Why a finished job is opened again."""

    reason: Note


class CrewIn(In):
    """A person who begins or ends to work on a job: the caller, or another ``person``."""

    action: Literal["join", "leave"]
    person: Code | None = None
    at: Moment | None = None


class SendIn(In):
    """Pieces that go to a subcontractor, who it is, and when they are to be back; ``at`` is the device's time."""

    quantity: Positive
    reworked: Annotated[
        NotNegative | None,
        Field(
            description="of them those that came back and go out again to be reworked; left out, those that wait for it"
            " beyond the pieces that have not been out yet"
        ),
    ] = None
    supplier: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    due_at: Moment | None = None
    note: Note | None = None
    at: Moment | None = None


class CrewOut(BaseModel):
    """Somebody who works on a job."""

    person: PersonOut
    since: datetime


ForOneOut = Annotated[
    str,
    Field(
        validation_alias=AliasChoices("exact", "quantity"), description="a decimal or, where none says it, a fraction"
    ),
]


class AlternateOut(BaseModel):
    """An item that may be taken instead; the quantity is for one of the item."""

    component: str
    quantity: ForOneOut


class MaterialOut(BaseModel):
    """A component for one of the item; ``scrap_pct`` percent more are taken for what is lost."""

    component: str
    name: dict[str, str]
    unit: str
    quantity: ForOneOut
    scrap_pct: QuantityOut
    alternates: list[AlternateOut]


class JobOut(BaseModel):
    """A job; ``ready`` are the pieces that wait to be worked on now, ``cycle_s`` the standard seconds for one piece.

    ``rework_in`` of the ready pieces came back to be reworked; ``sent`` are with the subcontractor. ``materials`` are
    those of its operation; what the BOM gives to no operation belongs to the first.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    work_order_id: UUID = refers_to("work_order")
    number: str
    op: int
    op_name: dict[str, str]
    item: str
    item_name: dict[str, str]
    unit: str
    decimals: int = Field(default=MOST_DECIMALS, description="of the quantities of its pieces; 0: whole ones")
    box_quantity: QuantityOut | None
    customer: str | None = None
    machine: str | None
    work_center: str | None
    state: JobState
    planned: QuantityOut
    ready: QuantityOut
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut
    rework_in: QuantityOut
    over_tolerance_pct: QuantityOut
    under_tolerance_pct: QuantityOut | None
    cycle_s: QuantityOut
    setup_s: QuantityOut
    tool: str | None
    self_inspection: bool
    subcontract: bool
    sent: QuantityOut
    predecessors: list[int]
    materials: list[MaterialOut]
    phase: Phase | None
    crew: list[CrewOut]
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    pause_reason: str | None
    blocked_by: list[str]
    flags: list[str]
    instruction: str | None
    instruction_revision: int | None


class CommandOut(JobOut):
    """The job after a command.

    ``command_flags`` say what was unusual about that command, ``flags`` about the whole job.
    """

    command_flags: list[str]


class SendingOut(BaseModel):
    """Pieces that went to a subcontractor."""

    id: UUID
    quantity: QuantityOut
    reworked: QuantityOut
    supplier: str | None
    due_at: datetime | None
    note: str | None
    person: PersonOut
    at: datetime
    flags: list[str]


class SubcontractorOut(BaseModel):
    """Somebody to whom pieces were sent, and when that was the last time."""

    supplier: str
    sent_at: datetime


class RunOut(BaseModel):
    """A time in which a job ran, in one phase."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    machine: str | None
    phase: Phase
    begins: datetime = Field(alias="from")
    ends: datetime | None = Field(alias="to")
