"""The descriptions of the services, read from them."""

import json
import time
from collections.abc import Callable, Mapping

import structlog
from starlette.types import ASGIApp

from gateway.documents.domain import Document, merge
from gateway.upstream.adapters import ServiceDown, get

log = structlog.get_logger(__name__)

CACHED_S = 60.0


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
        others: dict[str, Document] = {}
        for publisher, service in self._services.items():
            try:
                status, body = await get(service, "/openapi.json")
            except (ServiceDown, OSError, TimeoutError) as error:
                log.warning("no openapi document", service=publisher, error=str(error) or type(error).__name__)
                continue
            if status == 200:
                others[publisher] = json.loads(body)
        text = json.dumps(merge(self._own(), others), ensure_ascii=False).encode()
        if len(others) == len(self._services):
            self._cached = (now + CACHED_S, text)
        return text
