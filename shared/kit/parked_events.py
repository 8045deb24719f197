"""The routes by which a person sees the events that were set aside, and replays them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import text

from shared.contracts.catalogue import read_event
from shared.kit.auth import Actor, allow
from shared.kit.consumer import Consumer
from shared.kit.database import Transaction
from shared.kit.idempotency import Db, Once
from shared.kit.inbox import Received
from shared.kit.paging import Page, Short
from shared.kit.problem import Problem
from shared.kit.routing import api_router

WAITING = text("SELECT * FROM parked_event WHERE replayed_at IS NULL ORDER BY parked_at LIMIT 200")
LOCK = text("SELECT * FROM parked_event WHERE id = :id FOR UPDATE")
REPLAYED = text("UPDATE parked_event SET replayed_at = :now, replayed_by = :person WHERE id = :id")


class ParkedEvent(BaseModel):
    """An event that could not be applied."""

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


def parking_router(publisher: str) -> APIRouter:
    """The routes by which an admin sees and replays the parked events of a service."""
    router = api_router(publisher, "parked events")
    admin = Depends(allow("admin"))

    @router.get("/parked-events")
    async def list_parked_events(db: Db, paging: Short, actor: Annotated[Actor, admin]) -> Page[ParkedEvent]:
        """Events set aside, the oldest first."""
        async with db.reading() as session:
            rows = await session.execute(WAITING)
            return paging.page([ParkedEvent.model_validate(dict(row)) for row in rows.mappings()])

    @router.post("/parked-events/{event_id}/replay")
    async def replay_parked_event(
        event_id: UUID, request: Request, once: Once, actor: Annotated[Actor, admin]
    ) -> ParkedEvent:
        """Apply a parked event again; 409 while an earlier event of the same aggregate is missing."""
        consumers: Mapping[str, Consumer] = request.app.state.consumers

        async def replay(tx: Transaction) -> ParkedEvent:
            row = (await tx.session.execute(LOCK, {"id": event_id})).mappings().one_or_none()
            if row is None:
                raise Problem(404, "not_found")
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
                await tx.session.execute(REPLAYED, {"id": event_id, "now": tx.now, "person": actor.person})
            return ParkedEvent.model_validate(dict(row) | {"replayed_at": row["replayed_at"] or tx.now})

        return await once.run(ParkedEvent, None, replay)

    return router
