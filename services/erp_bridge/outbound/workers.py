"""Takes pending deliveries to their webhooks: each webhook's in the ledger's order, the webhooks beside each other.

One dispatcher a service is elected by an advisory lock, as the relay is; when its connection ends, so does its work,
and another takes over. Nothing is sent inside a transaction. A crash between sending and recording it means one resend
with the same ``webhook-id``. A failed delivery holds back those behind it: its webhook rests until the next attempt, so
a dead endpoint gets one request at a time, further and further apart.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import structlog
from fastapi import FastAPI
from sqlalchemy import text

from services.erp_bridge.outbound.commands.deliver import record_delivered, record_failed
from services.erp_bridge.outbound.domain.delivery import DeliveryOutcome
from services.erp_bridge.outbound.domain.target import Network
from services.erp_bridge.outbound.queries import next_deliveries, valid_secrets
from services.erp_bridge.outbound.schemas import ConfirmationOut, WebhookMessage
from shared.kit.database import Database
from shared.kit.tasks import end

if TYPE_CHECKING:
    from services.erp_bridge.outbound.adapters.webhook import WebhookSender

log = structlog.get_logger(__name__)

LOCK = 0x64757266
BATCH = 20
RECORD_AFTER_S = 1.0
"""Deliveries are recorded at least this often, so that a crash repeats little."""
IDLE_S = 0.5
STOP_S = 5.0
LISTENER_S = 1.0
"""Between two looks whether there is somebody to deliver to."""
IS_NEEDED = text("SELECT EXISTS (SELECT FROM webhook WHERE removed_at IS NULL)")
DUE = (
    "SELECT id, url FROM webhook w WHERE removed_at IS NULL AND (rests_until IS NULL OR rests_until <= $1)"
    " AND EXISTS (SELECT FROM delivery d WHERE d.webhook = w.id AND d.state = 'pending')"
)


@dataclass(frozen=True)
class Due:
    """A webhook for which something waits."""

    id: UUID
    url: str


class Dispatcher:
    """Sends what is pending, while it is the elected one."""

    def __init__(self, database: Database, allowed: Collection[Network]) -> None:
        self._database = database
        self._allowed = allowed
        self._sender: WebhookSender | None = None
        self._task: asyncio.Task[None] | None = None
        self._serving: dict[UUID, asyncio.Task[None]] = {}
        self._stopping = False

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="erp_bridge-dispatch")

    async def stop(self) -> None:
        """End; what is on its way may arrive, and is recorded."""
        self._stopping = True
        if self._serving:
            await asyncio.wait(self._serving.values(), timeout=STOP_S)
        await end(self._task)
        if self._sender is not None:
            await self._sender.close()

    @property
    def sender(self) -> "WebhookSender":
        """Made when it is first needed: a shop without webhooks has no HTTP client in memory."""
        if self._sender is None:
            from services.erp_bridge.outbound.adapters.webhook import WebhookSender

            self._sender = WebhookSender(self._allowed)
        return self._sender

    async def _run(self) -> None:
        while True:
            try:
                await self._until_somebody_listens()
                connection = await self._database.connect_raw()
                try:
                    await self._lead(connection)
                finally:
                    await self._drop()
                    connection.terminate()
            except Exception as error:  # whatever it is, it must not end the sending for good
                log.warning("dispatch interrupted", error=str(error) or type(error).__name__)
                await asyncio.sleep(1)

    async def _until_somebody_listens(self) -> None:
        """A shop without webhooks needs no connection for them."""
        while True:
            async with self._database.connection() as connection:
                if await connection.scalar(IS_NEEDED):
                    return
            await asyncio.sleep(LISTENER_S)

    async def _lead(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            await asyncio.sleep(1)
        while True:
            if not self._stopping:
                for row in await connection.fetch(DUE, self._database.clock()):
                    self._begin(Due(row["id"], row["url"]))
            await asyncio.sleep(IDLE_S)

    def _begin(self, webhook: Due) -> None:
        if webhook.id in self._serving:
            return
        task = asyncio.create_task(self._serve(webhook), name=f"erp_bridge-webhook-{webhook.id}")
        self._serving[webhook.id] = task
        task.add_done_callback(self._served(webhook.id))

    def _served(self, webhook: UUID) -> Callable[[asyncio.Task[None]], None]:
        def done(task: asyncio.Task[None]) -> None:
            del self._serving[webhook]
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("delivery failed", webhook=str(webhook), error=f"{type(error).__name__}: {error}")

        return done

    async def _drop(self) -> None:
        await asyncio.gather(*map(end, list(self._serving.values())))

    async def _serve(self, webhook: Due) -> None:
        """Send what waits, until nothing does or one fails."""
        while not self._stopping:
            async with self._database.reading() as session:
                batch = await next_deliveries(session, webhook.id, BATCH)
            if not batch or not await self._send_batch(webhook, batch):
                return

    async def _send_batch(self, webhook: Due, batch: Sequence[tuple[UUID, ConfirmationOut, str | None]]) -> bool:
        """Send the batch; True when all of it that was sent has arrived."""
        loop = asyncio.get_running_loop()
        until = loop.time() + RECORD_AFTER_S
        delivered: list[UUID] = []
        failed: tuple[UUID, DeliveryOutcome] | None = None
        try:
            for delivery, confirmation, traceparent in batch:
                message = WebhookMessage(type="confirmation", timestamp=confirmation.recorded_at, data=confirmation)
                async with self._database.reading() as session:  # for each message, as one may be replaced in between
                    secrets = await valid_secrets(session, webhook.id, self._database.clock())
                outcome = await self.sender.send(
                    webhook.id, webhook.url, secrets, f"msg_{delivery}", message.model_dump_json(), traceparent
                )
                if not outcome.delivered:
                    failed = (delivery, outcome)
                    break
                delivered.append(delivery)
                if loop.time() >= until or self._stopping:
                    break
        finally:
            await self._record(webhook, delivered, failed)
        return failed is None

    async def _record(self, webhook: Due, delivered: list[UUID], failed: tuple[UUID, DeliveryOutcome] | None) -> None:
        if delivered:
            await self._database.run(lambda tx: record_delivered(tx, webhook.id, delivered))
        if failed is not None:
            delivery, outcome = failed
            await self._database.run(lambda tx: record_failed(tx, webhook.id, delivery, outcome))
            log.warning("delivery not accepted", webhook=webhook.url, delivery=str(delivery), reason=outcome.reason)


@asynccontextmanager
async def run_dispatcher(app: FastAPI) -> AsyncIterator[None]:
    """The dispatcher for the app's life."""
    dispatcher = Dispatcher(app.state.database, app.state.settings.outgoing_allowed)
    dispatcher.start()
    try:
        yield
    finally:
        await dispatcher.stop()
