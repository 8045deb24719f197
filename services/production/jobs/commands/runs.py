"""The runs and the stops of a job. The caller has locked the job."""

from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import col

from services.production.jobs.domain import Phase
from services.production.jobs.tables import Job, JobStop, Run
from shared.kit.database import Transaction
from shared.kit.ids import new_id


async def begin_run(tx: Transaction, job: Job, phase: Phase, at: datetime) -> None:
    """Begin a run in ``phase``; the one that is open, or the stop, ends."""
    await end_run(tx, job, at)
    job.phase = phase.value
    tx.session.add(Run(id=new_id(), job=job.id, machine=job.machine, phase=phase.value, begins=at))


async def end_run(tx: Transaction, job: Job, at: datetime) -> None:
    """End the open run or stop, if there is one."""
    for table in (Run, JobStop):
        still_open = update(table).where(col(table.job) == job.id, col(table.ends).is_(None))
        ended = still_open.values(ends=func.greatest(table.begins, at)).execution_options(synchronize_session=False)
        await tx.session.execute(ended)


async def begin_stop(tx: Transaction, job: Job, reason: str | None, at: datetime) -> None:
    """End the open run and begin a stop."""
    await end_run(tx, job, at)
    tx.session.add(JobStop(id=new_id(), job=job.id, reason=reason, begins=at))
