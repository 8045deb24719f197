"""The outbox's relay: publishes what was committed, in order, at least once.

One relay a service is elected by an advisory lock. It is woken by commits of its own process and looks by itself at
least once a second, so that a lost wake-up costs a second and never an event.

An event that NATS can never take (too large, no message at all) is withheld, and with it what follows on its aggregate,
so that nothing overtakes it and no consumer waits for a version that does not come. All others go on. What is withheld
is published again on request (``shared.kit.withheld_events``), once the cause is mended.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
import nats.errors
import nats.js.errors
import structlog
from nats.js import JetStreamContext

from shared.contracts.streams import stream_of
from shared.kit.bus import Bus
from shared.kit.cloudevents import sequence_of, to_header
from shared.kit.database import Database
from shared.kit.metrics import Metrics
from shared.kit.parking import storable
from shared.kit.tasks import end

log = structlog.get_logger(__name__)

LOCK = 0x64757265
BATCH = 500
IDLE_S = 1.0
ANSWER_S = 10.0
"""NATS has so long to say that it has stored a message."""
WAITING = (
    "SELECT position, id, type, aggregate, version, time, body, traceparent, repeats FROM outbox o"
    " WHERE published_at IS NULL AND NOT EXISTS"
    " (SELECT FROM withheld_event w WHERE w.aggregate = o.aggregate AND w.version <= o.version)"
    " ORDER BY position LIMIT $1"
)
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


def headers_of(row: Any, site: str) -> dict[str, str]:
    """The CloudEvents attributes of an outbox row, as NATS headers (binary mode).

    The server drops a message whose id it has seen lately: one that is told again, as somebody lost it, has a new one.
    """
    id_ = str(row["id"])
    headers = {
        "Nats-Msg-Id": f"{id_}/{row['repeats']}" if row["repeats"] else id_,
        "ce-id": id_,
        "ce-specversion": "1.0",
        "ce-type": f"dure.{row['type']}",
        "ce-source": f"/dure/{site}/{row['type'].split('.')[0]}",
        "ce-time": row["time"].astimezone(UTC).isoformat(),
        "ce-subject": to_header(row["aggregate"]),
        "ce-sequence": sequence_of(row["version"]),
        "ce-datacontenttype": "application/json",
        "dure-version": str(row["version"]),
    }
    if row["traceparent"]:
        headers["traceparent"] = row["traceparent"]
    return headers


def require_size(body: bytes, headers: Mapping[str, str], limit: int) -> None:
    """ValueError for a message that is larger than the server takes, its headers included."""
    size = len(body) + sum(len(f"{name}: {value}\r\n".encode()) for name, value in headers.items()) + 12
    if size > limit:
        raise ValueError(f"too large: {size} bytes, and the server takes {limit}")


@dataclass
class Outcome:
    """What became of a batch; the rest of it is tried again."""

    published: list[int] = field(default_factory=list)
    """The positions that the server has stored."""
    withheld: list[tuple[Any, str]] = field(default_factory=list)
    """The rows that it can never take, with the reasons."""


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

    async def _lead(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        # a publication time that a power cut takes back means one more publish, which every inbox knows: it need not
        # wait for the disk
        await connection.execute("SET idle_in_transaction_session_timeout = 0; SET synchronous_commit = off")
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            await asyncio.sleep(IDLE_S)
        js = await self._bus.js()
        while True:
            self._wake.clear()
            rows = await connection.fetch(WAITING, BATCH) if self._bus.is_connected else ()
            if rows:
                outcome = await self._publish(js, rows)
                if outcome.published:
                    await connection.execute(SET_PUBLISHED, outcome.published)
                for row, reason in outcome.withheld:
                    await self._withhold(connection, row, reason)
                if len(outcome.published) + len(outcome.withheld) < len(rows):
                    await asyncio.sleep(IDLE_S)
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), IDLE_S)
            except TimeoutError:
                continue

    async def _publish(self, js: JetStreamContext, rows: list[Any]) -> Outcome:
        """Send a batch, and wait for the server's answers."""
        outcome = Outcome()
        failures: list[BaseException] = []
        sent: dict[asyncio.Future[Any], Any] = {}
        stopped: set[str] = set()
        for row in rows:
            if row["aggregate"] in stopped:
                continue
            try:
                sent[await self._send(js, row)] = row
            except FAULTS_OF_AN_EVENT as error:
                outcome.withheld.append((row, str(error) or type(error).__name__))
                stopped.add(row["aggregate"])
            except (nats.errors.Error, OSError, TimeoutError) as error:
                failures.append(error)
                break
        if sent:
            await asyncio.wait(sent, timeout=ANSWER_S)
        for answer, row in sent.items():
            refusal = answer.exception() if answer.done() else TimeoutError()
            answer.cancel()  # one that did not come would keep its place among those that may be waited for
            if refusal is None:
                outcome.published.append(row["position"])
            elif isinstance(refusal, nats.js.errors.APIError) and refusal.err_code in REFUSALS_OF_AN_EVENT:
                outcome.withheld.append((row, str(refusal)))
            else:
                failures.append(refusal)
        if failures:
            log.warning("events not stored by nats", stream=self._stream, count=len(failures), error=repr(failures[0]))
        self._metrics.events_published.inc(len(outcome.published))
        if outcome.published:
            self._metrics.publish_latency.observe(max(0.0, (datetime.now(UTC) - rows[0]["time"]).total_seconds()))
        return outcome

    async def _send(self, js: JetStreamContext, row: Any) -> "asyncio.Future[Any]":
        """Hand a message to the connection; the server's answer to it."""
        body, headers = row["body"].encode(), headers_of(row, self._site)
        require_size(body, headers, self._bus.client.max_payload)
        return await js.publish_async(f"dure.{self._site}.{row['type']}", body, headers=headers)

    async def _withhold(self, connection: "asyncpg.Connection[asyncpg.Record]", row: Any, reason: str) -> None:
        await connection.execute(WITHHOLD, row["id"], row["aggregate"], row["version"], storable(reason))
        log.error(
            "event withheld: it cannot be published",
            stream=self._stream,
            event_id=str(row["id"]),
            type=row["type"],
            aggregate=row["aggregate"],
            reason=reason,
        )
