"""The daily report, read from the ledger and the machine states alone."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.production.definitions.queries import reasons_by_code, shift_names, shop_calendar
from services.production.definitions.schemas import ReasonOut
from services.production.jobs.domain import is_over
from services.production.jobs.queries.crews import crew_times
from services.production.jobs.queries.graph import last_jobs
from services.production.jobs.queries.jobs import jobs_by_id
from services.production.jobs.schemas import JobOut
from services.production.machines.queries import machine_names, machine_times
from services.production.performance.domain import (
    NOTHING,
    CrewPresence,
    Pieces,
    ReportRow,
    RowKey,
    TimeCategory,
    report_rows,
    utilisation,
)
from services.production.performance.schemas import CountsOut, DailyReportOut, DailyRowOut, DailyShiftOut
from services.production.results.queries.daily_sums import LedgerSum, ledger_of
from shared.kit.quantities import plain
from shared.kit.shop_calendar import ShiftTime
from shared.kit.translation import Translator


@dataclass(frozen=True)
class ReportRequest:
    """The choice of a report; without a date the present business date, without the others all."""

    business_date: date | None = None
    shift: str | None = None
    machine: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class Names:
    """The names of codes."""

    machines: Mapping[str, dict[str, str]]
    shifts: Mapping[str, dict[str, str]]
    reasons: Mapping[str, ReasonOut]


async def daily_report(
    session: AsyncSession, request: ReportRequest, zone: ZoneInfo, now: datetime, translate: Translator
) -> DailyReportOut:
    """The report of one business date, up to ``now``."""
    calendar = await shop_calendar(session, zone)
    day = request.business_date or calendar.shift_at(now).business_date
    shifts = calendar.business_shifts(day, day)
    begins, ends = calendar.business_time(day, day)
    ledger = await ledger_of(session, day, request.shift, request.machine, request.person)
    crew = [
        CrewPresence(one.person, one.job, one.begins, one.ends)
        for one in await crew_times(session, begins, min(ends, now))
    ]
    rows = report_rows(
        [shift for shift in shifts if request.shift in (None, shift.code)],
        map(_pieces, ledger),
        await machine_times(session, begins, ends, request.machine),
        crew,
        now,
        request.person,
    )
    jobs = await jobs_by_id(session, [row.key.job for row in rows if row.key.job])
    last = await last_jobs(session, jobs.keys())
    names = Names(await machine_names(session), await shift_names(session), await reasons_by_code(session))
    rows.sort(key=_order(shifts, jobs))
    whole = (
        await ledger_of(session, day, None, None, None) if request != ReportRequest(request.business_date) else ledger
    )
    return DailyReportOut(
        business_date=day,
        at=now,
        shifts=_shifts_out(shifts, names, zone),
        people=sorted({one.person for one in crew}.union(*(entry.people for entry in whole))),
        items=[
            _row_out(row, day, jobs.get(row.key.job) if row.key.job else None, names, translate, last) for row in rows
        ],
        total=CountsOut.model_validate(_counts(rows, last)),
    )


def _pieces(entry: LedgerSum) -> Pieces:
    key = RowKey(entry.shift, entry.machine, entry.job)
    people, flags = frozenset(entry.people), frozenset(entry.flags)
    return Pieces(key, entry.good, entry.scrap, entry.rework, entry.reversals, people, flags)


def _order(shifts: Iterable[ShiftTime], jobs: Mapping[UUID, JobOut]) -> Callable[[ReportRow], tuple[Any, ...]]:
    """By shift, machine and order; what has no shift, no machine or no order comes after what has one."""
    begins: dict[str | None, datetime] = {}
    for shift in shifts:
        begins.setdefault(shift.code, shift.begins)

    def position(row: ReportRow) -> tuple[Any, ...]:
        job = jobs.get(row.key.job) if row.key.job else None
        number, op = (job.number, job.op) if job else ("", 0)
        begun = begins.get(row.key.shift)
        return (
            (row.key.shift is None, begun is None, begun and begun.timestamp(), row.key.shift),
            (row.key.machine is None, row.key.machine),
            (job is None, number, op),
        )

    return position


def _shifts_out(shifts: Iterable[ShiftTime], names: Names, zone: ZoneInfo) -> list[DailyShiftOut]:
    return [
        DailyShiftOut(
            code=one.code,
            name=names.shifts[one.code],
            begins=one.begins.astimezone(zone),
            ends=one.ends.astimezone(zone),
        )
        for one in shifts
        if one.code is not None
    ]


def _row_out(
    row: ReportRow, day: date, job: JobOut | None, names: Names, translate: Translator, last: Collection[UUID]
) -> DailyRowOut:
    key = row.key
    shown = ("item", "item_name", "unit", "customer", "work_order_id", "number", "op", "op_name")
    return DailyRowOut.model_validate(
        _counts([row], last)
        | {name: getattr(job, name) if job else None for name in shown}
        | {
            "business_date": day,
            "shift": key.shift,
            "shift_name": names.shifts.get(key.shift) if key.shift else None,
            "machine": key.machine,
            "machine_name": names.machines.get(key.machine) if key.machine else None,
            "job_id": key.job,
            "plan": job.planned if job else None,
            "crew": sorted(row.crew),
            "remarks": _remarks(row, job, names, translate),
        }
    )


def _counts(rows: Iterable[ReportRow], last: Collection[UUID]) -> dict[str, Any]:
    rows = list(rows)
    times = {category: sum((row.times[category] for row in rows), NOTHING) for category in TimeCategory}
    return {
        **{f"{category.value}_s": lasting.total_seconds() for category, lasting in times.items()},
        **{name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in ("good", "scrap", "rework")},
        "finished": sum((row.good for row in rows if row.key.job in last), Decimal(0)),
        "setups": sum(row.setups for row in rows),
        "utilisation": utilisation(times),
    }


def _remarks(row: ReportRow, job: JobOut | None, names: Names, translate: Translator) -> str:
    """The remarks of a row, for all that has no column of its own.

    Stops by other reasons, time without an order, rework, corrections and flags. A job that is not over its plan any
    more is not said to be.
    """
    remarks = []
    for reason, lasting in sorted(row.stops.items(), key=lambda stop: -stop[1]):
        named = names.reasons.get(reason or "")
        name = translate.local(named.name) if named else translate("report.no_reason")
        remarks.append(translate("report.minutes", name=name, minutes=_minutes(lasting)))
    if row.without_order:
        remarks.append(
            translate("report.minutes", name=translate("report.no_order"), minutes=_minutes(row.without_order))
        )
    if row.rework:
        remarks.append(translate("report.rework", quantity=plain(row.rework)))
    if row.reversals:
        remarks.append(translate("report.reversals", count=row.reversals))
    is_within = job is not None and not is_over(job.good, job.planned, job.over_tolerance_pct)
    flags = sorted(row.flags - {"over_production"} if is_within else row.flags)
    return ", ".join([*remarks, *(translate(f"flag.{flag}") for flag in flags)])


def _minutes(lasting: timedelta) -> int:
    return round(lasting.total_seconds() / 60)
