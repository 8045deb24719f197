"""One trace from the tablet's request to the ERP's confirmation: W3C Trace Context
(https://www.w3.org/TR/trace-context/).

The gateway takes the client's ``traceparent`` or makes one; services, the outbox, events and webhooks pass it on as it
is, as none of them records spans of its own. It is a context variable: what is recorded and logged while a request is
answered, or an event is applied, has it.
"""

import random
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = b"traceparent"
VALID = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def new_traceparent() -> str:
    """A trace that begins here."""
    trace, span = random.getrandbits(128) or 1, random.getrandbits(64) or 1
    return f"00-{trace:032x}-{span:016x}-01"


def parse_traceparent(value: str | None) -> str | None:
    """The value, where it is a traceparent."""
    return value if value and VALID.fullmatch(value) else None


def current_traceparent() -> str | None:
    """The trace of what is being done now."""
    return _current.get()


def begin_trace(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Make the trace of a request's headers the current one, or a new one where they have none."""
    sent = next((value for name, value in headers if name == HEADER), b"")
    trace = parse_traceparent(sent.decode("latin-1")) or new_traceparent()
    _current.set(trace)
    return trace


@contextmanager
def traced(traceparent: str | None) -> Iterator[None]:
    """Have what is done in this block belong to a trace."""
    before = _current.get()
    _current.set(traceparent)
    try:
        yield
    finally:
        _current.set(before)


class TraceRequests:
    """Middleware: a service's request belongs to the trace in its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            begin_trace(scope["headers"])
        await self.app(scope, receive, send)


def add_trace_id(_logger: Any, _method: str, entry: Any) -> Any:
    """A processor of structlog: the trace id of what is being done now."""
    traceparent = _current.get()
    if traceparent is not None:
        entry["trace_id"] = traceparent[3:35]
    return entry
