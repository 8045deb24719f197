"""Measurements of the floor: how long jobs ran for what they made, and which days have records."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.orders.readiness.tables import MeasuredRun
from shared.contracts.production.jobs import JobChanged, JobTotals
from shared.kit.database import Transaction

RUNNING, DONE = "running", "done"
ADD_RESULTS = text(
    "INSERT INTO recorded_day (business_date, results)"
    " SELECT * FROM unnest(CAST(:dates AS date[]), CAST(:counts AS int[]))"
    " ON CONFLICT (business_date) DO UPDATE SET results = recorded_day.results + excluded.results"
)


async def measure_job(tx: Transaction, job: JobChanged, at: datetime) -> None:
    """Add up the time in which a job ran; what it processed counts when it is done."""
    if RUNNING not in (job.before, job.state) and job.state != DONE:
        return
    run = await tx.session.get(MeasuredRun, job.job_id)
    if run is None:
        run = MeasuredRun(job=job.job_id, item=job.item, op=job.op)
        tx.session.add(run)
    run.machine = job.machine
    if run.running_since is not None:
        run.seconds += Decimal(str(max(0.0, (at - run.running_since).total_seconds())))
    run.running_since = at if job.state == RUNNING else None
    if job.state == DONE:
        run.pieces = _processed(job.totals)
        run.finished_at = job.finished_at or at


async def count_afterwards(tx: Transaction, totals: Mapping[UUID, JobTotals]) -> None:
    """What is reported, corrected or taken back after a job was done counts for the time that it ran."""
    statement = select(MeasuredRun).where(col(MeasuredRun.job).in_(totals), col(MeasuredRun.finished_at).is_not(None))
    for run in await tx.session.scalars(statement):
        run.pieces = _processed(totals[run.job])


async def clear_measurements(tx: Transaction) -> None:
    """Forget what was measured, to measure anew."""
    await tx.session.execute(text("TRUNCATE measured_run, recorded_day"))


async def count_results(tx: Transaction, counts: Mapping[date, int]) -> None:
    """Add so many results to the records of each business date."""
    dates = sorted(counts)
    await tx.session.execute(ADD_RESULTS, {"dates": dates, "counts": [counts[day] for day in dates]})


def _processed(totals: JobTotals) -> Decimal:
    return totals.good + totals.scrap + totals.rework
