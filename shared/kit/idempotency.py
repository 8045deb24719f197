"""One effect for one Idempotency-Key: the key, the effect and the answer are committed together."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import Scope

from shared.kit.database import Database, Transaction
from shared.kit.problem import Problem

Answer = TypeVar("Answer", bound=BaseModel)

INSERT = text(
    "INSERT INTO idempotency (key, fingerprint, answer) VALUES (:key, :fingerprint, 'null')"
    " ON CONFLICT (key) DO NOTHING"
)
SELECT = text("SELECT fingerprint, answer FROM idempotency WHERE key = :key")
UPDATE = text("UPDATE idempotency SET answer = CAST(:answer AS json) WHERE key = :key")


def parse_key(value: str | None) -> UUID:
    """The key of the request header; a 400 problem when it is missing or no UUID."""
    if not value:
        raise Problem(400, "idempotency_key_missing")
    try:
        return UUID(value)
    except ValueError as error:
        raise Problem(400, "idempotency_key_invalid") from error


def fingerprint(method: str, path: str, of: BaseModel | bytes | None) -> bytes:
    """A hash that differs for different requests under the same key: of the method, the path and the content."""
    content = of.model_dump_json().encode() if isinstance(of, BaseModel) else of or b""
    return hashlib.sha256(b"\0".join([method.encode(), path.encode(), content])).digest()


def fingerprint_of(scope: Scope, of: BaseModel | bytes | None) -> bytes:
    """The fingerprint of a request that arrived."""
    return fingerprint(scope["method"], scope["path"], of)


async def stored_answer(session: AsyncSession, key: UUID) -> tuple[bool, Any]:
    """True if the command of this key was done, and its answer."""
    stored = (await session.execute(SELECT, {"key": key})).one_or_none()
    return stored is not None, stored and stored.answer


async def store_answer(session: AsyncSession, key: UUID, fingerprint: bytes, answer: BaseModel | None) -> None:
    """Record that the command of this key was done by other means than its route; an earlier record stays."""
    inserted = await session.execute(INSERT, {"key": key, "fingerprint": fingerprint})
    if inserted.rowcount and answer is not None:  # type: ignore[attr-defined]  # an INSERT's result is a CursorResult
        await session.execute(UPDATE, {"key": key, "answer": json.dumps(answer.model_dump(mode="json"))})


@dataclass(frozen=True)
class OnceRunner:
    """Runs a command once for its key."""

    request: Request
    key: UUID

    async def run(
        self, answer: type[Answer], of: BaseModel | bytes | None, command: Callable[[Transaction], Awaitable[Answer]]
    ) -> Answer:
        """The command's answer, or the stored one of the first run; 422 when the key was used for other content."""
        database: Database = self.request.app.state.database
        sent = fingerprint_of(self.request.scope, of)

        async def once(tx: Transaction) -> Answer:
            inserted = await tx.session.execute(INSERT, {"key": self.key, "fingerprint": sent})
            if not inserted.rowcount:  # type: ignore[attr-defined]  # an INSERT's result is a CursorResult
                stored = (await tx.session.execute(SELECT, {"key": self.key})).one()
                if bytes(stored.fingerprint) != sent:
                    raise Problem(422, "idempotency_key_reused")
                return answer.model_validate(stored.answer)
            result = await command(tx)
            await tx.session.execute(UPDATE, {"key": self.key, "answer": result.model_dump_json()})
            return result

        try:
            return await database.run(once, self.request.state.actor)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == "55P03":
                raise Problem(409, "in_flight", headers={"Retry-After": "1"}) from error
            raise


KEY = "the client's UUID for this action: sent again, it gives the stored answer"
KEY_UNLESS_DRY_RUN = "likewise; a dry run needs none"
IdempotencyKey = Annotated[str | None, Header(description=KEY)]
"""A route parameter: the key as it was sent, for ``parse_key``."""
KeyUnlessDryRun = Annotated[str | None, Header(alias="Idempotency-Key", description=KEY_UNLESS_DRY_RUN)]


def once_runner(request: Request, idempotency_key: IdempotencyKey = None) -> OnceRunner:
    """What runs a command once for the request's key."""
    return OnceRunner(request, parse_key(idempotency_key))


Once = Annotated[OnceRunner, Depends(once_runner)]
"""A route parameter: ``await once.run(Answer, body, lambda tx: command(tx, ...))``."""


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


Db = Annotated[Database, Depends(_database)]
"""A route parameter: the service's database."""
