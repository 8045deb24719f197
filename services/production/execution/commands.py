"""What can be done with a job: start, pause, resume, finish, another phase, another crew.

A command counts from the moment at which it was done at the tablet. What has happened already is not refused for a rule that would have
forbidden it: it becomes a flag.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from services.production.definitions.queries import is_any_tracked
from services.production.execution.domain import (
    ON_MACHINE,
    Command,
    Phase,
    State,
    is_short,
    next_state,
    supply,
    touched,
)
from services.production.execution.jobs import describe_jobs, feeds_of, job_changed, totals_of
from services.production.execution.runs import begin_run, dismiss_crew, end_run, jobs_worked_on, join_crew, leave_crew
from services.production.execution.schemas import CommandOut, CrewIn, JobCommandIn, PhaseIn, SendIn
from services.production.execution.tables import Job, JobPredecessor, Sending
from services.production.machines.commands import leave_machine, require_machine, require_reason, set_machine_state
from services.production.machines.domain import MachineState
from services.production.machines.queries import has_machines, present_states
from shared.contracts.orders.work_orders import WorkOrderReleased
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem, unprocessable

PHASE_STATES = {
    Phase.SETUP: MachineState.SETUP,
    Phase.FIRST_OFF: MachineState.SETUP,
    Phase.PRODUCTION: MachineState.RUNNING,
}
"""What a machine does in each phase of its job: what is made for approval is a part of the set-up."""


async def create_jobs(tx: Transaction, order: WorkOrderReleased) -> None:
    """Make the jobs of a released order; those without a predecessor are ready."""
    first = min((operation.op for operation in order.operations), default=0)
    materials: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for material in order.materials:
        materials[first if material.op is None else material.op].append(
            material.model_dump(mode="json", exclude={"op"})
        )
    traced = await is_any_tracked(tx.session, _items_of(order))
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
            customer=order.customer,
            work_center=operation.work_center,
            planned_machine=operation.machine,
            state=(State.WAITING if operation.predecessors else State.READY).value,
            planned=operation.planned or order.quantity,
            over_tolerance_pct=order.over_tolerance_pct,
            under_tolerance_pct=order.under_tolerance_pct,
            cycle_s=operation.cycle_s,
            per_cycle=operation.per_cycle,
            setup_s=operation.setup_s,
            tool=operation.tool,
            self_inspection=operation.self_inspection,
            subcontract=operation.subcontract,
            materials=materials[operation.op],
            traced=traced,
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


def _items_of(order: WorkOrderReleased) -> set[str]:
    """The order's item and all that may go into it."""
    items = {order.item}
    for material in order.materials:
        items |= {material.component, *(other.component for other in material.alternates)}
    return items


async def lock_job(tx: Transaction, id_: UUID) -> Job:
    """The job, locked until the end of the transaction, or a 404 problem."""
    job = await tx.session.get(Job, id_, with_for_update=True)
    if job is None:
        raise Problem(404, "not_found")
    return job


@dataclass
class Doing:
    """A command on its way: the locked job, when it took effect, and what is unusual about it so far."""

    job: Job
    at: datetime
    flags: list[str]
    has_happened: bool

    def object_to(self, flag: str, problem: Problem) -> None:
        """Refuse what is against a rule; what has happened already is flagged instead."""
        if not self.has_happened:
            raise problem
        self.flags.append(flag)


async def _begin(
    tx: Transaction, id_: UUID, at: datetime | None, machine: str | None = None, *, has_happened: bool = False
) -> Doing:
    """Lock the job and place the command in time: after what the job did before, and what the machine does for it or now begins to do."""
    job = await lock_job(tx, id_)
    place = machine or job.machine or job.planned_machine
    present = (await present_states(tx.session, [place])).get(place) if place else None
    is_followed = present is not None and (job.state != State.RUNNING or present.job == job.id)
    touch = touched(at, tx.now, job.moved_at, present.begins if present and is_followed else None)
    return Doing(job, touch.at, list(touch.flags), has_happened or touch.has_happened)


def move_job(
    tx: Transaction,
    job: Job,
    command: Command,
    reason: str | None = None,
    person: str | None = None,
    *,
    has_happened: bool = False,
) -> None:
    """Move a locked job and tell it; a 409 problem when its state does not allow it."""
    before = State(job.state)
    after = next_state(before, command, has_happened=has_happened)
    if after is None:
        raise Problem(409, "wrong_state", state=before.value)
    job.state = after.value
    job.pause_reason = reason if after is State.PAUSED else None
    job.phase = job.phase if after in ON_MACHINE else None
    tell_change(tx, job, before, reason, person)


def tell_change(tx: Transaction, job: Job, before: str, reason: str | None = None, person: str | None = None) -> None:
    """Tell that something about the job is different."""
    job.version += 1
    tx.record(job_changed(job, before, reason, person), aggregate=f"job/{job.id}", version=job.version)


def _move(tx: Transaction, doing: Doing, command: Command, reason: str | None = None) -> bool:
    """Move the job as a person did; False when another tablet told it before."""
    job = doing.job
    before = State(job.state)
    if next_state(before, command, has_happened=doing.has_happened) is before:
        doing.flags.append("already")
        return False
    if before is State.WAITING and doing.has_happened:
        doing.flags.append("no_input")
    job.moved_at = doing.at
    job.started_at = job.started_at or doing.at
    job.finished_at = doing.at if command is Command.FINISH else None
    move_job(tx, job, command, reason, tx.actor.person, has_happened=doing.has_happened)
    return True


async def start_job(tx: Transaction, id_: UUID, body: JobCommandIn, *, has_happened: bool = False) -> CommandOut:
    """Start a ready job on its planned machine or on another one of its work center; on none where the work center has none."""
    doing = await _begin(tx, id_, body.at, body.machine, has_happened=has_happened)
    job = doing.job
    machine = body.machine or job.planned_machine
    if machine is not None:
        place = await require_machine(tx, machine)
        if job.work_center not in (None, place):
            elsewhere = unprocessable("machine", "machine_elsewhere", work_center=job.work_center)
            doing.object_to("machine_elsewhere", elsewhere)
    elif job.work_center is not None and await has_machines(tx.session, job.work_center):
        raise unprocessable("machine", "missing")
    await _run(tx, doing, Command.START, machine, body.phase or Phase.PRODUCTION)
    if await join_crew(tx, job, tx.actor.person, doing.at) and "already" in doing.flags:
        tell_change(tx, job, job.state, person=tx.actor.person)
    return await _answer(tx, doing)


async def resume_job(tx: Transaction, id_: UUID, body: JobCommandIn, *, has_happened: bool = False) -> CommandOut:
    """Go on with a paused job, in the phase in which it was or in another one."""
    doing = await _begin(tx, id_, body.at, has_happened=has_happened)
    phase = body.phase or Phase(doing.job.phase or Phase.PRODUCTION)
    await _run(tx, doing, Command.RESUME, doing.job.machine, phase)
    return await _answer(tx, doing)


async def _run(tx: Transaction, doing: Doing, command: Command, machine: str | None, phase: Phase) -> None:
    job = doing.job
    if job.order_state == "on_hold":
        doing.object_to("order_on_hold", Problem(409, "order_on_hold", state=job.state, number=job.number))
    if machine is not None and next_state(State(job.state), command, has_happened=doing.has_happened):
        running = select(Job).where(Job.machine == machine, Job.state == State.RUNNING.value, Job.id != job.id)
        busy = await tx.session.scalar(running)
        if busy is not None:
            raise Problem(409, "machine_busy", machine=machine, number=busy.number, op=busy.op, state=job.state)
    if job.state == State.RUNNING and job.machine != machine:
        raise Problem(409, "wrong_state", state=job.state)
    if not _move(tx, doing, command):
        return
    job.machine = machine
    await begin_run(tx, job, phase, doing.at)
    await tx.session.flush()
    if machine is not None:
        state = PHASE_STATES[phase]
        await set_machine_state(tx, machine, state, reason=None, job=job.id, at=doing.at, source="manual")


async def change_phase(tx: Transaction, id_: UUID, body: PhaseIn, *, has_happened: bool = False) -> CommandOut:
    """A running job is set up, makes its first piece for approval, or produces; 409 when it does not run."""
    doing = await _begin(tx, id_, body.at, has_happened=has_happened)
    job = doing.job
    if job.state != State.RUNNING:
        raise Problem(409, "wrong_state", state=job.state)
    if job.phase != body.phase:
        job.moved_at = doing.at
        await begin_run(tx, job, body.phase, doing.at)
        tell_change(tx, job, job.state, person=tx.actor.person)
        await tx.session.flush()
        if job.machine is not None:
            state = PHASE_STATES[body.phase]
            await set_machine_state(tx, job.machine, state, reason=None, job=job.id, at=doing.at, source="manual")
    return await _answer(tx, doing)


async def pause_job(tx: Transaction, id_: UUID, body: JobCommandIn, *, has_happened: bool = False) -> CommandOut:
    """Pause a running job; the reason decides whether its machine is stopped or being set up. Its crew stays."""
    doing = await _begin(tx, id_, body.at, has_happened=has_happened)
    job = doing.job
    state = await require_reason(tx, body.reason) if body.reason else MachineState.STOPPED
    if _move(tx, doing, Command.PAUSE, body.reason):
        await end_run(tx, job, doing.at)
        await tx.session.flush()
        if job.machine is not None:
            await set_machine_state(
                tx, job.machine, state, reason=body.reason, job=job.id, at=doing.at, source="manual"
            )
    return await _answer(tx, doing)


async def finish_job(tx: Transaction, id_: UUID, body: JobCommandIn, *, has_happened: bool = False) -> CommandOut:
    """Finish a running or paused job; its machine is idle and its crew free afterwards."""
    doing = await _begin(tx, id_, body.at, has_happened=has_happened)
    job = doing.job
    if _move(tx, doing, Command.FINISH):
        if is_short(job.good, job.planned, job.under_tolerance_pct):
            doing.flags.append("under_production")
        await end_run(tx, job, doing.at)
        await dismiss_crew(tx, job, doing.at)
        await tx.session.flush()
        if job.machine is not None:
            await leave_machine(tx, job.machine, job.id, at=doing.at)
    return await _answer(tx, doing)


async def change_crew(tx: Transaction, id_: UUID, body: CrewIn) -> CommandOut:
    """Somebody begins or ends to work on a job that was started; nothing happens when it is so already."""
    job = await lock_job(tx, id_)
    touch = touched(body.at, tx.now, job.started_at)
    doing = Doing(job, touch.at, list(touch.flags), touch.has_happened)
    person = body.person or tx.actor.person
    if body.action == "leave":
        is_changed = await leave_crew(tx, job, person, doing.at)
    elif job.state in ON_MACHINE:
        is_changed = await join_crew(tx, job, person, doing.at)
    else:
        raise Problem(409, "wrong_state", state=job.state)
    if is_changed:
        tell_change(tx, job, job.state, person=tx.actor.person)
    return await _answer(tx, doing)


async def leave_jobs(tx: Transaction, person: str, at: datetime, joined_before: datetime | None = None) -> None:
    """The person works on no job any more, or on none that they joined before a moment."""
    for id_ in await jobs_worked_on(tx.session, person, joined_before):
        job = await lock_job(tx, id_)
        if await leave_crew(tx, job, person, at):
            tell_change(tx, job, job.state, person=tx.actor.person)


async def send_out(tx: Transaction, id_: UUID, body: SendIn, *, has_happened: bool = False) -> CommandOut:
    """Pieces go to a subcontractor; the first ones start the job. Results say what comes back. 422 for an operation of the shop's own."""
    doing = await _begin(tx, id_, body.at, has_happened=has_happened)
    job = doing.job
    if not job.subcontract:
        raise Problem(422, "not_subcontracted", op=job.op)
    if job.state in (State.WAITING, State.READY, State.BLOCKED):
        await _run(tx, doing, Command.START, None, Phase.PRODUCTION)
    elif job.state not in ON_MACHINE:
        flag = "order_cancelled" if job.state == State.CANCELLED else "after_finish"
        doing.object_to(flag, Problem(409, "wrong_state", state=job.state))
    feeds = (await feeds_of(tx.session, [job.id]))[job.id]
    job.sent += body.quantity
    if totals_of(job).processed + job.sent > supply(job.planned, feeds):
        doing.flags.append("beyond_ready")
    actor = {"person": tx.actor.person, "device": tx.actor.device}
    sending = body.model_dump(exclude={"at"}) | actor | {"at": doing.at, "flags": doing.flags}
    tx.session.add(Sending(id=new_id(), job=job.id, **sending))
    tell_change(tx, job, job.state, person=tx.actor.person)
    return await _answer(tx, doing)


async def _answer(tx: Transaction, doing: Doing) -> CommandOut:
    doing.job.flags = sorted({*doing.job.flags, *doing.flags})
    await tx.session.flush()
    [shown] = await describe_jobs(tx.session, [doing.job])
    return CommandOut(**shown.model_dump(), command_flags=doing.flags)
