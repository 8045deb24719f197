"""The crew of a job.

Each touch is stored; the times of a person on a job follow from all touches of theirs there, so that one that arrives
late is put where it belongs.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.production.definitions.commands import effective_time
from services.production.jobs.commands.context import CommandContext, answer_command
from services.production.jobs.commands.transitions import lock_job, publish_change
from services.production.jobs.domain import LONGEST_BREAK, ON_MACHINE, Absence, Presence, presences
from services.production.jobs.queries.crews import crew_since, jobs_left_by_going, jobs_worked_on, last_touch_at
from services.production.jobs.schemas import CommandOut, CrewIn
from services.production.jobs.tables import CrewTime, CrewTouch, Job
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


async def join_crew(tx: Transaction, job: Job, person: str, at: datetime) -> bool:
    """The person works on the job from ``at`` on; False when they do already."""
    return await _touch(tx, job, person, at, joins=True)


async def leave_crew(tx: Transaction, job: Job, person: str, at: datetime, cause: str | None = None) -> bool:
    """The person does not work on the job any more; False when they did not."""
    return await _touch(tx, job, person, at, joins=False, cause=cause)


async def dismiss_crew(tx: Transaction, job: Job, at: datetime) -> None:
    """Nobody works on the job any more."""
    open_times = select(CrewTime).where(CrewTime.job == job.id, col(CrewTime.ends).is_(None))
    for time in list(await tx.session.scalars(open_times)):
        await leave_crew(tx, job, time.person, max(at, time.begins), cause="job_ended")


async def _touch(
    tx: Transaction, job: Job, person: str, at: datetime, *, joins: bool, cause: str | None = None
) -> bool:
    """Store a touch, and what follows from all of them; False when it changes nothing."""
    touch = CrewTouch(
        id=new_id(),
        job=job.id,
        person=person,
        joins=joins,
        machine=job.machine if joins else None,
        at=at,
        cause=cause,
        device=tx.actor.device,
        recorded_by=tx.actor.person,
        recorded_at=tx.now,
    )
    tx.session.add(touch)
    of_both = (col(CrewTime.job) == job.id, col(CrewTime.person) == person)
    times = list(await tx.session.scalars(select(CrewTime).where(*of_both).execution_options(populate_existing=True)))
    statement = select(CrewTouch).where(CrewTouch.job == job.id, CrewTouch.person == person)
    touches = {(one.at, one.joins) for one in await tx.session.scalars(statement)}
    # times that a release before this one has stored have no touches of their own
    known = {one for time in times for one in Presence(time.begins, time.ends).touches}
    is_changed = await _store_times(tx, touch, times, presences(touches | known))
    await tx.session.flush()
    return is_changed


async def _store_times(tx: Transaction, touch: CrewTouch, times: Sequence[CrewTime], found: Sequence[Presence]) -> bool:
    """Bring the stored times to those that were found; a time keeps its id while it begins as it did."""
    stored = {time.begins: time for time in times}
    ends = {presence.begins: presence.ends for presence in found}
    if {time.begins: time.ends for time in times} == ends and len(times) == len(ends):
        return False
    for time in times:
        if time.begins not in ends or stored[time.begins] is not time:
            await tx.session.delete(time)
        elif ends[time.begins] is not None:
            time.ends = ends[time.begins]
    await tx.session.flush()  # a time is closed before another one is open
    for begins, end in ends.items():
        if begins not in stored:
            machine = touch.machine if touch.joins and touch.at == begins else await _machine_at(tx, touch, begins)
            tx.session.add(
                CrewTime(id=new_id(), job=touch.job, person=touch.person, machine=machine, begins=begins, ends=end)
            )
        elif end is None:
            stored[begins].ends = None
    return True


async def _machine_at(tx: Transaction, touch: CrewTouch, begins: datetime) -> str | None:
    """The machine at which a person joined a job at an instant."""
    joined = select(CrewTouch.machine).where(
        CrewTouch.job == touch.job, CrewTouch.person == touch.person, CrewTouch.joins, CrewTouch.at == begins
    )
    machine: str | None = await tx.session.scalar(joined.limit(1))
    return machine


async def change_crew(tx: Transaction, id_: UUID, body: CrewIn) -> CommandOut:
    """Somebody begins or ends to work on a job that was started; nothing happens when it is so already.

    What happened before the job was finished counts until then.
    """
    job = await lock_job(tx, id_)
    person = body.person or tx.actor.person
    known_at = await last_touch_at(tx.session, job.id, person)
    effective = effective_time(tx, body.at, job.started_at, released_at=job.released_at, known_at=known_at)
    context = CommandContext(job, effective.at, list(effective.flags), effective.has_happened)
    if body.action == "leave":
        is_changed = await leave_crew(tx, job, person, context.at)
    elif job.state in ON_MACHINE:
        is_changed = await join_crew(tx, job, person, context.at)
    elif context.has_happened and job.finished_at is not None and context.at < job.finished_at:
        is_changed = await join_crew(tx, job, person, context.at)
        if person in await crew_since(tx.session, job.id):
            await leave_crew(tx, job, person, job.finished_at, cause="job_ended")
    else:
        raise Problem(409, "wrong_state", state=job.state)
    if is_changed:
        publish_change(tx, job, job.state, person=tx.actor.person)
    return await answer_command(tx, context)


async def follow_attendance(tx: Transaction, person: str, absences: Iterable[Absence]) -> None:
    """Have a person leave the jobs on which they worked when they went, and take them up again after a break."""
    for gone_at, back_at in absences:
        if back_at is not None and back_at - gone_at <= LONGEST_BREAK:
            for id_ in await jobs_left_by_going(tx.session, person, gone_at):
                await _move(tx, await lock_job(tx, id_), person, gone_at, joins=True)
        else:
            for id_ in await jobs_worked_on(tx.session, person, gone_at):
                await _move(tx, await lock_job(tx, id_), person, gone_at, joins=False)


async def _move(tx: Transaction, job: Job, person: str, at: datetime, *, joins: bool) -> None:
    if joins and job.state not in ON_MACHINE:
        return
    if await _touch(tx, job, person, at, joins=joins, cause=None if joins else "went"):
        publish_change(tx, job, job.state, person=tx.actor.person)
