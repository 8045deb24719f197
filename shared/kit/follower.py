"""Reads a stream as it grows, in order and without acknowledgements: for what is shown and not stored.

Nothing is missed while the reader lives: after a lost connection, a lost message or a server that was restarted it goes
on from the last position it had. Should the stream itself have been made anew, it says so and begins again.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import nats.errors
import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared.kit.bus import Bus
from shared.kit.tasks import end

log = structlog.get_logger(__name__)

HEARTBEAT_S = 2.0
SILENCE_S = 3 * HEARTBEAT_S
LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Stored:
    """One message of a stream; ``position`` is its sequence there."""

    position: int
    subject: str
    headers: Mapping[str, str]
    data: bytes


class Follower:
    """Follows one stream from its last ``history`` messages on.

    ``on_begin(start, last)`` announces the messages after ``start``, and that those up to ``last`` are history. It is
    called again when the stream was made anew. ``on_message`` gets every message, in order.
    """

    def __init__(
        self,
        bus: Bus,
        stream: str,
        history: int,
        on_begin: Callable[[int, int], None],
        on_message: Callable[[Stored], None],
    ) -> None:
        self._bus = bus
        self.stream = stream
        self._history = history
        self._on_begin = on_begin
        self._on_message = on_message
        self._position: int | None = None
        self._received = 0
        self._broken = asyncio.Event()
        self._heard = 0.0
        self._task: asyncio.Task[None] | None = None
        self.is_running = False

    def start(self) -> None:
        """Begin to follow."""
        self._task = asyncio.create_task(self._run(), name=f"follow-{self.stream}")

    async def stop(self) -> None:
        """Stop."""
        await end(self._task)

    async def _run(self) -> None:
        while True:
            try:
                await self._follow(await self._bus.js())
            except (OSError, TimeoutError, nats.errors.Error) as error:
                log.warning("stream not followed", stream=self.stream, error=str(error) or type(error).__name__)
            except Exception:
                # a fault of our own must not end it for good: it goes on from its position
                log.exception("stream not followed", stream=self.stream)
            self.is_running = False
            await asyncio.sleep(1)

    async def _follow(self, js: JetStreamContext) -> None:
        state = (await js.stream_info(self.stream)).state
        if self._position is None or self._position > state.last_seq:
            self._position = max(0, state.first_seq - 1, state.last_seq - self._history)
            self._on_begin(self._position, state.last_seq)
        loop = asyncio.get_running_loop()
        self._received = 0
        self._broken.clear()
        self._heard = loop.time()
        client = self._bus.client
        reconnects = client.stats["reconnects"]
        inbox = client.new_inbox()
        subscription = await client.subscribe(inbox, cb=self._receive)
        try:
            await js.add_consumer(self.stream, _reader(inbox, self._position + 1))
            self.is_running = True
            while loop.time() - self._heard < SILENCE_S and client.stats["reconnects"] == reconnects:
                try:
                    await asyncio.wait_for(self._broken.wait(), LOOK_S)
                except TimeoutError:
                    continue
                return
        finally:
            with suppress(OSError, nats.errors.Error):  # an error here would take the place of a cancellation
                await subscription.unsubscribe()

    async def _receive(self, msg: Msg) -> None:
        self._heard = asyncio.get_running_loop().time()
        if self._broken.is_set():
            return
        headers = msg.headers or {}
        if "Status" in headers:
            await self._control(msg, headers)
            return
        position, number = _numbers(msg)
        if number != self._received + 1:
            self._broken.set()
            return
        self._received = number
        self._position = position
        self._on_message(Stored(position, msg.subject, headers, msg.data))

    async def _control(self, msg: Msg, headers: Mapping[str, str]) -> None:
        """A heartbeat carries the last number sent; flow control needs an answer."""
        answer_to = msg.reply or headers.get("Nats-Consumer-Stalled")
        if answer_to:
            await self._bus.client.publish(answer_to)
        last = headers.get("Nats-Last-Consumer")
        if last is not None and int(last) != self._received:
            self._broken.set()


async def read_between(bus: Bus, stream: str, first: int, last: int, *, wait_s: float = 5.0) -> list[Stored]:
    """The messages from position ``first`` to ``last``; fewer where the stream no longer has them.

    Raises ConnectionError.
    """
    try:
        async with asyncio.timeout(wait_s):
            return await _read(bus, stream, first, last)
    except (OSError, TimeoutError, nats.errors.Error) as error:
        raise ConnectionError(f"{stream} cannot be read: {error or type(error).__name__}") from error


async def last_position(bus: Bus, stream: str, *, wait_s: float = 5.0) -> int:
    """The position of the last message. Raises ConnectionError."""
    try:
        async with asyncio.timeout(wait_s):
            return int((await (await bus.js()).stream_info(stream)).state.last_seq)
    except (OSError, TimeoutError, nats.errors.Error) as error:
        raise ConnectionError(f"{stream} cannot be read: {error or type(error).__name__}") from error


async def _read(bus: Bus, stream: str, first: int, last: int) -> list[Stored]:
    js = await bus.js()
    inbox = bus.client.new_inbox()
    subscription = await bus.client.subscribe(inbox)
    found: list[Stored] = []
    try:
        await js.add_consumer(stream, _reader(inbox, first))
        async for msg in subscription.messages:
            headers = msg.headers or {}
            if "Status" in headers:
                if msg.reply:
                    await msg.respond(b"")
                continue
            position, _ = _numbers(msg)
            if position <= last:
                found.append(Stored(position, msg.subject, headers, msg.data))
            if position >= last:
                break
    finally:
        with suppress(OSError, nats.errors.Error):
            await subscription.unsubscribe()
    return found


def _reader(inbox: str, first: int) -> ConsumerConfig:
    """A consumer of the moment, which the server forgets soon after its reader is gone."""
    return ConsumerConfig(
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=first,
        deliver_subject=inbox,
        ack_policy=AckPolicy.NONE,
        max_deliver=1,
        flow_control=True,
        idle_heartbeat=HEARTBEAT_S,
        mem_storage=True,
        num_replicas=1,
    )


def _numbers(msg: Msg) -> tuple[int, int]:
    """The position in the stream, and the number of the delivery to this consumer."""
    sequence = msg.metadata.sequence
    return sequence.stream, sequence.consumer
