"""Events that cannot be published: seen by an admin, and published again once the cause is mended."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text

from shared.kit.database import Transaction
from shared.kit.idempotency import Db, Once
from shared.kit.paging import Page, Short
from shared.kit.permissions import CanMendEvents
from shared.kit.problem import Problem
from shared.kit.routing import api_router

SHOWN = (
    "SELECT w.*, o.type, o.time, octet_length(o.body::text) AS bytes, (SELECT count(*) FROM outbox b"
    " WHERE b.aggregate = w.aggregate AND b.version > w.version AND b.published_at IS NULL) AS behind"
    " FROM withheld_event w JOIN outbox o ON o.id = w.id"
)
LIST = text(f"{SHOWN} ORDER BY w.withheld_at, w.id LIMIT 200")
ONE = text(f"{SHOWN} WHERE w.id = :id")
RELEASE = text("DELETE FROM withheld_event WHERE id = :id")


class WithheldEvent(BaseModel):
    """An event that cannot be published; ``behind`` are those of the same aggregate that wait for it."""

    id: UUID
    type: str
    aggregate: str
    version: int
    time: datetime
    bytes: int
    reason: str
    withheld_at: datetime
    behind: int


def withheld_router(publisher: str) -> APIRouter:
    """The routes by which an admin sees and publishes what a service withholds."""
    router = api_router(publisher, "withheld events")

    @router.get("/withheld-events")
    async def list_withheld_events(db: Db, paging: Short, actor: CanMendEvents) -> Page[WithheldEvent]:
        """Events that cannot be published, the oldest first; what follows on their aggregates waits for them."""
        async with db.reading() as session:
            rows = await session.execute(LIST)
            return paging.page([WithheldEvent.model_validate(dict(row)) for row in rows.mappings()])

    @router.post("/withheld-events/{event_id}/publish")
    async def publish_withheld_event(event_id: UUID, once: Once, db: Db, actor: CanMendEvents) -> WithheldEvent:
        """Publish it again, and what follows on its aggregate; it is withheld anew when it still cannot be."""

        async def publish(tx: Transaction) -> WithheldEvent:
            row = (await tx.session.execute(ONE, {"id": event_id})).mappings().one_or_none()
            if row is None:
                raise Problem(404, "not_found")
            await tx.session.execute(RELEASE, {"id": event_id})
            tx.audit("publish", f"withheld_event/{event_id}", [("reason", row["reason"], None)])
            return WithheldEvent.model_validate(dict(row))

        published = await once.run(WithheldEvent, None, publish)
        db.events_committed()
        return published

    return router
