"""Master data over HTTP."""

from datetime import datetime, time
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.orders.definitions.domain import ItemKind, ReasonKind
from shared.kit.names import Code, Name
from shared.kit.quantities import NotNegative, Positive, QuantityOut

Text = Annotated[str, Field(min_length=1, max_length=40)]


class In(BaseModel):
    """What comes in: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class DefinitionIn(In):
    """What every kind has."""

    name: Name
    active: bool = True


class ItemIn(DefinitionIn):
    """An item."""

    kind: ItemKind
    unit: Text = "EA"
    box_quantity: Positive | None = None


class WorkCenterIn(DefinitionIn):
    """A work center."""


class MachineIn(DefinitionIn):
    """A machine."""

    work_center: Code


class ReasonIn(DefinitionIn):
    """A reason."""

    kind: ReasonKind
    note_required: bool = False


class ShiftIn(DefinitionIn):
    """A shift."""

    starts: time
    ends: time


class OperationIn(In):
    """One operation of a routing; durations in seconds."""

    op: Annotated[int, Field(gt=0, le=9999)]
    name: Name
    work_center: Code | None = None
    machine: Code | None = None
    cycle_s: NotNegative = Decimal(0)
    per_cycle: Positive = Decimal(1)
    setup_s: NotNegative = Decimal(0)
    crew: Annotated[int, Field(gt=0, le=100)] = 1
    subcontract: bool = False
    lead_time_d: NotNegative | None = None
    instruction: Code | None = None


class RoutingIn(In):
    """A routing: its operations in order."""

    operations: Annotated[list[OperationIn], Field(min_length=1, max_length=99)]


class Out(BaseModel):
    """What goes out, read from a row."""

    model_config = ConfigDict(from_attributes=True)


class DefinitionOut(Out):
    """What every kind shows."""

    code: str
    name: dict[str, str]
    active: bool
    version: int
    updated_at: datetime


class ItemOut(DefinitionOut):
    """An item."""

    kind: str
    unit: str
    box_quantity: QuantityOut | None


class WorkCenterOut(DefinitionOut):
    """A work center."""


class MachineOut(DefinitionOut):
    """A machine."""

    work_center: str


class ReasonOut(DefinitionOut):
    """A reason."""

    kind: str
    note_required: bool


class ShiftOut(DefinitionOut):
    """A shift."""

    starts: time
    ends: time


class OperationOut(Out):
    """One operation of a routing; durations in seconds."""

    op: int
    name: dict[str, str]
    work_center: str | None
    machine: str | None
    cycle_s: QuantityOut
    per_cycle: QuantityOut
    setup_s: QuantityOut
    crew: int
    subcontract: bool
    lead_time_d: QuantityOut | None
    instruction: str | None


class RoutingOut(Out):
    """A routing."""

    item: str
    version: int
    updated_at: datetime
    operations: list[OperationOut]
