"""Events that were not applied: those that are tried again, and those set aside after their tries were spent.

An admin replays a parked event, or dismisses it when nothing is to become of it; what was parked behind it follows by
itself, up to the next one that fails.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping, text

from shared.contracts.catalogue import read_event
from shared.kit.auth import Actor
from shared.kit.consumer import Consumer
from shared.kit.database import Database, Transaction
from shared.kit.idempotency import Db, Once
from shared.kit.inbox import Received
from shared.kit.paging import Page, Short
from shared.kit.parking import storable
from shared.kit.permissions import CanMendEvents
from shared.kit.problem import Problem, is_unavailable
from shared.kit.routing import api_router

log = structlog.get_logger(__name__)

WAITING = text("SELECT * FROM parked_event WHERE replayed_at IS NULL ORDER BY parked_at LIMIT 200")
RETRYING = text(
    "SELECT r.* FROM retrying_event r LEFT JOIN inbox i ON i.stream = r.stream AND i.aggregate = r.aggregate"
    " WHERE coalesce(i.version, 0) < r.version ORDER BY r.failed_first_at LIMIT 200"
)
LOCK = text("SELECT * FROM parked_event WHERE id = :id FOR UPDATE")
EARLIER = text(
    "SELECT 1 FROM parked_event WHERE stream = :stream AND aggregate = :aggregate AND version < :version"
    " AND replayed_at IS NULL LIMIT 1"
)
NEXT = text(
    "SELECT p.id FROM parked_event p JOIN inbox i ON i.stream = p.stream AND i.aggregate = p.aggregate"
    " WHERE p.stream = :stream AND p.aggregate = :aggregate AND p.replayed_at IS NULL AND p.version <= i.version + 1"
    " ORDER BY p.version LIMIT 1"
)
REPLAYED = text("UPDATE parked_event SET replayed_at = :now, replayed_by = :person WHERE id = :id")
FAILED_AGAIN = text("UPDATE parked_event SET reason = :reason WHERE id = :id")


class RetryingEvent(BaseModel):
    """An event that failed when it was applied, and is tried again."""

    id: UUID
    stream: str
    type: str
    aggregate: str
    version: int
    time: datetime
    tries: int
    reason: str
    failed_first_at: datetime
    failed_last_at: datetime


class ParkedEvent(BaseModel):
    """An event that could not be applied; ``replayed_at`` is when it was replayed or dismissed."""

    id: UUID
    stream: str
    type: str
    aggregate: str
    version: int
    time: datetime
    body: Any
    reason: str
    parked_at: datetime
    replayed_at: datetime | None


class DismissIn(BaseModel):
    """Why nothing is to become of an event."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Annotated[str, Field(min_length=1, max_length=500)]


Consumers = Mapping[str, Consumer]


async def replay(tx: Transaction, consumers: Consumers, id_: UUID) -> ParkedEvent:
    """Apply a parked event; 409 when this release cannot read it, or while an earlier one is missing."""
    row = await _lock(tx, id_)
    if row["replayed_at"] is None:
        try:
            event = read_event(row["type"], json.dumps(row["body"]), tx.people.id_of)
        except (KeyError, ValueError) as error:
            raise Problem(409, "event_unknown") from error
        received = Received(event, row["id"], row["aggregate"], row["version"], row["time"])
        try:
            await consumers[row["stream"]].replay(tx, received)
        except LookupError as error:
            raise Problem(409, "event_out_of_order") from error
    return await _settle(tx, row, "replay", None)


async def dismiss(tx: Transaction, consumers: Consumers, id_: UUID, reason: str) -> ParkedEvent:
    """Have a parked event, and what is missing before it, without effect; 409 while an earlier one is parked."""
    row = await _lock(tx, id_)
    if row["replayed_at"] is None:
        if await tx.session.scalar(EARLIER, {name: row[name] for name in ("stream", "aggregate", "version")}):
            raise Problem(409, "event_out_of_order")
        await consumers[row["stream"]].give_up(tx, row["aggregate"], row["version"], row["id"])
    return await _settle(tx, row, "dismiss", reason)


async def _lock(tx: Transaction, id_: UUID) -> RowMapping:
    row = (await tx.session.execute(LOCK, {"id": id_})).mappings().one_or_none()
    if row is None:
        raise Problem(404, "not_found")
    return row


async def _settle(tx: Transaction, row: RowMapping, action: str, reason: str | None) -> ParkedEvent:
    if row["replayed_at"] is None:
        await tx.session.execute(REPLAYED, {"id": row["id"], "now": tx.now, "person": tx.actor.person})
        changes = [(name, None, row[name]) for name in ("stream", "type", "aggregate", "version")]
        tx.audit(action, f"parked_event/{row['id']}", changes, reason)
    return ParkedEvent.model_validate(dict(row) | {"replayed_at": row["replayed_at"] or tx.now})


async def replay_followers(database: Database, consumers: Consumers, settled: ParkedEvent, actor: Actor) -> None:
    """Apply what was parked behind an event, one by one and in order, until one fails or is missing."""
    while True:
        async with database.reading() as session:
            id_ = await session.scalar(NEXT, {"stream": settled.stream, "aggregate": settled.aggregate})
        if id_ is None:
            return
        try:
            await database.run(partial(replay, consumers=consumers, id_=id_), actor)
        except Exception as error:
            log.warning("a parked event's follower was not applied", event_id=str(id_), error=repr(error))
            if not is_unavailable(error):
                reason = storable(f"{type(error).__name__}: {error}")
                async with database.transaction() as tx:
                    await tx.session.execute(FAILED_AGAIN, {"id": id_, "reason": reason})
            return


def parking_router(publisher: str) -> APIRouter:
    """The routes by which an admin sees what a service did not apply, and settles it."""
    router = api_router(publisher, "parked events")

    @router.get("/retrying-events")
    async def list_retrying_events(db: Db, paging: Short, actor: CanMendEvents) -> Page[RetryingEvent]:
        """Events that failed and are tried again, the oldest first; after their last try they are parked."""
        async with db.reading() as session:
            rows = await session.execute(RETRYING)
            return paging.page([RetryingEvent.model_validate(dict(row)) for row in rows.mappings()])

    @router.get("/parked-events")
    async def list_parked_events(db: Db, paging: Short, actor: CanMendEvents) -> Page[ParkedEvent]:
        """Events set aside, the oldest first."""
        async with db.reading() as session:
            rows = await session.execute(WAITING)
            return paging.page([ParkedEvent.model_validate(dict(row)) for row in rows.mappings()])

    @router.post("/parked-events/{event_id}/replay")
    async def replay_parked_event(
        event_id: UUID, request: Request, db: Db, once: Once, actor: CanMendEvents
    ) -> ParkedEvent:
        """Apply a parked event again, and what waits behind it.

        409 while an earlier event of the same aggregate is missing.
        """
        consumers: Consumers = request.app.state.consumers
        settled = await once.run(ParkedEvent, None, lambda tx: replay(tx, consumers, event_id))
        await replay_followers(db, consumers, settled, actor)
        return settled

    @router.post("/parked-events/{event_id}/dismiss")
    async def dismiss_parked_event(
        event_id: UUID, body: DismissIn, request: Request, db: Db, once: Once, actor: CanMendEvents
    ) -> ParkedEvent:
        """Give a parked event up, and what is missing before it, and go on with what waits behind it.

        409 while an earlier event of the same aggregate is parked.
        """
        consumers: Consumers = request.app.state.consumers
        settled = await once.run(ParkedEvent, body, lambda tx: dismiss(tx, consumers, event_id, body.reason))
        await replay_followers(db, consumers, settled, actor)
        return settled

    return router
