"""Moves of locked jobs from state to state."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from services.production.jobs.domain import ON_MACHINE, JobCommand, JobState, next_state
from services.production.jobs.events import job_changed
from services.production.jobs.tables import Job, JobPredecessor
from shared.kit.database import Transaction
from shared.kit.problem import Problem


async def lock_job(tx: Transaction, id_: UUID, *, is_read_again: bool = False) -> Job:
    """The job, locked until the end of the transaction, or a 404 problem.

    ``is_read_again``: other statements than the session's own have changed it in this transaction.
    """
    job = await tx.session.get(Job, id_, with_for_update=True, populate_existing=is_read_again)
    if job is None:
        raise Problem(404, "not_found")
    return job


def move_job(
    tx: Transaction,
    job: Job,
    command: JobCommand,
    reason: str | None = None,
    person: str | None = None,
    *,
    has_happened: bool = False,
) -> None:
    """Move a locked job and publish it; a 409 problem when its state does not allow it."""
    before = JobState(job.state)
    after = next_state(before, command, has_happened=has_happened)
    if after is None:
        raise Problem(409, "wrong_state", state=before.value)
    job.state = after.value
    job.pause_reason = reason if after is JobState.PAUSED else None
    job.phase = job.phase if after in ON_MACHINE else None
    publish_change(tx, job, before, reason, person)


def publish_change(
    tx: Transaction, job: Job, before: str, reason: str | None = None, person: str | None = None
) -> None:
    """Publish that something about the job is different."""
    job.version += 1
    tx.record(job_changed(job, before, reason, tx.people.id_of(person)), aggregate=f"job/{job.id}", version=job.version)


async def lock_jobs_of(tx: Transaction, work_order: UUID) -> dict[UUID, Job]:
    """The order's jobs by id, locked until the end of the transaction and as they are now."""
    statement = select(Job).where(Job.work_order == work_order).order_by(col(Job.id)).with_for_update()
    return {job.id: job for job in await tx.session.scalars(statement.execution_options(populate_existing=True))}


async def feed_jobs(tx: Transaction, jobs: Iterable[UUID]) -> None:
    """Make those of the waiting jobs ready whose predecessors have all given something."""
    before = aliased(Job)
    hungry = exists().where(
        col(JobPredecessor.job) == col(Job.id), col(before.id) == col(JobPredecessor.predecessor), col(before.good) <= 0
    )
    waiting = (
        select(Job)
        .where(col(Job.id).in_(list(jobs)), Job.state == JobState.WAITING.value, ~hungry)
        .order_by(col(Job.id))
    )
    for job in await tx.session.scalars(waiting.with_for_update()):
        move_job(tx, job, JobCommand.FEED)
