"""The crew of a job.

Each touch is stored; the times of a person on a job follow from all touches of theirs there, so that one that arrives
late is put where it belongs.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.production.definitions.commands import effective_time
from services.production.jobs.commands.context import CommandContext, answer_command
from services.production.jobs.commands.transitions import lock_job, publish_change
from services.production.jobs.domain import LONGEST_BREAK, ON_MACHINE, Absence, Presence, all_touches, presences
from services.production.jobs.queries.crews import (
    crew_since,
    has_joined_since,
    jobs_left_by_going,
    jobs_taken_up_again,
    jobs_worked_on,
    last_touch_at,
)
from services.production.jobs.schemas import CommandOut, CrewIn
from services.production.jobs.tables import CrewTime, CrewTouch, Job
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


async def join_crew(tx: Transaction, job: Job, person: str, at: datetime) -> bool:
    """The person works on the job from ``at`` on; False when they do already.

    Who does so after a break has not gone back to another job.
    """
    for id_ in await jobs_taken_up_again(tx.session, person):
        if id_ != job.id:
            await _not_taken_up(tx, await lock_job(tx, id_), person)
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
    return await _follow_touches(tx, job, person)


async def _follow_touches(tx: Transaction, job: Job, person: str) -> bool:
    """Store the times that follow from a person's touches on a job; False when they are as they were."""
    of_both = (col(CrewTime.job) == job.id, col(CrewTime.person) == person)
    times = list(await tx.session.scalars(select(CrewTime).where(*of_both).execution_options(populate_existing=True)))
    statement = select(CrewTouch).where(CrewTouch.job == job.id, CrewTouch.person == person)
    touches = list(await tx.session.scalars(statement.order_by(col(CrewTouch.id))))
    stored = [Presence(time.begins, time.ends) for time in times]
    found = presences(all_touches([(one.at, one.joins) for one in touches], stored))
    machines = {one.at: one.machine for one in touches if one.joins}
    is_changed = {(time.begins, time.ends) for time in times} != {(one.begins, one.ends) for one in found}
    if is_changed:
        await _store_times(tx, job, person, times, found, machines)
    await tx.session.flush()
    return is_changed


async def _store_times(
    tx: Transaction,
    job: Job,
    person: str,
    times: Sequence[CrewTime],
    found: Sequence[Presence],
    machines: Mapping[datetime, str | None],
) -> None:
    """Bring the stored times to those that were found; a time keeps its id while it begins as it did."""
    stored = {time.begins: time for time in times}
    ends = {presence.begins: presence.ends for presence in found}
    for time in times:
        if time.begins not in ends or stored[time.begins] is not time:
            await tx.session.delete(time)
        elif ends[time.begins] is not None:
            time.ends = ends[time.begins]
    await tx.session.flush()  # a time is closed before another one is open
    for begins, end in ends.items():
        if begins not in stored:
            time = CrewTime(id=new_id(), job=job.id, person=person, begins=begins, ends=end)
            time.machine = machines.get(begins)
            tx.session.add(time)
        elif end is None:
            stored[begins].ends = None


async def change_crew(tx: Transaction, id_: UUID, body: CrewIn) -> CommandOut:
    """Somebody begins or ends to work on a job that was started; nothing happens when it is so already.

    What happened before the job was finished counts until then.
    """
    job = await lock_job(tx, id_)
    person = body.person or tx.actor.person
    known_at = await last_touch_at(tx.session, job.id, person)
    effective = effective_time(tx, body.at, job.started_at, released_at=job.released_at, known_at=known_at)
    context = CommandContext(job, effective.at, list(effective.flags), effective.has_happened, effective.at)
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


async def follow_attendance(
    tx: Transaction, person: str, absences: Iterable[Absence], late_at: datetime | None
) -> None:
    """Have a person leave the jobs on which they worked when they went.

    Of a break that became known late, at the touch of ``late_at``, their jobs had not heard: they have gone on with
    them since, unless they joined others.
    """
    for gone_at, back_at in absences:
        if back_at is not None and back_at - gone_at <= LONGEST_BREAK:
            if late_at in (gone_at, back_at) and not await has_joined_since(tx.session, person, gone_at):
                for id_ in await jobs_left_by_going(tx.session, person, gone_at):
                    job = await lock_job(tx, id_)
                    if job.state in ON_MACHINE and await _touch(tx, job, person, gone_at, joins=True, cause="back"):
                        publish_change(tx, job, job.state, person=tx.actor.person)
        else:
            for id_ in await jobs_worked_on(tx.session, person, gone_at):
                job = await lock_job(tx, id_)
                if await leave_crew(tx, job, person, gone_at, cause="went"):
                    publish_change(tx, job, job.state, person=tx.actor.person)


async def _not_taken_up(tx: Transaction, job: Job, person: str) -> None:
    """The person did not go on with a job after a break, as it seemed."""
    of_both = (CrewTouch.job == job.id, CrewTouch.person == person, CrewTouch.cause == "back")
    taken_up = list(await tx.session.scalars(select(CrewTouch).where(*of_both)))
    instants = [touch.at for touch in taken_up]
    since = select(CrewTime).where(
        CrewTime.job == job.id,
        CrewTime.person == person,
        col(CrewTime.begins).in_(instants),
        col(CrewTime.ends).is_(None),
    )
    times = list(await tx.session.scalars(since))
    begun = {time.begins for time in times}
    for row in [*times, *(touch for touch in taken_up if touch.at in begun)]:
        await tx.session.delete(row)
    await tx.session.flush()
    await _follow_touches(tx, job, person)
    publish_change(tx, job, job.state, person=tx.actor.person)
