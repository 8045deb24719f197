"""The inbox: the last applied version of each aggregate, stored in the transaction of the effect.

Versions of an aggregate have no gap, so one number tells a duplicate (not above it), the next event (one above it) and
a gap (further above it). That stays true however late a duplicate comes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar, overload
from uuid import UUID

from sqlalchemy import text

from shared.contracts.event import Event
from shared.kit.database import Transaction
from shared.kit.tracing import traced

E = TypeVar("E", bound=Event)

LOCK_VERSIONS = text(
    "SELECT aggregate, version FROM inbox WHERE stream = :stream AND aggregate = ANY(:aggregates)"
    " ORDER BY aggregate FOR UPDATE"
)
STORE_VERSIONS = text(
    "INSERT INTO inbox (stream, aggregate, version, event_id)"
    " SELECT :stream, * FROM unnest(CAST(:aggregates AS text[]), CAST(:versions AS int[]), CAST(:ids AS uuid[]))"
    " ON CONFLICT (stream, aggregate) DO UPDATE SET version = excluded.version, event_id = excluded.event_id,"
    " applied_at = now()"
    " WHERE inbox.version < excluded.version"
)
PARKED_AGGREGATES = text(
    "SELECT DISTINCT aggregate FROM parked_event WHERE stream = :stream AND aggregate = ANY(:aggregates)"
    " AND replayed_at IS NULL"
)
STILL_PARKED = text(
    "SELECT 1 FROM parked_event WHERE stream = :stream AND aggregate = :aggregate AND replayed_at IS NULL"
    " LIMIT 1 FOR SHARE"
)


@dataclass(frozen=True)
class Received(Generic[E]):
    """An event as it came: the contract, and the attributes around it."""

    event: E
    id: UUID
    aggregate: str
    version: int
    time: datetime
    traceparent: str | None = None


class Events(Sequence[Received[E]]):
    """Events of one type, in order. While a loop stands at one of them, what is recorded belongs to its trace."""

    def __init__(self, events: Sequence[Received[E]]) -> None:
        self._events = events

    @overload
    def __getitem__(self, index: int) -> Received[E]: ...
    @overload
    def __getitem__(self, index: slice) -> "Events[E]": ...
    def __getitem__(self, index: int | slice) -> "Received[E] | Events[E]":
        """One of them, or some."""
        return Events(self._events[index]) if isinstance(index, slice) else self._events[index]

    def __len__(self) -> int:
        """The number of events."""
        return len(self._events)

    def __iter__(self) -> Iterator[Received[E]]:
        """Each in turn, in its trace."""
        for received in self._events:
            with traced(received.traceparent):
                yield received

    def common_trace(self) -> str | None:
        """The trace of all of them, if it is one."""
        traces = {received.traceparent for received in self._events}
        return traces.pop() if len(traces) == 1 else None


class AppliedElsewhere(Exception):
    """Another replica committed the same event first: this transaction must not."""


class Verdict(Enum):
    """The treatment of an event: apply it, drop it, or wait for those before it."""

    APPLY = "apply"
    DUPLICATE = "duplicate"
    GAP = "gap"


def judge(version: int, applied: int) -> Verdict:
    """Tell the next event from a duplicate and from one behind a gap, by the last applied version."""
    if version <= applied:
        return Verdict.DUPLICATE
    return Verdict.APPLY if version == applied + 1 else Verdict.GAP


async def applied_versions(tx: Transaction, stream: str, aggregates: Iterable[str]) -> dict[str, int]:
    """The last applied version of each aggregate; locked until the end of the transaction."""
    requested = sorted(set(aggregates))
    rows = await tx.session.execute(LOCK_VERSIONS, {"stream": stream, "aggregates": requested})
    found = {row.aggregate: row.version for row in rows}
    return {aggregate: found.get(aggregate, 0) for aggregate in requested}


async def store_versions(tx: Transaction, stream: str, last: dict[str, tuple[int, UUID]]) -> None:
    """Store the versions that were applied in this transaction.

    ``AppliedElsewhere`` when another replica was faster.
    """
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
    """The aggregates that have a parked event, behind which later ones must wait."""
    rows = await tx.session.execute(PARKED_AGGREGATES, {"stream": stream, "aggregates": sorted(set(aggregates))})
    return {row.aggregate for row in rows}


async def is_parked(tx: Transaction, stream: str, aggregate: str) -> bool:
    """True while an event of this aggregate is parked; a replay that is going on is waited for."""
    return await tx.session.scalar(STILL_PARKED, {"stream": stream, "aggregate": aggregate}) is not None
