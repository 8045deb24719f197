"""Jobs as clients see them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.production.definitions.queries import load_units
from services.production.jobs.domain import Feed, JobState, Totals, held_back, outside, ready_quantity, waits
from services.production.jobs.schemas import JobOut
from services.production.jobs.tables import CrewTime, Job, JobBypass, JobPredecessor
from shared.kit.units import Units

Member = dict[str, Any]
"""Somebody who works on a job: person, since."""


async def feeds_of(session: AsyncSession, jobs: Iterable[UUID]) -> dict[UUID, list[Feed]]:
    """The predecessors of each job, with what they have given it, and what skipped ones in between have held back."""
    feeds: dict[UUID, list[Feed]] = {job: [] for job in jobs}
    held = await _held_back(session, feeds)
    given = (
        select(col(JobPredecessor.job), col(Job.op), col(Job.good), col(JobPredecessor.ratio), col(Job.id))
        .join(Job, col(Job.id) == col(JobPredecessor.predecessor))
        .where(col(JobPredecessor.job).in_(feeds))
        .order_by(col(Job.op))
    )
    for job, op, good, ratio, before in await session.execute(given):
        feeds[job].append(Feed(op, good, ratio, held.get((job, before), Fraction(0))))
    return feeds


async def _held_back(session: AsyncSession, jobs: Collection[UUID]) -> dict[tuple[UUID, UUID], Fraction]:
    """By job and predecessor what skipped operations between them have not let go."""
    counts = (col(Job.scrap), col(Job.rework_in), col(Job.sent), col(JobBypass.ratio))
    skipped = (
        select(col(JobBypass.job), col(JobPredecessor.predecessor), *counts)
        .join(Job, col(Job.id) == col(JobBypass.predecessor))
        .join(JobPredecessor, col(JobPredecessor.job) == col(Job.id))
        .where(col(JobBypass.job).in_(jobs))
    )
    held: defaultdict[tuple[UUID, UUID], Fraction] = defaultdict(Fraction)
    for job, before, *of_skipped in await session.execute(skipped):
        held[job, before] += held_back(*of_skipped)
    return held


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
    """The jobs for a client, with two queries for what feeds them, one for who works on them and one for units."""
    ids = [job.id for job in jobs]
    feeds, crews, units = await feeds_of(session, ids), await crews_of(session, ids), await load_units(session)
    return [describe_job(job.model_dump(), feeds[job.id], crews[job.id], units) for job in jobs]
