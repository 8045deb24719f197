"""The problems by which requests are refused, as an OpenAPI document describes them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.kit.problem import PROBLEM_TYPE

Schema = dict[str, Any]


class Refusal(NamedTuple):
    """A kind of problem: its name among the document's responses, what it means, and the headers that it has."""

    name: str
    meaning: str
    headers: tuple[str, ...] = ()


REFUSALS: Mapping[int, Refusal] = {
    400: Refusal("BadRequest", "The body is no JSON or form, or a header is missing or cannot be read."),
    401: Refusal("NoSession", "There is no session, or it has ended.", ("WWW-Authenticate",)),
    403: Refusal("NotAllowed", "Somebody else may do this."),
    404: Refusal("NotFound", "It is unknown."),
    409: Refusal(
        "Conflict",
        "It is not in a state for this, or the same Idempotency-Key is still running (`in_flight`).",
        ("Retry-After",),
    ),
    412: Refusal("PreconditionFailed", "Somebody changed it meanwhile, or it is there already, or not at all."),
    413: Refusal("TooLarge", "The body is too large."),
    415: Refusal("UnsupportedMediaType", "The body is of another type than this takes."),
    421: Refusal("MisdirectedRequest", "Dure does not know the address by which it was called."),
    422: Refusal("NotPossible", "It was understood and is not possible; `errors` name the fields and the reasons."),
    429: Refusal("TooManyTries", "There were too many wrong tries.", ("Retry-After",)),
    503: Refusal(
        "Unavailable", "A part of Dure does not answer now: the same request may be sent again.", ("Retry-After",)
    ),
}
HEADERS: Mapping[str, Schema] = {
    "ETag": {"description": "the version, for If-Match", "schema": {"type": "string"}},
    "Location": {"description": "the path of what was made", "schema": {"type": "string", "format": "uri-reference"}},
    "Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}},
}
SECURITY: Mapping[str, Schema] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "a session's token, or an API key (`dure_…`)"},
    "device": {"type": "http", "scheme": "bearer", "description": "an enrolled device's token (`dev_…`)"},
}
PROBLEM: Schema = {
    "type": "object",
    "description": "An error (RFC 9457), in the language of `Accept-Language`. Some codes have members of their own.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "`urn:dure:problem:` and the code"},
        "title": {"type": "string", "description": "what is wrong"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "what is wrong here, and what can be done"},
        "code": {"type": "string", "description": "stable, for programs"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemField"}},
    },
    "additionalProperties": True,
    "examples": [
        {
            "type": "urn:dure:problem:invalid",
            "title": "Some entries are not right",
            "status": 422,
            "detail": "“HB1001” is not known",
            "code": "invalid",
            "errors": [
                {
                    "field": "item",
                    "code": "unknown_reference",
                    "message": "“HB1001” is not known",
                    "params": {"value": "HB1001"},
                }
            ],
        }
    ],
}
PROBLEM_FIELD: Schema = {
    "type": "object",
    "description": "What is wrong with one field.",
    "required": ["field", "code", "message"],
    "properties": {
        "field": {"type": "string", "description": "its path, with dots"},
        "code": {"type": "string", "description": "stable, for programs"},
        "message": {"type": "string"},
        "params": {"type": "object", "additionalProperties": True, "description": "the values in the message"},
    },
    "additionalProperties": True,
}


def refuses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """A route's ``responses``: the problems that its command may raise beside those that follow from what it asks."""
    return {status: {"description": REFUSALS[status].meaning} for status in statuses}


def header_reference(name: str) -> Schema:
    """A reference to one of ``HEADERS``."""
    return {"$ref": f"#/components/headers/{name}"}


def refusal_reference(status: int) -> Schema:
    """A reference to the response of a status in ``REFUSALS``."""
    return {"$ref": f"#/components/responses/{REFUSALS[status].name}"}


def components() -> dict[str, dict[str, Schema]]:
    """What operations refer to."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "responses": {
            each.name: {"description": each.meaning, "content": content}
            | ({"headers": {name: header_reference(name) for name in each.headers}} if each.headers else {})
            for each in REFUSALS.values()
        },
        "headers": dict(HEADERS),
        "securitySchemes": dict(SECURITY),
    }
