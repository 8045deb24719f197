"""The audit trail as people read it: the changes of one subject, newest first."""

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.kit.idempotency import Db
from shared.kit.paging import BIGINT, Cursor, Limit, Page, page_of, read_cursor
from shared.kit.permissions import CanReadChanges
from shared.kit.routing import api_router

ALL = text(
    "SELECT position, at, person, device, action, subject, changes::text AS changes, reason FROM audit"
    " WHERE position < :before ORDER BY position DESC LIMIT :limit"
)
OF_SUBJECT = text(
    "SELECT position, at, person, device, action, subject, changes::text AS changes, reason FROM audit"
    " WHERE subject = :subject AND position < :before ORDER BY position DESC LIMIT :limit"
)
Subject = Annotated[str, Query(max_length=200, description="kind/id, as in events")]


class ChangeOut(BaseModel):
    """One field's value before and after."""

    field: str
    before: Any
    after: Any


class AuditOut(BaseModel):
    """One entry of the trail, newest first in lists."""

    position: int
    at: datetime
    person: str
    device_id: str | None
    action: str
    subject: str
    changes: list[ChangeOut]
    reason: str | None


async def read_trail(session: AsyncSession, subject: str | None, cursor: str | None, limit: int) -> Page[AuditOut]:
    """The entries about one subject or about all, newest first."""
    (before,) = read_cursor(cursor, BIGINT) or (2**62,)
    values = {"before": before, "limit": limit + 1}
    if subject is None:
        found = (await session.execute(ALL, values)).all()
    else:
        found = (await session.execute(OF_SUBJECT, {**values, "subject": subject})).all()
    items = [
        AuditOut(
            **{name: row[name] for name in ("position", "at", "person", "action", "subject", "reason")},
            device_id=row["device"],
            changes=[ChangeOut(field=field, before=b, after=a) for field, b, a in json.loads(row["changes"])],
        )
        for row in (row._mapping for row in found)
    ]
    return page_of(items, limit, lambda entry: (entry.position,))


def audit_router(publisher: str) -> APIRouter:
    """The route that every service has: the trail of one subject."""
    router = api_router(publisher, "audit")

    @router.get("/audit")
    async def list_audit(
        actor: CanReadChanges,
        db: Db,
        subject: Subject,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Page[AuditOut]:
        """The changes of one subject: person, time, values before and after; newest first."""
        async with db.reading() as session:
            return await read_trail(session, subject, cursor, limit)

    return router
