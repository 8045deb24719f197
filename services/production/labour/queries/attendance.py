"""Reads of attendance."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.production.jobs.queries.crews import present_crews
from services.production.jobs.queries.graph import job_names
from services.production.labour.domain import is_forgotten
from services.production.labour.schemas import OwnAttendanceOut, PresentJobOut, PresentOut
from services.production.labour.tables import Attendance


def last_attendance(person: str) -> SelectOfScalar[Attendance]:
    """The statement for the last attendance of a person."""
    newest = (col(Attendance.begins).desc(), col(Attendance.id).desc())
    return select(Attendance).where(Attendance.person == person).order_by(*newest).limit(1)


async def own_attendance(session: AsyncSession, person: str) -> OwnAttendanceOut:
    """The last attendance of a person; empty for who never came."""
    last = await session.scalar(last_attendance(person))
    return OwnAttendanceOut(**last.model_dump()) if last else OwnAttendanceOut()


async def present_people(session: AsyncSession, now: datetime) -> list[PresentOut]:
    """People who are there and their jobs, the longest there first; then those who work without attendance."""
    attendance = await session.scalars(
        select(Attendance)
        .where(col(Attendance.ends).is_(None))
        .order_by(col(Attendance.begins), col(Attendance.person))
    )
    crews = await present_crews(session)
    names = await job_names(session, {crew.job for crew in crews})
    jobs: defaultdict[str, list[PresentJobOut]] = defaultdict(list)
    for crew in crews:
        number, op = names[crew.job]
        jobs[crew.person].append(
            PresentJobOut(job_id=crew.job, number=number, op=op, machine=crew.machine, since=crew.begins)
        )
    noted = [
        PresentOut(
            person=one.person,
            begins=one.begins,
            again_at=one.again_at,
            jobs=jobs.pop(one.person, []),
            flags=["forgotten_out"] * is_forgotten(one.begins, now) + ["double_in"] * (one.again_at is not None),
        )
        for one in attendance
    ]
    return noted + [
        PresentOut(person=person, begins=None, again_at=None, jobs=found, flags=["no_attendance"])
        for person, found in sorted(jobs.items())
    ]
