"""Pieces that go back to be reworked come out of the good ones of each operation that they have to pass again.

Where an operation has not reported so many yet, as its tablet is late, the rest is due: it goes as soon as there are
good pieces, so that reports in any order come to the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.production.jobs.commands.counters import count_due, take_out
from services.production.jobs.tables import Job
from services.production.results.commands.ledger import enter_result
from services.production.results.domain import due_parts
from services.production.results.tables import Result, ResultRow, ReturnDue
from shared.kit.database import Transaction
from shared.kit.ids import new_id


@dataclass(frozen=True)
class Due:
    """Pieces that are due to go back through a job, and the report that ``made`` them go."""

    row: ReturnDue
    made: Result


async def load_dues(tx: Transaction, job: UUID) -> list[Due]:
    """What is due to go back through a locked job, in the order in which it was sent."""
    statement = (
        select(ReturnDue, Result)
        .join(Result, col(Result.id) == ReturnDue.result)
        .where(ReturnDue.job == job)
        .order_by(col(ReturnDue.result))
        .execution_options(populate_existing=True)
    )
    return [Due(row, made) for row, made in await tx.session.execute(statement)]


async def pay(tx: Transaction, due: Due, pieces: Decimal) -> None:
    """So many of the pieces that were due have gone."""
    due.row.pieces -= pieces
    if not due.row.pieces:
        await tx.session.delete(due.row)


async def owe(tx: Transaction, job: Job, made: UUID, pieces: Decimal) -> None:
    """Pieces of a locked job that a report sent back are due, as it has not so many."""
    known = await tx.session.get(ReturnDue, (made, job.id), populate_existing=True)
    if known is None:
        tx.session.add(ReturnDue(result=made, job=job.id, pieces=pieces))
    else:
        known.pieces += pieces
    count_due(job, pieces)
    await tx.session.flush()


async def take_dues(tx: Transaction, job: Job) -> None:
    """Take what is due out of a locked job's good pieces, as far as it has them."""
    dues = await load_dues(tx, job.id) if job.returns_due and job.good > 0 else []
    for due, taken in zip(dues, due_parts(job.good, [due.row.pieces for due in dues]), strict=True):
        if taken:
            take_out(job, taken, is_target=due.made.rework_op == job.op)
            count_due(job, -taken)
            await pay(tx, due, taken)
            await enter_returned(tx, job, due.made, taken)


async def forget_dues(tx: Transaction, made: UUID, jobs: Mapping[UUID, Job]) -> None:
    """What a report sent back is not due any more, as it is taken back; the jobs are locked."""
    for row in list(await tx.session.scalars(select(ReturnDue).where(ReturnDue.result == made))):
        count_due(jobs[row.job], -row.pieces)
        await tx.session.delete(row)


async def enter_returned(tx: Transaction, job: Job, made: Result, taken: Decimal) -> None:
    """Enter what was taken out of a locked job's good pieces, as the report ``made`` sent it back."""
    await enter_result(tx, job, returned_row(job.model_dump(), made, taken, tx.now))


def returned_row(job: Mapping[str, Any], made: Result, taken: Decimal, now: datetime) -> ResultRow:
    """The row of the ledger that takes good pieces of a job out: by whom, when and in which shift they were sent."""
    return ResultRow(
        id=new_id(),
        job=job["id"],
        work_order=job["work_order"],
        number=job["number"],
        op=job["op"],
        item=job["item"],
        machine=job["machine"] or job["planned_machine"],
        good=-taken,
        scrap=Decimal(0),
        scrap_by_defect=[],
        rework=Decimal(0),
        rework_op=None,
        reworked=False,
        person=made.person,
        device=made.device,
        source="manual",
        at=made.at,
        recorded_at=now,
        business_date=made.business_date,
        shift=made.shift,
        flags=[],
        returned_by=made.id,
    )
