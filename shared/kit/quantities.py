"""Exact quantities over HTTP: a number or a string in, a string out; where people think so, a fraction: ``1/30000``."""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetPydanticSchema, PlainSerializer, SerializationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError, core_schema

SIDE = r"\d{1,15}(?:\.\d{1,12})?"
FRACTION = re.compile(rf"\s*({SIDE})\s*/\s*({SIDE})\s*", re.ASCII)
BELOW = 10**12
"""Quantities are below it."""
MOST_DECIMALS_SHOWN = 36
DECIMAL_PLACES = 15
"""Decimal places of a quantity for one piece, where it is shown or stored as a decimal beside its fraction."""


@lru_cache(4096)
def plain(value: Decimal) -> str:
    """The decimal without an exponent or trailing zeros.

    Equal decimals are written the same, and most are written again and again.
    """
    return format(value.normalize() + 0, "f")


def _not_zero(value: Decimal) -> Decimal:
    if not value:
        raise PydanticCustomError("zero", "must not be zero")
    return value


def round_up(quantity: Fraction, decimals: int) -> Decimal:
    """The least quantity of so many decimals that is not less."""
    return Decimal(ceil(quantity * 10**decimals)).scaleb(-decimals)


def round_down(quantity: Fraction, decimals: int) -> Decimal:
    """The greatest quantity of so many decimals that is not more."""
    return Decimal(floor(quantity * 10**decimals)).scaleb(-decimals)


@lru_cache(1024)
def exact_ratio(ratio: Decimal) -> Fraction:
    """The fraction that a ratio of six decimals was written for: 0.333333 is a third, so that three of them are one."""
    exactly = Fraction(ratio)
    simple = exactly.limit_denominator(1000)
    return simple if simple and abs(simple - exactly) < Fraction(1, 2 * 10**6) else exactly


NotNegative = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
Positive = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6)]
PositiveForOne = Annotated[Decimal, Field(gt=0, max_digits=27, decimal_places=DECIMAL_PLACES, lt=BELOW)]
NotZero = Annotated[Decimal, Field(max_digits=18, decimal_places=6), AfterValidator(_not_zero)]
QuantityOut = Annotated[Decimal, PlainSerializer(plain, return_type=str)]


def exact(written: str) -> Fraction:
    """The value of a decimal or a fraction as text: ``0.5``, ``1/3``, ``2.5/1000``."""
    numerator, _, denominator = written.partition("/")
    return Fraction(numerator) / Fraction(denominator or 1)


def shown(value: Fraction) -> str:
    """The exact value as text: a decimal where it has an end, else a fraction in lowest terms."""
    decimals = next((n for n in range(MOST_DECIMALS_SHOWN) if 10**n % value.denominator == 0), None)
    if decimals is None:
        return str(value)
    return format(Decimal(f"{value.numerator * 10**decimals // value.denominator}E-{decimals}"), "f")


def as_decimal(value: Fraction) -> Decimal:
    """The value to 15 places, half to even."""
    return Decimal(f"{round(value * 10**DECIMAL_PLACES)}E-{DECIMAL_PLACES}")


def _sides(value: object) -> tuple[Decimal, Decimal] | None:
    """Both sides of a text that is written as a fraction."""
    text = unicodedata.normalize("NFKC", value).replace("\u2044", "/") if isinstance(value, str) else ""
    if "/" not in text:
        return None
    if not (written := FRACTION.fullmatch(text)):
        raise PydanticKnownError("decimal_parsing")
    numerator, denominator = map(Decimal, written.groups())
    if not (numerator and denominator):
        raise PydanticKnownError("greater_than", {"gt": 0})
    return numerator, denominator


def _fraction(value: object) -> Fraction | None:
    sides = _sides(value)
    if sides is None:
        return None
    found = Fraction(sides[0]) / Fraction(sides[1])
    if not as_decimal(found):
        raise PydanticKnownError("decimal_max_places", {"decimal_places": DECIMAL_PLACES})
    if found >= BELOW:
        raise PydanticKnownError("decimal_whole_digits", {"whole_digits": 12})
    return found


def _written(value: object) -> str | None:
    """A fraction as it was written, without blanks."""
    sides = _sides(value)
    _fraction(value)
    return sides and "/".join(map(plain, sides))


def _as_json(value: Decimal | Fraction | str, info: SerializationInfo) -> Decimal | Fraction | str:
    return str(value) if info.mode == "json" else value


def _or_fraction(decimal: Any, fraction: Any, otherwise: Any) -> GetPydanticSchema:
    """A decimal by its own rules (``otherwise`` makes of it what it is to be), or a fraction."""

    def validate(value: object, handler: core_schema.ValidatorFunctionWrapHandler) -> object:
        found = fraction(value)
        return otherwise(handler(value)) if found is None else found

    return GetPydanticSchema(
        lambda _, handler: core_schema.no_info_wrap_validator_function(
            validate,
            handler.generate_schema(decimal),
            serialization=core_schema.plain_serializer_function_ser_schema(_as_json, info_arg=True),
        )
    )


def _schema(bounds: dict[str, int]) -> WithJsonSchema:
    number = {"type": "number", **bounds}
    text = {"type": "string", "pattern": rf"^\s*{SIDE}(?:\s*/\s*{SIDE})?\s*$"}
    return WithJsonSchema(
        {"anyOf": [number, text], "examples": ["12.5", "1/30000"]},
        mode="validation",
    )


Amount = Annotated[
    Decimal | Fraction, _or_fraction(Positive, _fraction, lambda value: value), _schema({"exclusiveMinimum": 0})
]
"""A quantity above zero, perhaps as a fraction: of a unit, it may come to a whole number."""
Remainder = Annotated[
    Decimal | Fraction, _or_fraction(NotNegative, _fraction, lambda value: value), _schema({"minimum": 0})
]
"""The same, or nothing."""
Change = Annotated[Decimal | Fraction, _or_fraction(NotZero, _fraction, lambda value: value), _schema({})]
"""A quantity that is not nothing, perhaps negative."""
ForOne = Annotated[str, _or_fraction(PositiveForOne, _written, plain), _schema({"exclusiveMinimum": 0})]
"""A quantity for one piece as it was written: any decimal or fraction."""
ExactOut = Annotated[Fraction, PlainSerializer(shown, return_type=str)]
"""An exact quantity; a decimal or, where none says it, a fraction."""
