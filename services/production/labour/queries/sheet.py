"""The labour sheet: attendance and direct time of a period."""

import asyncio
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from services.production.definitions.queries import shift_names, shop_calendar
from services.production.jobs.queries.crews import crew_times, touches
from services.production.jobs.queries.jobs import job_stops, jobs_by_id
from services.production.labour.domain import (
    Period,
    Share,
    Span,
    Stop,
    Work,
    add_up,
    days_of,
    is_forgotten,
    overlap,
    ratio,
    shares,
    stops_by_machine,
    union,
    worked,
)
from services.production.labour.schemas import GroupBy, LabourOut, SheetOut
from services.production.labour.tables import Attendance
from services.production.machines.queries import machine_names, machine_stops
from shared.kit.problem import unprocessable
from shared.kit.shop_calendar import ShiftTime, ShopCalendar

LONGEST = timedelta(days=93)
NONE = Fraction(0)


@dataclass(frozen=True)
class SheetRequest:
    """A period by name, by business dates or by moments, and the key by which time is added up."""

    by: GroupBy
    period: Period | None
    first: date | None
    last: date | None
    begins: datetime | None
    ends: datetime | None


class StopRow(Protocol):
    """A row of a stop: of a job, or of the machine on which it was."""

    job: UUID
    begins: datetime
    ends: datetime | None
    kind: str | None


@dataclass(frozen=True)
class LabourTimes:
    """Times of a period: attendance as it was noted, those who forgot to go, and the shares of jobs."""

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
        """The direct shares of those whose attendance was noted."""
        noted = self.noted
        return [share for share in self.direct if share.work.person in noted]

    @property
    def direct(self) -> list[Share]:
        """The shares of direct time."""
        return [share for share in self.given if not share.work.waits]

    @property
    def waiting(self) -> list[Share]:
        """The shares of waiting time."""
        return [share for share in self.given if share.work.waits]


async def labour_sheet(session: AsyncSession, request: SheetRequest, now: datetime, zone: ZoneInfo) -> SheetOut:
    """Attendance, direct and waiting time of a period up to ``now``, by person, job, machine or shift."""
    calendar = await shop_calendar(session, zone)
    first, last = _business_dates(calendar, request, now)
    if first and last:
        if not timedelta(0) <= last - first <= LONGEST:
            raise unprocessable("last_date", "period_too_long", days=LONGEST.days)
        begins, ends = calendar.business_time(first, last)
        ends = min(ends, now)
    else:
        ends = min(request.ends or now, now)
        begins = request.begins or ends - timedelta(days=1)
        if ends - begins > LONGEST:
            raise unprocessable("from", "period_too_long", days=LONGEST.days)
    times = await _labour_times(session, Span(begins, ends))
    if request.by is GroupBy.SHIFT:
        shifts = calendar.shifts_between(begins, ends) if begins < ends else []
        items = await asyncio.to_thread(_by_shift, shifts, times, await shift_names(session))
    else:
        items = await _by_key(session, request.by, times)
    attendance = _total(span.seconds for span in times.apart)
    direct, attended = (_total(s.seconds for s in given) for given in (times.direct, times.attended_shares))
    return SheetOut(
        begins=begins.astimezone(zone),
        ends=ends.astimezone(zone),
        first_date=first,
        last_date=last,
        by=request.by,
        attendance_s=round(attendance),
        direct_s=round(direct),
        waiting_s=round(_total(share.seconds for share in times.waiting)),
        unattended_s=round(direct - attended),
        direct_ratio=ratio(attended, attendance),
        items=items,
    )


def _business_dates(
    calendar: ShopCalendar, request: SheetRequest, now: datetime
) -> tuple[date, date] | tuple[None, None]:
    if request.period:
        return days_of(request.period, calendar.shift_at(now).business_date)
    first, last = request.first or request.last, request.last or request.first
    return (first, last) if first and last else (None, None)


async def _labour_times(session: AsyncSession, period: Span) -> LabourTimes:
    rows = list(await session.scalars(select(Attendance).where(touches(period.begins, period.ends))))
    attended = [
        (row.person, part) for row in rows for part in overlap(Span(row.begins, row.ends or period.ends), [period])
    ]
    crews = await crew_times(session, period.begins, period.ends)
    stops = await _stops(session, {time.job for time in crews}, period)
    works = [
        left
        for time in crews
        for part in overlap(Span(time.begins, time.ends or period.ends), [period])
        for left in worked(Work(time.person, time.job, time.machine, part), stops.get(time.job, ()))
    ]
    forgotten = frozenset(row.person for row in rows if is_forgotten(row.begins, row.ends or period.ends))
    # A month of a shop is some ten thousand spans: reports do not wait for them.
    return LabourTimes(attended, forgotten, await asyncio.to_thread(shares, works, attended))


async def _stops(session: AsyncSession, jobs: Collection[UUID], period: Span) -> dict[UUID, list[Stop]]:
    """The stops of jobs in a period, by the kinds of their reasons."""

    def by_job(stops: Iterable[StopRow]) -> dict[UUID, list[Stop]]:
        found: defaultdict[UUID, list[Stop]] = defaultdict(list)
        for stop in stops:
            for part in overlap(Span(stop.begins, stop.ends or period.ends), [period]):
                found[stop.job].append(Stop(part, stop.kind))
        return found

    stood = by_job(await job_stops(session, jobs, period.begins, period.ends))
    at_machine = by_job(await machine_stops(session, stood, period.begins, period.ends))
    return {job: stops_by_machine(stops, at_machine.get(job, [])) for job, stops in stood.items()}


async def _by_key(session: AsyncSession, by: GroupBy, times: LabourTimes) -> list[LabourOut]:
    keys: dict[GroupBy, Any] = {GroupBy.PERSON: "person", GroupBy.JOB: "job", GroupBy.MACHINE: "machine"}
    direct, waiting = (_sums(given, keys[by]) for given in (times.direct, times.waiting))
    found = sorted({*direct, *waiting}, key=lambda key: str(key or ""))
    spent = {
        key: {"direct_s": round(direct.get(key, NONE)), "waiting_s": round(waiting.get(key, NONE))} for key in found
    }
    if by is GroupBy.PERSON:
        return _by_person(direct, spent, times)
    if by is GroupBy.MACHINE:
        named = await machine_names(session)
        return [LabourOut(machine=code, name=named.get(code), **spent[code]) for code in found]
    jobs = await jobs_by_id(session, found)
    shown = ("number", "op", "op_name", "item", "item_name")
    return [
        LabourOut(job_id=job.id, **{name: getattr(job, name) for name in shown}, **spent[job.id])
        for job in sorted(jobs.values(), key=lambda job: (job.number, job.op))
    ]


def _sums(shares_: Iterable[Share], key: str) -> dict[Any, Fraction]:
    return add_up((getattr(share.work, key), share.seconds) for share in shares_)


def _by_person(direct: dict[str, Fraction], spent: dict[str, dict[str, int]], times: LabourTimes) -> list[LabourOut]:
    there = add_up((person, span.seconds) for person, span in times.attended)
    return [
        LabourOut(
            person=person,
            attendance_s=round(there[person]) if person in there else None,
            **spent.get(person, {"direct_s": 0, "waiting_s": 0}),
            direct_ratio=ratio(direct.get(person, NONE), there[person]) if person in there else None,
            flags=["no_attendance"] * (person not in there) + ["forgotten_out"] * (person in times.forgotten),
        )
        for person in sorted({*spent, *there})
    ]


def _by_shift(shifts: Sequence[ShiftTime], times: LabourTimes, names: dict[str, dict[str, str]]) -> list[LabourOut]:
    noted = times.noted
    direct: defaultdict[tuple[date, str | None], Fraction] = defaultdict(Fraction)
    waiting, attended, there = direct.copy(), direct.copy(), direct.copy()
    for share in times.given:
        for booked, seconds in _booked(shifts, share.span):
            (waiting if share.work.waits else direct)[booked] += seconds / share.among
            if share.work.person in noted and not share.work.waits:
                attended[booked] += seconds / share.among
    for span in times.apart:
        for booked, seconds in _booked(shifts, span):
            there[booked] += seconds
    return [
        LabourOut(
            business_date=booked[0],
            shift=booked[1],
            name=names.get(booked[1] or ""),
            attendance_s=round(there[booked]) or None,
            direct_s=round(direct[booked]),
            waiting_s=round(waiting[booked]),
            direct_ratio=ratio(attended[booked], there[booked]),
        )
        for booked in sorted(direct | waiting | there, key=lambda booked: (booked[0], booked[1] or ""))
    ]


def _booked(shifts: Sequence[ShiftTime], span: Span) -> Iterator[tuple[tuple[date, str | None], Fraction]]:
    """The parts of a span in seconds by business date and shift; shifts are in order and without holes."""
    for shift in shifts[bisect_right(shifts, span.begins, key=lambda shift: shift.ends) :]:
        if shift.begins >= span.ends:
            return
        for part in overlap(span, [Span(shift.begins, shift.ends)]):
            yield (shift.business_date, shift.code), part.seconds


def _total(seconds: Iterable[Fraction]) -> Fraction:
    return sum(seconds, NONE)
