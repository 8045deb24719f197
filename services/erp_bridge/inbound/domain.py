"""The rules for an order that an ERP sends, for the first time or again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

CONTENT = ("item", "quantity", "due_at", "priority", "customer", "sales_order", "note")
"""The fields that make two orders with one external id the same or not."""


class OrderState(StrEnum):
    """The shop's answer to an order: none yet, yes, or no; or the ERP has cancelled it."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"


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


class CancelDecision(Enum):
    """The treatment of a cancellation."""

    NOTHING = "nothing"
    """It is cancelled already."""
    WAIT = "wait"
    """A planner was asked already."""
    CANCEL = "cancel"
    REQUEST = "request"
    """The order is released: a planner decides."""
    TOO_LATE = "too_late"
    """All of it is made."""


ON_THE_FLOOR = ("released", "in_progress", "on_hold")
MADE = ("completed", "closed")
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


def decide_cancel(state: OrderState, parts: Collection[str], *, is_asked: bool) -> CancelDecision:
    """What becomes of a cancellation; ``parts`` are the states of the order's work orders, as far as there are some.

    One that comes again changes nothing; one that the shop has refused, or taken back itself, is asked for anew.
    """
    if any(part in ON_THE_FLOOR for part in parts):
        return CancelDecision.WAIT if is_asked and state is not OrderState.CANCELLED else CancelDecision.REQUEST
    if state is OrderState.CANCELLED:
        return CancelDecision.NOTHING
    is_left = any(part in UNRELEASED for part in parts)
    return CancelDecision.TOO_LATE if not is_left and any(part in MADE for part in parts) else CancelDecision.CANCEL
