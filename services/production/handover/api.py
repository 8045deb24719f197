"""Routes of handover notes."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.production.handover import commands, queries
from services.production.handover.queries import HandoverFilter
from services.production.handover.schemas import HandoverIn, HandoverOut
from services.production.permissions import CanReadHandovers, CanWriteHandovers
from shared.kit.idempotency import Db, Once
from shared.kit.openapi.refusals import refuses
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.routing import api_router

router = api_router("production", "handover")


@router.post("/machines/{machine}/handovers", status_code=201)
async def leave_note(machine: str, body: HandoverIn, once: Once, actor: CanWriteHandovers) -> HandoverOut:
    """Leave a note at a machine for those who come next."""
    return await once.run(HandoverOut, body, lambda tx: commands.leave_note(tx, machine, body))


@router.get("/machines/{machine}/handovers")
async def list_handovers_of_machine(
    machine: str, actor: CanReadHandovers, db: Db, cursor: Cursor = None, limit: Limit = 20
) -> Page[HandoverOut]:
    """The notes at a machine, the newest first, and who has read them."""
    async with db.reading() as session:
        return await queries.list_handovers(session, HandoverFilter(machine), cursor, limit, db.clock())


@router.get("/handovers", responses=refuses(404))
async def list_handovers(
    actor: CanReadHandovers,
    db: Db,
    machine: str | None = None,
    unread: Annotated[
        bool, Query(description="only what of the last 30 days the caller has neither read nor written")
    ] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[HandoverOut]:
    """The notes at all machines or one, the newest first, and who has read them."""
    async with db.reading() as session:
        chosen = HandoverFilter(machine, actor.person if unread else None)
        return await queries.list_handovers(session, chosen, cursor, limit, db.clock())


@router.post("/handovers/{handover}/read")
async def read_note(handover: UUID, once: Once, actor: CanWriteHandovers) -> HandoverOut:
    """Mark a note as read by the caller."""
    return await once.run(HandoverOut, None, lambda tx: commands.read_note(tx, handover))
