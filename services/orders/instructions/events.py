"""Events of instructions: one function for each."""

from services.orders.instructions.tables import InstructionRevision
from shared.contracts.orders.instructions import InstructionChanged, ReleasedInstruction


def instruction_changed(revision: InstructionRevision) -> InstructionChanged:
    """A revision was written or moved."""
    return InstructionChanged.model_validate(revision, from_attributes=True)


def released_instruction(revision: InstructionRevision) -> ReleasedInstruction:
    """The revision as a release freezes it."""
    return ReleasedInstruction.model_validate(revision, from_attributes=True)
