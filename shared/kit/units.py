"""Units: how many decimals a quantity of one has, which names mean the same, and what converts to what, exactly.

A unit that counts has no decimals: there are no parts of its pieces. What was measured has at most six, the smallest
quantity there is. A unit is known by its code and its aliases, however wide or tall they are written.

An item's own conversion wins; then kg, g, m, L and their like convert as they do everywhere.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from shared.kit.quantities import exact, plain

GivenUnit = Annotated[
    Annotated[str, Field(min_length=1, max_length=40)] | None,
    Field(
        description="of the quantity, where it is not the item's own; the item converts to it",
        exclude_if=lambda unit: unit is None,
    ),
]
"""The unit that comes with a quantity; a request without one is the same as before there were any."""
MOST_DECIMALS = 6
"""Decimals of a unit that nobody has defined; the smallest quantity is a millionth."""
FAMILIES: Sequence[Mapping[str, Fraction]] = (
    {"EA": Fraction(1), "개": Fraction(1), "PCS": Fraction(1)},
    {"장": Fraction(1), "매": Fraction(1)},
    {"t": Fraction(1000), "kg": Fraction(1), "g": Fraction(1, 10**3), "mg": Fraction(1, 10**6)},
    {"m": Fraction(1), "cm": Fraction(1, 100), "mm": Fraction(1, 1000)},
    {"m3": Fraction(1000), "L": Fraction(1), "mL": Fraction(1, 1000)},
)
"""Units that measure or count the same, each with how many of the family's own one of it is."""


def related_units(code: str) -> list[str]:
    """The other units that measure or count the same."""
    return [other for family in FAMILIES if code in family for other in family if other != code]


@lru_cache(1024)
def unit_key(text: str) -> str:
    """A unit's name without width, case and blanks: ``㎏``, ``KG`` and `` kg`` are the same."""
    return "".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


@dataclass(frozen=True)
class DefinedUnit:
    """A unit of measure; ``decimals`` 0 counts."""

    code: str
    decimals: int
    aliases: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        """The keys of all its names."""
        return {unit_key(name) for name in (self.code, *self.aliases)}


@dataclass(frozen=True)
class Conversion:
    """1 ``unit`` is ``factor`` of an item's stock unit."""

    unit: str
    factor: Fraction


@dataclass(frozen=True)
class StockUnit:
    """The unit in which an item's quantities are kept, and what converts to it."""

    item: str
    unit: str
    conversions: Sequence[Conversion] = ()

    @classmethod
    def of(cls, item: str, unit: str, conversions: Iterable[Mapping[str, str]]) -> "StockUnit":
        """By the conversions as they are stored: [{unit, factor}]."""
        return cls(item, unit, [Conversion(each["unit"], exact(each["factor"])) for each in conversions])


class Units:
    """All units that there are."""

    def __init__(self, units: Iterable[DefinedUnit] = ()) -> None:
        """Of two of one name the later one counts."""
        self._by_key = {key: unit for unit in units for key in unit.keys}

    def find(self, name: str) -> DefinedUnit | None:
        """The unit of this code or alias."""
        return self._by_key.get(unit_key(name))

    def decimals(self, name: str) -> int:
        """The decimals that a quantity of it has: six where nobody has defined it."""
        unit = self.find(name)
        return MOST_DECIMALS if unit is None else unit.decimals

    @property
    def counted(self) -> list[str]:
        """All names of the units that count."""
        units = {unit.code: unit for unit in self._by_key.values() if not unit.decimals}
        return sorted({name for unit in units.values() for name in (unit.code, *unit.aliases)})

    def same(self, one: str, other: str) -> bool:
        """True when both names mean one unit."""
        return self._code(one) == self._code(other)

    def factor(self, unit: str, stock: StockUnit) -> Fraction | None:
        """How many stock units of an item one ``unit`` is; None when the item does not convert to it.

        The stock unit itself, the item's own conversion, units of one family, and those of a family with one that the
        item converts to, when all of these come to the same.
        """
        if self.same(unit, stock.unit):
            return Fraction(1)
        own = next((each.factor for each in stock.conversions if self.same(each.unit, unit)), None)
        if own is not None:
            return own
        direct = self._within_family(unit, stock.unit)
        if direct is not None:
            return direct
        found = {
            step * each.factor
            for each in stock.conversions
            if (step := self._within_family(unit, each.unit)) is not None
        }
        return found.pop() if len(found) == 1 else None

    def _code(self, name: str) -> str:
        unit = self.find(name)
        return unit_key(name if unit is None else unit.code)

    def _within_family(self, unit: str, other: str) -> Fraction | None:
        known, target = self.find(unit), self.find(other)
        if known is None or target is None:
            return None
        return next(
            (family[known.code] / family[target.code] for family in FAMILIES if {known.code, target.code} <= {*family}),
            None,
        )


def fits(quantity: Decimal | Fraction, decimals: int) -> bool:
    """True when a quantity has no more decimals than that."""
    if isinstance(quantity, Decimal):
        exponent = quantity.as_tuple().exponent
        if isinstance(exponent, int) and exponent >= -decimals:
            return True
    scaled: Fraction = Fraction(quantity) * 10**decimals
    return scaled.denominator == 1


def in_stock_units(quantity: Decimal | Fraction, factor: Fraction, decimals: int) -> Decimal | None:
    """``quantity`` times ``factor`` as a quantity of a unit with so many decimals; None when it is none.

    What was converted to a measured unit is rounded half to even, as a pound has no end in millionths of a kilogram;
    what counts comes out whole or is none.
    """
    scaled = Fraction(quantity) * factor * 10**decimals
    if scaled.denominator > 1 and (factor == 1 or decimals == 0):
        return None
    if factor == 1 and isinstance(quantity, Decimal):
        return quantity
    parts = round(scaled)
    return Decimal(plain(Decimal(parts).scaleb(-decimals))) if parts or not scaled else None
