"""Reads of machines, shifts and states."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.production.machines.domain import Interval, MachineTime, ShiftPattern, clip
from services.production.machines.tables import Machine, MachineStateInterval, Reason, Shift
from shared.kit.problem import Problem


async def shift_patterns(session: AsyncSession) -> list[ShiftPattern]:
    """The shifts in use."""
    shifts = await session.scalars(select(Shift).where(Shift.active).order_by(Shift.code))
    return [ShiftPattern(shift.code, shift.starts, shift.ends) for shift in shifts]


async def shift_name(session: AsyncSession, code: str | None) -> dict[str, str] | None:
    """A shift's name."""
    shift = await session.get(Shift, code) if code else None
    return shift.name if shift else None


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
    """Whether a machine in use stands in the work center."""
    machine = select(Machine.code).where(Machine.work_center == work_center, Machine.active).limit(1)
    return await session.scalar(machine) is not None


async def list_machines(session: AsyncSession) -> list[Machine]:
    """The machines in use, by code."""
    return list(await session.scalars(select(Machine).where(Machine.active).order_by(Machine.code)))


async def list_reasons(session: AsyncSession) -> list[Reason]:
    """Reasons for a stop or a set-up, by kind and code."""
    stops = select(Reason).where(Reason.active, col(Reason.kind).in_(["planned", "setup", "unplanned"]))
    return list(await session.scalars(stops.order_by(Reason.kind, Reason.code)))


async def reasons_by_code(session: AsyncSession) -> dict[str, dict[str, Any]]:
    """All reasons, as they are shown."""
    return {
        reason.code: {"code": reason.code, "name": reason.name, "kind": reason.kind}
        for reason in await session.scalars(select(Reason))
    }


async def state_intervals(
    session: AsyncSession, machines: Sequence[str], begins: datetime, ends: datetime
) -> dict[str, list[Interval]]:
    """The states of each machine within a window, in order and clipped to it."""
    found: dict[str, list[Interval]] = {machine: [] for machine in machines}
    wanted = (
        select(MachineStateInterval)
        .where(
            col(MachineStateInterval.machine).in_(machines),
            MachineStateInterval.begins < ends,
            or_(col(MachineStateInterval.ends).is_(None), col(MachineStateInterval.ends) > begins),
        )
        .order_by(col(MachineStateInterval.begins))
    )
    for row in await session.scalars(wanted):
        found[row.machine].append(Interval(row.begins, row.ends, row.state, row.reason, row.source))
    return {machine: clip(intervals, begins, ends) for machine, intervals in found.items()}


async def machine_times(
    session: AsyncSession, begins: datetime, ends: datetime, machine: str | None
) -> list[MachineTime]:
    """What all machines, or one, did in a window, whole intervals in order for each; the one that ended when the window begins is there, too."""
    shown = (
        *(MachineStateInterval.machine, MachineStateInterval.begins, MachineStateInterval.ends),
        *(MachineStateInterval.state, MachineStateInterval.reason, Reason.kind, MachineStateInterval.job),
    )
    wanted = (
        select(*map(col, shown))
        .outerjoin(Reason, col(Reason.code) == col(MachineStateInterval.reason))
        .where(
            col(MachineStateInterval.begins) < ends,
            or_(col(MachineStateInterval.ends).is_(None), col(MachineStateInterval.ends) >= begins),
        )
        .order_by(col(MachineStateInterval.machine), col(MachineStateInterval.begins), col(MachineStateInterval.id))
    )
    if machine:
        wanted = wanted.where(col(MachineStateInterval.machine) == machine)
    rows: Sequence[Any] = (await session.execute(wanted)).all()
    return [MachineTime(*row) for row in rows]


async def machine_names(session: AsyncSession) -> dict[str, dict[str, str]]:
    """The names of all machines that there are or were, by code."""
    return dict((await session.execute(select(Machine.code, Machine.name))).all())


async def shift_names(session: AsyncSession) -> dict[str, dict[str, str]]:
    """The names of all shifts that there are or were, by code."""
    return dict((await session.execute(select(Shift.code, Shift.name))).all())


async def present_states(session: AsyncSession, machines: Sequence[str]) -> dict[str, MachineStateInterval]:
    """The open interval of each machine."""
    wanted = select(MachineStateInterval).where(
        col(MachineStateInterval.machine).in_(machines), col(MachineStateInterval.ends).is_(None)
    )
    return {row.machine: row for row in await session.scalars(wanted)}
