"""The hub: follows every stream, encodes each event once and hands it to all who listen.

It keeps the recent events in memory. A listener who comes back gets what it missed from there, or from the streams
themselves when it was away for longer; where neither has all of it, it gets a ``reset``: read anew. So nothing is ever
missed unnoticed.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import structlog
from prometheus_client import Counter, Gauge

from gateway.live.adapters.listener import Listener
from gateway.live.domain import Position, format_position, parse_position
from shared.contracts.catalogue import EVENTS, READABLE, present_type
from shared.contracts.streams import PUBLISHERS, stream_of
from shared.kit.bus import Bus
from shared.kit.cloudevents import event_lines, from_header, is_batch, type_in
from shared.kit.follower import Follower, Stored, last_position, read_between
from shared.kit.metrics import Metrics

log = structlog.get_logger(__name__)

RING, RING_BYTES = 2048, 2 * 1024 * 1024
"""So many messages are kept, and about so much of them."""
HISTORY = RING // len(PUBLISHERS)
RESUMED_AT_MOST = 1000
"""A listener that missed more than this is faster by reading anew."""
READY_WITHIN_S = 5.0
TICK_S = 0.5
KEEP_ALIVE_TICKS = 30
LETTERS = {publisher[0]: stream_of(publisher) for publisher in PUBLISHERS}
TOPICS = {f"dure.{type_}": EVENTS[present_type(type_)].TOPIC for type_ in READABLE}
RESET = b"event: reset\ndata: {}\n\n"
KEEP_ALIVE = b": keep-alive\n\n"
"""A comment: an event without data would be none, and must have no ``id``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message, encoded; without the ``id:`` line of its last event, at which a listener has heard all of it."""

    letter: str
    sequence: int
    topic: str
    before: bytes
    body: bytes

    def __len__(self) -> int:
        """Its bytes."""
        return len(self.before) + len(self.body)

    def at(self, id_: bytes) -> bytes:
        """With that line."""
        return self.before + id_ + self.body


def encode(letter: str, stored: Stored) -> Entry | None:
    """A message as server-sent events, one for each of its events; None for one that no topic has."""
    topic = TOPICS.get(f"dure.{type_in(stored.subject)}")
    if topic is None:
        return None
    lines = event_lines(stored.data) if is_batch(stored.headers) else [_single_line(stored)]
    blocks = [b"event: " + topic.encode() + b"\ndata: " + line + b"\n\n" for line in lines]
    return Entry(letter, stored.position, topic, b"".join(blocks[:-1]), blocks[-1])


def _single_line(stored: Stored) -> bytes:
    headers = stored.headers
    envelope = {
        "type": headers.get("ce-type", ""),
        "subject": from_header(headers.get("ce-subject", "")),
        "time": headers.get("ce-time", ""),
    }
    # a line break in JSON can only stand between its parts: inside of a text it is escaped
    data = stored.data.replace(b"\n", b" ").replace(b"\r", b" ")
    return json.dumps(envelope, ensure_ascii=False).encode()[:-1] + b', "data": ' + data + b"}"


class Hub:
    """One a process."""

    def __init__(self, bus: Bus, metrics: Metrics, is_draining: Callable[[], bool]) -> None:
        self._bus = bus
        self._is_draining = is_draining
        self._position: Position = {}
        self._history: Position = {}
        self._loaded: set[str] = set()
        self._ring: deque[Entry] = deque()
        self._ring_bytes = 0
        self._ring_start: Position = {}
        self._listeners: set[Listener] = set()
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)
        self._ready = asyncio.Event()
        self._ticker: asyncio.Task[None] | None = None
        self.followers = {stream: self._follower(letter, stream) for letter, stream in LETTERS.items()}
        Gauge("dure_live_listeners", "open live streams", registry=metrics.registry).set_function(
            lambda: len(self._listeners)
        )
        self._cut = Counter(
            "dure_live_cut", "live streams cut, as their reader was too slow", registry=metrics.registry
        )

    def _follower(self, letter: str, stream: str) -> Follower:
        return Follower(
            self._bus,
            stream,
            HISTORY,
            lambda start, last: self._begin(letter, start, last),
            lambda stored: self._receive(letter, stored),
        )

    def start(self) -> None:
        """Begin to follow the streams."""
        for follower in self.followers.values():
            follower.start()
        self._ticker = asyncio.create_task(self._tick(), name="live-ticker")

    async def stop(self) -> None:
        """End all live streams."""
        self.end_all()
        if self._ticker is not None:
            self._ticker.cancel()
        for follower in self.followers.values():
            await follower.stop()

    def end_all(self) -> None:
        """End all live streams; who listens comes back to whoever is there then."""
        for listener in self._listeners:
            listener.end()

    @contextmanager
    def listening(self, topics: Sequence[str], on_cut: Callable[[], object]) -> Iterator[Listener]:
        """A listener to ``topics`` (none: to all) from now on."""

        def cut() -> None:
            self._cut.inc()
            on_cut()

        listener = Listener(frozenset(topics) & set(TOPICS.values()) if topics else frozenset(TOPICS.values()), cut)
        self._listeners.add(listener)
        for topic in listener.topics:
            self._by_topic[topic].add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            for topic in listener.topics:
                self._by_topic[topic].discard(listener)

    async def settle(self) -> None:
        """Wait until it is known where the streams stand; not for long, as NATS may be down."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), READY_WITHIN_S)

    async def missed(self, last_event_id: str, listener: Listener) -> bytes:
        """The events that ``listener`` missed since ``last_event_id``, or a reset.

        Later ones are queued for it already.
        """
        if not self._ready.is_set():
            return b""  # it gets a reset as soon as the streams are there
        here, ring, ring_start = dict(self._position), list(self._ring), dict(self._ring_start)
        since = parse_position(last_event_id, list(LETTERS))
        reset = b"id: " + format_position(here).encode() + b"\n" + RESET
        if since is None or sum(max(0, here[x] - since[x]) for x in LETTERS) > RESUMED_AT_MOST:
            return reset
        try:
            entries = await self._older(since, here, ring_start)
        except ConnectionError as error:
            log.warning("missed events not read", error=str(error))
            return reset
        if entries is None:
            return reset
        entries += [entry for entry in ring if entry.sequence > max(since[entry.letter], ring_start[entry.letter])]
        parts = []
        for entry in entries:
            since[entry.letter] = entry.sequence
            if entry.topic in listener.topics:
                parts.append(entry.at(b"id: " + format_position(since).encode() + b"\n"))
        return b"".join(parts)

    async def _older(self, since: Position, here: Position, ring_start: Position) -> list[Entry] | None:
        """The events after ``since`` that memory no longer has; None when the streams have not all of them either."""
        found: list[Entry] = []
        for letter, stream in LETTERS.items():
            if since[letter] > here[letter] and since[letter] > await last_position(self._bus, stream):
                return None  # the stream was made anew since then
            first, last = since[letter] + 1, ring_start[letter]
            if first > last:
                continue
            messages = await read_between(self._bus, stream, first, last)
            if [message.position for message in messages] != list(range(first, last + 1)):
                return None
            found += [entry for message in messages if (entry := encode(letter, message)) is not None]
        return found

    def _begin(self, letter: str, start: int, last: int) -> None:
        known = letter in self._position
        self._position[letter] = last
        self._position = {x: self._position[x] for x in LETTERS if x in self._position}
        self._history[letter] = last
        self._ring_start[letter] = start
        if known:
            self._ring = deque(entry for entry in self._ring if entry.letter != letter)
            self._ring_bytes = sum(map(len, self._ring))
            self._send_to_all(self._id() + RESET)
        if start >= last:
            self._load(letter)

    def _load(self, letter: str) -> None:
        """The history of one stream is here; with that of all, positions are known and listeners can come back."""
        self._loaded.add(letter)
        if len(self._loaded) == len(LETTERS) and not self._ready.is_set():
            self._ready.set()
            self._send_to_all(self._id() + RESET)

    def _receive(self, letter: str, stored: Stored) -> None:
        is_history = stored.position <= self._history[letter]
        if not is_history:
            self._position[letter] = stored.position
        entry = encode(letter, stored)
        if entry is not None:
            self._append(entry)
        if is_history:
            if stored.position == self._history[letter]:
                self._load(letter)
            return
        if entry is not None and (listeners := self._by_topic.get(entry.topic)):
            message = entry.at(self._id())
            for listener in tuple(listeners):
                listener.put(message)

    def _append(self, entry: Entry) -> None:
        self._ring.append(entry)
        self._ring_bytes += len(entry)
        while len(self._ring) > RING or self._ring_bytes > RING_BYTES:
            oldest = self._ring.popleft()
            self._ring_bytes -= len(oldest)
            self._ring_start[oldest.letter] = oldest.sequence

    def _id(self) -> bytes:
        return b"id: " + format_position(self._position).encode() + b"\n" if self._ready.is_set() else b""

    def _send_to_all(self, message: bytes) -> None:
        for listener in tuple(self._listeners):
            listener.put(message)

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(TICK_S)
            if self._is_draining():
                self.end_all()
            ticks += 1
            if ticks % KEEP_ALIVE_TICKS == 0:
                for listener in self._listeners:
                    listener.must_prove = True
                self._send_to_all(KEEP_ALIVE)
