"""Jobs as they are shown and told: one place that turns a row into what clients and other services see."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.execution.domain import Feed, State, Totals, ready_quantity
from services.production.execution.schemas import JobOut
from services.production.execution.tables import CrewTime, Job, JobPredecessor
from shared.contracts.production.jobs import JobChanged, JobTotals

Member = dict[str, Any]
"""Somebody who works on a job: person, since."""


async def feeds_of(session: AsyncSession, jobs: Iterable[UUID]) -> dict[UUID, list[Feed]]:
    """What the predecessors of each job have given it."""
    feeds: dict[UUID, list[Feed]] = {job: [] for job in jobs}
    given = (
        select(col(JobPredecessor.job), col(Job.op), col(Job.good), col(JobPredecessor.ratio))
        .join(Job, col(Job.id) == col(JobPredecessor.predecessor))
        .where(col(JobPredecessor.job).in_(feeds))
        .order_by(col(Job.op))
    )
    for job, op, good, ratio in await session.execute(given):
        feeds[job].append(Feed(op, good, ratio))
    return feeds


async def crews_of(session: AsyncSession, jobs: Iterable[UUID]) -> dict[UUID, list[Member]]:
    """Who works on each job, in the order in which they joined."""
    crews: dict[UUID, list[Member]] = {job: [] for job in jobs}
    present = (
        select(col(CrewTime.job), col(CrewTime.person), col(CrewTime.begins))
        .where(col(CrewTime.job).in_(crews), col(CrewTime.ends).is_(None))
        .order_by(col(CrewTime.begins), col(CrewTime.id))
    )
    for job, person, since in await session.execute(present):
        crews[job].append({"person": person, "since": since})
    return crews


def totals_of(job: Job) -> Totals:
    """What was made on the job."""
    return Totals(job.good, job.scrap, job.rework)


def blocked_by(state: str, order_state: str) -> list[str]:
    """What keeps a job from being started."""
    if order_state == "on_hold":
        return ["order_on_hold"]
    return ["no_input"] if state == State.WAITING else []


def describe_job(job: Mapping[str, Any], feeds: Sequence[Feed], crew: Sequence[Member]) -> JobOut:
    """The job for a client."""
    totals = Totals(job["good"], job["scrap"], job["rework"])
    shown = dict(job)
    shown["machine"] = job["machine"] or job["planned_machine"]
    shown["ready"] = ready_quantity(job["planned"], feeds, totals)
    shown["cycle_s"] = (job["cycle_s"] / job["per_cycle"]).quantize(Decimal("0.000001"))
    shown["blocked_by"] = blocked_by(job["state"], job["order_state"])
    shown["sent"] = max(Decimal(0), job["sent"])
    shown["predecessors"] = [feed.op for feed in feeds]
    shown["crew"] = crew
    return JobOut.model_validate(shown)


async def describe_jobs(session: AsyncSession, jobs: Sequence[Job]) -> list[JobOut]:
    """The jobs for a client, with one query for what feeds them and one for who works on them."""
    ids = [job.id for job in jobs]
    feeds, crews = await feeds_of(session, ids), await crews_of(session, ids)
    return [describe_job(job.model_dump(), feeds[job.id], crews[job.id]) for job in jobs]


def job_changed(job: Job, before: str, reason: str | None, person: str | None) -> JobChanged:
    """The event of a job that moved from ``before``."""
    return JobChanged(
        job=job.id,
        work_order=job.work_order,
        number=job.number,
        external_id=job.external_id,
        op=job.op,
        item=job.item,
        machine=job.machine or job.planned_machine,
        before=before,
        state=job.state,
        reason=reason,
        person=person,
        totals=JobTotals(good=job.good, scrap=job.scrap, rework=job.rework),
        started_at=job.started_at,
        finished_at=job.finished_at,
        phase=job.phase,
    )
