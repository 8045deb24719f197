"""The outbox's relay: publishes what was committed, in order, at least once.

What was committed in a row and is of one type goes as one message, where it is small: a message costs the server, which
syncs it to the disk, and each reader more than an event in it.

One relay a service is elected by an advisory lock. It is woken by commits of its own process and looks by itself at
least once a second, so that a lost wake-up costs a second and never an event.

An event that NATS can never take (too large, no message at all) is withheld, and with it what follows on its aggregate,
so that nothing overtakes it and no consumer waits for a version that does not come. All others go on. What is withheld
is published again on request (``shared.kit.withheld_events``), once the cause is mended.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg
import nats.errors
import nats.js.errors
import structlog
from nats.js import JetStreamContext
from sqlalchemy import text

from shared.contracts.streams import stream_of
from shared.kit.bus import Bus
from shared.kit.cloudevents import batch_headers, headers_of, write_batch
from shared.kit.database import Database
from shared.kit.metrics import Metrics
from shared.kit.parking import storable
from shared.kit.tasks import end

log = structlog.get_logger(__name__)

LOCK = 0x64757265
ROWS = 500
MESSAGE_ROWS = 50
MESSAGE_BYTES = 64 * 1024
"""A message has at most so many events and, where it has several, about so many bytes."""
REST_S = 0.02
"""Rest after several events for as long as they took, and so many seconds at most: under load the next message has
more of them."""
IDLE_S = 1.0
QUIET_S = 10.0
"""A relay that had nothing to publish for so long lets its connection go, which takes 5 MB of PostgreSQL."""
ANSWER_S = 10.0
"""NATS has so long to say that it has stored a message."""
WAITING = (
    "SELECT position, id, type, aggregate, version, time, body, traceparent, repeats FROM outbox o"
    " WHERE published_at IS NULL AND NOT EXISTS"
    " (SELECT FROM withheld_event w WHERE w.aggregate = o.aggregate AND w.version <= o.version)"
    " ORDER BY position LIMIT $1"
)
IS_WAITING = text("SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)")
SET_PUBLISHED = "UPDATE outbox SET published_at = now() WHERE position = ANY($1::bigint[])"
WITHHOLD = (
    "INSERT INTO withheld_event (id, aggregate, version, reason) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING"
)
FAULTS_OF_AN_EVENT = (
    ValueError,
    TypeError,
    LookupError,
    nats.errors.MaxPayloadError,
    nats.errors.BadSubjectError,
)
"""Raised for the message and not for the connection."""
REFUSALS_OF_AN_EVENT = {10054, 10097}
"""JetStream's codes for a message, or its headers, larger than a stream takes."""


def require_size(body: bytes, headers: Mapping[str, str], limit: int) -> None:
    """ValueError for a message that is larger than the server takes, its headers included."""
    size = len(body) + sum(len(f"{name}: {value}\r\n".encode()) for name, value in headers.items()) + 12
    if size > limit:
        raise ValueError(f"too large: {size} bytes, and the server takes {limit}")


Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass
class Outcome:
    """What became of a batch; the rest of it is tried again."""

    published: list[int] = field(default_factory=list)
    """The positions that the server has stored."""
    withheld: list[tuple[Any, str]] = field(default_factory=list)
    """The rows that it can never take, with the reasons."""
    alone: list[Any] = field(default_factory=list)
    """The rows of a message that it did not take, each of which is to be tried in one of its own."""


def messages_of(rows: Iterable[Any]) -> list[list[Any]]:
    """Rows in order, by what goes in one message: neighbours of one type."""
    messages: list[list[Any]] = []
    size = 0
    for row in rows:
        size += len(row["body"])
        last = messages[-1] if messages else []
        if last and last[0]["type"] == row["type"] and len(last) < MESSAGE_ROWS and size <= MESSAGE_BYTES:
            last.append(row)
        else:
            messages.append([row])
            size = len(row["body"])
    return messages


class Relay:
    """Publishes one service's outbox."""

    def __init__(self, database: Database, bus: Bus, site: str, publisher: str, metrics: Metrics) -> None:
        self._database = database
        self._bus = bus
        self._site = site
        self._stream = stream_of(publisher)
        self._metrics = metrics
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        database.on_commit(self._wake.set)

    def start(self) -> None:
        """Begin to publish."""
        self._task = asyncio.create_task(self._run(), name=f"{self._stream}-relay")

    async def stop(self) -> None:
        """Stop; what is unpublished stays in the outbox for the next start."""
        await end(self._task)

    async def _run(self) -> None:
        while True:
            try:
                await self._until_needed()
                connection = await self._database.connect_raw()
                try:
                    await self._lead(connection)
                finally:
                    connection.terminate()
            except Exception as error:
                # whatever it is, it must not end the relay: a connection lost at the wrong moment raises asyncpg's
                # internal errors, too
                log.warning("relay interrupted", stream=self._stream, error=str(error) or type(error).__name__)
                await asyncio.sleep(IDLE_S)

    async def _until_needed(self) -> None:
        while not self._wake.is_set() and not await self._is_needed():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE_S)

    async def _is_needed(self) -> bool:
        async with self._database.connection() as connection:
            return bool(await connection.scalar(IS_WAITING))

    async def _lead(self, connection: Connection) -> None:
        """Publish, until there is nothing for a while."""
        # a publication time that a power cut takes back means one more publish, which every inbox knows: it need not
        # wait for the disk
        await connection.execute("SET idle_in_transaction_session_timeout = 0; SET synchronous_commit = off")
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            await asyncio.sleep(IDLE_S)
        js = await self._bus.js()
        loop = asyncio.get_running_loop()
        busy = loop.time()
        while loop.time() - busy < QUIET_S:
            self._wake.clear()
            rows = await connection.fetch(WAITING, ROWS) if self._bus.is_connected else ()
            if rows:
                busy = loop.time()
                settled = await self._publish_rows(connection, js, rows)
                took = loop.time() - busy if len(rows) > 1 else 0
                await asyncio.sleep(min(REST_S, took) if settled == len(rows) else IDLE_S)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE_S)

    async def _publish_rows(self, connection: Connection, js: JetStreamContext, rows: Sequence[Any]) -> int:
        """Publish some rows; the number of those of which it is known what became of them."""
        outcome = await self._publish(js, messages_of(rows))
        settled = await self._settle(connection, outcome)
        if outcome.alone:
            settled += await self._settle(connection, await self._publish(js, [[row] for row in outcome.alone]))
        return settled

    async def _settle(self, connection: Connection, outcome: Outcome) -> int:
        if outcome.published:
            await connection.execute(SET_PUBLISHED, outcome.published)
        for row, reason in outcome.withheld:
            await self._withhold(connection, row, reason)
        return len(outcome.published) + len(outcome.withheld)

    async def _publish(self, js: JetStreamContext, messages: Sequence[Sequence[Any]]) -> Outcome:
        """Send messages, and wait for the server's answers."""
        outcome = Outcome()
        failures: list[BaseException] = []
        sent: dict[asyncio.Future[Any], Sequence[Any]] = {}
        stopped: set[str] = set()
        for rows in messages:
            going = [row for row in rows if row["aggregate"] not in stopped]
            if not going:
                continue
            try:
                sent[await self._send(js, going)] = going
            except FAULTS_OF_AN_EVENT as error:
                _refuse(outcome, going, str(error) or type(error).__name__)
                stopped.update(row["aggregate"] for row in going)
            except (nats.errors.Error, OSError, TimeoutError) as error:
                failures.append(error)
                break
        if sent:
            await asyncio.wait(sent, timeout=ANSWER_S)
        for answer, rows in sent.items():
            refusal = answer.exception() if answer.done() else TimeoutError()
            answer.cancel()  # one that did not come would keep its place among those that may be waited for
            if refusal is None:
                outcome.published += [row["position"] for row in rows]
            elif isinstance(refusal, nats.js.errors.APIError) and refusal.err_code in REFUSALS_OF_AN_EVENT:
                _refuse(outcome, rows, str(refusal))
            else:
                failures.append(refusal)
        if failures:
            log.warning(
                "messages not stored by nats", stream=self._stream, count=len(failures), error=repr(failures[0])
            )
        self._metrics.events_published.inc(len(outcome.published))
        if outcome.published:
            waited = self._database.clock() - messages[0][0]["time"]
            self._metrics.publish_latency.observe(max(0.0, waited.total_seconds()))
        return outcome

    async def _send(self, js: JetStreamContext, rows: Sequence[Any]) -> "asyncio.Future[Any]":
        """Hand a message to the connection; the server's answer to it."""
        if len(rows) == 1:
            body, headers = rows[0]["body"].encode(), headers_of(rows[0], self._site)
        else:
            body, headers = write_batch(rows, self._site), batch_headers(rows)
        require_size(body, headers, self._bus.client.max_payload)
        return await js.publish_async(f"dure.{self._site}.{rows[0]['type']}", body, headers=headers)

    async def _withhold(self, connection: Connection, row: Any, reason: str) -> None:
        await connection.execute(WITHHOLD, row["id"], row["aggregate"], row["version"], storable(reason))
        log.error(
            "event withheld: it cannot be published",
            stream=self._stream,
            event_id=str(row["id"]),
            type=row["type"],
            aggregate=row["aggregate"],
            reason=reason,
        )


def _refuse(outcome: Outcome, rows: Sequence[Any], reason: str) -> None:
    """A message that can never be taken: of several events it is not known which one is at fault."""
    if len(rows) == 1:
        outcome.withheld.append((rows[0], reason))
    else:
        outcome.alone += rows
