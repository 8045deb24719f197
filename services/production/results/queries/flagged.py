"""Results at which somebody should look."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.jobs.tables import Job
from services.production.results.schemas import FlaggedOut
from services.production.results.tables import Result, ResultToCheck
from shared.kit.paging import Page, page_of, read_cursor


async def list_flagged(
    session: AsyncSession, machine: str | None, person: str | None, flag: str | None, cursor: str | None, limit: int
) -> Page[FlaggedOut]:
    """Flagged results that nobody has acknowledged or taken back, the oldest first."""
    statement = (
        select(Result, Job)
        .join_from(ResultToCheck, Result, col(Result.id) == ResultToCheck.result)
        .join(Job, col(Job.id) == col(Result.job))
        .order_by(col(Result.id))
        .limit(limit + 1)
    )
    if machine:
        statement = statement.where(Result.machine == machine)
    if person:
        statement = statement.where(Result.person == person)
    if flag:
        statement = statement.where(func.array_position(col(Result.flags), flag).is_not(None))
    if key := read_cursor(cursor, UUID):
        statement = statement.where(col(Result.id) > key[0])
    items = [
        FlaggedOut.model_validate(
            result.model_dump(exclude={"scrap"})
            | job.model_dump(include={"op_name", "item_name", "unit", "planned"})
            | {"scrap": result.scrap_by_defect, "reversed_by": None, "job_state": job.state, "job_good": job.good}
        )
        for result, job in await session.execute(statement)
    ]
    return page_of(items, limit, lambda result: (result.id,))
