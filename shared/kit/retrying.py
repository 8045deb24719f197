"""Events that failed when they were applied: how long until they are tried again, and which they are.

An event that fails by its own content, or by a fault of ours, fails in the same way each time: it spends its tries
within seconds, so that somebody sees it. What may come right (a reference on its way, a collision) is given half an
hour.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.kit.database import Transaction
from shared.kit.inbox import Received
from shared.kit.parking import storable

TRIES = 8
BACKOFF_S = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Until the second try, the third, ...; the last one repeats."""
LASTING_BACKOFF_S = 1.0
LASTING = (ValueError, TypeError, AttributeError, KeyError, IndexError, ArithmeticError, AssertionError, RecursionError)
LASTING_STATES = ("22", "23502", "23514", "42")
"""PostgreSQL's codes for values that do not fit, a missing value, a broken check, and statements that cannot be."""
COUNT = text(
    "INSERT INTO retrying_event (id, stream, type, aggregate, version, time, reason)"
    " VALUES (:id, :stream, :type, :aggregate, :version, :time, :reason)"
    " ON CONFLICT (id) DO UPDATE SET tries = retrying_event.tries + 1, reason = excluded.reason,"
    " failed_last_at = now() RETURNING tries"
)
FORGET = text("DELETE FROM retrying_event WHERE id = ANY(:ids)")
KNOWN = text("SELECT id FROM retrying_event WHERE stream = :stream")


def is_lasting(error: BaseException) -> bool:
    """True for an error that comes again however often the event is tried."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(cause, "sqlstate", None) or "")
    if state or isinstance(error, DBAPIError | asyncpg.PostgresError):
        return state.startswith(LASTING_STATES)
    return isinstance(error, LASTING)


def delay_after(tries: int, error: BaseException) -> float | None:
    """Seconds until an event that failed so often is tried again; None when its tries are spent."""
    if tries >= TRIES:
        return None
    return LASTING_BACKOFF_S if is_lasting(error) else BACKOFF_S[min(tries, len(BACKOFF_S)) - 1]


async def count_failure(tx: Transaction, stream: str, received: Received[Any], reason: str) -> int:
    """Store that an event failed; how often it has by now."""
    values = {
        "id": received.id,
        "stream": stream,
        "type": received.event.TYPE,
        "aggregate": received.aggregate,
        "version": received.version,
        "time": received.time,
        "reason": storable(reason),
    }
    return int(await tx.session.scalar(COUNT, values))


async def forget_failures(tx: Transaction, ids: Collection[UUID]) -> None:
    """These events are applied or parked."""
    await tx.session.execute(FORGET, {"ids": list(ids)})


async def known_failures(tx: Transaction, stream: str) -> set[UUID]:
    """The events of a stream that failed, and may do so again."""
    return set(await tx.session.scalars(KNOWN, {"stream": stream}))
