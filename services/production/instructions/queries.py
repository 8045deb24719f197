"""Reads of instructions."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.production.instructions.schemas import JobInstructionOut
from services.production.instructions.tables import Instruction, InstructionConfirmation
from services.production.jobs.schemas import JobOut
from shared.kit.problem import Problem


async def instruction_of(session: AsyncSession, job: JobOut, person: str) -> JobInstructionOut:
    """The revision that the job was released with, and whether the person has confirmed it.

    A 404 problem for a job without an instruction.
    """
    if job.instruction is None:
        raise Problem(404, "no_instruction")
    revision = (job.instruction, job.instruction_revision)
    instruction = await session.get_one(Instruction, revision)
    confirmation = await session.get(InstructionConfirmation, (*revision, person))
    return JobInstructionOut.model_validate(
        instruction.model_dump() | {"confirmed_at": confirmation.at if confirmation else None}
    )
