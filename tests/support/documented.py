"""Every answer that a test sees is as the app's OpenAPI document describes it: its status, its type, its schema."""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import httpx
import jsonschema_rs

from infra.docs.permissions import app_of
from tests.support import suite as suites

API = "/api/v1/"
UNDESCRIBED = {404, 405, 308, 500}
"""Of a path or method that there is not, or of a failure that a test makes on purpose."""


@cache
def document_of(app: str) -> dict[str, Any]:
    """The document of an app; a test run makes it once for all its workers."""
    if suites.shared_folder is None:
        return app_of(app).openapi()
    with suites.made_once(f"{app}.json") as (made, is_missing):
        if is_missing:
            made.write_text(json.dumps(app_of(app).openapi()))
    document: dict[str, Any] = json.loads(made.read_text())
    return document


@cache
def _paths_of(app: str) -> list[tuple[re.Pattern[str], str]]:
    """The paths of an app, those with the fewest parameters first."""
    paths = sorted(document_of(app)["paths"], key=lambda path: path.count("{"))
    with_slashes = (path.replace("{external_id}", "{external_id:path}") for path in paths)
    patterns = (re.sub(r"\\{[^}]*:path\\}", ".+", re.escape(path)) for path in with_slashes)
    return [(re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", one)), path) for one, path in zip(patterns, paths, strict=True)]


@cache
def _validator(app: str, path: str, method: str, status: str, type_: str) -> Any:
    """Checks the content of one answer; None where nothing is said of it."""
    document = document_of(app)
    answer = document["paths"][path][method]["responses"][status]
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema = answer.get("content", {})[type_].get("schema")
    if not schema or schema.get("format") == "binary":
        return None
    there = json.loads(json.dumps(schema).replace('"#/', f'"urn:{app}#/'))
    return jsonschema_rs.validator_for(there, registry=_registry(app), validate_formats=False)


@cache
def _registry(app: str) -> Any:
    """The schemas of an app, once for all that refers to them."""
    return jsonschema_rs.Registry([(f"urn:{app}", {"components": document_of(app)["components"]})])


def fault_of(apps: Sequence[str], response: httpx.Response) -> str | None:
    """What of an answer is not as described."""
    path, method = response.request.url.path, response.request.method.lower()
    found = next(
        ((app, known) for app in apps for pattern, known in _paths_of(app) if pattern.fullmatch(path)), (None, "")
    )
    status, (app, known) = response.status_code, found
    if app is None or method not in document_of(app)["paths"][known]:
        is_head_or_options = method in ("head", "options") and status < 400
        return None if status in {*UNDESCRIBED, 401} or is_head_or_options else "no such operation"
    answers = document_of(app)["paths"][known][method]["responses"]
    if str(status) not in answers:
        return None if status == 500 else f"{sorted(answers)} are described"
    described = answers[str(status)].get("headers", {})
    for name in ("Location", "ETag"):
        if status < 300 and (name in described) != (name in response.headers):
            return f"{name} is {'' if name in described else 'not '}described"
    type_ = response.headers.get("content-type", "").partition(";")[0]
    if not response.content:
        return None
    try:
        validator = _validator(app, known, method, str(status), type_)
    except KeyError:
        return f"{type_} is not described"
    if validator is not None and type_.endswith("json"):
        for error in validator.iter_errors(response.json()):
            return f"{'/'.join(map(str, error.instance_path))}: {error.message}"
    return None


def checked_by(*apps: str) -> Any:
    """A hook for a client: it fails the test that gets an answer of these apps that is not described."""

    async def check(response: httpx.Response) -> None:
        if not response.request.url.path.startswith(API) or "event-stream" in response.headers.get("content-type", ""):
            return
        await response.aread()
        fault = fault_of(apps, response)
        request = response.request
        assert fault is None, f"{request.method} {request.url} → {response.status_code} {response.text[:500]}: {fault}"

    return check
