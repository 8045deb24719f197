"""Schemas as readers and generators of clients need them: names of their own, and nothing that is not so."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.kit.openapi.refusals import PROBLEM, PROBLEM_FIELD

SCHEMAS = "#/components/schemas/"
UNUSED = ("HTTPValidationError", "ValidationError")
"""FastAPI's own errors, which no route answers with."""
MODULE = re.compile(r"(?:services|shared|gateway)__\w+?__(\w+?)(?:__\w+?)*__(?=[A-Z])")
FORM = re.compile(r"Body_(\w+?)_api_v1_.*")
LOCAL_TIME = {"type": "string", "format": "time-local", "pattern": r"^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"}
"""A time of day by the shop's clock; ``format: time`` would have an offset (RFC 3339)."""
Schema = dict[str, Any]


def camel(name: str) -> str:
    """A name in the way in which types are written."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_") if part)


def schema_name(name: str) -> str:
    """The name of a schema in the document: without generics, modules and generated suffixes."""
    name = MODULE.sub(lambda found: camel(found[1]), name)
    if page := re.fullmatch(r"Page_(\w+?)_+", name):
        return f"{schema_name(page[1])}Page"
    if form := FORM.fullmatch(name):
        return f"{camel(form[1])}Form"
    return name.replace("-", "")


def renamed(document: Schema, names: Mapping[str, str]) -> Schema:
    """The document with its schemas and all references to them renamed."""
    text = json.dumps(document)
    for name, other in names.items():
        if name != other:
            text = text.replace(f'"{SCHEMAS}{name}"', f'"{SCHEMAS}{other}"')
    found: Schema = json.loads(text)
    schemas = found.get("components", {}).get("schemas", {})
    found.setdefault("components", {})["schemas"] = {names.get(name, name): each for name, each in schemas.items()}
    return found


def tidy(document: Schema) -> Schema:
    """The document with readable names of schemas, the schemas of problems, and each schema's faults mended."""
    schemas = {
        name: each for name, each in document.get("components", {}).get("schemas", {}).items() if name not in UNUSED
    }
    names = {name: schema_name(name) for name in schemas}
    if len(set(names.values())) != len(names):
        raise ValueError(f"two schemas would have one name: {sorted(names.values())}")
    found = renamed({**document, "components": {**document.get("components", {}), "schemas": schemas}}, names)
    for schema in schemas_in(found):
        _mend(schema)
    found["components"]["schemas"] |= {"Problem": PROBLEM, "ProblemField": PROBLEM_FIELD}
    return found


def _mend(schema: Schema) -> None:
    """Take generated titles away, which are no names, and say of a time of day that it has no offset."""
    schema.pop("title", None)
    if schema.get("format") == "time":
        schema.update(LOCAL_TIME)


def schemas_in(document: Schema) -> Iterator[Schema]:
    """Every schema of a document, also those within others."""
    for schema in document.get("components", {}).get("schemas", {}).values():
        yield from _within(schema)
    for operation in operations_in(document):
        for parameter in operation.get("parameters", ()):
            yield from _within(parameter["schema"])
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (media for body in bodies for media in body.get("content", {}).values()):
            if "schema" in content:
                yield from _within(content["schema"])


def operations_in(document: Schema) -> Iterator[Schema]:
    """Every operation of the paths and webhooks of a document."""
    for part in ("paths", "webhooks"):
        for methods in document.get(part, {}).values():
            yield from methods.values()


def _within(schema: Any) -> Iterator[Schema]:
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword in ("properties", "$defs", "patternProperties"):
        for inner in schema.get(keyword, {}).values():
            yield from _within(inner)
    for keyword in ("items", "additionalProperties", "propertyNames", "not", "contentSchema"):
        yield from _within(schema.get(keyword))
    for keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for inner in schema.get(keyword, ()):
            yield from _within(inner)
