"""States of machines over HTTP."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.production.definitions.schemas import ReasonOut
from services.production.machines.domain import MachineState
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.readers import AnyPersonOut


class StateOut(BaseModel):
    """A state of a machine from one instant to another."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    begins: datetime = Field(alias="from")
    ends: datetime | None = Field(alias="to")
    state: MachineState
    reason: ReasonOut | None
    source: str


class TimelineOut(BaseModel):
    """A part of a machine's timeline; the parts tile the period that was asked for.

    ``unknown`` is the time before anything was known of the machine. Where the reason was corrected, ``was_reason`` is
    the one that was given at first. ``lasts``: it is the present state.
    """

    state_id: UUID | None
    begins: datetime
    ends: datetime
    lasts: bool
    state: MachineState | Literal["unknown"]
    reason: str | None
    reason_name: dict[str, str] | None
    source: str | None
    was_reason: str | None
    corrected_by: AnyPersonOut
    corrected_at: datetime | None
    can_correct: bool
    """It is a stop, whose reason can be corrected."""


class ReasonIn(BaseModel):
    """The right reason of a stop: of all of it, or of what comes from ``split_at`` on."""

    model_config = ConfigDict(extra="forbid")

    reason: Code
    split_at: Moment | None = None
