"""What was applied already: the last version of each aggregate, kept in the transaction of the effect.

Versions of an aggregate have no gap, so one number tells a duplicate (not above it), the next event (one above it) and a gap
(further above it). That stays true however late a duplicate comes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import text

from shared.contracts.event import Event
from shared.kit.database import Transaction

E = TypeVar("E", bound=Event)

LOCK_VERSIONS = text(
    "SELECT aggregate, version FROM inbox WHERE stream = :stream AND aggregate = ANY(:aggregates) ORDER BY aggregate FOR UPDATE"
)
STORE_VERSIONS = text(
    "INSERT INTO inbox (stream, aggregate, version, event_id)"
    " SELECT :stream, * FROM unnest(CAST(:aggregates AS text[]), CAST(:versions AS int[]), CAST(:ids AS uuid[]))"
    " ON CONFLICT (stream, aggregate) DO UPDATE SET version = excluded.version, event_id = excluded.event_id, applied_at = now()"
    " WHERE inbox.version < excluded.version"
)
PARKED_AGGREGATES = text(
    "SELECT DISTINCT aggregate FROM parked_event WHERE stream = :stream AND aggregate = ANY(:aggregates) AND replayed_at IS NULL"
)


@dataclass(frozen=True)
class Received(Generic[E]):
    """An event as it came: the contract, and the attributes around it."""

    event: E
    id: UUID
    aggregate: str
    version: int
    time: datetime


class AppliedElsewhere(Exception):
    """Another replica committed the same event first: this transaction must not."""


class Verdict(Enum):
    """What is to be done with an event."""

    APPLY = "apply"
    DUPLICATE = "duplicate"
    GAP = "gap"


def judge(version: int, applied: int) -> Verdict:
    """Whether an event's version is the next one after those that were applied."""
    if version <= applied:
        return Verdict.DUPLICATE
    return Verdict.APPLY if version == applied + 1 else Verdict.GAP


async def applied_versions(tx: Transaction, stream: str, aggregates: Iterable[str]) -> dict[str, int]:
    """The last applied version of each aggregate; locked until the end of the transaction."""
    wanted = sorted(set(aggregates))
    rows = await tx.session.execute(LOCK_VERSIONS, {"stream": stream, "aggregates": wanted})
    found = {row.aggregate: row.version for row in rows}
    return {aggregate: found.get(aggregate, 0) for aggregate in wanted}


async def store_versions(tx: Transaction, stream: str, last: dict[str, tuple[int, UUID]]) -> None:
    """Keep the versions that were applied in this transaction; ``AppliedElsewhere`` when another replica was faster."""
    ordered = sorted(last.items())
    columns = {
        "aggregates": [a for a, _ in ordered],
        "versions": [v for _, (v, _) in ordered],
        "ids": [i for _, (_, i) in ordered],
    }
    stored = await tx.session.execute(STORE_VERSIONS, {"stream": stream, **columns})
    if stored.rowcount != len(ordered):  # type: ignore[attr-defined]  # an INSERT's result is a CursorResult
        raise AppliedElsewhere


async def parked_aggregates(tx: Transaction, stream: str, aggregates: Iterable[str]) -> set[str]:
    """Those of the aggregates that have an event set aside, behind which later ones must wait."""
    rows = await tx.session.execute(PARKED_AGGREGATES, {"stream": stream, "aggregates": sorted(set(aggregates))})
    return {row.aggregate for row in rows}
