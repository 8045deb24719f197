"""Routes of handover notes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.production.handover import commands, queries
from services.production.handover.queries import Wanted
from services.production.handover.schemas import HandoverIn, HandoverOut
from shared.kit.auth import EVERYBODY, Actor, allow
from shared.kit.idempotency import Db, Once
from shared.kit.paging import Cursor, Limit, Page

router = APIRouter(tags=["handover"])
Reader = Annotated[Actor, Depends(allow(*EVERYBODY))]
Worker = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "maintenance", "admin"))]


@router.post("/machines/{code}/handovers", status_code=201)
async def leave_note(code: str, body: HandoverIn, once: Once, actor: Worker) -> HandoverOut:
    """Leave a note at a machine for those who come next."""
    return await once.run(HandoverOut, body, lambda tx: commands.leave_note(tx, code, body))


@router.get("/machines/{code}/handovers")
async def list_handovers_of_machine(
    code: str, actor: Reader, db: Db, cursor: Cursor = None, limit: Limit = 20
) -> Page[HandoverOut]:
    """The notes at a machine, the newest first, and who has read them."""
    async with db.reading() as session:
        return await queries.list_handovers(session, Wanted(code), cursor, limit)


@router.get("/handovers")
async def list_handovers(
    actor: Reader,
    db: Db,
    machine: str | None = None,
    unread: Annotated[bool, Query(description="only what the caller has neither read nor written")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[HandoverOut]:
    """The notes at all machines or one, the newest first, and who has read them."""
    async with db.reading() as session:
        wanted = Wanted(machine, actor.person if unread else None)
        return await queries.list_handovers(session, wanted, cursor, limit)


@router.post("/handovers/{handover}/read")
async def read_note(handover: UUID, once: Once, actor: Worker) -> HandoverOut:
    """Say that one has read a note."""
    return await once.run(HandoverOut, None, lambda tx: commands.read_note(tx, handover))
