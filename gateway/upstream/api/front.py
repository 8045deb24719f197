"""The front: every request comes through here, and those to a service go no further into the gateway.

This is the hot path. It looks at the path's prefix and the bearer token, takes the session from memory, exchanges the
token for an internal one and hands the request on; no route, model or dependency of the gateway has a part in it.
"""

import asyncio
import time
from collections.abc import Mapping

import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.identity.adapters.sessions import Sessions
from gateway.upstream.adapters.service import BODY_LIMIT, BodyTooLarge, ServiceDown
from gateway.upstream.api.packing import Packing
from gateway.upstream.domain import (
    FOR_API,
    FOR_PAGES,
    HSTS,
    PASSED,
    VARY,
    Headers,
    accepts_gzip,
    completed,
    header,
    is_packable,
)
from shared.contracts.requests import BODY_BYTES, EXPORTS, UPLOADS
from shared.kit.auth import Actor, TokenSigner
from shared.kit.metrics import Metrics
from shared.kit.problem import Messages, Problem, is_unavailable, problem_response
from shared.kit.tracing import HEADER as TRACE
from shared.kit.tracing import begin_trace

log = structlog.get_logger(__name__)

API = "/api/v1/"
OWN = ("/health/", "/metrics", "/openapi.json", "/asyncapi.json", "/docs")
TIMEOUT_S = 10.0
LONG_TIMEOUT_S = 60.0
"""Thousands of rows take their time, and so does an export with its pictures."""


class Front:
    """Sends a request to a service, to the gateway's own routes or to the pages."""

    def __init__(
        self,
        own: ASGIApp,
        pages: ASGIApp,
        services: Mapping[str, ASGIApp],
        sessions: Sessions,
        signer: TokenSigner,
        messages: Messages,
        metrics: Metrics,
        *,
        https: bool,
        hsts: bool,
    ) -> None:
        self._own = own
        self._pages = pages
        self._services = services
        self._sessions = sessions
        self._signer = signer
        self._messages = messages
        self._metrics = metrics
        self._counters: dict[tuple[str, int], Counter] = {}
        self._https = https
        self._hsts = hsts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = time.perf_counter()
        trace = begin_trace(scope["headers"])
        path: str = scope["path"]
        is_api = path.startswith(API)
        own = is_api or path.startswith(OWN)
        added = FOR_API if is_api else FOR_PAGES
        if self._hsts and (self._https or scope["scheme"] == "https"):
            added = [*added, HSTS]
        status = 0
        method = scope["method"]
        packing: Packing | None = None
        if method == "HEAD":
            scope = {**scope, "method": "GET"}
            receive, send = _leaving_after_the_headers(receive, send)

        async def answer(message: Message) -> None:
            nonlocal status, packing
            if packing is not None:
                await packing.add(message)
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                message["headers"] = completed(status, headers, added)
                if is_packable(headers):
                    message["headers"].append(VARY)
                    if method != "HEAD" and accepts_gzip(header(scope["headers"], b"accept-encoding")):
                        packing = Packing(message, send)
                        return
            await send(message)

        publisher = path[len(API) :].partition("/")[0] if is_api else ""
        service = self._services.get(publisher)
        try:
            if service is not None:
                await self._forward(service, publisher, trace, scope, receive, answer)
            elif own:
                await self._answer_own(scope, receive, answer)
            else:
                await self._pages(scope, receive, answer)
        except Exception as error:
            problem = _problem_of(error)
            if problem is None or status:
                raise
            if not isinstance(error, Problem):
                log.warning("request not answered", path=path, error=str(error) or type(error).__name__)
            response = problem_response(self._messages, problem, header(scope["headers"], b"accept-language"))
            await response(scope, receive, answer)
        finally:
            self._count(method, status, time.perf_counter() - begun)

    async def _forward(
        self, service: ASGIApp, publisher: str, trace: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        headers: Headers = [(TRACE, trace.encode())]
        authorization = b""
        size = 0
        multipart = False
        for name, value in scope["headers"]:
            if name in PASSED:
                headers.append((name, value))
                if name == b"content-length":
                    size = int(value) if value.isdigit() else 0
                elif name == b"content-type":
                    multipart = value.startswith(b"multipart/")
            elif name == b"authorization":
                authorization = value
        path: str = scope["path"]
        limit = UPLOADS.get(path, BODY_BYTES) if multipart else BODY_BYTES
        if size > limit:
            raise Problem(413, "too_large")
        if scope["method"] != "OPTIONS":  # what may be done there is asked before somebody signs in
            actor = await self._actor(authorization)
            headers.append((b"authorization", b"Bearer " + self._signer.sign(actor, publisher).encode()))
        inner = {**scope, "headers": headers, BODY_LIMIT: limit}
        async with asyncio.timeout(LONG_TIMEOUT_S if limit > BODY_BYTES or path.startswith(EXPORTS) else TIMEOUT_S):
            await service(inner, receive, send)

    async def _actor(self, authorization: bytes) -> Actor:
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise Problem(401, "no_session")
        actor = self._sessions.remembered(token) or await self._sessions.find(token)
        if actor is None:
            raise Problem(401, "no_session")
        return actor

    async def _answer_own(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by one of the gateway's own routes.

        They look the actor up without waiting, so the session is fetched before.
        """
        scheme, _, token = (header(scope["headers"], b"authorization") or "").partition(" ")
        if scheme.lower() == "bearer":
            await self._sessions.find(token)
        await self._own(scope, receive, send)

    def _count(self, method: str, status: int, seconds: float) -> None:
        counter = self._counters.get((method, status))
        if counter is None:
            counter = self._metrics.requests.labels(self._metrics.service, method, str(status))
            if len(self._counters) < 1000:
                self._counters[(method, status)] = counter
        counter.inc()
        self._metrics.request_latency.observe(seconds)


def _leaving_after_the_headers(receive: Receive, send: Send) -> tuple[Receive, Send]:
    """A HEAD request is a GET whose reader leaves after the headers, so that a stream ends too; the server sends no
    body of it."""
    has_body = True
    answered = asyncio.Event()

    async def receive_once() -> Message:
        nonlocal has_body
        if has_body:
            message = await receive()
            has_body = message.get("more_body", False)
            return message
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send_and_leave(message: Message) -> None:
        await send(message)
        answered.set()

    return receive_once, send_and_leave


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, BodyTooLarge):
        return Problem(413, "too_large")
    if isinstance(error, ServiceDown) or is_unavailable(error):
        return Problem(503, "unavailable", headers={"Retry-After": "2"})
    return None
