"""An instruction comes when it is approved, and is confirmed by those who read it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.production.instructions.events import instruction_confirmed
from services.production.instructions.queries import instruction_of
from services.production.instructions.schemas import JobInstructionOut
from services.production.instructions.tables import Instruction, InstructionConfirmation
from services.production.jobs.queries.jobs import get_job
from shared.contracts.orders.instructions import InstructionChanged, ReleasedInstruction
from shared.kit.database import Transaction
from shared.kit.ids import new_id


async def store_instructions(tx: Transaction, instructions: Iterable[InstructionChanged | ReleasedInstruction]) -> None:
    """Store these revisions with their pages; what is here already stays as it is."""
    content = {"code", "revision", "title", "pages"}
    rows = {(one.code, one.revision): one.model_dump(mode="json", include=content) for one in instructions}
    if rows:
        await tx.session.execute(insert(Instruction).values(list(rows.values())).on_conflict_do_nothing())


async def confirm_instruction(tx: Transaction, id_: UUID) -> JobInstructionOut:
    """Note that the caller has read the job's instruction; who did so before is shown when, and nothing changes."""
    job = await get_job(tx.session, id_)
    actor = tx.actor
    read = await instruction_of(tx.session, job, actor.person)
    confirmation = InstructionConfirmation(
        code=read.code, revision=read.revision, person=actor.person, device=actor.device, at=tx.now, job=id_
    )
    is_new = await tx.session.scalar(
        insert(InstructionConfirmation)
        .values(**confirmation.model_dump())
        .on_conflict_do_nothing()
        .returning(col(InstructionConfirmation.at))
    )
    if is_new is not None:
        event = instruction_confirmed(confirmation, tx.people.id_of(actor.person), job)
        tx.record(event, aggregate=f"confirmation/{new_id()}", version=1)
    return await instruction_of(tx.session, job, actor.person)
