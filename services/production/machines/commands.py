"""Changes of machine states."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, or_, select

from services.production.definitions.commands import copy_definitions
from services.production.definitions.tables import Reason
from services.production.machines.domain import MachineState, is_of_shift, is_stop, is_within, state_of_reason
from services.production.machines.events import machine_reason_corrected, machine_state_changed
from services.production.machines.queries import is_first_state
from services.production.machines.schemas import ReasonIn
from services.production.machines.tables import Machine, MachineStateInterval
from services.production.permissions import CORRECT_PAST_STOPS
from shared.contracts.event import Event
from shared.contracts.orders.definitions import MachineDefined
from shared.contracts.production.machines import MachineStateChanged
from shared.kit.audit import differences
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.inbox import Received
from shared.kit.problem import Problem, unprocessable
from shared.kit.republish import Republishable


async def define_machines(tx: Transaction, events: Sequence[Received[MachineDefined]]) -> None:
    """Copy machines; one that is new begins idle."""
    await copy_definitions(tx, Machine, events, version=0)
    for received in events:
        machine = await tx.session.get_one(Machine, received.event.code, populate_existing=True)
        if machine.version == 0:
            await set_machine_state(
                tx, machine.code, MachineState.IDLE, reason=None, job=None, at=tx.now, source="manual"
            )
            await tx.session.flush()


async def require_machine(tx: Transaction, code: str) -> str:
    """The work center of a machine in use; a 422 problem when there is none of this code."""
    # no entity: the session would cache it as it is now, and not as it is under a later lock
    statement = select(Machine.work_center).where(Machine.code == code, Machine.active)
    work_center: str | None = await tx.session.scalar(statement)
    if work_center is None:
        raise unprocessable("machine", "unknown_reference", value=code)
    return work_center


async def require_reason(tx: Transaction, code: str) -> MachineState:
    """The machine state that this reason brings; a 422 problem when it is unknown."""
    reason = await tx.session.get(Reason, code)
    if reason is None or not reason.active:
        raise unprocessable("reason", "unknown_reference", value=code)
    return state_of_reason(reason.kind)


async def set_machine_state(
    tx: Transaction, code: str, state: MachineState, *, reason: str | None, job: UUID | None, at: datetime, source: str
) -> None:
    """End the machine's present state and begin ``state``, not before that began.

    Nothing happens when it is in it already, for the same job and reason. The idleness in which a machine came to be
    known gives way to what was done on it before.
    """
    machine = await tx.session.get(Machine, code, with_for_update=True)
    if machine is None:
        return
    present = await _present_state(tx, code)
    if present is not None:
        if (present.state, present.reason, present.job) == (state.value, reason, job):
            return
        if at < present.begins and await is_first_state(tx.session, present):
            present.begins = at
        at = max(at, present.begins)
        present.ends = at
        await tx.session.flush()
    machine.version += 1
    interval = MachineStateInterval(
        id=new_id(), machine=code, state=state.value, reason=reason, job=job, source=source, begins=at
    )
    tx.session.add(interval)
    because = await tx.session.get(Reason, reason) if reason else None
    event = machine_state_changed(interval, because.name if because else None)
    tx.record(event, aggregate=f"machine/{code}", version=machine.version)


async def change_past_state(
    tx: Transaction,
    code: str,
    job: UUID,
    begins: datetime,
    ends: datetime,
    state: MachineState,
    reason: str | None,
) -> None:
    """Have a machine been in ``state`` from one instant to another, as far as it did something for the job then.

    What it did before and after stays.
    """
    await tx.session.get(Machine, code, with_for_update=True)
    of_job = (MachineStateInterval.machine == code, MachineStateInterval.job == job)
    touched = select(MachineStateInterval).where(
        *of_job,
        MachineStateInterval.begins < ends,
        or_(col(MachineStateInterval.ends).is_(None), col(MachineStateInterval.ends) > begins),
    )
    for row in list(await tx.session.scalars(touched.execution_options(populate_existing=True))):
        was = row.model_dump(exclude={"id"})
        starts, until = max(row.begins, begins), min(row.ends or ends, ends)
        parts = [{**was, "begins": starts, "ends": until, "state": state.value, "reason": reason}]
        if row.begins < starts:
            parts.append({**was, "ends": starts})
        if row.ends is None or until < row.ends:
            row.begins = until
        else:
            await tx.session.delete(row)
        await tx.session.flush()
        tx.session.add_all(MachineStateInterval(id=new_id(), **part) for part in parts)
    await tx.session.flush()


async def correct_reason(
    tx: Transaction, actor: Actor, code: str, id_: UUID, body: ReasonIn, shift_begins: datetime
) -> MachineStateInterval:
    """Give a stop the right reason, or what comes of it from ``split_at`` on; the interval that has it now.

    404 when it is not this machine's, 409 when it is no stop, 403 for a stop of a shift before ``shift_begins`` when
    the actor is no leader. The numbers that are made of the states follow; the first reason stays with the interval.
    """
    machine = await tx.session.get(Machine, code, with_for_update=True)
    interval = await tx.session.get(MachineStateInterval, id_, populate_existing=True)
    if machine is None or interval is None or interval.machine != code:
        raise Problem(404, "not_found")
    if not is_stop(interval.state, interval.reason):
        raise Problem(409, "not_a_stop", state=interval.state)
    if not (is_of_shift(interval.ends, shift_begins) or CORRECT_PAST_STOPS.roles & actor.roles):
        raise Problem(403, "stop_of_a_closed_shift")
    state = (await require_reason(tx, body.reason)).value
    if body.split_at is not None:
        interval = await _split(tx, interval, body.split_at)
    elif interval.reason == body.reason:
        return interval
    before = (interval.state, interval.reason)
    if interval.was_state is None:
        interval.was_state, interval.was_reason = before
    interval.corrected_by, interval.corrected_at = actor.person, tx.now
    interval.state, interval.reason = state, body.reason
    await _record_correction(tx, machine, interval, *before)
    return interval


async def _split(tx: Transaction, interval: MachineStateInterval, at: datetime) -> MachineStateInterval:
    """End an interval at an instant within it, and return what comes after."""
    if not is_within(at, interval.begins, interval.ends or tx.now):
        raise unprocessable("split_at", "outside_of_stop")
    rest = MachineStateInterval(**interval.model_dump() | {"id": new_id(), "begins": at})
    interval.ends = at
    await tx.session.flush()
    tx.session.add(rest)
    return rest


async def _record_correction(
    tx: Transaction, machine: Machine, interval: MachineStateInterval, was: str, before: str | None
) -> None:
    reason = await tx.session.get_one(Reason, interval.reason)
    events: list[Event] = [machine_reason_corrected(interval, reason.code, reason.name, before)]
    if interval.ends is None:
        events.append(machine_state_changed(interval, reason.name))
    for event in events:
        machine.version += 1
        tx.record(event, aggregate=f"machine/{machine.code}", version=machine.version)
    changes = [
        ("reason", before, interval.reason),
        *differences({"state": was}, {"state": interval.state}),
        ("begins", None, interval.begins.isoformat()),
        ("ends", None, interval.ends.isoformat() if interval.ends else None),
    ]
    tx.audit("correct_reason", f"machine/{machine.code}", changes)


async def leave_machine(tx: Transaction, code: str, job: UUID, *, at: datetime) -> None:
    """The machine is idle when its present state is this job's; another job may have it by now."""
    await tx.session.get(Machine, code, with_for_update=True)
    present = await _present_state(tx, code)
    if present is not None and present.job == job:
        await set_machine_state(tx, code, MachineState.IDLE, reason=None, job=None, at=at, source="manual")


async def present_states(tx: Transaction, machines: Sequence[Machine]) -> list[MachineStateChanged]:
    """The states that the machines are in."""
    codes = [machine.code for machine in machines]
    statement = select(MachineStateInterval).where(
        col(MachineStateInterval.machine).in_(codes), col(MachineStateInterval.ends).is_(None)
    )
    states = {interval.machine: interval for interval in await tx.session.scalars(statement)}
    names = {reason.code: reason.name for reason in await tx.session.scalars(select(Reason))}
    return [machine_state_changed(states[code], names.get(states[code].reason or "")) for code in codes]


REPUBLISHES = [Republishable("machine", Machine, present_states)]


async def _present_state(tx: Transaction, code: str) -> MachineStateInterval | None:
    present: MachineStateInterval | None = await tx.session.scalar(
        select(MachineStateInterval).where(
            MachineStateInterval.machine == code, col(MachineStateInterval.ends).is_(None)
        )
    )
    return present
