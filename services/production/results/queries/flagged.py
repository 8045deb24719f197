"""Results at which somebody should look."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from services.production.jobs.tables import Job
from services.production.results.schemas import FlaggedOut
from services.production.results.tables import Result, ResultAcknowledgement
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import Problem


async def list_flagged(
    session: AsyncSession, machine: str | None, person: str | None, flag: str | None, cursor: str | None, limit: int
) -> Page[FlaggedOut]:
    """Flagged results that nobody has acknowledged or taken back, the oldest first."""
    reversal = aliased(Result)
    statement = (
        select(Result, Job)
        .join(Job, col(Job.id) == col(Result.job))
        .where(
            col(Result.flags) != [],
            ~exists().where(col(ResultAcknowledgement.result) == col(Result.id)),
            ~exists().where(col(reversal.reverses) == col(Result.id)),
        )
        .order_by(col(Result.id))
        .limit(limit + 1)
    )
    if machine:
        statement = statement.where(Result.machine == machine)
    if person:
        statement = statement.where(Result.person == person)
    if flag:
        statement = statement.where(func.array_position(col(Result.flags), flag).is_not(None))
    if key := decode_cursor(cursor, 1):
        try:
            statement = statement.where(col(Result.id) > UUID(key[0]))
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
    rows = (await session.execute(statement)).all()
    items = [
        FlaggedOut.model_validate(
            result.model_dump(exclude={"scrap"})
            | job.model_dump(include={"op_name", "item_name", "unit", "planned"})
            | {"scrap": result.scrap_by_defect, "reversed_by": None, "job_state": job.state, "job_good": job.good}
        )
        for result, job in rows[:limit]
    ]
    return Page(items=items, next_cursor=encode_cursor(str(items[-1].id)) if len(rows) > limit else None)
