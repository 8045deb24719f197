"""One OpenAPI document of the gateway and all services."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from starlette.types import ASGIApp

from gateway.upstream.services import ServiceDown, ask

log = structlog.get_logger(__name__)

KEPT_S = 60.0
SCHEMAS = "#/components/schemas/"
Document = dict[str, Any]


def merge(own: Document, others: Mapping[str, Document]) -> Document:
    """``own`` with the paths and schemas of the other documents; a schema whose name means two things gets its service's name."""
    paths = dict(own["paths"])
    schemas = dict(own.get("components", {}).get("schemas", {}))
    operations = {operation["operationId"] for path in paths.values() for operation in path.values()}
    for word, document in others.items():
        theirs = document.get("components", {}).get("schemas", {})
        renamed = {
            name: f"{word.capitalize()}{name}"
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
                operation["tags"] = [f"{word}: {tag}" for tag in operation.get("tags", ["other"])]
                if operation["operationId"] in operations:
                    operation["operationId"] = f"{word}_{operation['operationId']}"
                operations.add(operation["operationId"])
            paths[path] = methods
    components = {
        "schemas": dict(sorted(schemas.items())),
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "description": "a session's token, or an API key (dure_…)"}
        },
    }
    return {**own, "paths": paths, "components": components, "security": [{"bearer": []}]}


class MergedOpenApi:
    """The merged document, kept for a minute; without the services that do not answer."""

    def __init__(self, own: Callable[[], Document], services: Mapping[str, ASGIApp]) -> None:
        self._own = own
        self._services = services
        self._made: tuple[float, bytes] | None = None

    async def text(self) -> bytes:
        """The document as JSON."""
        now = time.monotonic()
        if self._made is not None and self._made[0] > now:
            return self._made[1]
        others: dict[str, Document] = {}
        for word, service in self._services.items():
            try:
                status, body = await ask(service, "/openapi.json")
            except (ServiceDown, OSError, TimeoutError) as error:
                log.warning("no openapi document", service=word, error=str(error) or type(error).__name__)
                continue
            if status == 200:
                others[word] = json.loads(body)
        text = json.dumps(merge(self._own(), others), ensure_ascii=False).encode()
        if len(others) == len(self._services):
            self._made = (now + KEPT_S, text)
        return text
