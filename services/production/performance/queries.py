"""The daily report, read from the ledger and the machine states alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.production.definitions.domain import ShiftTime, shift_at, shifts_between
from services.production.definitions.queries import reasons_by_code, shift_names, shift_patterns
from services.production.definitions.schemas import ReasonOut
from services.production.jobs.queries.crews import crew_times
from services.production.jobs.queries.jobs import jobs_by_id
from services.production.jobs.schemas import JobOut
from services.production.machines.queries import machine_names, machine_times
from services.production.performance.domain import NOTHING, Attendance, Column, Pieces, Place, Row, report, utilisation
from services.production.performance.schemas import CountsOut, DailyReportOut, DailyRowOut, DailyShiftOut
from services.production.results.queries.daily_sums import LedgerSum, ledger_of
from shared.kit.quantities import plain
from shared.kit.translation import Translator


@dataclass(frozen=True)
class Asked:
    """What the report is asked for; without a date the present business date, without the others all."""

    business_date: date | None = None
    shift: str | None = None
    machine: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class Names:
    """What codes are called."""

    machines: Mapping[str, dict[str, str]]
    shifts: Mapping[str, dict[str, str]]
    reasons: Mapping[str, ReasonOut]


async def daily_report(
    session: AsyncSession, asked: Asked, zone: ZoneInfo, now: datetime, translate: Translator
) -> DailyReportOut:
    """The report of one business date, up to ``now``."""
    patterns = await shift_patterns(session)
    day = asked.business_date or shift_at(patterns, now.astimezone(zone)).business_date
    midnight = datetime.combine(day, time(0), zone)
    found = shifts_between(patterns, midnight, midnight + timedelta(days=2))
    shifts = [shift for shift in found if shift.business_date == day]
    begins, ends = shifts[0].begins, shifts[-1].ends
    ledger = await ledger_of(session, day, asked.shift, asked.machine, asked.person)
    crew = [
        Attendance(one.person, one.job, one.begins, one.ends)
        for one in await crew_times(session, begins, min(ends, now))
    ]
    rows = report(
        [shift for shift in shifts if asked.shift in (None, shift.code)],
        map(_pieces, ledger),
        await machine_times(session, begins, ends, asked.machine),
        crew,
        now,
        asked.person,
    )
    jobs = await jobs_by_id(session, [row.place.job for row in rows if row.place.job])
    names = Names(await machine_names(session), await shift_names(session), await reasons_by_code(session))
    rows.sort(key=_order(shifts, jobs))
    whole = await ledger_of(session, day, None, None, None) if asked != Asked(asked.business_date) else ledger
    return DailyReportOut(
        business_date=day,
        at=now,
        shifts=_shifts_out(shifts, names),
        people=sorted({one.person for one in crew}.union(*(entry.people for entry in whole))),
        items=[
            _row_out(row, day, jobs.get(row.place.job) if row.place.job else None, names, translate) for row in rows
        ],
        total=CountsOut.model_validate(_counts(rows)),
    )


def _pieces(entry: LedgerSum) -> Pieces:
    place = Place(entry.shift, entry.machine, entry.job)
    people, flags = frozenset(entry.people), frozenset(entry.flags)
    return Pieces(place, entry.good, entry.scrap, entry.rework, entry.reversals, people, flags)


def _order(shifts: Iterable[ShiftTime], jobs: Mapping[UUID, JobOut]) -> Callable[[Row], tuple[Any, ...]]:
    """By shift, machine and order; what has no shift, no machine or no order comes after what has one."""
    begins: dict[str | None, datetime] = {}
    for shift in shifts:
        begins.setdefault(shift.code, shift.begins)

    def key(row: Row) -> tuple[Any, ...]:
        place = row.place
        job = jobs.get(place.job) if place.job else None
        number, op = (job.number, job.op) if job else ("", 0)
        begun = begins.get(place.shift)
        return (
            (place.shift is None, begun is None, begun and begun.timestamp(), place.shift),
            (place.machine is None, place.machine),
            (job is None, number, op),
        )

    return key


def _shifts_out(shifts: Iterable[ShiftTime], names: Names) -> list[DailyShiftOut]:
    return [
        DailyShiftOut(code=one.code, name=names.shifts[one.code], begins=one.begins, ends=one.ends)
        for one in shifts
        if one.code is not None
    ]


def _row_out(row: Row, day: date, job: JobOut | None, names: Names, translate: Translator) -> DailyRowOut:
    place = row.place
    shown = ("item", "item_name", "unit", "customer", "work_order", "number", "op", "op_name")
    return DailyRowOut.model_validate(
        _counts([row])
        | {name: getattr(job, name) if job else None for name in shown}
        | {
            "business_date": day,
            "shift": place.shift,
            "shift_name": names.shifts.get(place.shift) if place.shift else None,
            "machine": place.machine,
            "machine_name": names.machines.get(place.machine) if place.machine else None,
            "job": place.job,
            "plan": job.planned if job else None,
            "crew": sorted(row.crew),
            "remarks": _remarks(row, names, translate),
        }
    )


def _counts(rows: Iterable[Row]) -> dict[str, Any]:
    rows = list(rows)
    times = {column: sum((row.times[column] for row in rows), NOTHING) for column in Column}
    return {
        **{f"{column.value}_s": lasting.total_seconds() for column, lasting in times.items()},
        **{name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in ("good", "scrap", "rework")},
        "setups": sum(row.setups for row in rows),
        "utilisation": utilisation(times),
    }


def _remarks(row: Row, names: Names, translate: Translator) -> str:
    """What has no column of its own: stops by other reasons, time without an order, rework, corrections and flags."""
    told = []
    for reason, lasting in sorted(row.stops.items(), key=lambda stop: -stop[1]):
        named = names.reasons.get(reason or "")
        name = translate.local(named.name) if named else translate("report.no_reason")
        told.append(translate("report.minutes", name=name, minutes=_minutes(lasting)))
    if row.without_order:
        told.append(translate("report.minutes", name=translate("report.no_order"), minutes=_minutes(row.without_order)))
    if row.rework:
        told.append(translate("report.rework", quantity=plain(row.rework)))
    if row.reversals:
        told.append(translate("report.reversals", count=row.reversals))
    return ", ".join([*told, *(translate(f"flag.{flag}") for flag in sorted(row.flags))])


def _minutes(lasting: timedelta) -> int:
    return round(lasting.total_seconds() / 60)
