"""The rules of deliveries: what a response means, when one is tried again, and when it is set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

FIRST_WAIT = timedelta(seconds=0.5)
LONGEST_WAIT = timedelta(minutes=5)
TRIED_FOR = timedelta(hours=72)
"""From a delivery's first attempt to its last."""
CALM_REFUSALS = 3
"""Refusals in a row after which an endpoint rests between deliveries: it is likely to refuse them all."""
TRANSIENT = frozenset({408, 425, 429})
"""Client errors that pass by themselves."""
LONGEST_RETRY_AFTER = timedelta(hours=24)
"""A receiver's ``Retry-After`` counts up to here."""


class DeliveryState(StrEnum):
    """The state of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    PARKED = "parked"


def wait_after(attempts: int, chance: float, requested: timedelta | None = None) -> timedelta:
    """The wait after ``attempts`` failures: full jitter (``chance`` is 0 … 1) below 0.5 s · 2ⁿ, at most 5 min.

    Never less than the receiver requested.
    """
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 20)))
    return max(ceiling * chance, requested or timedelta())


def rest_after_refusal(failures: int, chance: float) -> timedelta | None:
    """The rest of an endpoint that refused ``failures`` deliveries in a row.

    None at first: one document alone may be wrong.
    """
    return wait_after(failures - CALM_REFUSALS, chance) if failures > CALM_REFUSALS else None


def is_given_up(first_attempt_at: datetime, next_attempt_at: datetime) -> bool:
    """True when the next attempt would come too late."""
    return next_attempt_at - first_attempt_at > TRIED_FOR


@dataclass(frozen=True)
class DeliveryOutcome:
    """The end of one sending. ``wait`` is what the receiver asked for."""

    delivered: bool
    reason: str | None = None
    is_final: bool = True
    wait: timedelta | None = None


DELIVERED = DeliveryOutcome(delivered=True)


def judge_response(status: int, text: str, retry_after: str | None, now: datetime) -> DeliveryOutcome:
    """2xx is delivered; what passes by itself is tried again; any other response is final."""
    if 200 <= status < 300:
        return DELIVERED
    reason = f"HTTP {status}: {text}" if text else f"HTTP {status}"
    if status in TRANSIENT or status >= 500:
        return DeliveryOutcome(False, reason, is_final=False, wait=read_retry_after(retry_after, now))
    return DeliveryOutcome(False, reason)


def read_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """The wait in a ``Retry-After`` header: seconds, or a date (RFC 9110 10.2.3)."""
    if not value:
        return None
    if value.strip().isdecimal():
        wait = timedelta(seconds=min(int(value.strip()[:9]), LONGEST_RETRY_AFTER.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(value)
        except ValueError:
            return None
        if until.tzinfo is None:
            return None
        wait = until - now
    return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)
