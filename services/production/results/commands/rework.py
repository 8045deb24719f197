"""Reports of pieces that go back to an earlier operation to be reworked.

They have not passed the operations from there to here after all: what is taken from their good pieces is in the ledger,
and the pieces count there again when they pass again. So each counts once.
"""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from services.production.jobs.commands.counters import take_out, take_up
from services.production.jobs.commands.transitions import lock_jobs_of
from services.production.jobs.queries.graph import order_graph
from services.production.jobs.tables import Job
from services.production.results.commands.batch import Report
from services.production.results.commands.report import report_within
from services.production.results.commands.returns import enter_returned, owe
from services.production.results.domain import sent_back
from services.production.results.schemas import ReportOut
from services.production.results.tables import Result
from shared.kit.database import Transaction
from shared.kit.idempotency import stored_answer
from shared.kit.problem import Problem, unprocessable


async def report_result(tx: Transaction, report: Report) -> ReportOut:
    """Store a report as a part of a larger transaction, with what goes back to an earlier operation.

    A 422 problem for one that is not before.
    """
    if report.body.stays_here():
        return await report_within(tx, report)
    work_order = await tx.session.scalar(select(col(Job.work_order)).where(col(Job.id) == report.job))
    if work_order is None:
        raise Problem(404, "not_found")
    jobs = await lock_jobs_of(tx, work_order)
    if (await stored_answer(tx.session, report.key))[0] or jobs[report.job].op == report.body.rework_op:
        return await report_within(tx, report)
    returned = await _send_back(tx, report, work_order, jobs)
    is_short = any(taken < due for taken, due in returned.values())
    flags = (*report.flags, "beyond_ready") if is_short else report.flags
    answer = await report_within(tx, replace(report, flags=flags))
    made = await tx.session.get_one(Result, answer.id)
    for id_, (taken, due) in returned.items():
        if taken:
            await enter_returned(tx, jobs[id_], made, taken)
        if taken < due:
            await owe(tx, jobs[id_], made.id, due - taken)
        take_up(tx, jobs[id_])
    return answer


async def _send_back(
    tx: Transaction, report: Report, work_order: UUID, jobs: dict[UUID, Job]
) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Take the pieces from the counters of the jobs that they have to pass again.

    Return what was taken and what should have been, by job.
    """
    graph = await order_graph(tx.session, work_order)
    ids = {job.op: job.id for job in graph.values()}
    source, target = jobs[report.job].op, report.body.rework_op
    if target not in ids:
        raise unprocessable("rework_op", "unknown_reference", value=target)
    back = sent_back({job.op: job.feeds for job in graph.values()}, source, target, report.body.rework)
    if back is None:
        raise unprocessable("rework_op", "rework_op_not_before", op=source)
    returned = {}
    for op, due in sorted(back.items()):
        job = jobs[ids[op]]
        returned[job.id] = (take_out(job, due, is_target=op == target), due)
    await tx.session.flush()
    return returned
