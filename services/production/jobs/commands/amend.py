"""Jobs of an order that was amended or split after its release.

What was reported on a job stays with it, whatever is planned now.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, delete, select

from services.production.jobs.commands.counters import REOPENABLE
from services.production.jobs.commands.transitions import feed_jobs, lock_jobs_of, move_job
from services.production.jobs.domain import OPEN, JobCommand, JobState, is_opened_by, next_state, outside, through
from services.production.jobs.events import job_changed
from services.production.jobs.tables import Job, JobBypass, JobPredecessor
from shared.contracts.orders.work_orders import AmendedOperation, WorkOrderAmended, WorkOrderSplit
from shared.kit.database import Transaction
from shared.kit.ids import new_id

REPORTED = {
    *(
        "machine",
        "good",
        "scrap",
        "rework",
        "rework_in",
        "returns_due",
        "sent",
        "started_at",
        "finished_at",
        "finish_made_at",
        "moved_at",
        "pause_reason",
    ),
    *("phase", "flags", "version"),
}
"""Columns that a part's job does not take over from the job it is split from."""


Link = TypeVar("Link", JobPredecessor, JobBypass)
UNRELEASED = ("draft", "planned")


async def amend_jobs(tx: Transaction, event: WorkOrderAmended) -> None:
    """Bring an order's jobs to what it says now: quantity, tolerances, due date, priority, machines.

    A job that has begun is not skipped any more; one that was done is opened by a quantity of which it lacks something.
    """
    jobs = list((await lock_jobs_of(tx, event.work_order_id)).values())
    operations = {operation.op: operation for operation in event.operations}
    skipped = []
    for job in jobs:
        operation = operations.get(job.op)
        if operation is None:
            continue
        planned = job.planned
        is_changed = _bring_to(job, event, operation)
        _take_over(job, event)
        if operation.skip and not _has_begun(job):
            move_job(tx, job, JobCommand.SKIP)
            skipped.append(job)
        elif is_opened_by(JobState(job.state), job.good, planned, job.planned) and job.order_state in REOPENABLE:
            job.finished_at = None
            move_job(tx, job, JobCommand.REOPEN, event.reason)
        elif is_changed and job.state in OPEN:
            job.version += 1
            tx.record(job_changed(job, job.state), aggregate=f"job/{job.id}", version=job.version)
    await tx.session.flush()
    for job in skipped:
        await _bypass(tx, job.id)
    if skipped:
        await feed_jobs(tx, [job.id for job in jobs])


def _has_begun(job: Job) -> bool:
    """True when there is something on the job, if only pieces that wait here to be reworked or are outside.

    The office says the same by the counts that it is told.
    """
    can_be_skipped = next_state(JobState(job.state), JobCommand.SKIP) is not None
    is_somewhere = max(job.rework_in, outside(job.sent, job.rework_in)) > 0
    return not can_be_skipped or is_somewhere or bool(job.good or job.scrap or job.rework)


def _take_over(job: Job, event: WorkOrderAmended) -> None:
    """Take over what no event of a job carries."""
    if "customer" in event.changed:
        job.customer = event.customer
    if event.over_tolerance_pct is not None:
        job.over_tolerance_pct = event.over_tolerance_pct
    if event.under_tolerance_pct is not None:
        job.under_tolerance_pct = event.under_tolerance_pct


def _bring_to(job: Job, event: WorkOrderAmended | WorkOrderSplit, operation: AmendedOperation) -> bool:
    """Give the job what is planned now; return whether anything is different."""
    planned = {
        "planned": operation.planned,
        "planned_machine": operation.machine,
        "due_at": event.due_at,
        "priority": event.priority,
    }
    is_changed = any(getattr(job, name) != value for name, value in planned.items())
    job.sqlmodel_update(planned)
    return is_changed


async def _bypass(tx: Transaction, skipped: UUID) -> None:
    """Let what fed a skipped job feed what it fed; what is reported there all the same goes on there, too."""
    earlier = list(await tx.session.scalars(select(JobBypass).where(JobBypass.job == skipped)))
    before = list(await tx.session.scalars(select(JobPredecessor).where(JobPredecessor.job == skipped)))
    after = list(await tx.session.scalars(select(JobPredecessor).where(JobPredecessor.predecessor == skipped)))
    for link in after:
        known = {*await tx.session.scalars(select(JobBypass.predecessor).where(JobBypass.job == link.job))}
        tx.session.add_all(
            JobBypass(job=link.job, predecessor=id_, ratio=through([ratio, link.ratio]))
            for id_, ratio in [(skipped, Decimal(1)), *((one.predecessor, one.ratio) for one in earlier)]
            if id_ not in known
        )
        fed = {*await tx.session.scalars(select(JobPredecessor.predecessor).where(JobPredecessor.job == link.job))}
        tx.session.add_all(
            JobPredecessor(job=link.job, predecessor=feed.predecessor, ratio=through([feed.ratio, link.ratio]))
            for feed in before
            if feed.predecessor not in fed
        )
    await tx.session.execute(delete(JobPredecessor).where(col(JobPredecessor.predecessor) == skipped))
    await tx.session.flush()


async def split_jobs(tx: Transaction, event: WorkOrderSplit) -> None:
    """Make the jobs of a part like those of the order it was split from.

    ``LookupError`` when that one's are not there yet.
    """
    if event.state in UNRELEASED:
        return
    jobs = list((await lock_jobs_of(tx, event.split_from_id)).values())
    if not jobs:
        raise LookupError(f"order {event.split_from_id} has no jobs yet")
    operations = {operation.op: operation for operation in event.operations}
    ids = {job.id: new_id() for job in jobs}
    links = await _links(tx, JobPredecessor, list(ids))
    bypasses = await _links(tx, JobBypass, list(ids))
    fed = {link.job for link in links}
    for job in jobs:
        operation = operations[job.op]
        state = _first_state(event, operation, is_fed=job.id in fed)
        part = Job.model_validate(
            job.model_dump(exclude=REPORTED)
            | {
                "id": ids[job.id],
                "work_order": event.work_order_id,
                "number": event.number,
                "state": state.value,
                "order_state": event.state,
            }
        )
        _bring_to(part, event, operation)
        tx.session.add(part)
        tx.record(job_changed(part, "created"), aggregate=f"job/{part.id}", version=part.version)
    await tx.session.flush()
    for table, found in ((JobPredecessor, links), (JobBypass, bypasses)):
        tx.session.add_all(
            table(job=ids[link.job], predecessor=ids[link.predecessor], ratio=link.ratio) for link in found
        )
    await tx.session.flush()
    left_out = [ids[job.id] for job in jobs if operations[job.op].skip]
    for id_ in left_out:
        await _bypass(tx, id_)
    if left_out:
        await feed_jobs(tx, ids.values())


async def _links(tx: Transaction, table: type[Link], jobs: Sequence[UUID]) -> list[Link]:
    return list(await tx.session.scalars(select(table).where(col(table.job).in_(jobs))))


def _first_state(event: WorkOrderSplit, operation: AmendedOperation, *, is_fed: bool) -> JobState:
    if operation.skip:
        return JobState.SKIPPED
    if event.state == "on_hold":
        return JobState.BLOCKED
    return JobState.WAITING if is_fed else JobState.READY
