"""One OpenAPI document out of several."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Path, Query
from fastapi.routing import APIRoute, iter_route_contexts

from gateway.documents.adapters import examples
from gateway.documents.domain import ambiguous_schemas, illustrate, merge
from infra.docs.permissions import app_of
from shared.registry import APP_NAMES, PUBLISHER_OF, SERVICE_NAMES
from tests.support.documented import document_of

SCHEMAS = "#/components/schemas/"


@cache
def merged() -> dict[str, Any]:
    """The document that a running Dure shows."""
    services = {PUBLISHER_OF[name]: document_of(name) for name in SERVICE_NAMES}
    return illustrate(merge(document_of("gateway"), services), examples())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def document(path: str, operation: str, schemas: dict[str, Any]) -> dict[str, Any]:
    name = next(iter(schemas))
    answer = {"content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}{name}"}}}}
    return {
        "info": {"title": path},
        "paths": {path: {"get": {"operationId": operation, "tags": ["things"], "responses": {"200": answer}}}},
        "components": {"schemas": schemas},
    }


def test_a_name_that_means_two_things_gets_its_services_name() -> None:
    same = {"type": "string"}
    own = document("/a", "list_things", {"Thing": {"type": "object"}, "Code": same})
    theirs = document("/b", "list_things", {"Thing": {"type": "array"}, "Code": same})
    both = merge(own, {"orders": theirs})
    assert both["components"]["schemas"] == {
        "Code": same,
        "OrdersThing": {"type": "array"},
        "Thing": {"type": "object"},
    }
    operation = both["paths"]["/b"]["get"]
    assert operation["operationId"] == "orders_list_things"
    assert operation["tags"] == ["orders: things"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": f"{SCHEMAS}OrdersThing"}
    assert own["paths"] == {"/a": both["paths"]["/a"]}


def test_a_list_of_what_means_two_things_means_two_things_itself() -> None:
    page = {"type": "array", "items": {"$ref": f"{SCHEMAS}Machine"}}
    book = {"type": "array", "items": {"$ref": f"{SCHEMAS}Page"}}
    orders = document("/o", "list_o", {"Book": book, "Page": page, "Machine": {"type": "object"}})
    production = document("/p", "list_p", {"Book": book, "Page": page, "Machine": {"type": "string"}})
    assert ambiguous_schemas([orders, production]) == {"Machine", "Page", "Book"}


def deep(document: dict[str, Any], part: Any, within: tuple[str, ...] = ()) -> Any:
    """A part of a document with all that it refers to in its place; where it would go round, how far back."""
    if isinstance(part, list):
        return [deep(document, each, within) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        reference = part["$ref"]
        if reference in within:
            return f"as {len(within) - within.index(reference)} above"
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return deep(document, found, (*within, reference))
    return {name: deep(document, each, within) for name, each in part.items() if name != "example"}


@pytest.mark.parametrize("app", APP_NAMES)
def test_whatever_a_service_says_means_the_same_in_the_merged_document(app: str) -> None:
    own = document_of(app)
    for path, method, operation in operations(own):
        there = merged()["paths"][path][method]
        for part in ("parameters", "requestBody", "responses", "security", "summary", "description"):
            assert deep(merged(), there.get(part)) == deep(own, operation.get(part)), (path, method, part)


def test_names_are_unique_and_of_no_python_module() -> None:
    ids = Counter(operation["operationId"] for _, _, operation in operations(merged()))
    assert max(ids.values()) == 1
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in ids)
    schemas = merged()["components"]["schemas"]
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]+", name) for name in schemas)
    titles = [schema["title"] for schema in schemas.values() if "title" in schema]
    assert len(titles) == len(set(titles))


def test_no_path_has_two_names() -> None:
    blank = Counter(re.sub(r"{[^}]+}", "{}", path) for path in merged()["paths"])
    assert [path for path, count in blank.items() if count > 1] == []


def test_every_error_is_a_problem() -> None:
    for path, method, operation in operations(merged()):
        for status, answer in operation["responses"].items():
            if status >= "400":
                content = deep(merged(), answer)["content"]
                assert list(content) == ["application/problem+json"], (path, method, status)
                assert "code" in content["application/problem+json"]["schema"]["required"]


def test_what_a_route_asks_for_is_said_with_how_it_refuses() -> None:
    def of(method: str, path: str) -> tuple[set[str], dict[str, Any]]:
        operation = merged()["paths"][f"/api/v1{path}"][method]
        return set(operation["responses"]), operation

    statuses, report = of("post", "/production/jobs/{job}/results")
    assert statuses == {"201", "400", "401", "403", "404", "409", "413", "415", "422", "503"}
    key = next(parameter for parameter in report["parameters"] if parameter["name"] == "Idempotency-Key")
    assert (key["in"], key["required"]) == ("header", True)
    assert set(report["responses"]["201"]["headers"]) == {"Location"}
    statuses, put = of("put", "/orders/items/{code}")
    assert {"200", "201", "412"} <= statuses
    assert set(put["responses"]["201"]["headers"]) == {"ETag", "Location"}
    assert set(of("get", "/orders/items/{code}")[1]["responses"]["200"]["headers"]) == {"ETag"}
    assert of("get", "/site")[1]["security"] == []
    assert of("get", "/devices/current")[1]["security"] == [{"device": []}]
    assert of("get", "/me")[1]["security"] == [{"bearer": []}]
    dry = of("post", "/orders/imports")[1]["parameters"]
    assert [(each["name"], each["required"]) for each in dry] == [("Idempotency-Key", False)]
    starts = merged()["components"]["schemas"]["ShiftIn"]["properties"]["starts"]
    assert (starts["format"], re.fullmatch(starts["pattern"], "08:30") is not None) == ("time-local", True)
    files = of("get", "/orders/exchange/export.{form}")[1]["responses"]["200"]["content"]
    assert "application/zip" in files


def test_the_document_says_whose_it_is_and_what_it_sends_by_itself() -> None:
    found = merged()
    assert found["info"]["license"]["identifier"] == "Apache-2.0"
    assert found["servers"] == [{"url": "/", "description": "this Dure"}]
    used = {tag for _, _, operation in operations(found) for tag in operation["tags"]}
    assert {tag["name"] for tag in found["tags"] if tag["description"]} == used
    message = found["webhooks"]["confirmation"]["post"]["requestBody"]["content"]["application/json"]
    assert message["schema"] == {"$ref": f"{SCHEMAS}WebhookMessage"}


def test_every_golden_example_is_of_an_operation_and_valid() -> None:
    webhooks = {each["post"]["operationId"]: each["post"] for each in merged()["webhooks"].values()}
    known = {operation["operationId"]: operation for _, _, operation in operations(merged())} | webhooks
    assert set(examples()) <= set(known)
    components = {"components": merged()["components"]}
    for name, golden in examples().items():
        bodies = [known[name].get("requestBody", {}), known[name]["responses"].get(str(golden.get("status")), {})]
        for body, part in zip(bodies, ("request", "response"), strict=True):
            if part in golden:
                content = body["content"]["application/json"]
                assert content["example"] == golden[part]
                assert jsonschema_rs.validator_for({**components, **content["schema"]}).is_valid(golden[part]), name


def test_every_value_that_a_parameter_lists_is_taken() -> None:
    listed = 0
    for name in APP_NAMES:
        for route in iter_route_contexts(app_of(name).routes):
            if not isinstance(route.original_route, APIRoute):
                continue
            for field in get_flat_params(route.dependant):
                if isinstance(field.field_info, Path | Query):
                    for value in _values(field):
                        listed += 1
                        assert field.validate(str(value), {}, loc=("query",))[1] == [], (route.path, field.name, value)
    assert listed > 20


def _values(field: Any) -> list[Any]:
    schema = json.dumps(field._type_adapter.json_schema())
    return [value for found in re.findall(r'"enum": (\[[^]]*\])', schema) for value in json.loads(found)]
