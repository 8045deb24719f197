"""What a lot is, what keeps one from being used, and how it is numbered.

Quantities are exact. A lot's remaining quantity is the sum of its movements; it may fall below zero, because what was
used was used. A wrong, held, expired, empty or unknown lot is refused before it goes in; when it is in already it is
recorded and flagged.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

USUAL_RULE = "{item}-{yymmdd}-{nnn}"
SHIPPED, LOT_SHORT = "shipped", "lot_short"
"""Flags of what leaves a lot with less than nothing: its pieces have left the house, or somebody has used them."""
SEPARATOR = " · "
"""Between the reasons for which a lot is held."""


class Origin(StrEnum):
    """The origin of a lot; ``unreceived`` was used on the floor before anybody had received it."""

    RECEIVED = "received"
    PRODUCED = "produced"
    SPLIT = "split"
    MERGED = "merged"
    UNRECEIVED = "unreceived"


class Move(StrEnum):
    """A kind of change of a lot's quantity.

    ``consumed`` was scanned, ``drawn`` was taken by the bill of material; ``recovered`` went back from a part to the
    lot that it came from.
    """

    RECEIVED = "received"
    PRODUCED = "produced"
    CONSUMED = "consumed"
    DRAWN = "drawn"
    SPLIT = "split"
    MERGED = "merged"
    SHIPPED = "shipped"
    COUNTED = "counted"
    RECOVERED = "recovered"


class LotState(StrEnum):
    """The state of a lot: what can be done with it now."""

    AVAILABLE = "available"
    ON_HOLD = "on_hold"
    EXPIRED = "expired"
    EMPTY = "empty"


@dataclass(frozen=True)
class LotView:
    """A lot as far as its use is concerned."""

    item: str
    remaining: Decimal
    is_held: bool
    expires_on: date | None


def lot_state(lot: LotView, today: date) -> LotState:
    """The state that matters most: a hold, then the expiry, then that nothing is left.

    A lot may be used on the day it expires.
    """
    if lot.is_held:
        return LotState.ON_HOLD
    if lot.remaining <= 0:
        return LotState.EMPTY
    return LotState.EXPIRED if lot.expires_on is not None and lot.expires_on < today else LotState.AVAILABLE


def objections(lot: LotView, needed: Iterable[str], today: date) -> list[str]:
    """Reasons against using the lot for a job that needs these items (any when there are none), the gravest first."""
    items = set(needed)
    found = {
        "wrong_item": bool(items) and lot.item not in items,
        "lot_on_hold": lot.is_held,
        "lot_expired": lot.expires_on is not None and lot.expires_on < today,
        "lot_empty": lot.remaining <= 0,
    }
    return [code for code, is_so in found.items() if is_so]


def number_of(rule: str, values: Mapping[str, str], day: date) -> tuple[str, str, int]:
    """The text before and after a lot's running number by ``rule``, and that number's least digits.

    They have 60 characters together.

    ``values`` are item, order, machine and shift, each of them possibly empty.
    """
    texts = {
        **values,
        "yyyymmdd": f"{day:%Y%m%d}",
        "yymmdd": f"{day:%y%m%d}",
        "yymm": f"{day:%y%m}",
        "yy": f"{day:%y}",
        "mm": f"{day:%m}",
        "dd": f"{day:%d}",
    }
    before, running, after = re.split(r"\{(n+)\}", rule, maxsplit=1)
    before, after = (re.sub(r"\{(\w+)\}", lambda found: texts.get(found[1], ""), part) for part in (before, after))
    before = before.lstrip(".+#-")
    return before[: 60 - max(6, len(running)) - len(after)], after, len(running)
