"""The short way of a plain report: one that needs nothing of the framework is answered before it.

What is not plain (no session, a body to object to, a defect not seen before, a problem of the job) goes on to the route
``report_result`` as it came, which decides and words it. Nothing is decided twice: what was refused here was not stored.
"""

import re
from uuid import UUID

from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.production.execution.batch import Report
from services.production.execution.reporting import take_report
from services.production.execution.schemas import ResultIn
from shared.kit.auth import Role, actor_of
from shared.kit.idempotency import fingerprint_of, parse_key
from shared.kit.problem import Problem

PATH = re.compile(r"/api/v1/production/jobs/([0-9a-f-]{36})/results")
REPORTERS: frozenset[Role] = frozenset({"operator", "leader", "quality", "planner", "admin"})


class ReportLane:
    """Middleware: answers plain reports itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain report; pass everything else on, its body included."""
        found = PATH.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        first = await receive()
        report = None if first.get("more_body") else _plain(scope, found[1], first.get("body", b""))
        answer = None if report is None else await _stored(scope, report)
        if answer is None:
            await self.app(scope, _again(first, receive), send)
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


def _plain(scope: Scope, job: str, content: bytes) -> Report | None:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if headers.get(b"content-type") != b"application/json":
        return None
    state = scope["app"].state
    try:
        actor = actor_of(state.authenticate, headers.get(b"authorization", b"").decode("latin-1"), REPORTERS)
        body = ResultIn.model_validate_json(content)
        key = parse_key(headers.get(b"idempotency-key", b"").decode("latin-1"))
        report = Report(key, fingerprint_of(scope, body), UUID(job), body, actor)
    except (Problem, ValidationError, ValueError):
        return None
    is_plain = body.says_something() and body.stays()
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
