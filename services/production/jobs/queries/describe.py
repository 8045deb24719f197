"""Jobs as clients see them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from services.production.definitions.queries import load_units
from services.production.jobs.domain import Feed, JobState, Totals, outside, ready_quantity, waits
from services.production.jobs.schemas import JobOut
from services.production.jobs.tables import CrewTime, Job, JobBypass, JobPredecessor
from shared.kit.units import Units

Member = dict[str, Any]
"""Somebody who works on a job: person, since."""


async def feeds_of(session: AsyncSession, jobs: Iterable[UUID]) -> dict[UUID, list[Feed]]:
    """The predecessors of each job, with what they have given it: less what skipped ones in between have not let go."""
    feeds: dict[UUID, list[Feed]] = {job: [] for job in jobs}
    skipped, link = aliased(Job), aliased(JobPredecessor)
    held_back = (
        select(
            func.sum(
                (col(skipped.scrap) + func.greatest(skipped.rework_in, 0) + func.greatest(skipped.sent, 0))
                / col(link.ratio)
            )
        )
        .select_from(JobBypass)
        .join(skipped, col(skipped.id) == col(JobBypass.predecessor))
        .join(link, (col(link.job) == col(skipped.id)) & (col(link.predecessor) == col(Job.id)))
        .where(col(JobBypass.job) == col(JobPredecessor.job))
        .correlate(Job, JobPredecessor)
        .scalar_subquery()
    )
    given_on = col(Job.good) - func.coalesce(held_back, 0)
    given = (
        select(col(JobPredecessor.job), col(Job.op), given_on, col(JobPredecessor.ratio))
        .join(Job, col(Job.id) == col(JobPredecessor.predecessor))
        .where(col(JobPredecessor.job).in_(feeds))
        .order_by(col(Job.op))
    )
    for job, op, good, ratio in await session.execute(given):
        feeds[job].append(Feed(op, good, ratio))
    return feeds


async def crews_of(session: AsyncSession, jobs: Iterable[UUID]) -> dict[UUID, list[Member]]:
    """The people who work on each job, in the order in which they joined."""
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
    """Pieces made on the job."""
    return Totals(job.good, job.scrap, job.rework)


def blocked_by(state: str, order_state: str) -> list[str]:
    """Reasons that keep a job from being started."""
    if order_state == "on_hold":
        return ["order_on_hold"]
    return ["no_input"] if state == JobState.WAITING else []


def decimals_of(job: Mapping[str, Any], units: Units) -> int:
    """The decimals of the quantities of a job's pieces."""
    decimals: int | None = job["decimals"]
    return units.decimals(job["unit"]) if decimals is None else decimals


def describe_job(job: Mapping[str, Any], feeds: Sequence[Feed], crew: Sequence[Member], units: Units) -> JobOut:
    """The job for a client."""
    totals = Totals(job["good"], job["scrap"], job["rework"])
    values = dict(job)
    values["machine"] = job["machine"] or job["planned_machine"]
    values["decimals"] = decimals_of(job, units)
    values["ready"] = ready_quantity(job["planned"], feeds, totals, values["decimals"])
    values["cycle_s"] = (job["cycle_s"] / job["per_cycle"]).quantize(Decimal("0.000001"))
    values["blocked_by"] = blocked_by(job["state"], job["order_state"])
    values["rework_in"] = waits(job["rework_in"])
    values["sent"] = waits(outside(job["sent"], job["rework_in"]))
    values["predecessors"] = [feed.op for feed in feeds]
    values["crew"] = crew
    return JobOut.model_validate(values)


async def describe_jobs(session: AsyncSession, jobs: Sequence[Job]) -> list[JobOut]:
    """The jobs for a client, with one query for what feeds them, one for who works on them and one for units."""
    ids = [job.id for job in jobs]
    feeds, crews, units = await feeds_of(session, ids), await crews_of(session, ids), await load_units(session)
    return [describe_job(job.model_dump(), feeds[job.id], crews[job.id], units) for job in jobs]
