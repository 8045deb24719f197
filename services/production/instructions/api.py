"""Routes of a job's instruction."""

from uuid import UUID

from services.production.instructions import commands, queries
from services.production.instructions.schemas import JobInstructionOut
from services.production.jobs.queries.jobs import get_job
from services.production.permissions import CanConfirmInstructions, CanRead
from shared.kit.idempotency import Db, Once
from shared.kit.routing import api_router

router = api_router("production", "instructions", "/jobs/{job}/instruction")


@router.get("")
async def get_job_instruction(job: UUID, actor: CanRead, db: Db) -> JobInstructionOut:
    """The revision that the job was released with; 404 when its operation has none."""
    async with db.reading() as session:
        return await queries.instruction_of(session, await get_job(session, job), actor.person)


@router.post("/confirm")
async def confirm_job_instruction(job: UUID, once: Once, actor: CanConfirmInstructions) -> JobInstructionOut:
    """Say that one has read it: stored once for each person and revision."""
    return await once.run(JobInstructionOut, None, lambda tx: commands.confirm_instruction(tx, job))
