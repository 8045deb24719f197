"""Messages of the streams, read as events: a message is one event, or a batch of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from nats.aio.msg import Msg
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json

from shared.contracts.catalogue import EVENTS, read_event
from shared.contracts.event import Event
from shared.kit.cloudevents import from_header, is_batch, type_in
from shared.kit.inbox import Received
from shared.kit.parking import RawEvent
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.tracing import parse_traceparent

E = TypeVar("E", bound=Event)
FAULTS_OF_AN_EVENT = (KeyError, ValueError, TypeError, ValidationError, RecursionError)
READ_ONCE = 16
"""So many batches are kept as they were read: services in one process hear the same ones within a moment."""


@dataclass(frozen=True)
class Unreadable:
    """An event without a contract, or one that this release cannot read."""

    raw: RawEvent
    reason: str


class NoEvent(Exception):
    """A message that is none of ours."""


class Delivery:
    """A message on its way through a consumer: it is acknowledged as soon as all of its events are settled."""

    def __init__(self, msg: Msg, people: Pseudonyms) -> None:
        self.msg = msg
        self.position: int = msg.metadata.sequence.stream
        self.events = read(msg, people)
        self._open = len(self.events)
        self._is_back = False

    async def settle(self) -> None:
        """One of its events needs no more."""
        self._open -= 1
        if not self._open and not self._is_back:
            await self.msg.ack()

    async def send_back(self, delay: float) -> None:
        """Have it delivered again; those of its events that are settled by then are known as duplicates."""
        if not self._is_back:
            self._is_back = True
            await self.msg.nak(delay=delay)

    def raw(self, id_: UUID) -> RawEvent:
        """One of its events as it came."""
        return next(raw for raw in raw_events(self.msg.headers, self.msg.data) if raw.id == id_)


class Due(NamedTuple):
    """An event that is to be applied, with its delivery and its number in that."""

    delivery: Delivery
    number: int
    received: Received[Event]


class _Envelope(BaseModel, Generic[E]):
    id: UUID
    subject: str
    sequence: int
    time: datetime
    traceparent: str | None = None
    data: E


def read(msg: Msg, people: Pseudonyms) -> Sequence[Received[Event] | Unreadable]:
    """The events of a message, in order. Raises ``NoEvent``."""
    if is_batch(msg.headers or {}):
        contract = EVENTS.get(type_in(msg.subject))
        if contract is not None:
            try:
                return read_batch(contract, msg.data)
            except ValidationError:
                pass  # each by itself, so that those that can be read are
    try:
        raws = raw_events(msg.headers, msg.data)
    except FAULTS_OF_AN_EVENT as error:
        raise NoEvent(f"{type(error).__name__}: {error}") from error
    return [_read(raw, people) for raw in raws]


@lru_cache(READ_ONCE)
def read_batch(contract: type[E], data: bytes) -> Sequence[Received[E]]:
    """A batch's events of one contract. Raises ValidationError."""
    return tuple(
        Received(entry.data, entry.id, entry.subject, entry.sequence, entry.time, parse_traceparent(entry.traceparent))
        for entry in _reader(contract).validate_json(data)
    )


@cache
def _reader(contract: type[Any]) -> TypeAdapter[list[_Envelope[Any]]]:
    return TypeAdapter(list[_Envelope[contract]])  # type: ignore[valid-type]


def raw_events(headers: Mapping[str, str] | None, data: bytes | None) -> list[RawEvent]:
    """The attributes and the bodies of a message's events. Raises ``FAULTS_OF_AN_EVENT`` for what is no event."""
    headers, data = headers or {}, data or b""
    if is_batch(headers):
        return [
            RawEvent(
                UUID(entry["id"]),
                entry["type"].removeprefix("dure."),
                entry["subject"],
                int(entry["sequence"]),
                datetime.fromisoformat(entry["time"]),
                json.dumps(entry["data"], ensure_ascii=False),
                parse_traceparent(entry.get("traceparent")),
            )
            for entry in from_json(data)
        ]
    return [
        RawEvent(
            UUID(headers["ce-id"]),
            headers["ce-type"].removeprefix("dure."),
            from_header(headers["ce-subject"]),
            int(headers["dure-version"]),
            datetime.fromisoformat(headers["ce-time"]),
            as_json(data),
            parse_traceparent(headers.get("traceparent")),
        )
    ]


def _read(raw: RawEvent, people: Pseudonyms) -> Received[Event] | Unreadable:
    try:
        event = read_event(raw.type, raw.body, people.id_of)
    except FAULTS_OF_AN_EVENT as error:
        return Unreadable(raw, f"{type(error).__name__}: {error}")
    return Received(event, raw.id, raw.aggregate, raw.version, raw.time, raw.traceparent)


def as_json(data: bytes) -> str:
    """A message's body as JSON; what is none becomes a JSON text."""
    try:
        from_json(data, allow_inf_nan=False)
    except ValueError:
        return json.dumps(data.decode(errors="replace"))
    return data.decode()
