"""Exact quantities over HTTP: a number or a string in, a string out."""

from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError


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


NotNegative = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
Positive = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6)]
NotZero = Annotated[Decimal, Field(max_digits=18, decimal_places=6), AfterValidator(_not_zero)]
QuantityOut = Annotated[Decimal, PlainSerializer(plain, return_type=str)]
