"""Reads of calls."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.andon.domain import CallState
from services.production.andon.schemas import CallOut
from services.production.andon.tables import AndonCall
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import Problem, unprocessable


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
    if key := decode_cursor(cursor, 1):
        try:
            statement = statement.where(col(AndonCall.id) < UUID(key[0]))
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
    rows = list(await session.scalars(statement))
    items = [CallOut.model_validate(row) for row in rows[:limit]]
    return Page(items=items, next_cursor=encode_cursor(str(items[-1].id)) if len(rows) > limit else None)
