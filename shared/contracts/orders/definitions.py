"""Events of master data: units, items, work centers, machines, reasons, shifts, calendars."""

from datetime import date, time
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event, Name, Part, Quantity


class UnitDefined(Event):
    """A unit of measure was created or changed; ``decimals`` 0 counts."""

    TYPE: ClassVar[str] = "orders.unit.defined.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    name: Name
    decimals: int
    aliases: list[str]
    """Its other names, in any width and case."""
    active: bool


class UnitFactor(Part):
    """1 ``unit`` is ``factor`` of the item's own unit: a decimal or a fraction as text."""

    unit: str
    factor: str


class ItemDefined(Event):
    """An item was created or changed; the body is its whole present state."""

    TYPE: ClassVar[str] = "orders.item.defined.v2"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    name: Name
    kind: str
    unit: str
    box_quantity: Quantity | None
    active: bool
    lot_tracked: bool = False
    serial_tracked: bool = False
    shelf_life_d: int | None = None
    lot_rule: str | None = None
    """The pattern by which its lots are numbered, e.g. ``{item}-{yymmdd}-{nnn}``."""
    picture_id: UUID | None = None
    unit_conversions: list[UnitFactor] = Field(default_factory=list)


class WorkCenterDefined(Event):
    """A work center was created or changed."""

    TYPE: ClassVar[str] = "orders.work_center.defined.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    name: Name
    active: bool


class MachineDefined(Event):
    """A machine (ISA-95 work unit) was created or changed."""

    TYPE: ClassVar[str] = "orders.machine.defined.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    name: Name
    work_center: str
    active: bool


class ReasonDefined(Event):
    """A reason for a stop, a set-up, a hold or a correction was created or changed."""

    TYPE: ClassVar[str] = "orders.reason.defined.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    name: Name
    kind: str
    note_required: bool
    active: bool


class EarlierShiftTimes(Part):
    """The times that a shift had before the day ``until``; not ``active``: it was not there."""

    until: date
    starts: time
    ends: time
    active: bool


class ShiftDefined(Event):
    """A shift of the shop's day was created or changed; times are in the shop's time zone."""

    TYPE: ClassVar[str] = "orders.shift.defined.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    name: Name
    starts: time
    ends: time
    active: bool
    earlier: list[EarlierShiftTimes] = Field(default_factory=list)
    """The times that it had before, in order: a day is cut by what was valid then."""


class CalendarOvertime(Part):
    """A shift that ends at another time on one day."""

    date: date
    shift: str
    ends: time


class CalendarDefined(Event):
    """A calendar was created or changed; the body is what counts of it, on closed days what counted then."""

    TYPE: ClassVar[str] = "orders.calendar.defined.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    name: Name
    active: bool
    days_off: list[date]
    overtime: list[CalendarOvertime]
