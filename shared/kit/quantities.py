"""Exact quantities: over HTTP a number or a string in and a string out; in plans no smaller than their unit allows."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Annotated

from pydantic import Field, PlainSerializer

COUNTED = frozenset({"EA", "PCS", "PC", "SET", "개", "매", "본"})
"""Units of which there are no parts."""
MEASURED_DECIMALS = 6


@lru_cache(4096)
def plain(value: Decimal) -> str:
    """The decimal without an exponent or trailing zeros.

    Equal decimals are written the same, and most are written again and again.
    """
    return format(value.normalize() + 0, "f")


def decimals_of(unit: str) -> int:
    """The decimals of a unit's quantities: none of what is counted, six of what is measured."""
    return 0 if unit.upper() in COUNTED else MEASURED_DECIMALS


def round_up(quantity: Fraction, decimals: int) -> Decimal:
    """The least quantity of so many decimals that is not less."""
    return Decimal(ceil(quantity * 10**decimals)).scaleb(-decimals)


def round_down(quantity: Fraction, decimals: int) -> Decimal:
    """The greatest quantity of so many decimals that is not more."""
    return Decimal(floor(quantity * 10**decimals)).scaleb(-decimals)


@lru_cache(1024)
def exact_ratio(ratio: Decimal) -> Fraction:
    """The fraction that a ratio of six decimals was written for: 0.333333 is a third, so that three of them are one."""
    exact = Fraction(ratio)
    simple = exact.limit_denominator(1000)
    return simple if simple and abs(simple - exact) < Fraction(1, 2 * 10**MEASURED_DECIMALS) else exact


NotNegative = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
Positive = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6)]
QuantityOut = Annotated[Decimal, PlainSerializer(plain, return_type=str)]
