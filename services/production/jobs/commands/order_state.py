"""Jobs follow the state of their order."""

from uuid import UUID

from services.production.jobs.commands.crew import dismiss_crew
from services.production.jobs.commands.runs import end_run
from services.production.jobs.commands.transitions import feed_jobs, lock_jobs_of, move_job
from services.production.jobs.domain import OPEN, JobCommand, JobState, next_state
from services.production.machines.commands import leave_machine
from shared.kit.database import Transaction


async def follow_order(tx: Transaction, work_order: UUID, state: str) -> None:
    """Hold, resume, cancel or bring back the jobs of an order.

    Running jobs of a held order run on until a person stops them.
    """
    jobs = (await lock_jobs_of(tx, work_order)).values()
    for job in jobs:
        job.order_state = state
        before = job.state
        if state == "on_hold" and next_state(JobState(before), JobCommand.BLOCK):
            move_job(tx, job, JobCommand.BLOCK)
        elif state in ("released", "in_progress") and before == JobState.BLOCKED:
            move_job(tx, job, JobCommand.UNBLOCK)
        elif state in ("released", "in_progress") and before == JobState.CANCELLED:
            move_job(tx, job, JobCommand.REOPEN)
        elif state == "cancelled" and before in OPEN:
            move_job(tx, job, JobCommand.CANCEL)
            await tx.session.flush()
            await end_run(tx, job, tx.now)
            await dismiss_crew(tx, job, tx.now)
            if job.machine is not None:
                await leave_machine(tx, job.machine, job.id, at=tx.now)
    await tx.session.flush()
    if state in ("released", "in_progress"):
        await feed_jobs(tx, [job.id for job in jobs if job.state == JobState.WAITING])
