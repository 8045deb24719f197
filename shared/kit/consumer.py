"""Applies another service's events: each one once, in the order of its aggregate, whatever is delivered twice, late or
broken.

The order of work is: begin, look up the applied versions, effects, store the versions, commit, acknowledge. A batch is
one transaction; when it fails its events are tried one by one, so that one bad event does not hold up its neighbours.
"""

import asyncio
import logging
from collections import defaultdict
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

from shared.contracts.catalogue import READABLE
from shared.contracts.event import Event
from shared.contracts.streams import stream_of
from shared.kit.bus import Bus
from shared.kit.database import Database, Transaction
from shared.kit.delivery import UnknownEvent, parse, raw_event
from shared.kit.inbox import (
    AppliedElsewhere,
    Events,
    Received,
    Verdict,
    applied_versions,
    is_parked,
    judge,
    parked_aggregates,
    store_versions,
)
from shared.kit.metrics import Metrics
from shared.kit.parking import park
from shared.kit.problem import is_unavailable
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.retrying import count_failure, delay_after, forget_failures, known_failures
from shared.kit.tasks import end
from shared.kit.tracing import traced

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
AGAIN_S = 1.0
"""Until an event is tried again that failed for the database's sake, or another replica's."""
ACK_WAIT_S = 10
"""Messages that a killed process had fetched are delivered again after this;
a slower batch is delivered twice, and applied once."""
GAP_LOOK_S, GAP_PATIENCE_S = 0.2, 3600.0
"""An event that came before its predecessor is no failure: another replica may be applying that one right now, or
trying it again, or was killed with it. It is held here and looked at again; sent back, a hundred of them would return
in any order and let one pass a round."""


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
        self._failing: set[UUID] = set()
        """Events that failed, here or before a restart."""
        self._held: dict[int, tuple[Msg, Received[Event]]] = {}
        self._early_since: dict[UUID, float] = {}
        self._task: asyncio.Task[None] | None = None
        self._behind: datetime | None = None
        self.is_running = False

    @property
    def oldest_waiting(self) -> datetime | None:
        """The time of the oldest event that was delivered or is due, and is not applied yet."""
        waiting = [received.time for _, received in self._held.values()]
        return min([*waiting, self._behind] if self._behind else waiting, default=None)

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
                async with self._database.transaction() as tx:
                    self._failing = await known_failures(tx, self.stream)
                await self._consume(js)
            except Exception as error:
                # a fault of our own must not end the consumer for good: what it held is delivered again
                is_ours = not (isinstance(error, OSError | nats.errors.Error) or is_unavailable(error))
                log.log(
                    logging.ERROR if is_ours else logging.WARNING,
                    "consumer failed" if is_ours else "consumer interrupted",
                    service=self._durable,
                    stream=self.stream,
                    error=str(error) or type(error).__name__,
                    exc_info=is_ours,
                )
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
                    self._lag_is(0, None)
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
        last, newest = readable[-1]
        self._lag_is(last.metadata.num_pending, newest.time)
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

    def _lag_is(self, pending: int, newest: datetime | None) -> None:
        """So many events are still to be fetched; the oldest of them is about as old as the newest that was."""
        self._metrics.consumer_lag.labels(service=self._durable, stream=self.stream).set(pending)
        self._behind = newest if pending else None

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
            waiting = {id(msg) for msg, _ in early}
            done = [(msg, received) for msg, received in batch if id(msg) not in waiting]
            if recovered := self._failing.intersection(received.id for _, received in done):
                await forget_failures(tx, recovered)
            if early:
                blocked = await parked_aggregates(tx, self.stream, (r.aggregate for _, r in early))
        for msg, received in done:
            await msg.ack()
            self._forget(received)
        for received in due:
            self._metrics.event_latency.observe(max(0.0, (tx.now - received.time).total_seconds()))
        self._metrics.events_applied.inc(len(due))
        for msg, received in early:
            if received.aggregate not in blocked or not await self._park_behind(msg, received):
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
        self._failing.discard(received.id)
        self._early_since.pop(received.id, None)

    async def _failed(self, msg: Msg, received: Received[Event], error: Exception) -> None:
        """Send an event back for a while, in everybody's sight; set it aside when its tries are spent."""
        if is_unavailable(error) or isinstance(error, AppliedElsewhere):
            await msg.nak(delay=AGAIN_S)
            return
        reason = f"{type(error).__name__}: {error}"
        self._failing.add(received.id)
        async with self._database.transaction() as tx:
            tries = await count_failure(tx, self.stream, received, reason)
        delay = delay_after(tries, error)
        if delay is None:
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
        await msg.nak(delay=delay)

    async def _park(self, msg: Msg, received: Received[Event], reason: str) -> None:
        async with self._database.transaction() as tx:
            await park(tx, self.stream, raw_event(msg), reason)
            if received.id in self._failing:
                await forget_failures(tx, [received.id])
        await self._parked(msg, received, reason)

    async def _park_behind(self, msg: Msg, received: Received[Event]) -> bool:
        """Set an event aside behind a parked one of its aggregate; False when that was replayed in this moment."""
        reason = "behind a parked event of the same aggregate"
        async with self._database.transaction() as tx:
            if not await is_parked(tx, self.stream, received.aggregate):
                return False
            await park(tx, self.stream, raw_event(msg), reason)
        await self._parked(msg, received, reason)
        return True

    async def _parked(self, msg: Msg, received: Received[Event], reason: str) -> None:
        self._forget(received)
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
        log.error("event parked", service=self._durable, stream=self.stream, event_id=str(event.id), reason=reason)
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

    async def give_up(self, tx: Transaction, aggregate: str, version: int, id_: UUID) -> None:
        """Go on with what follows on an aggregate after this version, as if it had been applied."""
        applied = (await applied_versions(tx, self.stream, [aggregate]))[aggregate]
        if version > applied:
            await store_versions(tx, self.stream, {aggregate: (version, id_)})
