"""Commands of the floor for a job: start, pause, resume, finish, and another phase."""

from uuid import UUID

from sqlmodel import select

from services.production.jobs.commands.context import CommandContext, answer_command, begin_command
from services.production.jobs.commands.crew import dismiss_crew, join_crew
from services.production.jobs.commands.earlier import pause_earlier, resume_earlier
from services.production.jobs.commands.runs import begin_run, begin_stop, end_run
from services.production.jobs.commands.transitions import move_job, publish_change
from services.production.jobs.domain import PHASE_STATES, JobCommand, JobState, Phase, is_short, next_state
from services.production.jobs.schemas import CommandOut, JobCommandIn, PhaseIn, ReopenIn
from services.production.jobs.tables import Job
from services.production.machines.commands import leave_machine, require_machine, require_reason, set_machine_state
from services.production.machines.domain import MachineState
from services.production.machines.queries import has_machines
from services.production.permissions import REOPEN_JOBS
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable


def _move(tx: Transaction, context: CommandContext, command: JobCommand, reason: str | None = None) -> bool:
    """Move the job as a person did; False when another tablet reported it before."""
    job = context.job
    before = JobState(job.state)
    if next_state(before, command, has_happened=context.has_happened) is before:
        context.flags.append("already")
        return False
    if before is JobState.WAITING and context.has_happened:
        context.flags.append("no_input")
    job.moved_at = context.at
    job.started_at = job.started_at or context.at
    job.finished_at = context.at if command is JobCommand.FINISH else None
    job.finish_made_at = context.made_at if command is JobCommand.FINISH else None
    move_job(tx, job, command, reason, tx.actor.person, has_happened=context.has_happened)
    return True


async def start_job(tx: Transaction, id_: UUID, body: JobCommandIn, *, has_happened: bool = False) -> CommandOut:
    """Start a ready job on its planned machine or on another one of its work center, or take a finished one up again.

    A job whose work center has no machines starts on none. A finished job goes on where it ran; 422 without a reason.
    """
    context = await begin_command(tx, id_, body.at, body.machine, has_happened=has_happened)
    job = context.job
    if _was_before_the_finish(context):
        context.flags.append("already")
        return await answer_command(tx, context)
    machine = body.machine or (job.machine if job.state == JobState.DONE else None) or job.planned_machine
    if machine is not None:
        work_center = await require_machine(tx, machine)
        if job.work_center not in (None, work_center):
            elsewhere = unprocessable("machine", "machine_elsewhere", work_center=job.work_center)
            context.object_to("machine_elsewhere", elsewhere)
    elif job.work_center is not None and await has_machines(tx.session, job.work_center):
        raise unprocessable("machine", "missing")
    if job.state == JobState.DONE:
        if body.reason is None and REOPEN_JOBS.roles & tx.actor.roles and not context.has_happened:
            raise unprocessable("reason", "missing")
        _reopen(tx, context, body.reason)
    await run_job(tx, context, JobCommand.START, machine, body.phase or Phase.PRODUCTION)
    if await join_crew(tx, job, tx.actor.person, context.at) and "already" in context.flags:
        publish_change(tx, job, job.state, person=tx.actor.person)
    return await answer_command(tx, context)


def _was_before_the_finish(context: CommandContext) -> bool:
    """True for a command that comes late from before the job was finished: the finish has overtaken it."""
    finished = context.job.finish_made_at or context.job.finished_at
    return context.has_happened and context.job.state == JobState.DONE and (finished or context.at) > context.made_at


def _reopen(tx: Transaction, context: CommandContext, reason: str | None) -> None:
    """Make a finished job ready to be started again.

    It takes who may reopen jobs, and an order that is open or just completed; against what has happened stand flags.
    """
    job = context.job
    if not REOPEN_JOBS.roles & tx.actor.roles:
        context.object_to("after_finish", Problem(403, "job_finished", number=job.number, op=job.op, state=job.state))
    if job.order_state in ("closed", "cancelled"):
        flag = "after_close" if job.order_state == "closed" else "order_cancelled"
        context.object_to(flag, Problem(409, flag, number=job.number, state=job.state))
    job.moved_at, job.finished_at = context.at, None
    move_job(tx, job, JobCommand.REOPEN, reason, tx.actor.person)


async def resume_job(tx: Transaction, id_: UUID, body: JobCommandIn, *, has_happened: bool = False) -> CommandOut:
    """Go on with a paused job, in the phase in which it was or in another one.

    A finished one is taken up again: with a reason it goes on at once, without one it is ready for whoever starts it.
    """
    context = await begin_command(tx, id_, body.at, has_happened=has_happened)
    if await resume_earlier(tx, context):
        return await answer_command(tx, context)
    if context.job.state == JobState.DONE and (body.reason or context.has_happened):
        return await start_job(tx, id_, body, has_happened=has_happened)
    if context.job.state == JobState.DONE:
        _reopen(tx, context, None)
        return await answer_command(tx, context)
    phase = body.phase or Phase(context.job.phase or Phase.PRODUCTION)
    await run_job(tx, context, JobCommand.RESUME, context.job.machine, phase)
    return await answer_command(tx, context)


async def reopen_job(tx: Transaction, id_: UUID, body: ReopenIn) -> CommandOut:
    """Make a finished job ready to be started again; 409 in another state, or when its order is closed or cancelled."""
    context = await begin_command(tx, id_, None)
    if context.job.state != JobState.DONE:
        raise Problem(409, "wrong_state", state=context.job.state)
    _reopen(tx, context, body.reason)
    return await answer_command(tx, context)


async def run_job(
    tx: Transaction, context: CommandContext, command: JobCommand, machine: str | None, phase: Phase
) -> None:
    """Start or resume the job on a machine: 409 when that is busy or the job is in the wrong state.

    An order on hold is objected to.
    """
    job = context.job
    if job.order_state == "on_hold":
        context.object_to("order_on_hold", Problem(409, "order_on_hold", state=job.state, number=job.number))
    if machine is not None and next_state(JobState(job.state), command, has_happened=context.has_happened):
        running = select(Job).where(Job.machine == machine, Job.state == JobState.RUNNING.value, Job.id != job.id)
        busy = await tx.session.scalar(running)
        if busy is not None:
            raise Problem(409, "machine_busy", machine=machine, number=busy.number, op=busy.op, state=job.state)
    if job.state == JobState.RUNNING and job.machine != machine:
        raise Problem(409, "wrong_state", state=job.state)
    if not _move(tx, context, command):
        return
    job.machine = machine
    await begin_run(tx, job, phase, context.at)
    await tx.session.flush()
    if machine is not None:
        state = PHASE_STATES[phase]
        await set_machine_state(tx, machine, state, reason=None, job=job.id, at=context.at, source="manual")


async def change_phase(tx: Transaction, id_: UUID, body: PhaseIn, *, has_happened: bool = False) -> CommandOut:
    """A running job is set up, makes its first piece for approval, or produces; 409 when it does not run."""
    context = await begin_command(tx, id_, body.at, has_happened=has_happened)
    job = context.job
    if job.state != JobState.RUNNING:
        raise Problem(409, "wrong_state", state=job.state)
    if job.phase != body.phase:
        job.moved_at = context.at
        await begin_run(tx, job, body.phase, context.at)
        publish_change(tx, job, job.state, person=tx.actor.person)
        await tx.session.flush()
        if job.machine is not None:
            state = PHASE_STATES[body.phase]
            await set_machine_state(tx, job.machine, state, reason=None, job=job.id, at=context.at, source="manual")
    return await answer_command(tx, context)


async def pause_job(tx: Transaction, id_: UUID, body: JobCommandIn, *, has_happened: bool = False) -> CommandOut:
    """Pause a running job; the reason decides whether its machine is stopped or being set up. Its crew stays."""
    context = await begin_command(tx, id_, body.at, has_happened=has_happened)
    job = context.job
    state = await require_reason(tx, body.reason) if body.reason else MachineState.STOPPED
    if await pause_earlier(tx, context, body.reason, state):
        return await answer_command(tx, context)
    if _move(tx, context, JobCommand.PAUSE, body.reason):
        await begin_stop(tx, job, body.reason, context.at)
        await tx.session.flush()
        if job.machine is not None:
            await set_machine_state(
                tx, job.machine, state, reason=body.reason, job=job.id, at=context.at, source="manual"
            )
    return await answer_command(tx, context)


async def finish_job(tx: Transaction, id_: UUID, body: JobCommandIn, *, has_happened: bool = False) -> CommandOut:
    """Finish a running or paused job; its machine is idle and its crew free afterwards."""
    context = await begin_command(tx, id_, body.at, has_happened=has_happened)
    job = context.job
    if _move(tx, context, JobCommand.FINISH):
        if is_short(job.good, job.planned, job.under_tolerance_pct):
            context.flags.append("under_production")
        await end_run(tx, job, context.at)
        await dismiss_crew(tx, job, context.at)
        await tx.session.flush()
        if job.machine is not None:
            await leave_machine(tx, job.machine, job.id, at=context.at)
    return await answer_command(tx, context)
