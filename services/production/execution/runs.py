"""The times of a job: its runs by phase, and who worked on it. The caller has locked the job."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Update, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.production.execution.domain import Phase
from services.production.execution.tables import CrewTime, Job, Run
from shared.kit.database import Transaction
from shared.kit.ids import new_id


async def begin_run(tx: Transaction, job: Job, phase: Phase, at: datetime) -> None:
    """Begin a run in ``phase``; the one that is open ends."""
    await end_run(tx, job, at)
    job.phase = phase.value
    tx.session.add(Run(id=new_id(), job=job.id, machine=job.machine, phase=phase.value, begins=at))


async def end_run(tx: Transaction, job: Job, at: datetime) -> None:
    """End the open run, if there is one."""
    still_open = update(Run).where(col(Run.job) == job.id, col(Run.ends).is_(None))
    ended = still_open.values(ends=func.greatest(Run.begins, at)).execution_options(synchronize_session=False)
    await tx.session.execute(ended)


async def join_crew(tx: Transaction, job: Job, person: str, at: datetime) -> bool:
    """The person works on the job from ``at`` on, and not before they left it last; False when they do already."""
    times = select(CrewTime).where(CrewTime.job == job.id, CrewTime.person == person)
    last = await tx.session.scalar(times.order_by(col(CrewTime.begins).desc(), col(CrewTime.id).desc()).limit(1))
    begins = at
    if last is not None:
        if last.ends is None:
            return False
        begins = max(at, last.ends)
    tx.session.add(CrewTime(id=new_id(), job=job.id, person=person, machine=job.machine, begins=begins))
    await tx.session.flush()
    return True


async def leave_crew(tx: Transaction, job: Job, person: str, at: datetime) -> bool:
    """The person does not work on the job any more; False when they did not."""
    ended = await tx.session.execute(
        _open_times(job, at).where(col(CrewTime.person) == person).returning(col(CrewTime.id))
    )
    return ended.first() is not None


async def dismiss_crew(tx: Transaction, job: Job, at: datetime) -> None:
    """Nobody works on the job any more."""
    await tx.session.execute(_open_times(job, at))


async def jobs_worked_on(session: AsyncSession, person: str, joined_before: datetime | None = None) -> list[UUID]:
    """The jobs that the person works on now, or those of them that they joined before a moment, in the order in which jobs are locked."""
    wanted = select(CrewTime.job).where(CrewTime.person == person, col(CrewTime.ends).is_(None))
    if joined_before is not None:
        wanted = wanted.where(CrewTime.begins < joined_before)
    return sorted(await session.scalars(wanted))


async def present_crews(session: AsyncSession) -> list[CrewTime]:
    """Who works on what now."""
    now = select(CrewTime).where(col(CrewTime.ends).is_(None))
    return list(await session.scalars(now.order_by(col(CrewTime.begins), col(CrewTime.id))))


async def crew_times(session: AsyncSession, begins: datetime, ends: datetime) -> list[CrewTime]:
    """Who worked on what within a window; the times are not clipped to it."""
    within = select(CrewTime).where(
        CrewTime.begins < ends, or_(col(CrewTime.ends).is_(None), col(CrewTime.ends) > begins)
    )
    return list(await session.scalars(within.order_by(col(CrewTime.begins), col(CrewTime.id))))


def _open_times(job: Job, at: datetime) -> Update:
    still_open = update(CrewTime).where(col(CrewTime.job) == job.id, col(CrewTime.ends).is_(None))
    return still_open.values(ends=func.greatest(CrewTime.begins, at)).execution_options(synchronize_session=False)
