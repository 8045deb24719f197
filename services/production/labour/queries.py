"""Reads of labour time."""

import asyncio
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from services.production.definitions.domain import ShiftTime, business_time, shift_at, shifts_between
from services.production.definitions.queries import shift_names, shift_patterns
from services.production.jobs.queries.crews import crew_times, present_crews
from services.production.jobs.queries.graph import job_names
from services.production.jobs.queries.jobs import jobs_by_id
from services.production.labour.domain import (
    Period,
    Share,
    Span,
    Work,
    add_up,
    days_of,
    is_forgotten,
    overlap,
    ratio,
    shares,
    union,
)
from services.production.labour.schemas import By, LabourOut, OwnAttendanceOut, PresentJobOut, PresentOut, SheetOut
from services.production.labour.tables import Attendance
from services.production.machines.queries import machine_names
from shared.kit.problem import unprocessable

LONGEST = timedelta(days=93)
NONE = Fraction(0)


@dataclass(frozen=True)
class Asked:
    """A period by name, by business dates or by moments, and what is added up by."""

    by: By
    period: Period | None
    first: date | None
    last: date | None
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True)
class Worked:
    """What is known of a period: attendance as it was noted, who forgot to go, and what went into jobs."""

    attended: Sequence[tuple[str, Span]]
    forgotten: frozenset[str]
    given: Sequence[Share]

    @property
    def noted(self) -> set[str]:
        """Those whose attendance was noted."""
        return {person for person, _ in self.attended}

    @property
    def apart(self) -> list[Span]:
        """Each person's attendance, without what was noted twice."""
        by_person: defaultdict[str, list[Span]] = defaultdict(list)
        for person, span in self.attended:
            by_person[person].append(span)
        return [span for spans in by_person.values() for span in union(spans)]

    @property
    def attended_shares(self) -> list[Share]:
        """What those gave whose attendance was noted."""
        noted = self.noted
        return [share for share in self.given if share.work.person in noted]


async def labour_sheet(session: AsyncSession, asked: Asked, now: datetime, zone: ZoneInfo) -> SheetOut:
    """Attendance and direct time of a period up to ``now``, by person, job, machine or shift."""
    first, last = await _business_dates(session, asked, now, zone)
    if first and last:
        if not timedelta(0) <= last - first <= LONGEST:
            raise unprocessable("last_date", "period_too_long", days=LONGEST.days)
        begins, ends = business_time(await shift_patterns(session), first, last, zone)
        ends = min(ends, now)
    else:
        ends = min(asked.ends or now, now)
        begins = asked.begins or ends - timedelta(days=1)
        if ends - begins > LONGEST:
            raise unprocessable("from", "period_too_long", days=LONGEST.days)
    worked = await _worked(session, Span(begins, ends))
    if asked.by is By.SHIFT:
        shifts = shifts_between(await shift_patterns(session), begins.astimezone(zone), ends.astimezone(zone))
        items = await asyncio.to_thread(_by_shift, shifts, worked, await shift_names(session))
    else:
        items = await _by_place(session, asked.by, worked)
    attendance = _total(span.seconds for span in worked.apart)
    direct, attended = _total(s.seconds for s in worked.given), _total(s.seconds for s in worked.attended_shares)
    return SheetOut(
        begins=begins,
        ends=ends,
        first_date=first,
        last_date=last,
        by=asked.by,
        attendance_s=round(attendance),
        direct_s=round(direct),
        unattended_s=round(direct - attended),
        direct_ratio=ratio(attended, attendance),
        items=items,
    )


def last_attendance(person: str) -> SelectOfScalar[Attendance]:
    """When a person came last."""
    newest = (col(Attendance.begins).desc(), col(Attendance.id).desc())
    return select(Attendance).where(Attendance.person == person).order_by(*newest).limit(1)


async def own_attendance(session: AsyncSession, person: str) -> OwnAttendanceOut:
    """When a person last came and went."""
    last = await session.scalar(last_attendance(person))
    return OwnAttendanceOut(**last.model_dump()) if last else OwnAttendanceOut()


async def present_people(session: AsyncSession, now: datetime) -> list[PresentOut]:
    """Who is there and what they work on, those first who have been there longest; then who works without having said that they came."""
    there = await session.scalars(
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
            PresentJobOut(job=crew.job, number=number, op=op, machine=crew.machine, since=crew.begins)
        )
    noted = [
        PresentOut(
            person=one.person,
            begins=one.begins,
            again_at=one.again_at,
            jobs=jobs.pop(one.person, []),
            flags=["forgotten_out"] * is_forgotten(one.begins, now) + ["double_in"] * (one.again_at is not None),
        )
        for one in there
    ]
    return noted + [
        PresentOut(person=person, begins=None, again_at=None, jobs=found, flags=["no_attendance"])
        for person, found in sorted(jobs.items())
    ]


async def _business_dates(
    session: AsyncSession, asked: Asked, now: datetime, zone: ZoneInfo
) -> tuple[date, date] | tuple[None, None]:
    if asked.period:
        return days_of(asked.period, shift_at(await shift_patterns(session), now.astimezone(zone)).business_date)
    first, last = asked.first or asked.last, asked.last or asked.first
    return (first, last) if first and last else (None, None)


async def _worked(session: AsyncSession, period: Span) -> Worked:
    wanted = select(Attendance).where(
        Attendance.begins < period.ends, or_(col(Attendance.ends).is_(None), col(Attendance.ends) > period.begins)
    )
    rows = list(await session.scalars(wanted))
    attended = [
        (row.person, part) for row in rows for part in overlap(Span(row.begins, row.ends or period.ends), [period])
    ]
    works = [
        Work(time.person, time.job, time.machine, part)
        for time in await crew_times(session, period.begins, period.ends)
        for part in overlap(Span(time.begins, time.ends or period.ends), [period])
    ]
    forgotten = frozenset(row.person for row in rows if is_forgotten(row.begins, row.ends or period.ends))
    # A month of a shop is some ten thousand spans: reports do not wait for them.
    return Worked(attended, forgotten, await asyncio.to_thread(shares, works, attended))


async def _by_place(session: AsyncSession, by: By, worked: Worked) -> list[LabourOut]:
    keys: dict[By, Any] = {By.PERSON: "person", By.JOB: "job", By.MACHINE: "machine"}
    direct: dict[Any, Fraction] = add_up((getattr(share.work, keys[by]), share.seconds) for share in worked.given)
    if by is By.PERSON:
        return _by_person(direct, worked)
    if by is By.MACHINE:
        named = await machine_names(session)
        return [
            LabourOut(machine=code, name=named.get(code), direct_s=round(direct[code]))
            for code in sorted(direct, key=lambda code: code or "")
        ]
    jobs = await jobs_by_id(session, [key for key in direct if isinstance(key, UUID)])
    shown = ("number", "op", "op_name", "item", "item_name")
    return [
        LabourOut(job=job.id, **{name: getattr(job, name) for name in shown}, direct_s=round(direct[job.id]))
        for job in sorted(jobs.values(), key=lambda job: (job.number, job.op))
    ]


def _by_person(direct: dict[str, Fraction], worked: Worked) -> list[LabourOut]:
    there = add_up((person, span.seconds) for person, span in worked.attended)
    return [
        LabourOut(
            person=person,
            attendance_s=round(there[person]) if person in there else None,
            direct_s=round(direct.get(person, NONE)),
            direct_ratio=ratio(direct.get(person, NONE), there[person]) if person in there else None,
            flags=["no_attendance"] * (person not in there) + ["forgotten_out"] * (person in worked.forgotten),
        )
        for person in sorted(direct | there)
    ]


def _by_shift(shifts: Sequence[ShiftTime], worked: Worked, names: dict[str, dict[str, str]]) -> list[LabourOut]:
    noted = worked.noted
    direct: defaultdict[tuple[date, str | None], Fraction] = defaultdict(Fraction)
    attended, there = direct.copy(), direct.copy()
    for share in worked.given:
        for booked, seconds in _booked(shifts, share.span):
            direct[booked] += seconds / share.among
            if share.work.person in noted:
                attended[booked] += seconds / share.among
    for span in worked.apart:
        for booked, seconds in _booked(shifts, span):
            there[booked] += seconds
    return [
        LabourOut(
            business_date=booked[0],
            shift=booked[1],
            name=names.get(booked[1] or ""),
            attendance_s=round(there[booked]) or None,
            direct_s=round(direct[booked]),
            direct_ratio=ratio(attended[booked], there[booked]),
        )
        for booked in sorted(direct | there, key=lambda booked: (booked[0], booked[1] or ""))
    ]


def _booked(shifts: Sequence[ShiftTime], span: Span) -> Iterator[tuple[tuple[date, str | None], Fraction]]:
    """The parts of a span in seconds by the business date and shift in which they lie; shifts are in order and without holes."""
    for shift in shifts[bisect_right(shifts, span.begins, key=lambda shift: shift.ends) :]:
        if shift.begins >= span.ends:
            return
        for part in overlap(span, [Span(shift.begins, shift.ends)]):
            yield (shift.business_date, shift.code), part.seconds


def _total(seconds: Iterable[Fraction]) -> Fraction:
    return sum(seconds, NONE)
