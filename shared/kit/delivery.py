"""Messages of the streams, read as events."""

import json
from datetime import datetime
from uuid import UUID

from nats.aio.msg import Msg
from pydantic import ValidationError
from pydantic_core import from_json

from shared.contracts.catalogue import read_event
from shared.contracts.event import Event
from shared.kit.cloudevents import from_header
from shared.kit.inbox import Received
from shared.kit.parking import RawEvent
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.tracing import parse_traceparent


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
    except (KeyError, ValueError, ValidationError, RecursionError) as error:
        raise UnknownEvent(f"{type(error).__name__}: {error}") from error


def as_json(data: bytes) -> str:
    """A message's body as JSON; what is none becomes a JSON text."""
    try:
        from_json(data, allow_inf_nan=False)
    except ValueError:
        return json.dumps(data.decode(errors="replace"))
    return data.decode()
