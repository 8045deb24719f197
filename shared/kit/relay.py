"""The outbox's relay: publishes what was committed, in order, at least once.

One relay a service is elected by an advisory lock. It is woken by commits of its own process and looks by itself at
least once a second, so that a lost wake-up costs a second and never an event.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog
from nats.js import JetStreamContext

from shared.contracts.streams import stream_of
from shared.kit.bus import Bus
from shared.kit.cloudevents import sequence_of, to_header
from shared.kit.database import Database
from shared.kit.metrics import Metrics
from shared.kit.tasks import end

log = structlog.get_logger(__name__)

LOCK = 0x64757265
BATCH = 500
IDLE_S = 1.0
SELECT = (
    "SELECT position, id, type, aggregate, version, time, body, traceparent FROM outbox"
    " WHERE published_at IS NULL ORDER BY position LIMIT $1"
)
SET_PUBLISHED = "UPDATE outbox SET published_at = now() WHERE position = ANY($1::bigint[])"
BACKLOG = (
    "SELECT count(*) AS depth, coalesce(extract(epoch FROM now() - min(time)), 0)::float AS age FROM outbox"
    " WHERE published_at IS NULL"
)


def headers_of(row: Any, site: str) -> dict[str, str]:
    """The CloudEvents attributes of an outbox row, as NATS headers (binary mode)."""
    id_ = str(row["id"])
    headers = {
        "Nats-Msg-Id": id_,
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
            rows = await connection.fetch(SELECT, BATCH)
            if rows:
                published = await self._publish(js, rows)
                if published:
                    await connection.execute(SET_PUBLISHED, published)
                if len(published) == len(rows):
                    self._metrics.outbox_depth.set(0)
                    self._metrics.outbox_age.set(0)
                    continue
                backlog = await connection.fetchrow(BACKLOG)
                self._metrics.outbox_depth.set(backlog["depth"] if backlog else 0)
                self._metrics.outbox_age.set(backlog["age"] if backlog else 0)
                await asyncio.sleep(IDLE_S)
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), IDLE_S)
            except TimeoutError:
                continue

    async def _publish(self, js: JetStreamContext, rows: list[Any]) -> list[int]:
        """The positions that the server has stored."""
        waiting = []
        for row in rows:
            subject = f"dure.{self._site}.{row['type']}"
            waiting.append(await js.publish_async(subject, row["body"].encode(), headers=headers_of(row, self._site)))
        outcomes = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failed:
            log.warning("events not stored by nats", stream=self._stream, count=len(failed), error=repr(failed[0]))
        stored = [
            row["position"]
            for row, outcome in zip(rows, outcomes, strict=True)
            if not isinstance(outcome, BaseException)
        ]
        self._metrics.events_published.inc(len(stored))
        if stored:
            self._metrics.publish_latency.observe(max(0.0, (datetime.now(UTC) - rows[0]["time"]).total_seconds()))
        return stored
