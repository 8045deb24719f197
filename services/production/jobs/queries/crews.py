"""People at jobs, now and before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, exists, func, or_, select

from services.production.jobs.tables import SPAN, CrewTime, CrewTouch


def touches(begins: datetime, ends: datetime) -> ColumnElement[bool]:
    """The condition that a time, without an end if it lasts, has an instant in common with what is between two."""
    window = func.tstzrange(begins, max(begins, ends), literal_column("'()'"))
    return literal_column(SPAN).op("&&", is_comparison=True)(window)


async def jobs_worked_on(session: AsyncSession, person: str, at: datetime) -> list[UUID]:
    """The jobs on which the person has worked from an instant, or from before it, until now.

    They are in the order in which jobs are locked.
    """
    statement = select(CrewTime.job).where(
        CrewTime.person == person, col(CrewTime.ends).is_(None), CrewTime.begins <= at
    )
    return sorted(await session.scalars(statement))


async def crew_since(session: AsyncSession, job: UUID) -> dict[str, datetime]:
    """Those who work on a job now, and since when."""
    statement = select(CrewTime.person, CrewTime.begins).where(CrewTime.job == job, col(CrewTime.ends).is_(None))
    return dict((await session.execute(statement)).all())


async def last_touch_at(session: AsyncSession, job: UUID, person: str) -> datetime | None:
    """When the person last joined or left the job, as far as is known."""
    latest = func.max(func.coalesce(CrewTime.ends, CrewTime.begins))
    at: datetime | None = await session.scalar(select(latest).where(CrewTime.job == job, CrewTime.person == person))
    return at


async def jobs_left_by_going(session: AsyncSession, person: str, at: datetime) -> list[UUID]:
    """The jobs that a person left at an instant because they went, and has not taken up since."""
    left = select(CrewTouch.job).where(CrewTouch.person == person, CrewTouch.at == at, CrewTouch.cause == "went")
    since = select(CrewTime.job).where(
        CrewTime.person == person, or_(col(CrewTime.ends).is_(None), col(CrewTime.ends) > at)
    )
    return sorted(set(await session.scalars(left)) - set(await session.scalars(since)))


async def jobs_taken_up_again(session: AsyncSession, person: str) -> list[UUID]:
    """The jobs on which the person seems to work since a break."""
    back = select(CrewTouch.at).where(
        CrewTouch.job == CrewTime.job, CrewTouch.person == person, CrewTouch.cause == "back"
    )
    statement = select(CrewTime.job).where(
        CrewTime.person == person, col(CrewTime.ends).is_(None), col(CrewTime.begins).in_(back)
    )
    return sorted(await session.scalars(statement))


async def has_joined_since(session: AsyncSession, person: str, at: datetime) -> bool:
    """True when the person has said since an instant that they work on a job."""
    joined = exists().where(
        col(CrewTouch.person) == person, col(CrewTouch.joins), col(CrewTouch.cause).is_(None), col(CrewTouch.at) > at
    )
    return bool(await session.scalar(select(joined)))


async def present_crews(session: AsyncSession) -> list[CrewTime]:
    """The open times of all crews."""
    now = select(CrewTime).where(col(CrewTime.ends).is_(None))
    return list(await session.scalars(now.order_by(col(CrewTime.begins), col(CrewTime.id))))


async def crew_times(session: AsyncSession, begins: datetime, ends: datetime) -> list[CrewTime]:
    """The crews' times that touch a window, not clipped to it, in order."""
    within = select(CrewTime).where(touches(begins, ends))
    return list(await session.scalars(within.order_by(col(CrewTime.begins), col(CrewTime.id))))
