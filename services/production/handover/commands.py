"""Leave a note for the next shift, and mark it as read."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.production.definitions.commands import effective_time
from services.production.definitions.queries import shop_calendar
from services.production.handover.queries import get_handover
from services.production.handover.schemas import HandoverIn, HandoverOut
from services.production.handover.tables import Handover, HandoverReader
from services.production.machines.queries import get_machine
from shared.kit.database import Transaction
from shared.kit.ids import new_id


async def leave_note(tx: Transaction, machine: str, body: HandoverIn) -> HandoverOut:
    """Store a note, in the shift in which it was written."""
    found = await get_machine(tx.session, machine)
    time = effective_time(tx, body.at)
    shift = (await shop_calendar(tx.session, tx.zone)).shift_at(time.at)
    note = Handover(
        id=new_id(),
        machine=found.code,
        note=body.note,
        person=tx.actor.person,
        device=tx.actor.device,
        at=time.at,
        flags=list(time.flags),
        recorded_at=tx.now,
        business_date=shift.business_date,
        shift=shift.code,
    )
    tx.session.add(note)
    await tx.session.flush()
    return await get_handover(tx.session, note.id)


async def read_note(tx: Transaction, id_: UUID) -> HandoverOut:
    """Mark a note as read by the caller; who did so before stays with the first time."""
    await get_handover(tx.session, id_)
    reader = {"handover": id_, "person": tx.actor.person, "at": tx.now}
    await tx.session.execute(insert(HandoverReader).values(reader).on_conflict_do_nothing())
    return await get_handover(tx.session, id_)
