"""Master data over HTTP."""

from datetime import date, datetime, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    computed_field,
    field_validator,
    model_validator,
)

from services.orders.definitions.domain.items import checked_lot_rule, exact_factor, lot_size_fault
from services.orders.definitions.domain.kinds import ItemKind, ReasonKind, SupplyKind, ToolKind, usual_supply
from shared.kit.moments import Day, TimeOfDay
from shared.kit.names import Code, Name
from shared.kit.quantities import Positive, QuantityOut, plain
from shared.kit.references import refers_to
from shared.kit.units import MOST_DECIMALS

UnitName = Annotated[str, Field(min_length=1, max_length=40)]
ItemNote = Annotated[str, Field(min_length=1, max_length=2000)]
Count = Annotated[int, Field(gt=0, le=10**9)]
Factor = Annotated[str, BeforeValidator(lambda value: exact_factor(str(value))), Field(max_length=40)]
"""A decimal or a fraction, exact: ``0.5`` or ``1/3``."""
LotRule = Annotated[str, AfterValidator(checked_lot_rule), Field(max_length=60)]
"""The form of lot numbers, e.g. ``{item}-{yymmdd}-{nnn}``."""
PositiveText = Annotated[Positive, PlainSerializer(plain, return_type=str)]


class In(BaseModel):
    """A request; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class DefinitionIn(In):
    """The fields of every kind."""

    name: Name
    active: bool = True


class UnitConversion(In):
    """1 ``unit`` is ``factor`` stock units."""

    unit: UnitName
    factor: Factor


class LotSize(In):
    """The quantity of one order: at least, in steps of, and at most."""

    minimum: PositiveText | None = None
    multiple: PositiveText | None = None
    maximum: PositiveText | None = None

    @model_validator(mode="after")
    def possible(self) -> Self:
        """Refuse a lot size that no order can have."""
        if fault := lot_size_fault(self.minimum, self.multiple, self.maximum):
            raise ValueError(fault)
        return self


class UnitIn(DefinitionIn):
    """A unit of measure; ``decimals`` 0 counts. ``aliases`` are its other names, in any width and case."""

    decimals: Annotated[int, Field(ge=0, le=MOST_DECIMALS)]
    aliases: Annotated[list[UnitName], Field(max_length=50)] = []


class ItemIn(DefinitionIn):
    """An item."""

    kind: ItemKind
    unit: Annotated[str, Field(max_length=40, description="the stock unit; empty while nobody knows it")] = "EA"
    box_quantity: Positive | None = None
    supply: SupplyKind | None = Field(default=None, description="make for semi and finished, buy for the others")
    unit_conversions: Annotated[list[UnitConversion], Field(max_length=20)] = []
    lot_tracked: bool = False
    serial_tracked: bool = False
    lot_rule: LotRule | None = None
    shelf_life_d: Annotated[int, Field(gt=0, le=36500)] | None = None
    lot_size: LotSize | None = None
    picture_id: UUID | None = refers_to("picture", default=None)
    note: ItemNote | None = None

    @model_validator(mode="after")
    def settle(self) -> Self:
        """Settle the supply by the kind, and that a lot size without a rule is none.

        Refuse one unit converted twice.
        """
        units = [self.unit, *(conversion.unit for conversion in self.unit_conversions)]
        if len(set(units)) < len(units):
            raise ValueError("unit_twice")
        self.supply = self.supply or usual_supply(self.kind)
        if self.lot_size == LotSize():
            self.lot_size = None
        return self


class AreaIn(DefinitionIn):
    """An area of the site."""


class WorkCenterIn(DefinitionIn):
    """A work center."""

    area: Code | None = None


class MachineIn(DefinitionIn):
    """A machine."""

    work_center: Code


class ReasonIn(DefinitionIn):
    """A reason."""

    kind: ReasonKind
    note_required: bool = False


class ShiftIn(DefinitionIn):
    """A shift, with its times from the day ``valid_from`` on."""

    starts: TimeOfDay
    ends: TimeOfDay
    valid_from: Annotated[Day | None, Field(description="the first day whose shift is not over yet, when left out")] = (
        None
    )


class ToolIn(DefinitionIn):
    """A tool."""

    kind: ToolKind
    cavities: Annotated[int, Field(gt=0, le=10_000)] = 1
    life_shots: Count | None = None
    maintenance_shots: Count | None = None
    shots: Annotated[int, Field(ge=0, le=10**9)] = 0


class SkillIn(DefinitionIn):
    """A skill."""


class PersonSkill(In):
    """A skill at a level: 1 learns, 2 works, 3 works alone, 4 teaches."""

    skill: Code
    level: Annotated[int, Field(ge=1, le=4)]


class PersonSkillsIn(In):
    """All skills of a person."""

    skills: Annotated[list[PersonSkill], Field(max_length=200)]


class DayOff(In):
    """A day on which the shop rests."""

    date: date
    name: Name


class Overtime(In):
    """A shift that ends at another time on one day."""

    date: date
    shift: Code
    ends: TimeOfDay


class CalendarIn(DefinitionIn):
    """A calendar of the shop."""

    days_off: Annotated[list[DayOff], Field(max_length=2000)] = []
    overtime: Annotated[list[Overtime], Field(max_length=2000)] = []


class Out(BaseModel):
    """A response, read from a row."""

    model_config = ConfigDict(from_attributes=True)


class DefinitionOut(Out):
    """The fields of every kind."""

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
    supply: str
    unit_conversions: list[UnitConversion]
    lot_tracked: bool
    serial_tracked: bool
    lot_rule: str | None
    shelf_life_d: int | None
    lot_size: LotSize | None
    picture_id: UUID | None = refers_to("picture")
    note: str | None


class UnitOut(DefinitionOut):
    """A unit of measure; it converts to the ``related`` ones as everywhere."""

    decimals: int
    aliases: list[str]
    related: list[str]


class AreaOut(DefinitionOut):
    """An area of the site."""


class WorkCenterOut(DefinitionOut):
    """A work center."""

    area: str | None


class MachineOut(DefinitionOut):
    """A machine."""

    work_center: str


class ReasonOut(DefinitionOut):
    """A reason."""

    kind: str
    note_required: bool


class EarlierTimesOut(BaseModel):
    """The times that a shift had before a day; not ``active``: it was not there."""

    until: date
    starts: time
    ends: time
    active: bool


class ShiftOut(DefinitionOut):
    """A shift; ``earlier`` are the times that it had before."""

    starts: time
    ends: time
    earlier: list[EarlierTimesOut]

    @computed_field
    def valid_from(self) -> date | None:
        """The day from which it has its times; null when it always had them."""
        return self.earlier[-1].until if self.earlier else None


class ToolOut(DefinitionOut):
    """A tool."""

    kind: str
    cavities: int
    life_shots: int | None
    maintenance_shots: int | None
    shots: int


class SkillOut(DefinitionOut):
    """A skill."""


class PersonSkillsOut(Out):
    """A person's skills."""

    person: str
    skills: list[PersonSkill]
    version: int
    updated_at: datetime


class ClosedDaysOut(Out):
    """What counts before a day instead of what the calendar says."""

    before: date
    days_off: list[date]
    overtime: list[Overtime]

    @field_validator("days_off", mode="before")
    @classmethod
    def dates(cls, value: list[dict[str, str]]) -> list[str]:
        """Take the dates of the stored days."""
        return [day["date"] for day in value]


class CalendarOut(DefinitionOut):
    """A calendar of the shop. ``closed``: what counts before a day, as it was closed before the calendar said so."""

    days_off: list[DayOff]
    overtime: list[Overtime]
    closed: ClosedDaysOut | None
