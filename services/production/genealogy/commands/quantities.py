"""Quantities of lots as people say them: in any unit that the item converts to its lots' unit."""

from decimal import Decimal
from fractions import Fraction

from services.production.definitions.queries import find_item, load_units
from services.production.genealogy.domain.flow import rounded
from services.production.genealogy.tables import Lot
from shared.kit.database import Transaction
from shared.kit.units import StockUnit, fits
from shared.kit.units_given import no_such_parts, require_factor, require_quantity

Given = Decimal | Fraction


async def stock_unit(tx: Transaction, item: str, unit: str) -> StockUnit:
    """The unit of an item's lots; the item's conversions hold as long as that is the item's unit."""
    known = await find_item(tx.session, item)
    holds = known is not None and (await load_units(tx.session)).same(known.unit, unit)
    return StockUnit.of(item, unit, known.unit_conversions if known and holds else ())


async def planned_quantity(tx: Transaction, lot: Lot, quantity: Given, unit: str | None) -> Decimal:
    """The quantity in the lot's unit; 422 when it does not convert, or there are no such parts of the unit.

    All that is left of a lot may be a part of a piece: by the bill of material one piece may take less than one.
    """
    if unit is None and quantity == lot.remaining:
        return lot.remaining
    return require_quantity(await load_units(tx.session), await stock_unit(tx, lot.item, lot.unit), quantity, unit)


async def used_quantity(tx: Transaction, lot: Lot, quantity: Given, unit: str | None) -> tuple[Decimal, list[str]]:
    """What was used, in the lot's unit to a millionth, and the flag of parts that there are not; 422 as it converts."""
    units = await load_units(tx.session)
    factor = require_factor(units, await stock_unit(tx, lot.item, lot.unit), unit)
    used = rounded(Fraction(quantity) * factor)
    if not used:
        raise no_such_parts("quantity", Fraction(quantity) * factor, lot.unit, units.decimals(lot.unit))
    return used, [] if fits(used, units.decimals(lot.unit)) else ["fraction"]
