"""Reads of jobs, their runs and stops, and what was sent out."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, literal_column, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select, tuple_

from services.production.definitions.tables import Reason
from services.production.jobs import tables
from services.production.jobs.domain import OPEN, JobState
from services.production.jobs.queries.describe import describe_jobs
from services.production.jobs.schemas import JobOut, RunOut, SendingOut, SubcontractorOut
from services.production.jobs.tables import Job, JobStop, Run, Sending
from shared.kit.moments import MOMENT
from shared.kit.paging import INT, Page, page_of, read_cursor
from shared.kit.problem import Problem, unprocessable

RANK: ColumnElement[int] = literal_column(tables.RANK, Integer)
MACHINE: ColumnElement[str] = literal_column(tables.MACHINE, String)
IN_ORDER = (RANK, col(Job.priority), col(Job.due_at), col(Job.id))


def _is_in(states: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a job is in one of the states, by the index of their order."""
    return RANK.in_([tables.RANKS.index(state) for state in states])


SUBCONTRACTORS = text(
    "WITH RECURSIVE known AS ("
    "(SELECT supplier FROM sending WHERE supplier IS NOT NULL ORDER BY supplier LIMIT 1) UNION ALL"
    " SELECT (SELECT supplier FROM sending WHERE supplier > known.supplier ORDER BY supplier LIMIT 1) FROM known"
    " WHERE known.supplier IS NOT NULL)"
    " SELECT supplier, (SELECT at FROM sending s WHERE s.supplier = known.supplier ORDER BY at DESC LIMIT 1) AS at"
    " FROM known"
    " WHERE supplier IS NOT NULL ORDER BY at DESC LIMIT :limit"
)
"""From name to name in the index of names, however often something was sent to each."""


async def get_job(session: AsyncSession, id_: UUID) -> JobOut:
    """The job, or a 404 problem."""
    job = await session.get(Job, id_)
    if job is None:
        raise Problem(404, "not_found")
    return (await describe_jobs(session, [job]))[0]


async def jobs_of_order(session: AsyncSession, reference: str) -> list[UUID]:
    """The jobs of the order with this id or number."""
    of_order = [col(Job.number) == reference]
    with suppress(ValueError):
        of_order.append(col(Job.work_order) == UUID(reference))
    return list(await session.scalars(select(Job.id).where(or_(*of_order))))


async def jobs_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, JobOut]:
    """Those of the jobs that there are."""
    rows = list(await session.scalars(select(Job).where(col(Job.id).in_(ids)))) if ids else []
    return {job.id: job for job in await describe_jobs(session, rows)}


async def job_running_on(session: AsyncSession, machine: str | None) -> JobOut | None:
    """The job that runs on a machine."""
    job = await session.scalar(select(Job).where(Job.machine == machine, Job.state == JobState.RUNNING.value))
    return (await describe_jobs(session, [job]))[0] if job else None


async def list_jobs(
    session: AsyncSession,
    machine: str | None,
    work_center: str | None,
    states: str | None,
    work_order: str | None,
    finished_after: datetime | None,
    cursor: str | None,
    limit: int,
) -> Page[JobOut]:
    """Jobs in the order in which an operator takes them: running, paused, ready, then by priority and due date."""
    statement = select(Job, RANK).order_by(*IN_ORDER).limit(limit + 1)
    if machine:
        statement = statement.where(machine == MACHINE)
    if work_center:
        statement = statement.where(Job.work_center == work_center)
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(JobState):
            raise unprocessable("state", "literal_error", expected=", ".join(JobState))
        statement = statement.where(_is_in(chosen))
    if work_order:
        try:
            statement = statement.where(Job.work_order == UUID(work_order))
        except ValueError:
            statement = statement.where(Job.number == work_order)
    if finished_after:
        statement = statement.where(col(Job.finished_at) >= finished_after)
    if key := read_cursor(cursor, INT, INT, MOMENT.validate_python, UUID):
        statement = statement.where(tuple_(*IN_ORDER) > tuple_(*key))
    rows = (await session.execute(statement)).all()
    page = page_of(rows, limit, lambda row: (row[1], row[0].priority, row[0].due_at, row[0].id))
    return Page(items=await describe_jobs(session, [job for job, _ in page.items]), next_cursor=page.next_cursor)


async def jobs_on_machines(session: AsyncSession, machines: Sequence[str]) -> dict[str, list[JobOut]]:
    """The open jobs of each machine, in the order in which an operator takes them."""
    statement = select(Job).where(MACHINE.in_(machines), _is_in(OPEN)).order_by(*IN_ORDER)
    found: dict[str, list[JobOut]] = {machine: [] for machine in machines}
    for job in await describe_jobs(session, list(await session.scalars(statement))):
        found[job.machine or ""].append(job)
    return found


async def list_runs(session: AsyncSession, id_: UUID) -> list[RunOut]:
    """The times in which a job ran, or a 404 problem."""
    await get_job(session, id_)
    runs = select(Run).where(Run.job == id_).order_by(col(Run.begins), col(Run.id))
    return [RunOut.model_validate(run.model_dump()) for run in await session.scalars(runs)]


async def job_stops(session: AsyncSession, jobs: Collection[UUID], begins: datetime, ends: datetime) -> list[Any]:
    """The stops of jobs that touch a window, as rows of job, begins, ends and the reason's kind, in order."""
    statement = (
        select(*map(col, (JobStop.job, JobStop.begins, JobStop.ends, Reason.kind)))
        .outerjoin(Reason, col(Reason.code) == col(JobStop.reason))
        .where(
            col(JobStop.job).in_(jobs),
            col(JobStop.begins) < ends,
            or_(col(JobStop.ends).is_(None), col(JobStop.ends) > begins),
        )
        .order_by(col(JobStop.begins), col(JobStop.id))
    )
    return list(await session.execute(statement))


async def list_sendings(session: AsyncSession, id_: UUID) -> list[SendingOut]:
    """The pieces that a job sent to subcontractors, or a 404 problem."""
    await get_job(session, id_)
    sendings = select(Sending).where(Sending.job == id_).order_by(col(Sending.id))
    return [SendingOut.model_validate(sending.model_dump()) for sending in await session.scalars(sendings)]


async def list_subcontractors(session: AsyncSession, limit: int = 100) -> list[SubcontractorOut]:
    """The subcontractors to whom pieces were sent, the last one first."""
    found = await session.execute(SUBCONTRACTORS, {"limit": limit})
    return [SubcontractorOut(supplier=supplier, sent_at=at) for supplier, at in found]
