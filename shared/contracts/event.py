"""The parts that every event contract is made of."""

from decimal import Decimal
from functools import lru_cache
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, PlainSerializer


@lru_cache(4096)
def _plain(value: Decimal) -> str:
    return format(value.normalize() + 0, "f")


MAX_BYTES = 240 * 1024
"""The most that an event's body may have: NATS takes messages of 256 KiB, headers and all."""

Quantity = Annotated[Decimal, PlainSerializer(_plain, return_type=str)]
"""An exact quantity; a decimal string in JSON, without an exponent or trailing zeros."""


def is_none(value: object) -> bool:
    """True for None: such a field is left out of the body."""
    return value is None


Name = dict[str, str]
"""A text by language code, e.g. ``{"ko": "프레스", "en": "press"}``."""


class Event(BaseModel):
    """A fact that happened. Readers are tolerant: a field they do not know is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    """``<service>.<aggregate>.<event>.v<N>``, in the past tense."""

    TOPIC: ClassVar[str]
    """The topic of the live stream under which browsers hear of it."""


class Part(BaseModel):
    """A part of an event's body."""

    model_config = ConfigDict(frozen=True, extra="ignore")
