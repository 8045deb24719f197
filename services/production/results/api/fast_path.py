"""The fast path of a plain report: one that needs nothing of the framework is answered before it.

What is not plain (no session, a body to object to, a defect not seen before, a problem of the job) goes on to the route
``report_result`` as it came, which decides and phrases it. Nothing is decided twice: what was refused here was not
stored.
"""

from uuid import UUID

from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.production.results.api.routes import report_result, router
from services.production.results.commands.batch import Report
from services.production.results.commands.report import take_report
from services.production.results.schemas import ResultIn
from shared.kit.answering import location_of
from shared.kit.auth import Permission, actor_of
from shared.kit.idempotency import fingerprint_of, parse_key
from shared.kit.problem import Problem

ROUTES = [route for route in router.routes if isinstance(route, APIRoute)]
ROUTE = next(route for route in ROUTES if route.endpoint is report_result)
LOCATION = (location_of(ROUTE, ROUTES) or "").removesuffix("{id}").encode()
UUID_LENGTH = 36
PERMISSION = next(d.call for d in ROUTE.dependant.dependencies if isinstance(d.call, Permission))


class FastPath:
    """Middleware: answers plain reports itself; their path and their permission are those of the route."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain report; pass everything else on, its body included."""
        job = self._job_of(scope) if scope["type"] == "http" and scope["method"] == "POST" else None
        if job is None:
            await self.app(scope, receive, send)
            return
        first = await receive()
        report = None if first.get("more_body") else _plain(scope, job, first.get("body", b""))
        answer = None if report is None else await _stored(scope, report)
        if answer is None:
            await self.app(scope, _again(first, receive), send)
            return
        begins = answer.index(b'"', len(b'{"id":')) + 1
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(answer)).encode()),
            (b"location", LOCATION + answer[begins : begins + UUID_LENGTH]),
        ]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def _job_of(self, scope: Scope) -> str | None:
        """The job in the path of a report; None for another path."""
        found = None if scope["query_string"] else ROUTE.path_regex.match(scope["path"])
        return found["job"] if found else None


def _plain(scope: Scope, job: str, content: bytes) -> Report | None:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if headers.get(b"content-type") != b"application/json":
        return None
    state = scope["app"].state
    authorization = headers.get(b"authorization", b"").decode("latin-1")
    try:
        actor = actor_of(state.authenticate, authorization, PERMISSION.roles)
        body = ResultIn.model_validate_json(content)
        key = parse_key(headers.get(b"idempotency-key", b"").decode("latin-1"))
        report = Report(key, fingerprint_of(scope, body), UUID(job), body, actor)
    except (Problem, ValidationError, ValueError):
        return None
    is_plain = body.has_pieces() and body.stays_here()
    return report if is_plain and body.references() <= state.known_references else None


async def _stored(scope: Scope, report: Report) -> bytes | None:
    try:
        state = scope["app"].state
        stored: bytes = await take_report(state.reporting, state.database, report)
    except Exception:
        return None
    return stored


def _again(first: Message, receive: Receive) -> Receive:
    waiting = [first]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
