"""Events of master data: one function for each. The body is the entry's whole present state."""

from services.orders.definitions.tables import Item, Machine, Reason, Shift, WorkCenter
from shared.contracts.orders.definitions import (
    ItemDefined,
    MachineDefined,
    ReasonDefined,
    ShiftDefined,
    WorkCenterDefined,
)


def item_defined(item: Item) -> ItemDefined:
    """An item was created or changed."""
    return ItemDefined.model_validate(item, from_attributes=True)


def work_center_defined(work_center: WorkCenter) -> WorkCenterDefined:
    """A work center was created or changed."""
    return WorkCenterDefined.model_validate(work_center, from_attributes=True)


def machine_defined(machine: Machine) -> MachineDefined:
    """A machine was created or changed."""
    return MachineDefined.model_validate(machine, from_attributes=True)


def reason_defined(reason: Reason) -> ReasonDefined:
    """A reason was created or changed."""
    return ReasonDefined.model_validate(reason, from_attributes=True)


def shift_defined(shift: Shift) -> ShiftDefined:
    """A shift was created or changed."""
    return ShiftDefined.model_validate(shift, from_attributes=True)
