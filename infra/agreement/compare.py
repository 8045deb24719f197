"""What one service has applied of another one's events, beside what that one has published.

Looked at is what has happened since the last time that both were found to agree. Each consumer remembers the
publisher's last event of that time: where the publisher has another event at its position, or none, it was set back
since, and all is looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from shared.kit.retention import unpacked

AT_ONCE = 5000
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
AGREEMENT = "SELECT position, event_id, agreed_at FROM agreement WHERE stream = $1"
AGREE = (
    "INSERT INTO agreement (stream, position, event_id) VALUES ($1, $2, $3)"
    " ON CONFLICT (stream) DO UPDATE SET position = $2, event_id = $3, agreed_at = now()"
)
NEWEST = "SELECT position, id FROM outbox ORDER BY position DESC LIMIT 1"
IS_THERE = (
    "SELECT EXISTS (SELECT FROM outbox WHERE position = $1 AND id = $2)"
    " OR EXISTS (SELECT FROM outbox_page WHERE first <= $1 AND last >= $1)"
)
PUBLISHED = (
    "SELECT aggregate, max(version) AS version FROM outbox WHERE position > $1 AND published_at IS NOT NULL"
    " GROUP BY aggregate"
)
APPLIED = "SELECT aggregate, version FROM inbox WHERE stream = $1 AND aggregate = ANY($2::text[])"
SET_ASIDE = "SELECT DISTINCT aggregate FROM parked_event WHERE stream = $1 AND replayed_at IS NULL"
APPLIED_LATELY = "SELECT aggregate, version, event_id FROM inbox WHERE stream = $1 AND applied_at >= $2"
KNOWN = "SELECT id FROM outbox WHERE id = ANY($1::uuid[])"

PAGES = "SELECT first FROM outbox_page ORDER BY first"
PAGE_BODY = "SELECT body FROM outbox_page WHERE first = $1"

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Agreed:
    """Up to where a consumer was found to agree with a publisher, and when."""

    position: int = 0
    at: datetime = LONG_AGO


@dataclass
class Difference:
    """What a consumer lacks or has too much. All empty: they agree."""

    behind: dict[str, int] = field(default_factory=dict)
    """By aggregate the version up to which the consumer has it, where more was published."""
    ahead: dict[str, int] = field(default_factory=dict)
    """By aggregate the version that the consumer has applied and that the publisher does not know, or not as this."""


async def find_difference(stream: str, publisher: Connection, consumer: Connection) -> Difference:
    """What a consumer's inbox lacks of a publisher's outbox, and what it has that was never, or is no more, in it."""
    agreed = await last_agreement(stream, publisher, consumer)
    difference = Difference()
    set_aside = {row["aggregate"] for row in await consumer.fetch(SET_ASIDE, stream)}
    published = {row["aggregate"]: row["version"] for row in await publisher.fetch(PUBLISHED, agreed.position)}
    for some in _some(sorted(published.keys() - set_aside)):
        applied = {row["aggregate"]: row["version"] for row in await consumer.fetch(APPLIED, stream, some)}
        for aggregate in some:
            if applied.get(aggregate, 0) < published[aggregate]:
                difference.behind[aggregate] = applied.get(aggregate, 0)
    unknown: dict[UUID, Any] = {}
    for rows in _some(await consumer.fetch(APPLIED_LATELY, stream, agreed.at)):
        ids = [row["event_id"] for row in rows]
        known = {row["id"] for row in await publisher.fetch(KNOWN, ids)}
        unknown |= {row["event_id"]: row for row in rows if row["event_id"] not in known}
    if unknown:
        packed = await packed_ids(publisher)
        unknown = {id_: row for id_, row in unknown.items() if id_ not in packed}
    difference.ahead = {row["aggregate"]: row["version"] for row in unknown.values()}
    for aggregate in difference.ahead:
        difference.behind.pop(aggregate, None)
    return difference


async def packed_ids(publisher: Connection) -> set[UUID]:
    """The ids of the events that were packed."""
    ids: set[UUID] = set()
    for page in await publisher.fetch(PAGES):
        body = await publisher.fetchval(PAGE_BODY, page["first"])
        ids |= {UUID(row["id"]) for row in unpacked(body)}
    return ids


async def note_agreement(stream: str, publisher: Connection, consumer: Connection) -> None:
    """Remember that both agree, or will, as all that was published is on its way."""
    newest = await publisher.fetchrow(NEWEST)
    await consumer.execute(AGREE, stream, newest["position"] if newest else 0, newest["id"] if newest else None)


async def last_agreement(stream: str, publisher: Connection, consumer: Connection) -> Agreed:
    """Where a consumer and a publisher were last found to agree; the beginning where that one was set back since."""
    row = await consumer.fetchrow(AGREEMENT, stream)
    if row is None:
        return Agreed()
    if row["position"] and not await publisher.fetchval(IS_THERE, row["position"], row["event_id"]):
        return Agreed()
    return Agreed(row["position"], row["agreed_at"])


def _some(things: Sequence[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(things), AT_ONCE):
        yield list(things[first : first + AT_ONCE])


def merged(differences: Sequence[Difference]) -> Difference:
    """What any of the consumers lacks or has too much: the lowest version it lacks from, the highest it has."""
    both = Difference()
    for each in differences:
        for aggregate, version in each.behind.items():
            both.behind[aggregate] = min(version, both.behind.get(aggregate, version))
        for aggregate, version in each.ahead.items():
            both.ahead[aggregate] = max(version, both.ahead.get(aggregate, version))
    return both
