"""The crew of a job."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Update, func, update
from sqlmodel import col, select

from services.production.jobs.commands.context import answer_command, context_of
from services.production.jobs.commands.transitions import lock_job, publish_change
from services.production.jobs.domain import ON_MACHINE, effective_time
from services.production.jobs.queries.crews import jobs_worked_on
from services.production.jobs.schemas import CommandOut, CrewIn
from services.production.jobs.tables import CrewTime, Job
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


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


def _open_times(job: Job, at: datetime) -> Update:
    still_open = update(CrewTime).where(col(CrewTime.job) == job.id, col(CrewTime.ends).is_(None))
    return still_open.values(ends=func.greatest(CrewTime.begins, at)).execution_options(synchronize_session=False)


async def change_crew(tx: Transaction, id_: UUID, body: CrewIn) -> CommandOut:
    """Somebody begins or ends to work on a job that was started; nothing happens when it is so already."""
    job = await lock_job(tx, id_)
    effective = effective_time(body.at, tx.now, job.started_at)
    context = context_of(job, effective)
    person = body.person or tx.actor.person
    if body.action == "leave":
        is_changed = await leave_crew(tx, job, person, context.at)
    elif job.state in ON_MACHINE:
        is_changed = await join_crew(tx, job, person, context.at)
    else:
        raise Problem(409, "wrong_state", state=job.state)
    if is_changed:
        publish_change(tx, job, job.state, person=tx.actor.person)
    return await answer_command(tx, context)


async def leave_jobs(tx: Transaction, person: str, at: datetime, joined_before: datetime | None = None) -> None:
    """The person works on no job any more, or on none that they joined before a moment."""
    for id_ in await jobs_worked_on(tx.session, person, joined_before):
        job = await lock_job(tx, id_)
        if await leave_crew(tx, job, person, at):
            publish_change(tx, job, job.state, person=tx.actor.person)
