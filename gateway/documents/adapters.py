"""The descriptions of the services, read from them, and the golden examples."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import structlog
from starlette.types import ASGIApp

from gateway.documents.domain import Document, illustrate, merge
from gateway.upstream.adapters.service import ServiceDown, get

log = structlog.get_logger(__name__)

CACHED_S = 60.0
EXAMPLES = Path(__file__).parent / "examples"


@cache
def examples() -> Mapping[str, Document]:
    """The golden examples, by operation."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(EXAMPLES.glob("*.json"))}


class MergedOpenApi:
    """The merged document, cached for a minute; without the services that do not answer."""

    def __init__(self, own: Callable[[], Document], services: Mapping[str, ASGIApp]) -> None:
        self._own = own
        self._services = services
        self._cached: tuple[float, bytes] | None = None

    async def text(self) -> bytes:
        """The document as JSON."""
        now = time.monotonic()
        if self._cached is not None and self._cached[0] > now:
            return self._cached[1]
        others: dict[str, bytes] = {}
        for publisher, service in self._services.items():
            try:
                status, body = await get(service, "/openapi.json")
            except (ServiceDown, OSError, TimeoutError) as error:
                log.warning("no openapi document", service=publisher, error=str(error) or type(error).__name__)
                continue
            if status == 200:
                others[publisher] = body
        text = await asyncio.to_thread(self._merged, others)  # which takes a while
        if len(others) == len(self._services):
            self._cached = (now + CACHED_S, text)
        return text

    def _merged(self, others: Mapping[str, bytes]) -> bytes:
        documents = {publisher: json.loads(body) for publisher, body in others.items()}
        return json.dumps(illustrate(merge(self._own(), documents), examples()), ensure_ascii=False).encode()
