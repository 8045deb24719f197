"""Events of instructions: one function for each."""

from services.orders.instructions.domain import InstructionState
from services.orders.instructions.tables import InstructionRevision
from shared.contracts.orders.instructions import InstructionChanged, ReleasedInstruction


def instruction_changed(revision: InstructionRevision) -> InstructionChanged:
    """A revision was written or moved; an approved one brings its pages to those who will show them."""
    event = InstructionChanged.model_validate(revision, from_attributes=True)
    return event if revision.state == InstructionState.APPROVED else event.model_copy(update={"pages": None})


def released_instruction(revision: InstructionRevision) -> ReleasedInstruction:
    """The revision as a release names it: it never changes, and its content was told when it was approved."""
    return ReleasedInstruction(code=revision.code, revision=revision.revision)
