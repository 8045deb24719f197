"""One OpenAPI document of the gateway and all services."""

import json
from collections.abc import Mapping
from typing import Any

SCHEMAS = "#/components/schemas/"
Document = dict[str, Any]


def merge(own: Document, others: Mapping[str, Document]) -> Document:
    """``own`` with the paths and schemas of the other documents.

    A schema whose name means two things gets its service's name.
    """
    paths = dict(own["paths"])
    schemas = dict(own.get("components", {}).get("schemas", {}))
    operations = {operation["operationId"] for path in paths.values() for operation in path.values()}
    for publisher, document in others.items():
        theirs = document.get("components", {}).get("schemas", {})
        renamed = {
            name: f"{publisher.capitalize()}{name}"
            for name, schema in theirs.items()
            if name in schemas and schemas[name] != schema
        }
        text = json.dumps({"paths": document["paths"], "schemas": theirs})
        for name, other in renamed.items():
            text = text.replace(f'"{SCHEMAS}{name}"', f'"{SCHEMAS}{other}"')
        moved = json.loads(text)
        schemas |= {renamed.get(name, name): schema for name, schema in moved["schemas"].items()}
        for path, methods in moved["paths"].items():
            for operation in methods.values():
                operation["tags"] = [f"{publisher}: {tag}" for tag in operation.get("tags", ["other"])]
                if operation["operationId"] in operations:
                    operation["operationId"] = f"{publisher}_{operation['operationId']}"
                operations.add(operation["operationId"])
            paths[path] = methods
    components = {
        "schemas": dict(sorted(schemas.items())),
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "description": "a session's token, or an API key (dure_…)"}
        },
    }
    return {**own, "paths": paths, "components": components, "security": [{"bearer": []}]}
