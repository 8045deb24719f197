"""An order's jobs as a graph, for those who follow what flows through it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, exists, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from services.production.jobs.domain import OPEN, JobState
from services.production.jobs.tables import Job, JobBypass, JobPredecessor


@dataclass(frozen=True)
class GraphJob:
    """A job with what feeds it: by operation, how many of its pieces one of theirs gives.

    ``left_out`` are likewise the skipped operations in between, of which it takes what was reported all the same.
    """

    id: UUID
    op: int
    item: str
    unit: str
    number: str
    planned: Decimal
    is_open: bool
    materials: list[dict[str, Any]]
    feeds: Mapping[int, Decimal]
    left_out: Mapping[int, Decimal]
    is_skipped: bool


async def order_graph(session: AsyncSession, work_order: UUID) -> dict[UUID, GraphJob]:
    """The order's jobs by id, in the order of their operations."""
    shown = (Job.id, Job.op, Job.item, Job.unit, Job.number, Job.planned, Job.state, Job.materials)
    # columns and no entities: the session would keep these as they are now, and not as they are under a later lock
    statement = select(*map(col, shown)).where(col(Job.work_order) == work_order).order_by(col(Job.op))
    jobs = (await session.execute(statement)).all()
    ops = {job.id: job.op for job in jobs}
    feeds, left_out = [await _links(session, table, ops) for table in (JobPredecessor, JobBypass)]
    return {
        job.id: GraphJob(
            *(job.id, job.op, job.item, job.unit, job.number, job.planned, job.state in OPEN, job.materials),
            *(feeds[job.id], left_out[job.id], job.state == JobState.SKIPPED),
        )
        for job in jobs
    }


async def _links(
    session: AsyncSession, table: type[JobPredecessor] | type[JobBypass], ops: Mapping[UUID, int]
) -> dict[UUID, dict[int, Decimal]]:
    """By job the operations before it, with the ratios."""
    links: dict[UUID, dict[int, Decimal]] = {job: {} for job in ops}
    statement = select(col(table.job), col(table.predecessor), col(table.ratio)).where(col(table.job).in_(ops))
    for id_, before, ratio in await session.execute(statement):
        links[id_][ops[before]] = ratio
    return links


def is_last(job: Mapped[UUID]) -> ColumnElement[bool]:
    """The condition that no operation follows the job: its good pieces are what the order gives.

    A skipped operation follows none, and is none.
    """
    itself, after = aliased(Job), aliased(Job)
    is_skipped = exists().where(col(itself.id) == job, col(itself.state) == JobState.SKIPPED.value)
    is_followed = exists().where(
        col(JobPredecessor.predecessor) == job,
        col(after.id) == col(JobPredecessor.job),
        col(after.state) != JobState.SKIPPED.value,
    )
    return ~is_skipped & ~is_followed


async def last_jobs(session: AsyncSession, jobs: Collection[UUID]) -> set[UUID]:
    """Those of the jobs that no operation follows."""
    statement = select(col(Job.id)).where(col(Job.id).in_(jobs), is_last(col(Job.id)))
    return set(await session.scalars(statement)) if jobs else set()


async def job_names(session: AsyncSession, jobs: set[UUID]) -> dict[UUID, tuple[str, int]]:
    """The order's number and the operation of each job."""
    statement = select(col(Job.id), col(Job.number), col(Job.op)).where(col(Job.id).in_(jobs))
    return {id_: (number, op) for id_, number, op in await session.execute(statement)}


async def open_jobs(session: AsyncSession, jobs: set[UUID]) -> set[UUID]:
    """Those of the jobs that are not over yet."""
    known = col(Job.id) == any_(literal(list(jobs), ARRAY(Uuid)))
    statement = select(col(Job.id)).where(known, col(Job.state).in_(list(OPEN)))
    return set(await session.scalars(statement))
