"""People come and go.

Each touch is stored; when somebody was there follows from all touches of theirs, so that one that arrives late is put
where it belongs.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from services.production.definitions.commands import effective_time
from services.production.jobs.commands.crew import follow_attendance
from services.production.jobs.domain import Presence, all_touches, presences
from services.production.labour.domain import absences, presence_of, touch_flags
from services.production.labour.queries.attendance import last_attendance
from services.production.labour.schemas import AttendanceIn, AttendanceOut
from services.production.labour.tables import Attendance, AttendanceTouch
from services.production.permissions import NOTE_ATTENDANCE_OF_OTHERS
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem

ATTENDANCE_LOCK = 1685418602
"""The namespace of the advisory locks on a person's attendance."""


async def note_attendance(tx: Transaction, actor: Actor, body: AttendanceIn) -> AttendanceOut:
    """Somebody comes or goes; nothing happens when it is so already.

    Who goes leaves the jobs, too. 403 for who may not note it of others.
    """
    person = body.person or actor.person
    if person != actor.person and not NOTE_ATTENDANCE_OF_OTHERS.roles & actor.roles:
        raise Problem(403, "not_allowed", roles=sorted(NOTE_ATTENDANCE_OF_OTHERS.roles))
    await tx.session.execute(select(func.pg_advisory_xact_lock(ATTENDANCE_LOCK, func.hashtext(person))))
    last = await tx.session.scalar(last_attendance(person))
    time = effective_time(tx, body.at, known_at=(last.ends or last.begins) if last else None)
    touch = AttendanceTouch(
        id=new_id(),
        person=person,
        comes=body.kind == "in",
        at=time.at,
        device=actor.device,
        recorded_by=actor.person,
        recorded_at=tx.now,
    )
    there = await _store(tx, touch)
    late_at = touch.at if time.has_happened else None
    await follow_attendance(tx, person, absences(there, touch.at, comes=touch.comes), late_at)
    await tx.session.flush()
    if person != actor.person:
        tx.audit("note_attendance", f"person/{person}", [(body.kind, None, time.at.isoformat())])
    flags = [*time.flags, *touch_flags(there, touch.at, comes=touch.comes)]
    meant = presence_of(there, touch.at)
    if meant is None:
        return AttendanceOut(id=touch.id, person=person, begins=None, ends=touch.at, flags=flags)
    stored = await tx.session.scalar(
        select(Attendance.id).where(Attendance.person == person, Attendance.begins == meant.begins)
    )
    return AttendanceOut(id=stored, person=person, begins=meant.begins, ends=meant.ends, flags=flags)


async def _store(tx: Transaction, touch: AttendanceTouch) -> list[Presence]:
    """Store a touch, and the times in which its person was there as far as it may change them; return these."""
    tx.session.add(touch)
    rows = await _rows_from(tx, touch.person, touch.at)
    touches = select(AttendanceTouch).where(AttendanceTouch.person == touch.person)
    if rows and rows[0].begins <= touch.at:
        touches = touches.where(AttendanceTouch.at >= rows[0].begins)
    recorded = [(one.at, one.comes) for one in await tx.session.scalars(touches.order_by(col(AttendanceTouch.id)))]
    stored = [Presence(row.begins, row.ends, row.again_at) for row in rows]
    found = presences(all_touches(recorded, stored))
    await _store_times(tx, touch, rows, found)
    return found


async def _rows_from(tx: Transaction, person: str, at: datetime) -> Sequence[Attendance]:
    """The stored times of a person from the last one that began before an instant on, in order.

    Before the first of them the person was not there; without one they are all that there are.
    """
    other = aliased(Attendance)
    of_person = col(Attendance.person) == person
    is_next = exists().where(
        col(other.person) == person, col(other.ends) == col(Attendance.begins), col(other.id) != col(Attendance.id)
    )
    began = select(Attendance.begins).where(of_person, Attendance.begins <= at, ~is_next)
    begins = await tx.session.scalar(began.order_by(col(Attendance.begins).desc()).limit(1))
    statement = select(Attendance).where(of_person).order_by(col(Attendance.begins), col(Attendance.id))
    if begins is not None:
        statement = statement.where(Attendance.begins >= begins)
    return (await tx.session.scalars(statement.execution_options(populate_existing=True))).all()


async def _store_times(
    tx: Transaction, touch: AttendanceTouch, rows: Sequence[Attendance], found: Sequence[Presence]
) -> None:
    """Bring the stored times to those that were found; a time keeps its id while it begins as it did."""
    stored = {row.begins: row for row in rows}
    due = {presence.begins: presence for presence in found}
    for row in rows:
        presence = due.get(row.begins)
        if presence is None or stored[row.begins] is not row:
            await tx.session.delete(row)
        elif presence.ends is not None:
            row.ends, row.again_at = presence.ends, presence.again_at
    await tx.session.flush()  # a time is closed before another one is open
    for begins, presence in due.items():
        known = stored.get(begins)
        if known is None:
            row = Attendance(id=new_id(), person=touch.person, device=touch.device, begins=begins, ends=presence.ends)
            row.again_at = presence.again_at
            tx.session.add(row)
        elif presence.ends is None:
            known.ends, known.again_at = None, presence.again_at
    await tx.session.flush()
