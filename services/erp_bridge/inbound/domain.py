"""What becomes of an order that an ERP sends, for the first time or again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

CONTENT = ("item", "quantity", "due_at", "priority", "customer", "sales_order", "note")
"""The fields that make two orders with one external id the same or not."""


class State(StrEnum):
    """What the shop has said to an order: nothing yet, yes, or no."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Source(StrEnum):
    """How an order came."""

    HTTP = "http"
    FILE = "file"


class Decision(Enum):
    """What is done with an order that is known already."""

    NOTHING = "nothing"
    CHANGE = "change"
    REFUSE = "refuse"


UNRELEASED = (None, "draft", "planned")
"""States of its work order in which an ERP may still change an order; None: there is no work order yet."""


@dataclass(frozen=True)
class Change:
    """One field that differs, as texts."""

    field: str
    before: str | None
    after: str | None


def _written(value: object) -> str | None:
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
        Change(name, _written(before[name]), _written(after[name])) for name in CONTENT if before[name] != after[name]
    ]


def decide(state: State, work_order_state: str | None, changes: list[Change]) -> Decision:
    """The same again does nothing, unless it was refused: then it is tried again. A change is taken until the release; after it a planner decides."""
    if changes and work_order_state not in UNRELEASED:
        return Decision.REFUSE
    if changes or state is State.REFUSED:
        return Decision.CHANGE
    return Decision.NOTHING
