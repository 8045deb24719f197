"""A pause that becomes known after the job has done something else since: it is put where it belongs.

Until it is known when the job went on, it stood until the next that is known of it. Its state stays as it is.
"""

from datetime import datetime
from typing import TypeVar

from sqlmodel import col, select

from services.production.jobs.commands.context import CommandContext
from services.production.jobs.commands.transitions import publish_change
from services.production.jobs.domain import PHASE_STATES, JobState, Phase
from services.production.jobs.tables import Job, JobStop, JobTouch, Run
from services.production.machines.commands import change_past_state
from services.production.machines.domain import MachineState
from shared.kit.database import Transaction
from shared.kit.ids import new_id

Time = TypeVar("Time", Run, JobStop)


async def pause_earlier(tx: Transaction, context: CommandContext, reason: str | None, state: MachineState) -> bool:
    """The job stood from ``context.earlier_at`` on; False when it did not run then."""
    job, at = context.job, context.earlier_at
    if at is None:
        return False
    run = await _covering(tx, Run, job, at)
    if run is None or run.ends is None:
        return _is_known(context, known=await _covering(tx, JobStop, job, at) is not None)
    _note(tx, job, at, reason, pauses=True)
    resumed = select(JobTouch.at).where(
        JobTouch.job == job.id, col(JobTouch.pauses).is_(False), JobTouch.at > at, JobTouch.at < run.ends
    )
    ends, until = run.ends, await tx.session.scalar(resumed.order_by(col(JobTouch.at)).limit(1)) or run.ends
    run.ends = at
    tx.session.add(JobStop(id=new_id(), job=job.id, reason=reason, begins=at, ends=until))
    if until < ends:
        tx.session.add(Run(id=new_id(), job=job.id, machine=run.machine, phase=run.phase, begins=until, ends=ends))
    if run.machine is not None:
        await change_past_state(tx, run.machine, job.id, at, until, state, reason)
    return _is_placed(tx, context)


async def resume_earlier(tx: Transaction, context: CommandContext) -> bool:
    """The job went on at ``context.earlier_at``; False when nothing is known of a stop that it ended."""
    job, at = context.job, context.earlier_at
    if at is None:
        return False
    stop = await _covering(tx, JobStop, job, at)
    if stop is None or stop.ends is None:
        if stop is not None or job.state == JobState.PAUSED:
            return False
        _note(tx, job, at, None, pauses=False)
        return _is_known(context, known=True)
    _note(tx, job, at, None, pauses=False)
    before = select(Run).where(Run.job == job.id, Run.begins <= stop.begins).order_by(col(Run.begins).desc())
    run = (await tx.session.scalars(before.limit(1))).one()
    ends, stop.ends = stop.ends, at
    tx.session.add(Run(id=new_id(), job=job.id, machine=run.machine, phase=run.phase, begins=at, ends=ends))
    if run.machine is not None:
        await change_past_state(tx, run.machine, job.id, at, ends, PHASE_STATES[Phase(run.phase)], None)
    return _is_placed(tx, context)


async def _covering(tx: Transaction, table: type[Time], job: Job, at: datetime) -> Time | None:
    """The run or the stop of a job at an instant."""
    begun = select(table).where(col(table.job) == job.id, col(table.begins) <= at).order_by(col(table.begins).desc())
    last = (await tx.session.scalars(begun.limit(1).execution_options(populate_existing=True))).first()
    return last if last is not None and (last.ends is None or at < last.ends) else None


def _note(tx: Transaction, job: Job, at: datetime, reason: str | None, *, pauses: bool) -> None:
    touch = JobTouch(id=new_id(), job=job.id, pauses=pauses, at=at, person=tx.actor.person, recorded_at=tx.now)
    touch.reason, touch.device = reason, tx.actor.device
    tx.session.add(touch)


def _is_known(context: CommandContext, *, known: bool) -> bool:
    if known:
        context.flags = [*(flag for flag in context.flags if flag != "late"), "already"]
    return known


def _is_placed(tx: Transaction, context: CommandContext) -> bool:
    context.flags.remove("late")
    publish_change(tx, context.job, context.job.state, person=tx.actor.person)
    return True
