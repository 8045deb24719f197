"""What can be done with a job: start, pause, resume, finish; and taking a result back."""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from services.production.execution.domain import OPEN, Command, State, Totals, next_state
from services.production.execution.jobs import describe_jobs, job_changed, totals_of
from services.production.execution.schemas import JobCommandIn, JobOut, ReportOut
from services.production.execution.tables import Job, JobPredecessor, Result
from services.production.instructions.commands import keep_instructions
from services.production.machines.commands import leave_machine, require_machine, require_reason, set_machine_state
from services.production.machines.domain import MachineState, shift_at
from services.production.machines.queries import has_machines, shift_patterns
from shared.contracts.orders import WorkOrderReleased
from shared.contracts.production import JobTotals, ResultReported, ScrapQuantity
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem, unprocessable


async def create_jobs(tx: Transaction, order: WorkOrderReleased) -> None:
    """Make the jobs of a released order; those without a predecessor are ready."""
    await keep_instructions(tx, (operation.instruction for operation in order.operations if operation.instruction))
    ids = {operation.op: new_id() for operation in order.operations}
    links = []
    for operation in order.operations:
        job = Job(
            id=ids[operation.op],
            work_order=order.work_order,
            number=order.number,
            external_id=order.external_id,
            op=operation.op,
            op_name=operation.name,
            item=order.item,
            item_name=order.item_name,
            unit=order.unit,
            box_quantity=order.box_quantity,
            work_center=operation.work_center,
            planned_machine=operation.machine,
            state=(State.WAITING if operation.predecessors else State.READY).value,
            planned=operation.planned or order.quantity,
            over_tolerance_pct=order.over_tolerance_pct,
            cycle_s=operation.cycle_s,
            per_cycle=operation.per_cycle,
            due_at=order.due_at,
            priority=order.priority,
            instruction=operation.instruction.code if operation.instruction else None,
            instruction_revision=operation.instruction.revision if operation.instruction else None,
        )
        tx.session.add(job)
        links += [
            JobPredecessor(job=job.id, predecessor=ids[op], ratio=operation.ratio) for op in operation.predecessors
        ]
        tx.record(job_changed(job, "created", None, None), aggregate=f"job/{job.id}", version=job.version)
    await tx.session.flush()
    tx.session.add_all(links)


async def lock_job(tx: Transaction, id_: UUID) -> Job:
    """The job, locked until the end of the transaction, or a 404 problem."""
    job = await tx.session.get(Job, id_, with_for_update=True)
    if job is None:
        raise Problem(404, "not_found")
    return job


def move_job(tx: Transaction, job: Job, command: Command, reason: str | None = None, person: str | None = None) -> None:
    """Move a locked job and tell it; a 409 problem when its state does not allow it."""
    before = State(job.state)
    after = next_state(before, command)
    if after is None:
        raise Problem(409, "wrong_state", state=before.value)
    job.state = after.value
    job.version += 1
    job.pause_reason = reason if after is State.PAUSED else None
    if after is State.RUNNING and job.started_at is None:
        job.started_at = tx.now
    if after is State.DONE:
        job.finished_at = tx.now
    tx.record(job_changed(job, before.value, reason, person), aggregate=f"job/{job.id}", version=job.version)


async def start_job(
    tx: Transaction, actor: Actor, id_: UUID, body: JobCommandIn, *, regardless: bool = False
) -> JobOut:
    """Start a ready job on its planned machine or on another one of its work center; on none where the work center has none.

    ``regardless``: a leader says that it runs, on hold or at a machine of another work center.
    """
    job = await lock_job(tx, id_)
    machine = body.machine or job.planned_machine
    if machine is not None:
        await require_machine(tx, machine, None if regardless else job.work_center)
    elif job.work_center is not None and await has_machines(tx.session, job.work_center):
        raise unprocessable("machine", "missing")
    if not regardless:
        _check_order(job)
    return await _run(tx, actor, job, Command.START, machine)


async def resume_job(
    tx: Transaction, actor: Actor, id_: UUID, body: JobCommandIn, *, regardless: bool = False
) -> JobOut:
    """Go on with a paused job; ``regardless`` of its order being on hold when a leader says so."""
    job = await lock_job(tx, id_)
    if not regardless:
        _check_order(job)
    return await _run(tx, actor, job, Command.RESUME, job.machine)


def _check_order(job: Job) -> None:
    if job.order_state == "on_hold":
        raise Problem(409, "order_on_hold", state=job.state, number=job.number)


async def _run(tx: Transaction, actor: Actor, job: Job, command: Command, machine: str | None) -> JobOut:
    if next_state(State(job.state), command) and machine is not None:
        busy = await tx.session.scalar(select(Job).where(Job.machine == machine, Job.state == State.RUNNING.value))
        if busy is not None:
            raise Problem(409, "machine_busy", machine=machine, number=busy.number, op=busy.op, state=job.state)
    job.machine = machine
    move_job(tx, job, command, person=actor.person)
    await tx.session.flush()
    if machine is not None:
        await set_machine_state(tx, machine, MachineState.RUNNING, reason=None, job=job.id, at=tx.now, source="manual")
    return await _describe(tx, job)


async def pause_job(tx: Transaction, actor: Actor, id_: UUID, body: JobCommandIn) -> JobOut:
    """Pause a running job; the reason decides whether its machine is stopped or being set up."""
    job = await lock_job(tx, id_)
    state = await require_reason(tx, body.reason) if body.reason else MachineState.STOPPED
    move_job(tx, job, Command.PAUSE, body.reason, actor.person)
    await tx.session.flush()
    if job.machine is not None:
        await set_machine_state(tx, job.machine, state, reason=body.reason, job=job.id, at=tx.now, source="manual")
    return await _describe(tx, job)


async def finish_job(tx: Transaction, actor: Actor, id_: UUID, body: JobCommandIn) -> JobOut:
    """Finish a running or paused job; its machine is idle afterwards."""
    job = await lock_job(tx, id_)
    move_job(tx, job, Command.FINISH, person=actor.person)
    await tx.session.flush()
    if job.machine is not None:
        await leave_machine(tx, job.machine, job.id, at=tx.now)
    return await _describe(tx, job)


async def follow_order(tx: Transaction, work_order: UUID, state: str) -> None:
    """Hold, resume or cancel the jobs of an order; running jobs of a held order run on until a person stops them."""
    jobs = list(
        await tx.session.scalars(
            select(Job).where(Job.work_order == work_order).order_by(col(Job.id)).with_for_update()
        )
    )
    for job in jobs:
        job.order_state = state
        before = job.state
        if state == "on_hold" and next_state(State(before), Command.BLOCK):
            move_job(tx, job, Command.BLOCK)
        elif state in ("released", "in_progress") and before == State.BLOCKED:
            move_job(tx, job, Command.UNBLOCK)
        elif state == "cancelled" and before in OPEN:
            move_job(tx, job, Command.CANCEL)
            await tx.session.flush()
            if job.machine is not None:
                await leave_machine(tx, job.machine, job.id, at=tx.now)
    await tx.session.flush()
    if state in ("released", "in_progress"):
        await feed_jobs(tx, [job.id for job in jobs if job.state == State.WAITING])


async def feed_jobs(tx: Transaction, jobs: Iterable[UUID]) -> None:
    """Make those of the waiting jobs ready whose predecessors have all given something."""
    before = aliased(Job)
    hungry = exists().where(
        col(JobPredecessor.job) == col(Job.id), col(before.id) == col(JobPredecessor.predecessor), col(before.good) <= 0
    )
    waiting = (
        select(Job).where(col(Job.id).in_(list(jobs)), Job.state == State.WAITING.value, ~hungry).order_by(col(Job.id))
    )
    for job in await tx.session.scalars(waiting.with_for_update()):
        move_job(tx, job, Command.FEED)


async def reverse_result(tx: Transaction, actor: Actor, zone: ZoneInfo, id_: UUID, reason: str) -> ReportOut:
    """Take a result back by a negative one that names it; 409 when that was done already."""
    result = await tx.session.get(Result, id_)
    if result is None:
        raise Problem(404, "not_found")
    if result.reverses is not None:
        raise Problem(422, "reversal_of_reversal")
    job = await lock_job(tx, result.job)
    if await tx.session.scalar(select(Result.id).where(Result.reverses == id_)):
        raise Problem(409, "result_reversed", state="reversed")
    shift = shift_at(await shift_patterns(tx.session), tx.now.astimezone(zone))
    scrap = [{"defect": entry["defect"], "quantity": f"-{entry['quantity']}"} for entry in result.scrap_by_defect]
    copied = result.model_dump(include={"job", "work_order", "number", "op", "item", "machine"})
    reversal = Result(
        id=new_id(),
        **copied,
        good=-result.good,
        scrap=-result.scrap,
        scrap_by_defect=scrap,
        rework=-result.rework,
        person=actor.person,
        device=actor.device,
        source="manual",
        at=tx.now,
        recorded_at=tx.now,
        business_date=shift.business_date,
        shift=shift.code,
        reverses=id_,
        reason=reason,
    )
    tx.session.add(reversal)
    after = totals_of(job) + -_made(result)
    job.good, job.scrap, job.rework, job.version = after.good, after.scrap, after.rework, job.version + 1
    await tx.session.flush()
    tx.record(result_reported(job, reversal), aggregate=f"job/{job.id}", version=job.version)
    return ReportOut(id=reversal.id, job=await _describe(tx, job), flags=[])


def _made(result: Result) -> Totals:
    return Totals(result.good, result.scrap, result.rework)


def result_reported(job: Job, result: Result) -> ResultReported:
    """The event of a result that brought the job to its present totals."""
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
    )


async def _describe(tx: Transaction, job: Job) -> JobOut:
    return (await describe_jobs(tx.session, [job]))[0]
