"""The counters of a job: the ledger of results writes them by these functions and this statement alone."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.production.jobs.commands.transitions import move_job
from services.production.jobs.domain import JobCommand, JobState, Totals, back_from_outside, rework_left
from services.production.jobs.tables import Job
from shared.kit.arrays import Arrays
from shared.kit.database import Transaction

REOPENABLE = ("released", "in_progress", "on_hold", "completed")
"""States of an order in which an operation that was done may be taken up again."""


class JobCounters(NamedTuple):
    """A job's columns that a batch of reports changes."""

    id: UUID
    good: Decimal
    scrap: Decimal
    rework: Decimal
    rework_in: Decimal
    returns_due: Decimal
    sent: Decimal
    version: int
    flags: list[str]


COUNTERS = Arrays(JobCounters)


def update_counters(first: int) -> str:
    """The statement that stores ``JobCounters``; their arrays are the parameters from number ``first`` on."""
    assignments = ", ".join(f"{name} = counted.{name}" for name in JobCounters._fields if name != "id")
    counted = COUNTERS.select(first)
    return f"UPDATE job SET {assignments} FROM ({counted}) AS counted WHERE job.id = counted.id"  # noqa: S608  fields


FEED_SUCCESSORS = """
UPDATE job SET state = 'ready', version = version + 1
WHERE state = 'waiting' AND id IN (SELECT p.job FROM job_predecessor p WHERE p.predecessor = ANY($1::uuid[]))
  AND NOT EXISTS (SELECT FROM job_predecessor p JOIN job b ON b.id = p.predecessor
    WHERE p.job = job.id AND b.good <= 0 AND b.id <> ALL($1::uuid[]))
RETURNING *
"""


async def feed_successors(
    connection: "asyncpg.Connection[asyncpg.Record]", jobs: Sequence[UUID]
) -> list[asyncpg.Record]:
    """Make the waiting successors of jobs that have just given good pieces ready.

    All predecessors of theirs must have given something.
    """
    return list(await connection.fetch(FEED_SUCCESSORS, jobs))


def uncount(job: Job, made: Totals, *, is_reworked: bool, stays: bool) -> None:
    """Take what a report has counted off a locked job again."""
    job.rework_in = rework_left(job.rework_in, -made, is_reworked=is_reworked, stays=stays)
    if job.subcontract:
        job.sent += back_from_outside(made, is_reworked=is_reworked)
    job.good -= made.good
    job.scrap -= made.scrap
    job.rework -= made.rework


def take_out(job: Job, pieces: Decimal, *, is_target: bool) -> Decimal:
    """Take pieces that go back to be reworked out of a locked job's good ones, and return how many it had.

    They wait at the job to which they go.
    """
    taken = min(pieces, max(Decimal(0), job.good))
    job.good -= taken
    if is_target:
        job.rework_in += taken
    return taken


def count_due(job: Job, pieces: Decimal) -> None:
    """Count pieces that were sent back from a locked job before it had reported them; negative ones have gone now."""
    job.returns_due += pieces


def take_up(tx: Transaction, job: Job) -> None:
    """Reopen a locked job to which pieces went back, where it was done."""
    if job.state == JobState.DONE and job.order_state in REOPENABLE:
        job.finished_at = None
        move_job(tx, job, JobCommand.REOPEN)


def put_back(job: Job, pieces: Decimal, *, is_target: bool) -> None:
    """Let pieces that were taken out have passed a locked job after all.

    They do not wait any more where they had gone.
    """
    job.good += pieces
    if is_target:
        job.rework_in -= pieces


def count_up(job: Job) -> int:
    """The version of the next event of a locked job."""
    job.version += 1
    return job.version
