"""What is confirmed; when a delivery is tried again, and when it is set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

FIRST_WAIT = timedelta(seconds=0.5)
LONGEST_WAIT = timedelta(minutes=5)
TRIED_FOR = timedelta(hours=72)
"""From a delivery's first attempt to its last."""
CALM_REFUSALS = 3
"""Refusals in a row after which an endpoint rests between deliveries: it is likely to refuse them all."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What is to be confirmed: a difference of an operation, or, ``final``, its end; without an operation, that the order's quantity was changed.

    ``id`` is that of the event that tells it.
    """

    id: UUID
    external_id: str
    work_order: UUID
    number: str
    op: int | None
    item: str
    job: UUID | None
    good: Decimal
    scrap: list[dict[str, str]]
    rework: Decimal
    started_at: datetime | None
    finished_at: datetime | None
    final: bool
    total_good: Decimal | None
    total_scrap: Decimal | None
    total_rework: Decimal | None
    recorded_at: datetime
    order_quantity: Decimal | None = None
    """What is to be made of the ERP's order now, over all its parts."""


ENDED = ("done", "skipped", "cancelled")


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    PARKED = "parked"


def wait_after(attempts: int, chance: float, asked: timedelta | None = None) -> timedelta:
    """The wait after ``attempts`` failures: full jitter (``chance`` is 0 … 1) below 0.5 s · 2ⁿ, at most 5 min; never less than was asked for."""
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 20)))
    return max(ceiling * chance, asked or timedelta())


def rest_after_refusal(failures: int, chance: float) -> timedelta | None:
    """How long an endpoint rests after refusing ``failures`` deliveries in a row; None at first, since one document alone may be wrong."""
    return wait_after(failures - CALM_REFUSALS, chance) if failures > CALM_REFUSALS else None


def is_given_up(first_attempt_at: datetime, next_attempt_at: datetime) -> bool:
    """Whether the next attempt would come too late."""
    return next_attempt_at - first_attempt_at > TRIED_FOR
