"""Events of instructions."""

from services.production.instructions.tables import InstructionConfirmation
from services.production.jobs.schemas import JobOut
from shared.contracts.production.instructions import InstructionConfirmed


def instruction_confirmed(confirmation: InstructionConfirmation, job: JobOut) -> InstructionConfirmed:
    """A person confirmed a revision at a job."""
    return InstructionConfirmed(
        **confirmation.model_dump(), **job.model_dump(include={"work_order", "number", "op", "item"})
    )
