"""Quantities that come in with a unit: brought to the item's own, or refused with what is wrong."""

from decimal import Decimal
from fractions import Fraction

from shared.kit.problem import Problem, unprocessable
from shared.kit.quantities import shown
from shared.kit.units import StockUnit, Units, in_stock_units


def require_factor(units: Units, stock: StockUnit, unit: str | None, field: str = "unit") -> Fraction:
    """How many of the item's stock units one ``unit`` is; a 422 problem when the item does not convert to it."""
    if unit is None:
        return Fraction(1)
    factor = units.factor(unit, stock)
    if factor is None:
        raise unprocessable(field, "unit_unknown_for_item", unit=unit, item=stock.item, stock_unit=stock.unit)
    return factor


def require_quantity(
    units: Units,
    stock: StockUnit,
    quantity: Decimal | Fraction,
    unit: str | None = None,
    field: str = "quantity",
    unit_field: str = "unit",
) -> Decimal:
    """The quantity in the item's stock unit.

    A 422 problem when the item does not convert from ``unit``, or when the stock unit has no such parts.
    """
    factor = require_factor(units, stock, unit, unit_field)
    decimals = units.decimals(stock.unit)
    found = in_stock_units(quantity, factor, decimals)
    if found is None:
        raise no_such_parts(field, Fraction(quantity) * factor, stock.unit, decimals)
    return found


def no_such_parts(field: str, quantity: Decimal | Fraction, unit: str, decimals: int) -> Problem:
    """A quantity has more decimals than its unit."""
    code = "decimals" if decimals else "whole"
    return unprocessable(field, code, value=shown(Fraction(quantity)), unit=unit, decimals=decimals)
