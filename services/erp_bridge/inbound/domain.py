"""The rules for an order that an ERP sends, for the first time or again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

CONTENT = ("item", "quantity", "due_at", "priority", "customer", "sales_order", "note")
"""The fields that make two orders with one external id the same or not."""


class OrderState(StrEnum):
    """The shop's answer to an order: none yet, yes, or no."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Source(StrEnum):
    """The channel an order came by."""

    HTTP = "http"
    FILE = "file"


class Decision(Enum):
    """The treatment of an order that is known already."""

    NOTHING = "nothing"
    CHANGE = "change"
    REQUEST = "request"
    """The order is released: a planner decides on the change."""


UNRELEASED = (None, "draft", "planned")
"""States of its work order in which an ERP may still change an order; None: there is no work order yet."""


@dataclass(frozen=True)
class Change:
    """One field that differs, as texts."""

    field: str
    before: str | None
    after: str | None


def _as_text(value: object) -> str | None:
    match value:
        case None:
            return None
        case Decimal():
            return format(value.normalize() + 0, "f")
        case datetime():
            return value.isoformat()
        case _:
            return str(value)


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The fields of an order's content that differ."""
    return [
        Change(name, _as_text(before[name]), _as_text(after[name])) for name in CONTENT if before[name] != after[name]
    ]


def decide(state: OrderState, work_order_state: str | None, changes: list[Change]) -> Decision:
    """The same again does nothing, unless it was refused: then it is tried again.

    A change is taken until the release; after it a planner decides.
    """
    if changes and work_order_state not in UNRELEASED:
        return Decision.REQUEST
    if changes or state is OrderState.REFUSED:
        return Decision.CHANGE
    return Decision.NOTHING
