"""Reads of labour time."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.production.execution.flow import job_names
from services.production.execution.runs import crew_times
from services.production.labour.domain import Share, Span, Work, add_up, overlap, shares, union
from services.production.labour.schemas import By, LabourOut, SheetOut
from services.production.labour.tables import Attendance
from services.production.machines.domain import ShiftTime, shifts_between
from services.production.machines.queries import shift_patterns

Booked = tuple[date, str | None]
"""A business date and a shift."""


async def labour_sheet(session: AsyncSession, begins: datetime, ends: datetime, by: By, zone: ZoneInfo) -> SheetOut:
    """Attendance and direct time of a period, by person, job, machine or shift."""
    period = Span(begins, ends)
    attended = await _attendance(session, period)
    times = await crew_times(session, begins, ends)
    works = [
        Work(time.person, time.job, time.machine, part)
        for time in times
        for part in overlap(Span(time.begins, time.ends or ends), [period])
    ]
    given = shares(works, attended)
    if by is By.SHIFT:
        patterns = await shift_patterns(session)
        items = _by_shift(shifts_between(patterns, begins.astimezone(zone), ends.astimezone(zone)), given, attended)
    else:
        items = await _by_place(session, by, given, attended)
    return SheetOut(
        begins=begins,
        ends=ends,
        by=by,
        attendance_s=_rounded(sum((span.seconds for span in _apart(attended)), Fraction(0))),
        direct_s=_rounded(sum((share.seconds for share in given), Fraction(0))),
        items=items,
    )


async def _attendance(session: AsyncSession, period: Span) -> list[tuple[str, Span]]:
    wanted = select(Attendance).where(
        Attendance.begins < period.ends, or_(col(Attendance.ends).is_(None), col(Attendance.ends) > period.begins)
    )
    return [
        (row.person, part)
        for row in await session.scalars(wanted)
        for part in overlap(Span(row.begins, row.ends or period.ends), [period])
    ]


def _apart(attended: Iterable[tuple[str, Span]]) -> list[Span]:
    """Each person's attendance, without what was noted twice."""
    by_person: dict[str, list[Span]] = {}
    for person, span in attended:
        by_person.setdefault(person, []).append(span)
    return [span for spans in by_person.values() for span in union(spans)]


async def _by_place(
    session: AsyncSession, by: By, given: Iterable[Share], attended: list[tuple[str, Span]]
) -> list[LabourOut]:
    there = add_up((person, span.seconds) for person, span in attended) if by is By.PERSON else {}
    keys: dict[By, Any] = {By.PERSON: "person", By.JOB: "job", By.MACHINE: "machine"}
    direct: dict[Any, Fraction] = add_up((getattr(share.work, keys[by]), share.seconds) for share in given)
    names = await job_names(session, {key for key in direct if isinstance(key, UUID)}) if by is By.JOB else {}
    found = sorted(direct | there, key=lambda key: names.get(key, (str(key or ""), 0)))
    return [
        LabourOut(
            **{keys[by]: key},
            **(dict(zip(("number", "op"), names[key], strict=True)) if key in names else {}),
            attendance_s=_rounded(there[key]) if key in there else None,
            direct_s=_rounded(direct.get(key, Fraction(0))),
        )
        for key in found
    ]


def _by_shift(shifts: Iterable[ShiftTime], given: Iterable[Share], attended: list[tuple[str, Span]]) -> list[LabourOut]:
    given, apart = list(given), _apart(attended)
    direct: list[tuple[Booked, Fraction]] = []
    there: list[tuple[Booked, Fraction]] = []
    for shift in shifts:
        booked, cover = (shift.business_date, shift.code), [Span(shift.begins, shift.ends)]
        direct += [(booked, part.seconds / share.among) for share in given for part in overlap(share.span, cover)]
        there += [(booked, part.seconds) for span in apart for part in overlap(span, cover)]
    worked, attendance = add_up(direct), add_up(there)
    return [
        LabourOut(
            business_date=booked[0],
            shift=booked[1],
            attendance_s=_rounded(attendance[booked]) if booked in attendance else None,
            direct_s=_rounded(worked.get(booked, Fraction(0))),
        )
        for booked in sorted(worked | attendance, key=lambda booked: (booked[0], booked[1] or ""))
    ]


def _rounded(seconds: Fraction) -> int:
    return round(seconds)
