"""A publisher's outbox, read as the log that it is."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from infra.agreement.compare import PAGE_BODY, PAGES, Connection
from shared.contracts.catalogue import READABLE, read_event
from shared.contracts.event import Event
from shared.kit.inbox import Received
from shared.kit.projection import Log
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.retention import unpacked

PAGE = 1000
SELECT = "SELECT position, id, type, aggregate, version, time, body, traceparent FROM outbox"
AFTER = f"{SELECT} WHERE position > $1 ORDER BY position LIMIT {PAGE}"
OF_AGGREGATES = f"{SELECT} WHERE aggregate = ANY($1::text[]) ORDER BY position"


def log_of(publisher: Connection, people: Pseudonyms) -> Log:
    """All events that a publisher has stored, by pages, as this release reads them."""

    async def pages() -> AsyncIterator[Sequence[Received[Event]]]:
        for first in await publisher.fetch(PAGES):
            yield _read(await _page(publisher, first["first"]), people)
        position = 0
        while rows := await publisher.fetch(AFTER, position):
            position = rows[-1]["position"]
            yield _read(rows, people)

    return pages


async def events_of(publisher: Connection, people: Pseudonyms, aggregates: Sequence[str]) -> list[Received[Event]]:
    """All events that a publisher has stored of some aggregates."""
    requested = set(aggregates)
    packed = [
        row
        for first in await publisher.fetch(PAGES)
        for row in await _page(publisher, first["first"])
        if row["aggregate"] in requested
    ]
    return _read([*packed, *await publisher.fetch(OF_AGGREGATES, list(aggregates))], people)


async def _page(publisher: Connection, first: int) -> list[dict[str, Any]]:
    rows = unpacked(await publisher.fetchval(PAGE_BODY, first))
    return [row | {"id": UUID(row["id"]), "time": datetime.fromisoformat(row["time"])} for row in rows]


def in_order(rows: Sequence[Any]) -> list[Any]:
    """Rows as they were stored, each aggregate's among themselves by their versions.

    Two events of one transaction may lie the other way round; who consumes them applies them by version, too.
    """
    by_version = {
        aggregate: iter(list(group))
        for aggregate, group in groupby(sorted(rows, key=itemgetter("aggregate", "version")), itemgetter("aggregate"))
    }
    return [next(by_version[row["aggregate"]]) for row in rows]


def _read(rows: Sequence[Any], people: Pseudonyms) -> list[Received[Event]]:
    return [
        Received(
            read_event(row["type"], row["body"], people.id_of),
            row["id"],
            row["aggregate"],
            row["version"],
            row["time"],
            row["traceparent"],
        )
        for row in in_order(rows)
        if row["type"] in READABLE
    ]
