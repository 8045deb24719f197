"""Jobs follow their order's state, and become ready when they are fed."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from services.production.execution.commands import move_job
from services.production.execution.domain import OPEN, Command, State, next_state
from services.production.execution.runs import dismiss_crew, end_run
from services.production.execution.tables import Job, JobPredecessor
from services.production.machines.commands import leave_machine
from shared.kit.database import Transaction


async def lock_jobs_of(tx: Transaction, work_order: UUID) -> dict[UUID, Job]:
    """The order's jobs by id, locked until the end of the transaction and as they are now."""
    wanted = select(Job).where(Job.work_order == work_order).order_by(col(Job.id)).with_for_update()
    return {job.id: job for job in await tx.session.scalars(wanted.execution_options(populate_existing=True))}


async def follow_order(tx: Transaction, work_order: UUID, state: str) -> None:
    """Hold, resume or cancel the jobs of an order; running jobs of a held order run on until a person stops them."""
    jobs = (await lock_jobs_of(tx, work_order)).values()
    for job in jobs:
        job.order_state = state
        before = job.state
        if state == "on_hold" and next_state(State(before), Command.BLOCK):
            move_job(tx, job, Command.BLOCK)
        elif state in ("released", "in_progress") and before == State.BLOCKED:
            move_job(tx, job, Command.UNBLOCK)
        elif state == "cancelled" and before in OPEN:
            move_job(tx, job, Command.CANCEL)
            await tx.session.flush()
            await end_run(tx, job, tx.now)
            await dismiss_crew(tx, job, tx.now)
            if job.machine is not None:
                await leave_machine(tx, job.machine, job.id, at=tx.now)
    await tx.session.flush()
    if state in ("released", "in_progress"):
        await feed_jobs(tx, [job.id for job in jobs if job.state == State.WAITING])


async def feed_jobs(tx: Transaction, jobs: Iterable[UUID]) -> None:
    """Make those of the waiting jobs ready whose predecessors have all given something."""
    before = aliased(Job)
    hungry = exists().where(
        col(JobPredecessor.job) == col(Job.id), col(before.id) == col(JobPredecessor.predecessor), col(before.good) <= 0
    )
    waiting = (
        select(Job).where(col(Job.id).in_(list(jobs)), Job.state == State.WAITING.value, ~hungry).order_by(col(Job.id))
    )
    for job in await tx.session.scalars(waiting.with_for_update()):
        move_job(tx, job, Command.FEED)
