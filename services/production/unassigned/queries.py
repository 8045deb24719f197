"""Reads of unassigned production."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.unassigned.domain import UnassignedState
from services.production.unassigned.schemas import UnassignedOut
from services.production.unassigned.tables import Unassigned
from shared.kit.paging import Page, page_of, read_cursor


def unassigned_out(row: Unassigned) -> UnassignedOut:
    """The pieces for a client."""
    return UnassignedOut.model_validate(row.model_dump(exclude={"scrap"}) | {"scrap": row.scrap_by_defect})


async def list_unassigned(
    session: AsyncSession, state: UnassignedState | None, machine: str | None, cursor: str | None, limit: int
) -> Page[UnassignedOut]:
    """Open ones in the order in which they came; otherwise the newest first."""
    is_open = state is UnassignedState.OPEN
    statement = (
        select(Unassigned).order_by(col(Unassigned.id) if is_open else col(Unassigned.id).desc()).limit(limit + 1)
    )
    if state:
        statement = statement.where(Unassigned.state == state.value)
    if machine:
        statement = statement.where(Unassigned.machine == machine)
    if key := read_cursor(cursor, UUID):
        statement = statement.where(col(Unassigned.id) > key[0] if is_open else col(Unassigned.id) < key[0])
    items = [unassigned_out(row) for row in await session.scalars(statement)]
    return page_of(items, limit, lambda row: (row.id,))
