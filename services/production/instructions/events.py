"""Events of instructions."""

from uuid import UUID

from services.production.instructions.tables import InstructionConfirmation
from services.production.jobs.schemas import JobOut
from shared.contracts.production.instructions import InstructionConfirmed


def instruction_confirmed(confirmation: InstructionConfirmation, person_id: UUID, job: JobOut) -> InstructionConfirmed:
    """A person confirmed a revision at a job."""
    return InstructionConfirmed(
        job_id=confirmation.job,
        work_order_id=job.work_order_id,
        person_id=person_id,
        device_id=confirmation.device,
        **confirmation.model_dump(include={"code", "revision", "at"}),
        **job.model_dump(include={"number", "op", "item"}),
    )
