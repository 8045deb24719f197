"""Results at which somebody should look, and that somebody did."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from services.production.execution.schemas import FlaggedOut
from services.production.execution.tables import Job, Result, ResultAcknowledgement
from shared.kit.database import Transaction
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import Problem


async def list_flagged(
    session: AsyncSession, machine: str | None, person: str | None, flag: str | None, cursor: str | None, limit: int
) -> Page[FlaggedOut]:
    """Flagged results that nobody has acknowledged or taken back, the oldest first."""
    reversal = aliased(Result)
    wanted = (
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
        wanted = wanted.where(Result.machine == machine)
    if person:
        wanted = wanted.where(Result.person == person)
    if flag:
        wanted = wanted.where(func.array_position(col(Result.flags), flag).is_not(None))
    if key := decode_cursor(cursor, 1):
        try:
            wanted = wanted.where(col(Result.id) > UUID(key[0]))
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
    rows = (await session.execute(wanted)).all()
    items = [
        FlaggedOut.model_validate(
            result.model_dump(exclude={"scrap"})
            | job.model_dump(include={"op_name", "item_name", "unit", "planned"})
            | {"scrap": result.scrap_by_defect, "reversed_by": None, "job_state": job.state, "job_good": job.good}
        )
        for result, job in rows[:limit]
    ]
    return Page(items=items, next_cursor=encode_cursor(str(items[-1].id)) if len(rows) > limit else None)


async def acknowledge_results(tx: Transaction, results: Sequence[UUID], reason: str | None) -> int:
    """Note that the caller has looked at these results, and how many nobody had looked at before; a 404 problem for one that is not there."""
    known = set(await tx.session.scalars(select(Result.id).where(col(Result.id).in_(results))))
    if known != set(results):
        raise Problem(404, "not_found")
    rows = [{"result": id_, "person": tx.actor.person, "at": tx.now, "reason": reason} for id_ in sorted(known)]
    new = await tx.session.scalars(
        insert(ResultAcknowledgement).values(rows).on_conflict_do_nothing().returning(col(ResultAcknowledgement.result))
    )
    acknowledged = list(new)
    for id_ in acknowledged:
        tx.audit("acknowledge", f"result/{id_}", reason=reason)
    return len(acknowledged)
