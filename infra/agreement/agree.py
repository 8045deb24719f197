"""The step before the services start: do all of them know the same?

A service whose database, or whose event store, was lost or set back hears again what it lacks: its publisher has all
it ever published. What a service has of a future that its publisher lost is taken out: its read models are made anew
of what the publisher knows, what it has told others is settled, and the publisher's present states go out with versions
beyond all that anybody has seen.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import inspect, text

from infra.agreement.compare import KNOWN, Connection, find_difference, last_agreement, merged, note_agreement
from infra.agreement.log import events_of, log_of
from shared.contracts.streams import stream_of
from shared.kit.app import Service, database_of
from shared.kit.bus import Bus
from shared.kit.database import Database, Transaction
from shared.kit.projection import applied_heads, begin_rebuild, rebuild
from shared.kit.republish import MOST_IDS, Republishable, Republisher
from shared.kit.retention import unpack_events
from shared.kit.settings import Settings
from shared.kit.strange_streams import replace_strange_streams

log = structlog.get_logger(__name__)

Say = Callable[[str], None]
PUBLISH_AGAIN = (
    "UPDATE outbox o SET published_at = NULL, repeats = repeats + 1"
    " FROM unnest($1::text[], $2::int[]) AS b (aggregate, version)"
    " WHERE o.aggregate = b.aggregate AND o.version > b.version AND o.published_at IS NOT NULL RETURNING 1"
)
HEADS = (
    "SELECT DISTINCT ON (aggregate) aggregate, version, id FROM outbox WHERE aggregate = ANY($1::text[])"
    " ORDER BY aggregate, version DESC"
)
VERSIONS = "SELECT aggregate, version FROM inbox WHERE stream = $1 AND aggregate = ANY($2::text[])"
SET_HEADS = text(
    "INSERT INTO inbox (stream, aggregate, version, event_id)"
    " SELECT :stream, * FROM unnest(CAST(:aggregates AS text[]), CAST(:versions AS int[]), CAST(:ids AS uuid[]))"
    " ON CONFLICT (stream, aggregate) DO UPDATE SET version = excluded.version, event_id = excluded.event_id"
)
FORGET = text("DELETE FROM inbox WHERE stream = :stream AND aggregate = ANY(CAST(:aggregates AS text[]))")


@dataclass(frozen=True)
class Party:
    """One service, whether it runs or not, its database, and a connection to that."""

    service: Service
    database: Database
    connection: Connection

    @property
    def stream(self) -> str:
        """The stream of its events."""
        return stream_of(self.service.publisher)

    async def knows(self, event: UUID) -> bool:
        """Whether it has published an event, or will."""
        return bool(await self.connection.fetch(KNOWN, [event]))


@dataclass(frozen=True)
class Lifted:
    """An aggregate that somebody has seen more of than its publisher has: its next event comes after all of that."""

    version: int
    event_id: UUID | None
    """The publisher's last event of it; None where it has none."""


@asynccontextmanager
async def parties_of(services: Mapping[str, Service], settings: Mapping[str, Settings]) -> AsyncIterator[list[Party]]:
    """The services with their databases, which take their time."""
    async with AsyncExitStack() as stack:
        parties = []
        for name, service in services.items():
            database = database_of(settings[name])
            stack.push_async_callback(database.close)
            connection = await asyncpg.connect(database.url, timeout=10)
            stack.push_async_callback(connection.close)
            await connection.execute("SET statement_timeout = 0")
            parties.append(Party(service, database, connection))
        yield parties


async def bring_to_agreement(
    services: Mapping[str, Service], settings: Mapping[str, Settings], bus: Bus, say: Say, replicas: int = 1
) -> bool:
    """Bring services, by name, to agree; False when something had to be done. Raises OSError or PostgresError."""
    bus.start()
    try:
        async with parties_of(services, settings) as parties:
            return await agree(parties, bus, say, replicas)
    finally:
        await bus.close()


async def agree(parties: Sequence[Party], bus: Bus, say: Say, replicas: int = 1) -> bool:
    """Bring the services to agree; False when something had to be done. Raises OSError or PostgresError."""
    replaced = await replace_strange_streams(bus, {party.stream: party.knows for party in parties}, replicas)
    for stream in replaced:
        say(f"{stream}: the event store holds what its service does not know, and is made anew")
    calm = [await _agree_with(party, parties, say) for party in parties]
    return all(calm) and not replaced


async def _agree_with(publisher: Party, parties: Sequence[Party], say: Say) -> bool:
    """Have all consumers of one publisher agree with it; True when they did."""
    name = publisher.service.publisher
    consumers = [party for party in parties if name in party.service.listens_to]
    for party in consumers:
        agreed = await last_agreement(publisher.stream, publisher.connection, party.connection)
        if agreed.position:
            await publisher.database.run(partial(unpack_events, position=agreed.position))
    total = merged(
        [await find_difference(publisher.stream, publisher.connection, party.connection) for party in consumers]
    )
    if total.ahead:
        say(f"{name}: {len(total.ahead)} of its records are unknown to it since it was set back")
        await _settle(publisher, consumers, total.ahead, say)
    if total.behind:
        columns = list(total.behind), list(total.behind.values())
        count = len(await publisher.connection.fetch(PUBLISH_AGAIN, *columns))
        say(f"{name}: {count} events are published again")
    for party in consumers:
        await note_agreement(publisher.stream, publisher.connection, party.connection)
    return not (total.ahead or total.behind)


async def _settle(publisher: Party, consumers: Sequence[Party], ahead: Mapping[str, int], say: Say) -> None:
    """Lift the publisher's versions above all that was seen, first of all; then bring each consumer to what it knows.

    A consumer that is not reached, as all ends in between, is found ahead again at the next start.
    """
    name = publisher.service.publisher
    lifted = await _lift(publisher, consumers, ahead)
    known = {aggregate: each for aggregate, each in lifted.items() if each.event_id is not None}
    if strangers := sorted(ahead.keys() - known.keys()):
        log.error("a service has lost what others know", publisher=name, lost=strangers[:20])
        say(f"{name}: it has nothing of {len(strangers)} records that others know, of {strangers[0]} …")
    await _request_states(publisher, known)
    for consumer in consumers:
        await consumer.database.run(lambda tx, c=consumer: _set_right(tx, publisher, c, lifted))  # type: ignore[misc]


async def _lift(publisher: Party, consumers: Sequence[Party], ahead: Mapping[str, int]) -> dict[str, Lifted]:
    aggregates = sorted(ahead)
    heads = {row["aggregate"]: row for row in await publisher.connection.fetch(HEADS, aggregates)}
    highest = dict(ahead)
    for consumer in consumers:
        for row in await consumer.connection.fetch(VERSIONS, publisher.stream, aggregates):
            highest[row["aggregate"]] = max(row["version"], highest[row["aggregate"]])
    return {
        aggregate: Lifted(
            max(version, heads[aggregate]["version"] if aggregate in heads else 0),
            heads[aggregate]["id"] if aggregate in heads else None,
        )
        for aggregate, version in highest.items()
    }


async def _request_states(publisher: Party, known: Mapping[str, Lifted]) -> None:
    """Have the present states of these aggregates published, with the next versions."""
    republisher = Republisher(publisher.database, publisher.service.republishes)
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for aggregate in known:
        kind, _, id_ = aggregate.partition("/")
        by_kind[kind].append(id_)

    async def lift(tx: Transaction) -> None:
        for kind, ids in by_kind.items():
            republishable = republisher.kinds.get(kind)
            if republishable is None:
                continue
            await _set_versions(tx, republishable, {id_: known[f"{kind}/{id_}"].version for id_ in ids})
            for first in range(0, len(ids), MOST_IDS):
                await republisher.request(tx, kind, ids[first : first + MOST_IDS])

    await publisher.database.run(lift)


async def _set_versions(tx: Transaction, kind: Republishable, versions: Mapping[str, int]) -> None:
    rows = await tx.session.scalars(kind.of([kind.parse_id(id_) for id_ in versions]).with_for_update())
    for row in rows:
        row.version = versions[str(inspect(row).identity[0])]


async def _set_right(tx: Transaction, publisher: Party, consumer: Party, lifted: Mapping[str, Lifted]) -> None:
    name, people = publisher.service.publisher, consumer.database.people
    await begin_rebuild(tx)
    known = {aggregate: each for aggregate, each in lifted.items() if each.event_id is not None}
    await tx.session.execute(FORGET, {"stream": publisher.stream, "aggregates": sorted(lifted.keys() - known.keys())})
    columns = {
        "aggregates": list(known),
        "versions": [each.version for each in known.values()],
        "ids": [each.event_id for each in known.values()],
    }
    await tx.session.execute(SET_HEADS, {"stream": publisher.stream, **columns})
    projections = [each for each in consumer.service.projections if each.publisher == name]
    if projections:
        heads = await applied_heads(tx, publisher.stream)
        await rebuild(tx, publisher.stream, projections, log_of(publisher.connection, people), heads)
    aggregates = sorted(lifted)
    events = await events_of(publisher.connection, people, aggregates)
    for settlement in consumer.service.settles:
        if settlement.publisher == name:
            await settlement.settle(tx, aggregates, events)
