"""People at jobs, now and before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.production.jobs.tables import CrewTime


async def jobs_worked_on(session: AsyncSession, person: str, joined_before: datetime | None = None) -> list[UUID]:
    """The jobs that the person works on now, or those of them that they joined before a moment.

    They are in the order in which jobs are locked.
    """
    statement = select(CrewTime.job).where(CrewTime.person == person, col(CrewTime.ends).is_(None))
    if joined_before is not None:
        statement = statement.where(CrewTime.begins < joined_before)
    return sorted(await session.scalars(statement))


async def present_crews(session: AsyncSession) -> list[CrewTime]:
    """The open times of all crews."""
    now = select(CrewTime).where(col(CrewTime.ends).is_(None))
    return list(await session.scalars(now.order_by(col(CrewTime.begins), col(CrewTime.id))))


async def crew_times(session: AsyncSession, begins: datetime, ends: datetime) -> list[CrewTime]:
    """The crews' times that touch a window, not clipped to it, in order."""
    within = select(CrewTime).where(
        CrewTime.begins < ends, or_(col(CrewTime.ends).is_(None), col(CrewTime.ends) > begins)
    )
    return list(await session.scalars(within.order_by(col(CrewTime.begins), col(CrewTime.id))))
