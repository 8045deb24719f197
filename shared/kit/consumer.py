"""Applies another service's events: each one once, in the order of its aggregate, whatever is delivered twice, late or
broken.

The order of work is: begin, look up the applied versions, effects, store the versions, commit, acknowledge. A batch is
one transaction; when it fails its events are tried one by one, so that one bad event does not hold up its neighbours.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
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
from shared.kit.delivery import Delivery, Due, NoEvent, Unreadable
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


MESSAGES = 100
"""So many are fetched at once; a message is an event, or a batch of them, and all are applied within ``ACK_WAIT_S``."""
TOGETHER_BYTES = 256 * 1024
"""About so much of them is applied in one transaction."""
REST, REST_S = 10.0, 0.2
"""Rest after a batch for so many times as long as it took, and so many seconds at most: under load the next one is
larger, and costs one transaction all the same."""
AGAIN_S = 1.0
"""Until an event is tried again that failed for the database's sake, or another replica's."""
ACK_WAIT_S = 10
"""Messages that a killed process had fetched are delivered again after this;
a slower batch is delivered twice, and applied once."""
GAP_LOOK_S, GAP_PATIENCE_S = 0.2, 3600.0
"""An event that came before its predecessor is no failure: another replica may be applying that one right now, or
trying it again, or was killed with it. It is held here and looked at again; sent back, a hundred of them would return
in any order and let one pass a round."""


def portions(messages: Sequence[Msg]) -> Iterator[Sequence[Msg]]:
    """Messages in order, by what is applied together."""
    some: list[Msg] = []
    size = 0
    for msg in messages:
        some.append(msg)
        size += len(msg.data)
        if size >= TOGETHER_BYTES:
            yield some
            some, size = [], 0
    yield some


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
        self._held: dict[tuple[int, int], Due] = {}
        """By the position of the message, and the event's number in it."""
        self._early_since: dict[UUID, float] = {}
        self._task: asyncio.Task[None] | None = None
        self._behind: datetime | None = None
        self.is_running = False

    @property
    def oldest_waiting(self) -> datetime | None:
        """The time of the oldest event that was delivered or is due, and is not applied yet."""
        waiting = [one.received.time for one in self._held.values()]
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
            max_ack_pending=MESSAGES * 8,
        )
        await js.add_consumer(self.stream, config)
        subscription = await js.pull_subscribe_bind(durable=self._durable, stream=self.stream)
        self.is_running = True
        loop = asyncio.get_running_loop()
        try:
            while True:
                try:
                    messages = await subscription.fetch(MESSAGES, timeout=GAP_LOOK_S if self._held else 5)
                except TimeoutError:
                    messages = []
                    self._lag_is(0, None)
                begun = loop.time()
                for some in portions(messages):
                    await self._apply(some)
                if 0 < len(messages) < MESSAGES:
                    await asyncio.sleep(min(REST_S, REST * (loop.time() - begun)))
        finally:
            with suppress(OSError, nats.errors.Error):  # an error here would take the place of a cancellation
                await subscription.unsubscribe()

    async def _apply(self, messages: Sequence[Msg]) -> None:
        """Apply what came together with what was held, in the order of the stream.

        Of two deliveries of a message the later one counts.
        """
        for msg in messages:
            await self._take(msg)
        due = [one for _, one in sorted(self._held.items())]
        self._held.clear()
        if not due:
            return
        self._lag_is(due[-1].delivery.msg.metadata.num_pending, due[-1].received.time)
        try:
            await self._apply_together(due)
        except Exception as error:
            if is_unavailable(error):
                log.warning(
                    "database not available",
                    service=self._durable,
                    stream=self.stream,
                    error=str(error) or type(error).__name__,
                )
                await asyncio.gather(*(one.delivery.send_back(AGAIN_S) for one in due))
                await asyncio.sleep(0.5)
                return
            if len(due) > 1:
                for one in due:
                    await self._apply_one(one)
            else:
                await self._failed(due[0], error)

    async def _take(self, msg: Msg) -> None:
        """Hold a message's events; those that cannot be read are set aside."""
        try:
            delivery = Delivery(msg, self._people)
        except NoEvent as error:
            log.exception(
                "message is no event of ours and is dropped", stream=self.stream, subject=msg.subject, reason=str(error)
            )
            await msg.term()
            return
        for number, event in enumerate(delivery.events):
            if isinstance(event, Unreadable):
                await self._park_unreadable(delivery, event)
            else:
                self._held[delivery.position, number] = Due(delivery, number, event)

    def _lag_is(self, pending: int, newest: datetime | None) -> None:
        """So many events are still to be fetched; the oldest of them is about as old as the newest that was."""
        self._metrics.consumer_lag.labels(service=self._durable, stream=self.stream).set(pending)
        self._behind = newest if pending else None

    async def _apply_one(self, one: Due) -> None:
        try:
            await self._apply_together([one])
        except Exception as error:
            await self._failed(one, error)

    async def _apply_together(self, batch: Sequence[Due]) -> None:
        """Apply a batch in one transaction, then acknowledge it; events behind a gap are held."""
        early: list[Due] = []
        done: list[Due] = []
        blocked: set[str] = set()
        async with self._database.transaction() as tx:
            applied = await applied_versions(tx, self.stream, (one.received.aggregate for one in batch))
            due: list[Received[Event]] = []
            last: dict[str, tuple[int, UUID]] = {}
            for one in batch:
                received = one.received
                verdict = judge(received.version, applied[received.aggregate])
                (early if verdict is Verdict.GAP else done).append(one)
                if verdict is Verdict.APPLY:
                    applied[received.aggregate] = received.version
                    last[received.aggregate] = (received.version, received.id)
                    due.append(received)
            for contract, group in groupby(due, key=lambda r: type(r.event)):
                await self._handle(tx, contract, Events(list(group)))
            if last:
                await store_versions(tx, self.stream, last)
            if recovered := self._failing.intersection(one.received.id for one in done):
                await forget_failures(tx, recovered)
            if early:
                blocked = await parked_aggregates(tx, self.stream, (one.received.aggregate for one in early))
        for one in done:
            await one.delivery.settle()
            self._forget(one.received.id)
        for received in due:
            self._metrics.event_latency.observe(max(0.0, (tx.now - received.time).total_seconds()))
        self._metrics.events_applied.inc(len(due))
        for one in early:
            if one.received.aggregate not in blocked or not await self._park_behind(one):
                await self._wait(one, applied[one.received.aggregate] + 1)

    async def _handle(self, tx: Transaction, contract: type[Event], events: Events[Event]) -> None:
        with traced(events.common_trace()):
            for handler in self._handlers.get(contract, ()):
                await handler(tx, events)

    async def _wait(self, one: Due, missing: int) -> None:
        """Hold an event until its predecessor was applied, here or by another replica, or patience ends."""
        now = asyncio.get_running_loop().time()
        waited = now - self._early_since.setdefault(one.received.id, now)
        if waited > GAP_PATIENCE_S:
            await self._park(one, f"version {missing} of the same aggregate did not come")
            return
        self._held[one.delivery.position, one.number] = one

    def _forget(self, id_: UUID) -> None:
        self._failing.discard(id_)
        self._early_since.pop(id_, None)

    async def _failed(self, one: Due, error: Exception) -> None:
        """Send an event back for a while, in everybody's sight; set it aside when its tries are spent."""
        if is_unavailable(error) or isinstance(error, AppliedElsewhere):
            await one.delivery.send_back(AGAIN_S)
            return
        reason = f"{type(error).__name__}: {error}"
        self._failing.add(one.received.id)
        async with self._database.transaction() as tx:
            tries = await count_failure(tx, self.stream, one.received, reason)
        delay = delay_after(tries, error)
        if delay is None:
            await self._park(one, reason)
            return
        log.warning(
            "event not applied",
            service=self._durable,
            stream=self.stream,
            event_id=str(one.received.id),
            tries=tries,
            error=reason,
        )
        await one.delivery.send_back(delay)

    async def _park(self, one: Due, reason: str) -> None:
        id_ = one.received.id
        async with self._database.transaction() as tx:
            await park(tx, self.stream, one.delivery.raw(id_), reason)
            if id_ in self._failing:
                await forget_failures(tx, [id_])
        await self._parked(one.delivery, id_, reason)

    async def _park_behind(self, one: Due) -> bool:
        """Set an event aside behind a parked one of its aggregate; False when that was replayed in this moment."""
        reason = "behind a parked event of the same aggregate"
        async with self._database.transaction() as tx:
            if not await is_parked(tx, self.stream, one.received.aggregate):
                return False
            await park(tx, self.stream, one.delivery.raw(one.received.id), reason)
        await self._parked(one.delivery, one.received.id, reason)
        return True

    async def _park_unreadable(self, delivery: Delivery, event: Unreadable) -> None:
        raw = event.raw
        if raw.type in READABLE and await self._was_applied(raw.aggregate, raw.version):
            await delivery.settle()
            return
        async with self._database.transaction() as tx:
            await park(tx, self.stream, raw, event.reason)
        await self._parked(delivery, raw.id, event.reason)

    async def _parked(self, delivery: Delivery, id_: UUID, reason: str) -> None:
        self._forget(id_)
        log.error("event parked", service=self._durable, stream=self.stream, event_id=str(id_), reason=reason)
        await delivery.settle()

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
