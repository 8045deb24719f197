"""Call for help, acknowledge the call, resolve it."""

from uuid import UUID

from sqlmodel import col, select

from services.production.andon.domain import TRANSITIONS, CallState, CallStep, append_note
from services.production.andon.events import call_changed
from services.production.andon.schemas import CallIn, CallOut
from services.production.andon.tables import AndonCall
from services.production.definitions.commands import effective_time
from services.production.machines.queries import known_machines
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem, unprocessable


async def call(tx: Transaction, body: CallIn) -> CallOut:
    """Call somebody to a machine; who was called already is called once, and the note is appended."""
    if not await known_machines(tx.session, [body.machine]):
        raise unprocessable("machine", "unknown_reference", value=body.machine)
    same = select(AndonCall).where(
        AndonCall.machine == body.machine,
        AndonCall.kind == body.kind.value,
        col(AndonCall.state) != CallState.RESOLVED.value,
    )
    row = await tx.session.scalar(same.with_for_update())
    if row is None:
        time = effective_time(tx, body.at)
        row = AndonCall(
            id=new_id(),
            machine=body.machine,
            kind=body.kind.value,
            note=body.note,
            person=tx.actor.person,
            device=tx.actor.device,
            at=time.at,
            flags=list(time.flags),
            recorded_at=tx.now,
        )
        tx.session.add(row)
        await tx.session.flush()
        _publish(tx, row)
    elif (note := append_note(row.note, body.note)) != row.note:
        row.note, row.version = note, row.version + 1
        _publish(tx, row)
    return CallOut.model_validate(row)


async def move_call(tx: Transaction, id_: UUID, step: CallStep, note: str | None) -> CallOut:
    """Acknowledge or resolve a call; 409 when that was done already."""
    row = await tx.session.get(AndonCall, id_, with_for_update=True)
    if row is None:
        raise Problem(404, "not_found")
    state = TRANSITIONS.get((CallState(row.state), step))
    if state is None:
        raise Problem(409, "call_moved", state=row.state, person=row.resolved_by or row.acknowledged_by)
    tx.audit(step.value, f"andon/{row.id}", [("state", row.state, state.value)], note)
    row.state, row.version = state.value, row.version + 1
    if state is CallState.ACKNOWLEDGED:
        row.acknowledged_by, row.acknowledged_at, row.note = tx.actor.person, tx.now, append_note(row.note, note)
    else:
        row.resolved_by, row.resolved_at, row.resolution = tx.actor.person, tx.now, note
    _publish(tx, row)
    return CallOut.model_validate(row)


def _publish(tx: Transaction, row: AndonCall) -> None:
    tx.record(call_changed(row, tx.people), aggregate=f"andon/{row.id}", version=row.version)
