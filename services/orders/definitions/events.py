"""The events of master data: the whole present state of an entry."""

from services.orders.definitions.domain.validity import CalendarDays
from services.orders.definitions.tables import Calendar, Item, Machine, Reason, Shift, Unit, WorkCenter
from shared.contracts.orders.definitions import (
    CalendarDefined,
    CalendarOvertime,
    ItemDefined,
    MachineDefined,
    ReasonDefined,
    ShiftDefined,
    UnitDefined,
    WorkCenterDefined,
)
from shared.kit.republish import republish


def unit_defined(unit: Unit) -> UnitDefined:
    """A unit as it is defined now."""
    return UnitDefined.model_validate(unit, from_attributes=True)


def item_defined(item: Item) -> ItemDefined:
    """An item as it is defined now."""
    return ItemDefined.model_validate(item, from_attributes=True)


def work_center_defined(work_center: WorkCenter) -> WorkCenterDefined:
    """A work center as it is defined now."""
    return WorkCenterDefined.model_validate(work_center, from_attributes=True)


def machine_defined(machine: Machine) -> MachineDefined:
    """A machine as it is defined now."""
    return MachineDefined.model_validate(machine, from_attributes=True)


def reason_defined(reason: Reason) -> ReasonDefined:
    """A reason as it is defined now."""
    return ReasonDefined.model_validate(reason, from_attributes=True)


def shift_defined(shift: Shift) -> ShiftDefined:
    """A shift as it is defined now."""
    return ShiftDefined.model_validate(shift, from_attributes=True)


def calendar_defined(calendar: Calendar) -> CalendarDefined:
    """What counts of a calendar as it is defined now."""
    days = CalendarDays.counting(**calendar.model_dump(include={"days_off", "overtime", "active", "closed"}))
    return CalendarDefined(
        code=calendar.code,
        name=calendar.name,
        active=calendar.active,
        days_off=sorted(days.days_off),
        overtime=[
            CalendarOvertime(date=day, shift=shift, ends=ends) for (day, shift), ends in sorted(days.overtime.items())
        ],
    )


REPUBLISHES = [
    republish("unit", Unit, unit_defined),
    republish("item", Item, item_defined),
    republish("work_center", WorkCenter, work_center_defined),
    republish("machine", Machine, machine_defined),
    republish("reason", Reason, reason_defined),
    republish("shift", Shift, shift_defined),
    republish("calendar", Calendar, calendar_defined),
]
