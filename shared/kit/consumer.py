"""Applies another service's events: each one once, in the order of its aggregate, whatever is delivered twice, late or
broken.

The order of work is: begin, look up the applied versions, effects, store the versions, commit, acknowledge. A batch is
one transaction; when it fails its events are tried one by one, so that one bad event does not hold up its neighbours.
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import nats.errors
import nats.js.errors
import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from pydantic import ValidationError
from pydantic_core import from_json

from shared.contracts.catalogue import READABLE, read_event
from shared.contracts.event import Event
from shared.contracts.streams import stream_of
from shared.kit.bus import Bus
from shared.kit.cloudevents import from_header
from shared.kit.database import Database, Transaction
from shared.kit.inbox import (
    AppliedElsewhere,
    Events,
    Received,
    Verdict,
    applied_versions,
    judge,
    parked_aggregates,
    store_versions,
)
from shared.kit.metrics import Metrics
from shared.kit.parking import RawEvent, park
from shared.kit.problem import is_unavailable
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.tasks import end
from shared.kit.tracing import parse_traceparent, traced

log = structlog.get_logger(__name__)
E = TypeVar("E", bound=Event)

Handler = Callable[[Transaction, Sequence[Received[Any]]], Awaitable[None]]
"""Applies events of one type, in order, in the transaction given."""


@dataclass(frozen=True)
class Subscription:
    """A handler and the events it applies; a slice lists its own as ``CONSUMES``."""

    contract: type[Event]
    handler: Handler

    @property
    def publisher(self) -> str:
        """The service that publishes the events."""
        return self.contract.TYPE.partition(".")[0]


def on(contract: type[E], handler: Callable[[Transaction, Sequence[Received[E]]], Awaitable[None]]) -> Subscription:
    """Have ``handler`` apply the events of ``contract``."""
    return Subscription(contract, handler)


Handlers = Mapping[type[Event], Sequence[Handler]]
"""All handlers of a contract, in the order in which they apply its events."""


def handlers_by_publisher(subscriptions: Iterable[Subscription]) -> dict[str, Handlers]:
    """The handlers by publisher; any number of slices may subscribe to the same events."""
    found: defaultdict[str, defaultdict[type[Event], list[Handler]]] = defaultdict(lambda: defaultdict(list))
    for subscription in subscriptions:
        found[subscription.publisher][subscription.contract].append(subscription.handler)
    return {publisher: dict(handlers) for publisher, handlers in found.items()}


BATCH = 200
GATHER_S = 0.05
"""Rest after a batch that was not full: under load the next one is larger, and costs one transaction all the same."""
TRIES = 8
BACKOFF_S = (1.0, 5.0, 30.0, 120.0, 600.0)
ACK_WAIT_S = 10
"""Messages that a killed process had fetched are delivered again after this;
a slower batch is delivered twice, and applied once."""
GAP_LOOK_S, GAP_PATIENCE_S = 0.2, 3600.0
"""An event that came before its predecessor is no failure: another replica may be applying that one right now, or
trying it again, or was killed with it. It is held here and looked at again; sent back, a hundred of them would return
in any order and let one pass a round."""


class UnknownEvent(Exception):
    """No contract, or one that this release cannot read."""


def raw_event(msg: Msg) -> RawEvent:
    """The attributes and the body of a message. Raises KeyError or ValueError when it is no event."""
    headers = msg.headers or {}
    return RawEvent(
        UUID(headers["ce-id"]),
        headers["ce-type"].removeprefix("dure."),
        from_header(headers["ce-subject"]),
        int(headers["dure-version"]),
        datetime.fromisoformat(headers["ce-time"]),
        as_json(msg.data),
    )


def parse(msg: Msg, people: Pseudonyms) -> Received[Event]:
    """The event of a message; ``UnknownEvent`` when its type or body fits no contract that this release has."""
    headers = msg.headers or {}
    try:
        return Received(
            read_event(headers["ce-type"].removeprefix("dure."), msg.data, people.id_of),
            UUID(headers["ce-id"]),
            from_header(headers["ce-subject"]),
            int(headers["dure-version"]),
            datetime.fromisoformat(headers["ce-time"]),
            parse_traceparent(headers.get("traceparent")),
        )
    except (KeyError, ValueError, ValidationError) as error:
        raise UnknownEvent(f"{type(error).__name__}: {error}") from error


def as_json(data: bytes) -> str:
    """A message's body as JSON; what is none becomes a JSON text."""
    try:
        from_json(data, allow_inf_nan=False)
    except ValueError:
        return json.dumps(data.decode(errors="replace"))
    return data.decode()


class Consumer:
    """One service's durable consumer of one publisher's stream."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        service: str,
        publisher: str,
        handlers: Handlers,
        people: Pseudonyms,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._bus = bus
        self._durable = service
        self.stream = stream_of(publisher)
        self._handlers = handlers
        self._people = people
        self._metrics = metrics
        self._failures: Counter[str] = Counter()
        self._held: dict[int, tuple[Msg, Received[Event]]] = {}
        self._early_since: dict[UUID, float] = {}
        self._task: asyncio.Task[None] | None = None
        self.is_running = False

    def start(self) -> None:
        """Begin to consume."""
        self._task = asyncio.create_task(self._run(), name=f"{self._durable}-{self.stream}")

    async def stop(self) -> None:
        """Stop; what is not acknowledged is delivered again."""
        await end(self._task)

    async def _run(self) -> None:
        while True:
            try:
                js = await self._bus.js()
                await self._consume(js)
            except (OSError, TimeoutError, nats.errors.Error) as error:
                log.warning(
                    "consumer interrupted",
                    service=self._durable,
                    stream=self.stream,
                    error=str(error) or type(error).__name__,
                )
            except Exception:
                # a fault of our own must not end the consumer for good: what it held is delivered again
                log.exception("consumer failed", service=self._durable, stream=self.stream)
            self.is_running = False
            await asyncio.sleep(1)

    async def _consume(self, js: JetStreamContext) -> None:
        config = ConsumerConfig(
            durable_name=self._durable,
            ack_policy=AckPolicy.EXPLICIT,
            deliver_policy=DeliverPolicy.ALL,
            ack_wait=ACK_WAIT_S,
            max_deliver=-1,
            max_ack_pending=BATCH * 4,
        )
        await js.add_consumer(self.stream, config)
        subscription = await js.pull_subscribe_bind(durable=self._durable, stream=self.stream)
        self.is_running = True
        try:
            while True:
                try:
                    messages = await subscription.fetch(BATCH, timeout=GAP_LOOK_S if self._held else 5)
                except TimeoutError:
                    messages = []
                await self._apply(messages)
                if 0 < len(messages) < BATCH:
                    await asyncio.sleep(GATHER_S)
        finally:
            with suppress(OSError, nats.errors.Error):  # an error here would take the place of a cancellation
                await subscription.unsubscribe()

    async def _apply(self, messages: Sequence[Msg]) -> None:
        """Apply what came together with what was held, in the order of the stream.

        Of two deliveries of a message the later one counts.
        """
        for msg in messages:
            try:
                self._held[msg.metadata.sequence.stream] = (msg, parse(msg, self._people))
            except UnknownEvent as error:
                await self._park_unreadable(msg, str(error))
        readable = [pair for _, pair in sorted(self._held.items())]
        self._held.clear()
        if not readable:
            return
        self._metrics.consumer_lag.labels(service=self._durable, stream=self.stream).set(
            readable[-1][0].metadata.num_pending
        )
        try:
            await self._apply_together(readable)
        except Exception as error:
            if is_unavailable(error):
                log.warning(
                    "database not available",
                    service=self._durable,
                    stream=self.stream,
                    error=str(error) or type(error).__name__,
                )
                await asyncio.gather(*(msg.nak(delay=1) for msg, _ in readable))
                await asyncio.sleep(0.5)
                return
            if len(readable) > 1:
                for one in readable:
                    await self._apply_one(*one)
            else:
                await self._failed(*readable[0], error)

    async def _apply_one(self, msg: Msg, received: Received[Event]) -> None:
        try:
            await self._apply_together([(msg, received)])
        except Exception as error:
            await self._failed(msg, received, error)

    async def _apply_together(self, batch: Sequence[tuple[Msg, Received[Event]]]) -> None:
        """Apply a batch in one transaction, then acknowledge it; events behind a gap are held."""
        early: list[tuple[Msg, Received[Event]]] = []
        blocked: set[str] = set()
        async with self._database.transaction() as tx:
            applied = await applied_versions(tx, self.stream, (r.aggregate for _, r in batch))
            due: list[Received[Event]] = []
            last: dict[str, tuple[int, UUID]] = {}
            for msg, received in batch:
                verdict = judge(received.version, applied[received.aggregate])
                if verdict is Verdict.APPLY:
                    applied[received.aggregate] = received.version
                    last[received.aggregate] = (received.version, received.id)
                    due.append(received)
                elif verdict is Verdict.GAP:
                    early.append((msg, received))
            for contract, group in groupby(due, key=lambda r: type(r.event)):
                await self._handle(tx, contract, Events(list(group)))
            if last:
                await store_versions(tx, self.stream, last)
            if early:
                blocked = await parked_aggregates(tx, self.stream, (r.aggregate for _, r in early))
        waiting = {id(msg) for msg, _ in early}
        for msg, received in batch:
            if id(msg) not in waiting:
                await msg.ack()
                self._forget(received)
        for received in due:
            self._metrics.event_latency.observe(max(0.0, (tx.now - received.time).total_seconds()))
        self._metrics.events_applied.inc(len(due))
        for msg, received in early:
            if received.aggregate in blocked:
                await self._park(msg, received, "behind a parked event of the same aggregate")
            else:
                await self._wait(msg, received, applied[received.aggregate] + 1)

    async def _handle(self, tx: Transaction, contract: type[Event], events: Events[Event]) -> None:
        with traced(events.common_trace()):
            for handler in self._handlers.get(contract, ()):
                await handler(tx, events)

    async def _wait(self, msg: Msg, received: Received[Event], missing: int) -> None:
        """Hold an event until its predecessor was applied, here or by another replica, or patience ends."""
        now = asyncio.get_running_loop().time()
        waited = now - self._early_since.setdefault(received.id, now)
        if waited > GAP_PATIENCE_S:
            await self._park(msg, received, f"version {missing} of the same aggregate did not come")
            return
        self._held[msg.metadata.sequence.stream] = (msg, received)

    def _forget(self, received: Received[Event]) -> None:
        self._failures.pop(str(received.id), None)
        self._early_since.pop(received.id, None)

    async def _failed(self, msg: Msg, received: Received[Event], error: Exception) -> None:
        """Send an event back for a while; set it aside when its tries are spent."""
        if is_unavailable(error) or isinstance(error, AppliedElsewhere):
            await msg.nak(delay=BACKOFF_S[0])
            return
        self._failures[str(received.id)] += 1
        tries = self._failures[str(received.id)]
        reason = f"{type(error).__name__}: {error}"
        if tries >= TRIES:
            await self._park(msg, received, reason)
            return
        log.warning(
            "event not applied",
            service=self._durable,
            stream=self.stream,
            event_id=str(received.id),
            tries=tries,
            error=reason,
        )
        await msg.nak(delay=BACKOFF_S[min(tries, len(BACKOFF_S)) - 1])

    async def _park(self, msg: Msg, received: Received[Event], reason: str) -> None:
        async with self._database.transaction() as tx:
            await park(tx, self.stream, raw_event(msg), reason)
        self._forget(received)
        self._metrics.parked.inc()
        log.error("event parked", service=self._durable, stream=self.stream, event_id=str(received.id), reason=reason)
        await msg.ack()

    async def _park_unreadable(self, msg: Msg, reason: str) -> None:
        try:
            event = raw_event(msg)
        except (KeyError, ValueError):
            log.exception(
                "message is no event of ours and is dropped", stream=self.stream, subject=msg.subject, reason=reason
            )
            await msg.term()
            return
        if event.type in READABLE and await self._was_applied(event.aggregate, event.version):
            await msg.ack()
            return
        async with self._database.transaction() as tx:
            await park(tx, self.stream, event, reason)
        self._metrics.parked.inc()
        await msg.ack()

    async def _was_applied(self, aggregate: str, version: int) -> bool:
        async with self._database.transaction() as tx:
            applied = await applied_versions(tx, self.stream, [aggregate])
        return judge(version, applied[aggregate]) is Verdict.DUPLICATE

    async def replay(self, tx: Transaction, received: Received[Event]) -> None:
        """Apply one event that was set aside; ``LookupError`` while an earlier one of its aggregate is missing."""
        applied = (await applied_versions(tx, self.stream, [received.aggregate]))[received.aggregate]
        verdict = judge(received.version, applied)
        if verdict is Verdict.GAP:
            raise LookupError(f"version {applied + 1} of {received.aggregate} comes first")
        if verdict is Verdict.DUPLICATE:
            return
        await self._handle(tx, type(received.event), Events([received]))
        await store_versions(tx, self.stream, {received.aggregate: (received.version, received.id)})
