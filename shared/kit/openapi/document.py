"""The OpenAPI document of an app.

FastAPI knows what a route takes and gives. The rest stands in its dependencies: a ``Permission`` is a session and
somebody's right, ``Once`` a key, ``IfMatch`` a version, a path's parameter something that may be unknown. A route
declares by ``refuses`` what only its command knows.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from inspect import getdoc, getmodule
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Header
from fastapi.routing import APIRoute

from shared.kit.answering import has_etag, location_of
from shared.kit.auth import EVERYBODY, Permission, Right
from shared.kit.idempotency import KEY, KEY_UNLESS_DRY_RUN
from shared.kit.openapi.refusals import REFUSALS, components, header_reference, refusal_reference
from shared.kit.openapi.schemas import operations_in, tidy
from shared.kit.paging import precondition
from shared.kit.routing import known_parameters

Operation = dict[str, Any]
UUID_PATTERN = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
"""For headers: generators write a header of ``format: uuid`` without making a text of it."""
TEXTUAL = ("application/json", "text/")


def describe(app: FastAPI, described: dict[str, Any]) -> dict[str, Any]:
    """The document of all API routes of ``app``, out of the one that FastAPI made."""
    document = tidy(described)
    routes = [route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema]
    for route in routes:
        for method in route.methods or ():
            operation = document["paths"][route.path_format][method.lower()]
            _complete(operation, route, method, routes)
            _name_right(operation, route, app.state.rights)
    for webhook in (route for route in app.webhooks.routes if isinstance(route, APIRoute)):
        operation = document["webhooks"][webhook.path_format]["post"]
        _name(operation, webhook)
        operation |= {"security": [], "responses": {"204": {"description": "The receiver has it."}}}
    for operation in operations_in(document):
        _name_binaries(operation)
        for parameter in operation.get("parameters", ()):
            _describe_parameter(parameter)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["schema"] = _without_null(content["schema"])
    document["components"] |= components()
    document["tags"] = _tags(routes)
    return document


def refusals_of(route: APIRoute) -> set[int]:
    """The statuses of the problems by which a route may refuse a request, from what it asks for."""
    calls = set(_calls(route.dependant))
    permissions = [call for call in calls if isinstance(call, Permission)]
    found = {503}
    if known_parameters in calls:
        found.add(422)
    if permissions:
        found.add(401)
    if any(permission.roles != frozenset(EVERYBODY) for permission in permissions):
        found.add(403)
    if "{" in route.path_format:
        found.add(404)
    parameters = [field.field_info for field in get_flat_params(route.dependant)]
    if any(parameter.description in (KEY, KEY_UNLESS_DRY_RUN) for parameter in parameters):
        found |= {400, 409}
    if precondition in calls:
        found.add(412)
    if route.body_field is not None:
        found |= {400, 413, 415}
    if any(isinstance(parameter, Header) and parameter.metadata for parameter in parameters):
        found.add(400)
    return found


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """All that a route depends on."""
    for part in dependant.dependencies:
        if part.call is not None:
            yield part.call
        yield from _calls(part)


def _name(operation: Operation, route: APIRoute) -> None:
    """Name an operation by verb and noun, as ``release_work_order``, and describe it by its docstring."""
    text = route.description.replace("``", "`")
    operation["operationId"] = re.sub(r"\W+", "_", route.name).strip("_").lower()
    operation["summary"] = re.split(r"[.:;](?:\s|$)", " ".join(text.split()), maxsplit=1)[0]
    operation["description"] = text


def _complete(operation: Operation, route: APIRoute, method: str, routes: Sequence[APIRoute]) -> None:
    """Say what FastAPI does not know of an operation."""
    calls = set(_calls(route.dependant))
    _name(operation, route)
    if any(isinstance(call, Permission) for call in calls):
        operation["security"] = [{"bearer": []}]
    operation.setdefault("security", [])
    responses = operation["responses"]
    if "201" in responses and "200" in responses:
        responses["201"] = {**responses["200"], **responses["201"]}
    for status in responses:
        if status.startswith("2"):
            responses[status]["description"] = HTTPStatus(int(status)).phrase
    declared = {int(status) for status in responses if status.isdigit() and int(status) in REFUSALS}
    for status in sorted(declared | refusals_of(route)):
        responses[str(status)] = refusal_reference(status)
    if method == "PUT" and precondition in calls:
        responses["201"] = {**responses["200"], "description": HTTPStatus.CREATED.phrase}
    if has_etag(route, routes):
        for status in ("200", "201"):
            if status in responses:
                responses[status].setdefault("headers", {})["ETag"] = header_reference("ETag")
    if "201" in responses and (method == "PUT" or location_of(route, routes) is not None):
        responses["201"].setdefault("headers", {})["Location"] = header_reference("Location")
    operation["responses"] = dict(sorted(responses.items()))


def _name_right(operation: Operation, route: APIRoute, rights: Mapping[Permission, Right]) -> None:
    """Say by which right an operation is somebody's, and whose right that is (``x-right``)."""
    for permission in (call for call in _calls(route.dependant) if isinstance(call, Permission)):
        right = rights[permission]
        operation["x-right"] = {"of": right.of, "name": right.name, "roles": sorted(permission.roles)}


def _describe_parameter(parameter: Operation) -> None:
    """Name a header as it is written, and say of a key what it is: routes miss it themselves, to say so in words."""
    parameter["schema"] = _without_null(parameter["schema"])
    if parameter["in"] == "header":
        parameter["name"] = parameter["name"].title()
        if parameter.get("description") in (KEY, KEY_UNLESS_DRY_RUN):
            parameter["schema"] = {"type": "string", "pattern": UUID_PATTERN}
            parameter["required"] = parameter["description"] == KEY


def _without_null(schema: Operation) -> Operation:
    """The schema of what is left out or sent, and never null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    rest = {keyword: value for keyword, value in schema.items() if keyword not in ("anyOf", "description")}
    return rest | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {})


def _name_binaries(operation: Operation) -> None:
    """A file is no text."""
    for answer in operation["responses"].values():
        for type_, content in answer.get("content", {}).items():
            if not type_.startswith(TEXTUAL) and not type_.endswith("+json"):
                content["schema"] = {"type": "string", "format": "binary"}


def _tags(routes: Sequence[APIRoute]) -> list[dict[str, str]]:
    """The tags in the order of their routes, each described by the docstring of the module that has most of them."""
    modules: defaultdict[str, Counter[Any]] = defaultdict(Counter)
    for route in routes:
        for tag in route.tags:
            modules[str(tag)][getmodule(route.endpoint)] += 1
    return [
        {"name": tag, "description": (getdoc(found.most_common(1)[0][0]) or "").split("\n\n")[0].replace("\n", " ")}
        for tag, found in modules.items()
    ]
