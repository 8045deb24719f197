"""Keeps the read copies of master data."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.production.machines.commands import set_machine_state
from services.production.machines.domain import MachineState
from services.production.machines.tables import Machine, Reason, Shift
from shared.contracts.orders.definitions import MachineDefined, ReasonDefined, ShiftDefined
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def _copy(
    tx: Transaction,
    table: type[Machine] | type[Reason] | type[Shift],
    events: Sequence[Received[Any]],
    extra: dict[str, Any],
) -> None:
    last = {received.event.code: received.event.model_dump() for received in events}
    wanted = insert(table).values([values | extra for values in last.values()])
    columns = {name: wanted.excluded[name] for name in next(iter(last.values())) if name != "code"}
    await tx.session.execute(wanted.on_conflict_do_update(index_elements=["code"], set_=columns))


async def copy_machines(tx: Transaction, events: Sequence[Received[MachineDefined]]) -> None:
    """A machine that is new begins idle."""
    await _copy(tx, Machine, events, {"version": 0})
    for received in events:
        machine = await tx.session.get_one(Machine, received.event.code, populate_existing=True)
        if machine.version == 0:
            await set_machine_state(
                tx, machine.code, MachineState.IDLE, reason=None, job=None, at=tx.now, source="manual"
            )
            await tx.session.flush()


async def copy_reasons(tx: Transaction, events: Sequence[Received[ReasonDefined]]) -> None:
    """Reasons for the tablets' tiles."""
    await _copy(tx, Reason, events, {})


async def copy_shifts(tx: Transaction, events: Sequence[Received[ShiftDefined]]) -> None:
    """Shifts, for the business date of facts."""
    await _copy(tx, Shift, events, {})


CONSUMES = [
    on(MachineDefined, copy_machines),
    on(ReasonDefined, copy_reasons),
    on(ShiftDefined, copy_shifts),
]
