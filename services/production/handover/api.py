"""Routes of handover notes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.production.handover import commands, queries
from services.production.handover.schemas import HandoverIn, HandoverOut
from shared.kit.auth import EVERYBODY, Actor, allow
from shared.kit.idempotency import Db, Once
from shared.kit.paging import Limit, Page

router = APIRouter(tags=["handover"])
Worker = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "maintenance", "admin"))]


@router.post("/machines/{code}/handovers", status_code=201)
async def leave_note(code: str, body: HandoverIn, once: Once, actor: Worker) -> HandoverOut:
    """Leave a note at a machine for those who come next."""
    return await once.run(HandoverOut, body, lambda tx: commands.leave_note(tx, code, body))


@router.get("/machines/{code}/handovers")
async def list_handovers(
    code: str, actor: Annotated[Actor, Depends(allow(*EVERYBODY))], db: Db, limit: Limit = 20
) -> Page[HandoverOut]:
    """The last notes at a machine, the newest first, and who has read them."""
    async with db.reading() as session:
        return Page(items=await queries.list_handovers(session, code, limit))


@router.post("/handovers/{handover}/read")
async def read_note(handover: UUID, once: Once, actor: Worker) -> HandoverOut:
    """Say that one has read a note."""
    return await once.run(HandoverOut, None, lambda tx: commands.read_note(tx, handover))
