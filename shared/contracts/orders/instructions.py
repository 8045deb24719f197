"""Events of work instructions."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Name, Part


class InstructionPage(Part):
    """One page: a text by language, a picture or a PDF, or both."""

    text: Name
    media_id: UUID | None


class InstructionChanged(Event):
    """A revision of a work instruction was written, submitted, sent back, approved or withdrawn.

    An approved one brings its ``pages``: orders that are released with it only name it.
    """

    TYPE: ClassVar[str] = "orders.instruction.changed.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    revision: int
    state: str
    title: Name
    pages: list[InstructionPage] | None = None


class ReleasedInstruction(Part):
    """The approved revision of an operation's work instruction at release.

    Its title and pages came with ``orders.instruction.changed``; older events bring them along.
    """

    code: str
    revision: int
    title: Name | None = None
    pages: list[InstructionPage] | None = None
