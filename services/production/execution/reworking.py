"""Pieces that go back to an earlier operation to be reworked.

They have not passed the operations from there to here after all: what is taken from their good pieces is in the ledger, and the pieces
count there again when they pass again. So each counts once.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from services.production.definitions.domain import shift_at
from services.production.definitions.queries import shift_patterns
from services.production.execution.batch import Report
from services.production.execution.commands import move_job
from services.production.execution.domain import Command, State, sent_back
from services.production.execution.flow import order_flow
from services.production.execution.following import lock_jobs_of
from services.production.execution.reporting import report_within
from services.production.execution.schemas import ReportOut
from services.production.execution.tables import Job, Result
from shared.contracts.production.jobs import JobTotals
from shared.contracts.production.results import ResultReported, ScrapQuantity
from shared.kit.database import Transaction
from shared.kit.idempotency import stored_answer
from shared.kit.ids import new_id
from shared.kit.problem import Problem, unprocessable

GOING_ON = ("released", "in_progress", "on_hold")
"""States of an order in which an operation that was done may be taken up again."""


async def report_result(tx: Transaction, report: Report) -> ReportOut:
    """Store a report as a part of a larger transaction, with what goes back to an earlier operation; a 422 problem for one that is not before."""
    if report.body.stays():
        return await report_within(tx, report)
    work_order = await tx.session.scalar(select(col(Job.work_order)).where(col(Job.id) == report.job))
    if work_order is None:
        raise Problem(404, "not_found")
    jobs = await lock_jobs_of(tx, work_order)
    if (await stored_answer(tx.session, report.key))[0] or jobs[report.job].op == report.body.rework_op:
        return await report_within(tx, report)
    returned = await _send_back(tx, report, work_order, jobs)
    is_short = any(taken < wanted for taken, wanted in returned.values())
    flags = (*report.flags, "beyond_ready") if is_short else report.flags
    answer = await report_within(tx, replace(report, flags=flags))
    await _enter(tx, report, answer.id, [(jobs[id_], taken) for id_, (taken, _) in returned.items() if taken])
    return answer


async def _send_back(
    tx: Transaction, report: Report, work_order: UUID, jobs: dict[UUID, Job]
) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Take the pieces from the counters of the jobs that they have to pass again: what was taken and what should have been, by job."""
    flow = await order_flow(tx.session, work_order)
    ids = {job.op: job.id for job in flow.values()}
    source, target = jobs[report.job].op, report.body.rework_op
    if target not in ids:
        raise unprocessable("rework_op", "unknown_reference", value=target)
    back = sent_back({job.op: job.feeds for job in flow.values()}, source, target, report.body.rework)
    if back is None:
        raise unprocessable("rework_op", "rework_op_not_before", op=source)
    returned = {}
    for op, wanted in sorted(back.items()):
        job = jobs[ids[op]]
        taken = min(wanted, max(Decimal(0), job.good))
        job.good -= taken
        if op == target:
            job.rework_in += taken
        if job.state == State.DONE and job.order_state in GOING_ON:
            job.finished_at = None
            move_job(tx, job, Command.REOPEN)
        returned[job.id] = (taken, wanted)
    await tx.session.flush()
    return returned


async def _enter(tx: Transaction, report: Report, returned_by: UUID, returned: Sequence[tuple[Job, Decimal]]) -> None:
    at = report.body.at or tx.now
    shift = shift_at(await shift_patterns(tx.session), min(at, tx.now).astimezone(tx.zone))
    business_date, shift_code = report.booked or (shift.business_date, shift.code)
    for job, taken in returned:
        result = Result(
            id=new_id(),
            **job.model_dump(include={"work_order", "number", "op", "item"}),
            job=job.id,
            machine=job.machine or job.planned_machine,
            good=-taken,
            scrap=Decimal(0),
            scrap_by_defect=[],
            rework=Decimal(0),
            person=report.actor.person,
            device=report.actor.device,
            source="manual",
            at=at,
            recorded_at=tx.now,
            business_date=business_date,
            shift=shift_code,
            returned_by=returned_by,
        )
        tx.session.add(result)
        await tx.session.flush()
        tell_result(tx, job, result)


def tell_result(tx: Transaction, job: Job, result: Result) -> None:
    """Tell a result that brought the job to its present totals."""
    job.version += 1
    tx.record(_result_reported(job, result), aggregate=f"job/{job.id}", version=job.version)


def _result_reported(job: Job, result: Result) -> ResultReported:
    return ResultReported(
        result=result.id,
        job=job.id,
        work_order=job.work_order,
        number=job.number,
        external_id=job.external_id,
        op=job.op,
        item=job.item,
        machine=result.machine,
        good=result.good,
        scrap=[ScrapQuantity.model_validate(entry) for entry in result.scrap_by_defect],
        rework=result.rework,
        totals=JobTotals(good=job.good, scrap=job.scrap, rework=job.rework),
        planned=job.planned,
        person=result.person,
        source=result.source,
        at=result.at,
        business_date=result.business_date,
        shift=result.shift,
        job_started_at=job.started_at,
        flags=result.flags,
        reverses=result.reverses,
        rework_op=result.rework_op,
        reworked=result.reworked,
        corrects=result.corrects,
        returned_by=result.returned_by,
    )
