"""Definitions of other services are copied."""

from collections.abc import Sequence

from services.production.definitions.commands import copy_definitions, copy_shop_times
from services.production.definitions.tables import Calendar, Defect, Item, Reason, Shift, Unit
from shared.contracts.orders.definitions import CalendarDefined, ItemDefined, ReasonDefined, ShiftDefined, UnitDefined
from shared.contracts.quality.defects import DefectDefined
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_units(tx: Transaction, events: Sequence[Received[UnitDefined]]) -> None:
    """Copy units, for the decimals of quantities."""
    await copy_definitions(tx, Unit, events)


async def on_items(tx: Transaction, events: Sequence[Received[ItemDefined]]) -> None:
    """Copy items, for their lots and the units of quantities."""
    await copy_definitions(tx, Item, events)


async def on_reasons(tx: Transaction, events: Sequence[Received[ReasonDefined]]) -> None:
    """Copy reasons, for the tablets' tiles."""
    await copy_definitions(tx, Reason, events)


async def on_shifts(tx: Transaction, events: Sequence[Received[ShiftDefined]]) -> None:
    """Copy shifts, for the business date of facts."""
    await copy_shop_times(tx, Shift, events)


async def on_calendars(tx: Transaction, events: Sequence[Received[CalendarDefined]]) -> None:
    """Copy calendars: a day off has no shift, and overtime belongs to its own."""
    await copy_shop_times(tx, Calendar, events)


async def on_defects(tx: Transaction, events: Sequence[Received[DefectDefined]]) -> None:
    """Copy the catalogue of defects, for reports of scrap."""
    await copy_definitions(tx, Defect, events)


CONSUMES = [
    on(UnitDefined, on_units),
    on(ItemDefined, on_items),
    on(ReasonDefined, on_reasons),
    on(ShiftDefined, on_shifts),
    on(CalendarDefined, on_calendars),
    on(DefectDefined, on_defects),
]
