"""Events of work instructions."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Name, Part


class InstructionChanged(Event):
    """A revision of a work instruction was written, submitted, sent back, approved or withdrawn."""

    TYPE: ClassVar[str] = "orders.instruction.changed.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    revision: int
    state: str
    title: Name


class InstructionPage(Part):
    """One page: a text by language, a picture or a PDF, or both."""

    text: Name
    media_id: UUID | None


class ReleasedInstruction(Part):
    """The approved revision of an operation's work instruction as it was frozen at release."""

    code: str
    revision: int
    title: Name
    pages: list[InstructionPage]
