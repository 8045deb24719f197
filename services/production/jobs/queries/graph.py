"""An order's jobs as a graph, for those who follow what flows through it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, exists, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from services.production.jobs.domain import OPEN
from services.production.jobs.tables import Job, JobPredecessor


@dataclass(frozen=True)
class GraphJob:
    """A job with what feeds it: by operation, how many of its pieces one of theirs gives."""

    id: UUID
    op: int
    item: str
    unit: str
    number: str
    planned: Decimal
    is_open: bool
    materials: list[dict[str, Any]]
    feeds: Mapping[int, Decimal]


async def order_graph(session: AsyncSession, work_order: UUID) -> dict[UUID, GraphJob]:
    """The order's jobs by id, in the order of their operations."""
    shown = (Job.id, Job.op, Job.item, Job.unit, Job.number, Job.planned, Job.state, Job.materials)
    # columns and no entities: the session would keep these as they are now, and not as they are under a later lock
    statement = select(*map(col, shown)).where(col(Job.work_order) == work_order).order_by(col(Job.op))
    jobs = (await session.execute(statement)).all()
    ops = {job.id: job.op for job in jobs}
    feeds: dict[UUID, dict[int, Decimal]] = {job: {} for job in ops}
    links = select(col(JobPredecessor.job), col(JobPredecessor.predecessor), col(JobPredecessor.ratio))
    for id_, before, ratio in await session.execute(links.where(col(JobPredecessor.job).in_(ops))):
        feeds[id_][ops[before]] = ratio
    return {
        job.id: GraphJob(
            job.id, job.op, job.item, job.unit, job.number, job.planned, job.state in OPEN, job.materials, feeds[job.id]
        )
        for job in jobs
    }


def is_last(job: Mapped[UUID]) -> ColumnElement[bool]:
    """The condition that no operation follows the job: its good pieces are what the order gives."""
    return ~exists().where(col(JobPredecessor.predecessor) == job)


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
