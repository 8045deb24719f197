"""Changes of machine states."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.production.machines.domain import MachineState, state_of_reason
from services.production.machines.tables import Machine, MachineStateInterval, Reason
from shared.contracts.production.machines import MachineStateChanged
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import unprocessable


async def require_machine(tx: Transaction, code: str) -> str:
    """The work center of a machine in use; a 422 problem when there is none of this code."""
    # no entity: the session would keep it as it is now, and not as it is under a later lock
    place: str | None = await tx.session.scalar(select(Machine.work_center).where(Machine.code == code, Machine.active))
    if place is None:
        raise unprocessable("machine", "unknown_reference", value=code)
    return place


async def require_reason(tx: Transaction, code: str) -> MachineState:
    """The machine state that this reason brings; a 422 problem when it is unknown."""
    reason = await tx.session.get(Reason, code)
    if reason is None or not reason.active:
        raise unprocessable("reason", "unknown_reference", value=code)
    return state_of_reason(reason.kind)


async def set_machine_state(
    tx: Transaction, code: str, state: MachineState, *, reason: str | None, job: UUID | None, at: datetime, source: str
) -> None:
    """End the machine's present state and begin ``state``; nothing happens when it is in it already, for the same job and reason."""
    machine = await tx.session.get(Machine, code, with_for_update=True)
    if machine is None:
        return
    present = await _present_state(tx, code)
    if present is not None:
        if (present.state, present.reason, present.job) == (state.value, reason, job):
            return
        at = max(at, present.begins)
        present.ends = at
        await tx.session.flush()
    machine.version += 1
    tx.session.add(
        MachineStateInterval(
            id=new_id(), machine=code, state=state.value, reason=reason, job=job, source=source, begins=at
        )
    )
    named = await tx.session.get(Reason, reason) if reason else None
    tx.record(
        MachineStateChanged(
            machine=code,
            state=state.value,
            reason=reason,
            reason_name=named.name if named else None,
            since=at,
            job=job,
            source=source,
        ),
        aggregate=f"machine/{code}",
        version=machine.version,
    )


async def leave_machine(tx: Transaction, code: str, job: UUID, *, at: datetime) -> None:
    """The machine is idle when its present state is this job's; another job may have it by now."""
    await tx.session.get(Machine, code, with_for_update=True)
    present = await _present_state(tx, code)
    if present is not None and present.job == job:
        await set_machine_state(tx, code, MachineState.IDLE, reason=None, job=None, at=at, source="manual")


async def _present_state(tx: Transaction, code: str) -> MachineStateInterval | None:
    present: MachineStateInterval | None = await tx.session.scalar(
        select(MachineStateInterval).where(
            MachineStateInterval.machine == code, col(MachineStateInterval.ends).is_(None)
        )
    )
    return present
