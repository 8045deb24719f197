"""Errors as RFC 9457 problems, in the reader's language.

A domain raises ``Problem`` with a stable code; its texts live in ``messages/<language>.json`` of the kit and of each
service.
"""

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

log = structlog.get_logger(__name__)

LANGUAGES = ("ko", "en", "vi")
KIT_MESSAGES = Path(__file__).parent / "messages"
JSON = "application/json"
FORM = "multipart/form-data"
PROBLEM_TYPE = "application/problem+json"
CHALLENGE = {"WWW-Authenticate": "Bearer"}
"""What a 401 asks for (RFC 9110 11.6.1)."""
STATUS_CODES = {
    400: "bad_request",
    401: "no_session",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


@dataclass(frozen=True)
class FieldError:
    """An error of one field; ``params`` fill the message's placeholders."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Problem(Exception):
    """A refusal that its receiver can act on."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.params = params


def unprocessable(field_name: str, code: str, **params: Any) -> Problem:
    """A 422 about one field."""
    return Problem(422, "invalid", errors=[FieldError(field_name, code, params)])


@cache
def load_messages(*folders: Path) -> Mapping[str, Mapping[str, str]]:
    """The messages of all folders by language and code; a later folder wins."""
    texts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for folder in folders:
        for language in LANGUAGES:
            texts[language].update(json.loads((folder / f"{language}.json").read_text(encoding="utf-8")))
    return texts


class Messages:
    """The texts of the kit and of one service."""

    def __init__(self, *folders: Path) -> None:
        self._texts = load_messages(KIT_MESSAGES, *folders)

    def text(self, language: str, code: str, params: Mapping[str, Any]) -> str:
        """The message of ``code``, filled in; the code itself where there is none."""
        template = self._texts[language].get(code, code)
        try:
            return template.format_map(params)
        except (KeyError, IndexError, ValueError):
            return template

    def has(self, code: str) -> bool:
        """True if there is a text for this code."""
        return code in self._texts["en"]

    def body(self, problem: Problem, language: str) -> dict[str, Any]:
        """The problem as the JSON members of RFC 9457."""
        title = self.text(language, problem.code, problem.params)
        detail_code = f"{problem.code}.detail"
        errors: list[dict[str, Any]] = [
            {"field": e.field, "code": e.code, "message": self.text(language, e.code, e.params)}
            | ({"params": dict(e.params)} if e.params else {})
            for e in problem.errors
        ]
        detail = (
            self.text(language, detail_code, problem.params)
            if self.has(detail_code)
            else " · ".join(e["message"] for e in errors) or title
        )
        body: dict[str, Any] = {
            "type": f"urn:dure:problem:{problem.code}",
            "title": title,
            "status": problem.status,
            "detail": detail,
            "code": problem.code,
        }
        if errors:
            body["errors"] = errors
        return body | {k: v for k, v in problem.params.items() if isinstance(v, str | int | float | bool | list | dict)}


def language_of(accept_language: str | None) -> str:
    """The first supported language that the reader accepts; Korean by default."""
    accepted: list[tuple[float, int, str]] = []
    for position, part in enumerate((accept_language or "").split(",")):
        tag, _, quality = part.strip().partition(";q=")
        language = tag.split("-")[0].lower()
        if language in LANGUAGES:
            try:
                accepted.append((-float(quality or 1), position, language))
            except ValueError:
                continue
    return min(accepted)[2] if accepted else "ko"


LAST_CHOICE = re.compile(r" or (?=\S+$)")
"""Between the last two of pydantic's choices; all else that a person reads is in their language."""
SPACE = re.compile(r"[ \u00a0\u3000]")
"""The blanks that a person who typed them does not see: also the wide space of Korean and Japanese keyboards."""


def field_errors(errors: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """pydantic's errors as field errors; the code is pydantic's error type, or the rule's own."""
    found = []
    for error in errors:
        path = [str(part) for part in error["loc"] if part not in ("body", "query", "path", "header")]
        context = {k: LAST_CHOICE.sub(", ", str(v)) for k, v in error.get("ctx", {}).items()}
        code = context.get("error", error["type"]) if error["type"] == "value_error" else error["type"]
        if code == "string_pattern_mismatch" and SPACE.search(str(error["input"])):
            code = "string_has_space"
        found.append(FieldError(".".join(path) or "body", code, context))
    return found


def is_unavailable(error: BaseException) -> bool:
    """True if the database, and not the request, is at fault."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return (
            error.connection_invalidated
            or isinstance(error, InterfaceError)
            or state[:2] in {"08", "53", "57"}
            or state == "55P03"
        )
    state = str(getattr(error, "sqlstate", None) or "")
    return (
        isinstance(error, ConnectionError | PoolTimeoutError | TimeoutError)
        or state[:2] in {"08", "53", "57"}
        or isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError)
    )


def is_unstorable(error: BaseException) -> bool:
    """True if PostgreSQL refused a text for a character that it cannot store (NUL)."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in {"22021", "22P05"}


def problem_response(messages: Messages, problem: Problem, accept_language: str | None) -> Response:
    """The response that renders ``problem`` in the reader's language."""
    language = language_of(accept_language)
    headers = {**problem.headers, "Content-Language": language} | (CHALLENGE if problem.status == 401 else {})
    return JSONResponse(messages.body(problem, language), problem.status, headers=headers, media_type=PROBLEM_TYPE)


def _expected_type(request: Request) -> str | None:
    """The type that the body should have had; None when it has it, or there is none."""
    field = request.scope["route"].body_field
    headers = request.headers
    if field is None or (headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers):
        return None
    expected = FORM if isinstance(field.field_info, Form) else JSON
    sent = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = sent.startswith("application/") and sent.endswith("+json")
    return None if sent == expected or (expected == JSON and is_json) else expected


def _allowed_methods(request: Request) -> str:
    """The methods of all routes of a path, as the header ``Allow`` lists them."""
    methods = {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] != Match.NONE
        for method in route.methods or ()
    }
    return ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))


def _without_slash(request: Request) -> Response | None:
    """The way to the path without its last slash, where there is something: told as a path, whoever stands between."""
    path = request.scope["path"]
    shorter = {**request.scope, "path": path.rstrip("/")}
    if not path.endswith("/") or all(route.matches(shorter)[0] == Match.NONE for route in request.app.routes):
        return None
    target = request.scope["raw_path"].decode("latin-1").rstrip("/")
    query = request.scope["query_string"].decode("latin-1")
    return Response(status_code=308, headers={"Location": f"{target}?{query}" if query else target})


def install_problem_handlers(app: FastAPI, messages: Messages) -> None:
    """Render every error of ``app`` as a problem."""

    def respond(request: Request, problem: Problem) -> Response:
        return problem_response(messages, problem, request.headers.get("accept-language"))

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101  the handler is registered for Problem alone
        return respond(request, error)

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  the handler is registered for this type alone
        errors = error.errors()
        if any(e["loc"][:1] == ("body",) for e in errors) and (expected := _expected_type(request)) is not None:
            return respond(request, Problem(415, "wrong_content_type", headers={"Accept": expected}, expected=expected))
        if any(e["type"] == "json_invalid" for e in errors):
            return respond(request, Problem(400, "not_json"))
        missing_key = [e for e in errors if e["loc"] and e["loc"][0] == "header"]
        if missing_key:
            return respond(request, Problem(400, "bad_header", errors=field_errors(missing_key)))
        return respond(request, Problem(422, "invalid", errors=field_errors(errors)))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  the handler is registered for this type alone
        status, headers = error.status_code, error.headers
        if status == 404 and (elsewhere := _without_slash(request)) is not None:
            return elsewhere
        if status == 405:
            headers = {"Allow": _allowed_methods(request)}
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=headers)
        return respond(request, Problem(status, STATUS_CODES.get(status, "failed"), headers=headers))

    async def on_error(request: Request, error: Exception) -> Response:
        if is_unavailable(error):
            return respond(request, Problem(503, "unavailable", headers={"Retry-After": "1"}))
        if is_unstorable(error):
            return respond(request, Problem(422, "text_unstorable"))
        log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
        return respond(request, Problem(500, "failed"))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    raw = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    for unavailable in (DBAPIError, PoolTimeoutError, ConnectionError, TimeoutError, *raw):
        app.add_exception_handler(unavailable, on_error)
    app.add_exception_handler(Exception, on_error)
