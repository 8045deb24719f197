"""Routes of calls."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.production.andon import commands, queries
from services.production.andon.domain import CallStep
from services.production.andon.schemas import CallIn, CallOut, CallStepIn
from services.production.permissions import CanCallForHelp, CanRead
from shared.kit.idempotency import Db, Once
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.routing import api_router

router = api_router("production", "andon", "/andon-calls")


@router.post("", status_code=201)
async def call_somebody(body: CallIn, once: Once, actor: CanCallForHelp) -> CallOut:
    """Call somebody to a machine; the same call again, while it is not resolved, is that call."""
    return await once.run(CallOut, body, lambda tx: commands.call(tx, body))


@router.get("")
async def list_calls(
    actor: CanRead,
    db: Db,
    state: Annotated[str | None, Query(description="one state or several, separated by commas")] = None,
    machine: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[CallOut]:
    """Calls, the newest first."""
    async with db.reading() as session:
        return await queries.list_calls(session, state, machine, cursor, limit)


@router.post("/{call}/acknowledge")
async def acknowledge_call(call: UUID, once: Once, actor: CanCallForHelp, body: CallStepIn | None = None) -> CallOut:
    """Acknowledge a call: the caller comes."""
    step = body or CallStepIn()
    return await once.run(CallOut, step, lambda tx: commands.move_call(tx, call, CallStep.ACKNOWLEDGE, step.note))


@router.post("/{call}/resolve")
async def resolve_call(call: UUID, once: Once, actor: CanCallForHelp, body: CallStepIn | None = None) -> CallOut:
    """Resolve a call, best with a note on what it was."""
    step = body or CallStepIn()
    return await once.run(CallOut, step, lambda tx: commands.move_call(tx, call, CallStep.RESOLVE, step.note))
