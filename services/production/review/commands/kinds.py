"""A kind of command that a tablet's queue can hold: one route of this service, read from the route itself."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args, get_type_hints
from urllib.parse import unquote
from uuid import UUID

from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from services.production.jobs.domain import JobCommand
from services.production.jobs.schemas import In
from shared.kit.auth import Actor, Permission
from shared.kit.database import Transaction
from shared.kit.idempotency import fingerprint
from shared.kit.problem import Problem, field_errors

ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class QueuedCommand:
    """A command of a tablet's queue, ready to be done: its path's parameters, body and key, and in whose name."""

    params: Mapping[str, str]
    body: Any
    key: UUID
    fingerprint: bytes
    actor: Actor
    why: str
    """The reason for doing it now, for a body that has none of its own."""

    @property
    def reasoned(self) -> Any:
        """The body with a reason: without one only the operator may take back, and only within the shift."""
        return self.body if self.body.reason else self.body.model_copy(update={"reason": self.why})

    @property
    def job(self) -> UUID:
        """The job that it is about."""
        return UUID(self.params["job"])


Run = Callable[[Transaction, QueuedCommand], Awaitable[BaseModel]]


@dataclass(frozen=True)
class CommandKind:
    """A route and how its command is done for somebody else; ``body`` is None where the route takes none."""

    path: str
    pattern: re.Pattern[str]
    body: type[BaseModel] | None
    answer: type[BaseModel]
    permission: Permission
    run: Run
    move: JobCommand | None
    """The command to the job's state, if it is one."""

    def params_of(self, path: str) -> Mapping[str, str] | None:
        """The parameters in ``path``; None when it goes elsewhere."""
        found = self.pattern.fullmatch(path)
        return found and {name: unquote(text) for name, text in found.groupdict().items()}

    def prepare(
        self, params: Mapping[str, str], body: Mapping[str, Any], at: str, key: UUID, actor: Actor, why: str
    ) -> QueuedCommand:
        """The command with this body, done at ``at`` unless the body says otherwise; 422 when the body is not valid."""
        schema = self.body or In
        timed = {"at": at} if "at" in schema.model_fields and body.get("at") is None else {}
        try:
            sent = schema.model_validate(body)
            dated = schema.model_validate({**body, **timed})
        except ValidationError as error:
            raise Problem(422, "invalid", errors=field_errors(error.errors())) from error
        path = self.path.format_map(params)
        return QueuedCommand(params, dated, key, fingerprint("POST", path, sent if self.body else None), actor, why)


def command_kind(route: APIRoute, run: Run, move: JobCommand | None = None, path: str | None = None) -> CommandKind:
    """The kind of ``route``'s command; ``path`` where tablets send it elsewhere, to which every parameter is an id."""
    hints = get_type_hints(route.endpoint, include_extras=True)
    body = next((one for one in get_args(hints.get("body")) or [hints.get("body")] if one is not NoneType), None)
    permission = next(one.dependency for one in get_args(hints["actor"])[1:])

    def group(found: re.Match[str]) -> str:
        return f"(?P<{found[1]}>{ID if path or hints[found[1]] is UUID else '[^/]+'})"

    pattern = re.compile(re.sub(r"\{(\w+)\}", group, path or route.path))
    return CommandKind(path or route.path, pattern, body, route.response_model, permission, run, move)
