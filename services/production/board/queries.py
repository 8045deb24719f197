"""Reads for the board: a handful of queries for all machines together."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.production.board.schemas import MachineOut, ShiftOut, ShiftOutputOut
from services.production.definitions.queries import reasons_by_code, shift_names, shop_calendar
from services.production.jobs.domain import ON_MACHINE, JobState
from services.production.jobs.queries.jobs import jobs_on_machines
from services.production.jobs.schemas import JobOut
from services.production.machines.domain import MachineState
from services.production.machines.queries import present_states, state_intervals, state_out
from services.production.machines.tables import Machine
from services.production.results.queries.daily_sums import shift_counts, shift_output
from shared.kit.shop_calendar import ShiftTime


async def describe_machines(
    session: AsyncSession, machines: Sequence[Machine], zone: ZoneInfo, now: datetime
) -> list[MachineOut]:
    """The machines with state, jobs, and what the present shift has brought."""
    codes = [machine.code for machine in machines]
    shift = (await shop_calendar(session, zone)).shift_at(now)
    shown_shift = await _shift_out(session, shift, zone)
    reasons = await reasons_by_code(session)
    present = await present_states(session, codes)
    strips = await state_intervals(session, codes, shift.begins, now)
    jobs = await jobs_on_machines(session, codes)
    counts = await shift_counts(session, codes, shift.business_date, shift.code)
    described = []
    for machine in machines:
        state = present.get(machine.code)
        current, following = split_jobs(jobs[machine.code])
        good, scrap = counts.get(machine.code, (Decimal(0), Decimal(0)))
        described.append(
            MachineOut(
                code=machine.code,
                name=machine.name,
                work_center=machine.work_center,
                state=MachineState(state.state) if state else MachineState.OFF,
                since=state.begins if state else None,
                reason=reasons.get(state.reason or "") if state else None,
                job=current,
                next_job=following,
                shift=shown_shift,
                strip=[state_out(reasons, interval) for interval in strips[machine.code]],
                good=good,
                scrap=scrap,
            )
        )
    return described


async def describe_output(session: AsyncSession, zone: ZoneInfo, now: datetime) -> ShiftOutputOut:
    """What the present shift has brought."""
    shift = (await shop_calendar(session, zone)).shift_at(now)
    output = await shift_output(session, shift.business_date, shift.code)
    shown = await _shift_out(session, shift, zone)
    return ShiftOutputOut(shift=shown, finished=output.finished, processed=output.processed, scrap=output.scrap)


async def _shift_out(session: AsyncSession, shift: ShiftTime, zone: ZoneInfo) -> ShiftOut:
    names = await shift_names(session)
    return ShiftOut(
        code=shift.code,
        name=names.get(shift.code or ""),
        business_date=shift.business_date,
        begins=shift.begins.astimezone(zone),
        ends=shift.ends.astimezone(zone),
    )


def split_jobs(jobs: Sequence[JobOut]) -> tuple[JobOut | None, JobOut | None]:
    """The job on the machine, and the next one that could be."""
    current = next((job for job in jobs if job.state in ON_MACHINE), None)
    following = next((job for job in jobs if job.state is JobState.READY), None)
    return current, following
