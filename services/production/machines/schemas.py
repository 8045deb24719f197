"""States of machines over HTTP."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.production.definitions.schemas import ReasonOut
from services.production.machines.domain import MachineState


class StateOut(BaseModel):
    """A state of a machine from one instant to another."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    begins: datetime = Field(alias="from")
    ends: datetime | None = Field(alias="to")
    state: MachineState
    reason: ReasonOut | None
    source: str
