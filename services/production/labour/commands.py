"""People come and go."""

from datetime import datetime

from services.production.jobs.commands.crew import leave_jobs
from services.production.jobs.domain import effective_time
from services.production.labour.queries.attendance import last_attendance
from services.production.labour.schemas import AttendanceIn, AttendanceOut
from services.production.labour.tables import Attendance
from services.production.permissions import NOTE_ATTENDANCE_OF_OTHERS
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


async def note_attendance(tx: Transaction, actor: Actor, body: AttendanceIn) -> AttendanceOut:
    """Somebody comes or goes; nothing happens when it is so already.

    Who goes leaves the jobs, too. 409 for who goes and never came, 403 for who may not note it of others.
    """
    person = body.person or actor.person
    if person != actor.person and not NOTE_ATTENDANCE_OF_OTHERS.roles & actor.roles:
        raise Problem(403, "not_allowed", roles=sorted(NOTE_ATTENDANCE_OF_OTHERS.roles))
    last = await tx.session.scalar(last_attendance(person).with_for_update())
    touch = effective_time(body.at, tx.now, (last.ends or last.begins) if last else None)
    flags = list(touch.flags)
    if body.kind == "in":
        if last is not None and last.ends is None:
            flags.append("already")
            last.again_at = max(touch.at, last.again_at or touch.at)
        else:
            last = Attendance(id=new_id(), person=person, device=actor.device, begins=touch.at)
            tx.session.add(last)
    elif last is None:
        raise Problem(409, "never_came", state="out")
    elif last.ends is not None:
        flags.append("already")
    else:
        flags += await _go(tx, last, touch.at)
    await tx.session.flush()
    if person != actor.person:
        tx.audit("note_attendance", f"person/{person}", [(body.kind, None, touch.at.isoformat())])
    return AttendanceOut(**last.model_dump(), flags=flags)


async def _go(tx: Transaction, there: Attendance, at: datetime) -> list[str]:
    """End an attendance.

    Who came again after they went, as is noted now, has been there since, and stays on the jobs of that
    time.
    """
    there.ends = at
    if there.again_at is None or there.again_at <= at:
        await leave_jobs(tx, there.person, at)
        return []
    await leave_jobs(tx, there.person, at, joined_before=there.again_at)
    await tx.session.flush()
    tx.session.add(Attendance(id=new_id(), person=there.person, device=there.device, begins=there.again_at))
    return ["came_again"]
