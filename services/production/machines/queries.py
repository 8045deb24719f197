"""Reads of machines and their states."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from services.production.definitions.queries import reasons_by_code
from services.production.definitions.schemas import ReasonOut
from services.production.definitions.tables import Reason
from services.production.machines.domain import Interval, MachineState, MachineTime, clip, is_stop
from services.production.machines.schemas import StateOut, TimelineOut
from services.production.machines.tables import Machine, MachineStateInterval
from shared.kit.problem import Problem


async def get_machine(session: AsyncSession, code: str) -> Machine:
    """The machine, or a 404 problem."""
    machine = await session.get(Machine, code)
    if machine is None:
        raise Problem(404, "not_found")
    return machine


async def known_machines(session: AsyncSession, codes: Sequence[str]) -> set[str]:
    """Those of the codes that a machine has or had."""
    return set(await session.scalars(select(Machine.code).where(col(Machine.code).in_(codes))))


async def has_machines(session: AsyncSession, work_center: str) -> bool:
    """True when a machine in use stands in the work center."""
    machine = select(Machine.code).where(Machine.work_center == work_center, Machine.active).limit(1)
    return await session.scalar(machine) is not None


async def list_machines(session: AsyncSession) -> list[Machine]:
    """The machines in use, by code."""
    return list(await session.scalars(select(Machine).where(Machine.active).order_by(Machine.code)))


async def state_intervals(
    session: AsyncSession, machines: Sequence[str], begins: datetime, ends: datetime
) -> dict[str, list[Interval]]:
    """The states of each machine within a window, in order and clipped to it."""
    found: dict[str, list[Interval]] = {machine: [] for machine in machines}
    state = _between(select(col(Machine.code)).where(col(Machine.code).in_(machines)), begins, ends)
    statement = select(state).where(or_(col(state.ends).is_(None), col(state.ends) > begins))
    for row in await session.scalars(statement.order_by(col(state.begins))):
        found[row.machine].append(_interval(row))
    return {machine: clip(intervals, begins, ends) for machine, intervals in found.items()}


def _between(machines: Select[Any], begins: datetime, ends: datetime) -> type[MachineStateInterval]:
    """The states of machines that begin in a window, and of each machine the last ones that begin before it.

    A machine's states follow one another: what began earlier has ended before those.
    """
    state = MachineStateInterval
    of_machine = machines.subquery()
    earlier = select(func.max(state.begins)).where(state.machine == of_machine.c.code, state.begins < begins)
    last = select(of_machine.c.code, earlier.correlate(of_machine).scalar_subquery().label("begins")).subquery()
    within = select(state).where(
        col(state.machine).in_(select(of_machine.c.code)), state.begins >= begins, state.begins < ends
    )
    before = select(state).join(last, and_(last.c.code == col(state.machine), last.c.begins == col(state.begins)))
    return aliased(state, union_all(within, before).subquery())


def _interval(row: MachineStateInterval) -> Interval:
    said = (row.was_reason, row.corrected_by, row.corrected_at)
    return Interval(row.begins, row.ends, row.state, row.reason, row.source, row.id, *said)


async def timeline(
    session: AsyncSession, machine: str, begins: datetime, ends: datetime, reasons: Mapping[str, ReasonOut]
) -> list[TimelineOut]:
    """The states of a machine as parts that tile the period, what is unknown at its beginning included."""
    intervals = (await state_intervals(session, [machine], begins, ends))[machine]
    present = (await present_states(session, [machine])).get(machine)
    known_from = intervals[0].begins if intervals else ends
    unknown = [Interval(begins, known_from, "unknown", None, "")] if begins < known_from else []
    return [timeline_out(reasons, one, present, ends) for one in [*unknown, *intervals]]


def timeline_out(
    reasons: Mapping[str, ReasonOut], interval: Interval, present: MachineStateInterval | None, ends: datetime
) -> TimelineOut:
    """The part of a timeline for a client."""
    named = reasons.get(interval.reason or "")
    return TimelineOut(
        state_id=interval.id,
        begins=interval.begins,
        ends=interval.ends or ends,
        lasts=present is not None and interval.id == present.id,
        state="unknown" if interval.id is None else MachineState(interval.state),
        reason=interval.reason,
        reason_name=named.name if named else None,
        source=interval.source or None,
        was_reason=interval.was_reason,
        corrected_by=interval.corrected_by,
        corrected_at=interval.corrected_at,
        can_correct=interval.id is not None and is_stop(interval.state, interval.reason),
    )


async def get_part(session: AsyncSession, row: MachineStateInterval, now: datetime) -> TimelineOut:
    """One interval as a part of the timeline."""
    present = (await present_states(session, [row.machine])).get(row.machine)
    return timeline_out(await reasons_by_code(session), _interval(row), present, now)


async def machine_times(
    session: AsyncSession, begins: datetime, ends: datetime, machine: str | None
) -> list[MachineTime]:
    """The states of all machines, or one, in a window.

    Whole intervals in order for each, with the one that ended when the window begins.
    """
    machines = select(col(Machine.code))
    state = _between(machines.where(Machine.code == machine) if machine else machines, begins, ends)
    shown = (state.machine, state.begins, state.ends, state.state, state.reason, Reason.kind, state.job)
    statement = (
        select(*map(col, shown))
        .outerjoin(Reason, col(Reason.code) == col(state.reason))
        .where(or_(col(state.ends).is_(None), col(state.ends) >= begins))
        .order_by(col(state.machine), col(state.begins), col(state.id))
    )
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return [MachineTime(*row) for row in rows]


async def machine_stops(session: AsyncSession, jobs: Collection[UUID], begins: datetime, ends: datetime) -> list[Any]:
    """The times in a window in which machines stood or were set up for these jobs.

    Rows of job, begins, ends and the kind of the reason (``setup`` of every set-up), in order.
    """
    interval = MachineStateInterval
    kind = case((col(interval.state) == MachineState.SETUP.value, "setup"), else_=col(Reason.kind)).label("kind")
    statement = (
        select(col(interval.job), col(interval.begins), col(interval.ends), kind)
        .outerjoin(Reason, col(Reason.code) == col(interval.reason))
        .where(
            col(interval.job).in_(jobs),
            col(interval.state).in_([MachineState.STOPPED.value, MachineState.SETUP.value]),
            col(interval.begins) < ends,
            or_(col(interval.ends).is_(None), col(interval.ends) > begins),
        )
        .order_by(col(interval.begins), col(interval.id))
    )
    return list(await session.execute(statement))


async def machine_names(session: AsyncSession) -> dict[str, dict[str, str]]:
    """The names of all machines that there are or were, by code."""
    return dict((await session.execute(select(Machine.code, Machine.name))).all())


async def present_states(session: AsyncSession, machines: Sequence[str]) -> dict[str, MachineStateInterval]:
    """The open interval of each machine."""
    statement = select(MachineStateInterval).where(
        col(MachineStateInterval.machine).in_(machines), col(MachineStateInterval.ends).is_(None)
    )
    return {row.machine: row for row in await session.scalars(statement)}


async def is_first_state(session: AsyncSession, interval: MachineStateInterval) -> bool:
    """True of the idleness in which a machine is when the floor first hears of it: it is no fact of what it did before.

    What is told later of the time before takes its place.
    """
    if interval.state != MachineState.IDLE or interval.job is not None:
        return False
    others = select(MachineStateInterval.id).where(
        MachineStateInterval.machine == interval.machine, MachineStateInterval.id != interval.id
    )
    return await session.scalar(others.limit(1)) is None


def state_out(reasons: Mapping[str, ReasonOut], interval: Interval) -> StateOut:
    """The interval for a client."""
    return StateOut(
        begins=interval.begins,
        ends=interval.ends,
        state=MachineState(interval.state),
        reason=reasons.get(interval.reason or ""),
        source=interval.source,
    )
