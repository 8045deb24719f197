"""Reads of calls."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.andon.domain import CallState
from services.production.andon.schemas import CallOut
from services.production.andon.tables import AndonCall
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import unprocessable


async def list_calls(
    session: AsyncSession, states: str | None, machine: str | None, cursor: str | None, limit: int
) -> Page[CallOut]:
    """Calls, the newest first."""
    statement = select(AndonCall).order_by(col(AndonCall.id).desc()).limit(limit + 1)
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(CallState):
            raise unprocessable("state", "literal_error", expected=", ".join(CallState))
        statement = statement.where(col(AndonCall.state).in_(chosen))
    if machine:
        statement = statement.where(AndonCall.machine == machine)
    if key := read_cursor(cursor, UUID):
        statement = statement.where(col(AndonCall.id) < key[0])
    items = [CallOut.model_validate(row) for row in await session.scalars(statement)]
    return page_of(items, limit, lambda call: (call.id,))
