"""One OpenAPI document of the gateway and all services, and the rights in it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SCHEMAS = "#/components/schemas/"
REFERENCE = re.compile(rf'"{SCHEMAS}(\w+)"')
Document = dict[str, Any]


def merge(own: Document, others: Mapping[str, Document]) -> Document:
    """``own`` with the paths, webhooks and schemas of the other documents, which mean what they meant.

    A schema or an operation whose name means two things gets its service's name.
    """
    ambiguous = ambiguous_schemas([own, *others.values()])
    operations = Counter(
        operation["operationId"] for each in (own, *others.values()) for operation in _operations(each)
    )
    merged = {**own, "paths": dict(own["paths"]), "webhooks": {}, "tags": list(own.get("tags", ()))}
    components = {kind: dict(parts) for kind, parts in own.get("components", {}).items()}
    for publisher, document in others.items():
        moved = _renamed(document, {name: f"{publisher.capitalize()}{name}" for name in ambiguous})
        for operation in _operations(moved):
            operation["tags"] = [f"{publisher}: {tag}" for tag in operation.get("tags", ["other"])]
            if operations[operation["operationId"]] > 1:
                operation["operationId"] = f"{publisher}_{operation['operationId']}"
        merged["tags"] += [{**tag, "name": f"{publisher}: {tag['name']}"} for tag in moved.get("tags", ())]
        merged["paths"] |= moved["paths"]
        merged["webhooks"] |= moved.get("webhooks", {})
        for kind, parts in moved.get("components", {}).items():
            components.setdefault(kind, {}).update(parts)
    merged["components"] = {kind: dict(sorted(parts.items())) for kind, parts in components.items()}
    return merged


def ambiguous_schemas(documents: Iterable[Document]) -> set[str]:
    """The names of schemas that mean two things: they differ, or something that they refer to does."""
    texts: dict[str, list[str]] = {}
    for document in documents:
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            texts.setdefault(name, []).append(json.dumps(schema, sort_keys=True))
    common = {name: found for name, found in texts.items() if len(found) > 1}
    ambiguous = {name for name, found in common.items() if len(set(found)) > 1}
    while True:
        more = {name for name, found in common.items() if ambiguous & set(REFERENCE.findall(found[0]))} - ambiguous
        if not more:
            return ambiguous
        ambiguous |= more


def illustrate(document: Document, examples: Mapping[str, Document]) -> Document:
    """The document with an example's request and response in each operation or webhook that has one."""
    for operation in _operations(document):
        example = examples.get(operation["operationId"], {})
        if "request" in example:
            _put_example(operation["requestBody"], example["request"])
        if "response" in example:
            _put_example(operation["responses"][str(example["status"])], example["response"])
    return document


def _put_example(body: Document, value: Any) -> None:
    body["content"]["application/json"]["example"] = value


def _operations(document: Document) -> Iterator[Document]:
    for part in ("paths", "webhooks"):
        for methods in document.get(part, {}).values():
            yield from methods.values()


def _renamed(document: Document, names: Mapping[str, str]) -> Document:
    """The document with schemas renamed, and with them whatever refers to them."""
    text = REFERENCE.sub(lambda found: f'"{SCHEMAS}{names.get(found[1], found[1])}"', json.dumps(document))
    moved: Document = json.loads(text)
    components = moved.get("components", {})
    if "schemas" in components:
        components["schemas"] = {names.get(name, name): schema for name, schema in components["schemas"].items()}
    return moved


@dataclass(frozen=True)
class RightRoute:
    """A route to which a right lets in."""

    method: str
    path: str
    summary: str


@dataclass(frozen=True)
class StatedRight:
    """A right, whose it is, the roles that have it, and its routes."""

    of: str
    name: str
    roles: tuple[str, ...]
    routes: tuple[RightRoute, ...]


def rights_of(document: Document) -> list[StatedRight]:
    """The rights that the operations of a document name, in the order of their first routes."""
    found: dict[tuple[str, str, tuple[str, ...]], list[RightRoute]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if right := operation.get("x-right"):
                key = (right["of"], right["name"], tuple(right["roles"]))
                found.setdefault(key, []).append(RightRoute(method.upper(), path, operation["summary"]))
    return [StatedRight(*key, tuple(routes)) for key, routes in found.items()]
