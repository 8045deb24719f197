"""All event contracts by type, and the AsyncAPI document that is generated from them."""

import json
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import shared.contracts
from shared.contracts.event import Event
from shared.contracts.streams import PUBLISHERS
from shared.contracts.upcasts import UPCASTS, PersonId


def _events() -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for publisher in PUBLISHERS:
        package = import_module(f"{shared.contracts.__name__}.{publisher}")
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, Event) and value is not Event:
                    found[value.TYPE] = value
    return found


EVENTS: dict[str, type[Event]] = _events()
"""Every contract, by its type without the leading ``dure.``."""
BATCH = "application/cloudevents-batch+json"
"""The content type of a message that holds several events."""
READABLE = frozenset({*EVENTS, *UPCASTS})
"""The types that this release reads."""


def present_type(type_: str) -> str:
    """The type that an event of this release or of the one before has now."""
    return UPCASTS[type_].type if type_ in UPCASTS else type_


def read_event(type_: str, data: bytes | str, person_id: PersonId) -> Event:
    """The event of a type in ``READABLE``, of this release or of the one before. Raises KeyError or ValueError."""
    known = UPCASTS.get(type_)
    if known is None:
        return EVENTS[type_].model_validate_json(data)
    return EVENTS[known.type].model_validate(known.apply(json.loads(data), person_id))


def _batch_message(type_: str, event: type[Event]) -> dict[str, Any]:
    """Several events of a type in one message: CloudEvents in the JSON format."""
    text = {"type": "string"}
    attributes = {
        "specversion": {"type": "string", "const": "1.0"},
        "id": text | {"format": "uuid"},
        "source": text | {"format": "uri-reference"},
        "sequence": text | {"description": "the aggregate's version, in digits that sort as it does"},
        "type": {"type": "string", "const": f"dure.{type_}"},
        "subject": text | {"description": "the aggregate's id"},
        "time": text | {"format": "date-time"},
        "datacontenttype": {"type": "string", "const": "application/json"},
        "data": {"$ref": f"#/components/schemas/{event.__name__}"},
    }
    one = {"type": "object", "required": list(attributes), "properties": attributes | {"traceparent": text}}
    return {
        "name": f"dure.{type_}",
        "title": f"{event.__name__}, several",
        "summary": f"Events that were committed one after another, each as in {event.__name__}.",
        "contentType": BATCH,
        "headers": {"$ref": "#/components/schemas/BatchHeaders"},
        "payload": {"type": "array", "minItems": 2, "items": one},
    }


def asyncapi(site: str, version: str) -> dict[str, Any]:
    """The AsyncAPI 3.0 document of all events of ``site``."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for type_, event in sorted(EVENTS.items()):
        name = type_.replace(".", "_")
        schema = event.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[event.__name__] = schema
        messages[name] = {
            "name": f"dure.{type_}",
            "title": event.__name__,
            "summary": (event.__doc__ or "").strip().splitlines()[0],
            "contentType": "application/json",
            "headers": {"$ref": "#/components/schemas/CloudEventHeaders"},
            "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        }
        messages[f"{name}_batch"] = _batch_message(type_, event)
        channels[name] = {
            "address": f"dure.{site}.{type_}",
            "messages": {one: {"$ref": f"#/components/messages/{one}"} for one in (name, f"{name}_batch")},
        }
        operations[f"publish_{name}"] = {"action": "send", "channel": {"$ref": f"#/channels/{name}"}}
    schemas["BatchHeaders"] = {
        "type": "object",
        "required": ["content-type"],
        "properties": {"content-type": {"type": "string", "const": BATCH}},
    }
    schemas["CloudEventHeaders"] = {
        "type": "object",
        "description": "Values are percent-encoded as the CloudEvents NATS binding says.",
        "required": [
            *("ce-id", "ce-specversion", "ce-type", "ce-source", "ce-time", "ce-subject", "ce-sequence"),
            *("ce-datacontenttype", "dure-version"),
        ],
        "properties": {
            "ce-id": {"type": "string", "format": "uuid", "description": "also Nats-Msg-Id"},
            "ce-specversion": {"type": "string", "const": "1.0"},
            "ce-type": {"type": "string"},
            "ce-source": {"type": "string", "format": "uri-reference"},
            "ce-time": {"type": "string", "format": "date-time"},
            "ce-subject": {"type": "string", "description": "the aggregate's id"},
            "ce-sequence": {"type": "string", "description": "the aggregate's version, in digits that sort as it does"},
            "ce-datacontenttype": {"type": "string", "const": "application/json"},
            "dure-version": {"type": "integer", "minimum": 1, "description": "the aggregate's version"},
            "traceparent": {"type": "string"},
        },
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Dure events", "version": version},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }
