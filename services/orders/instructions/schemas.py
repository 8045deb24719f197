"""Work instructions over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from services.orders.definitions.schemas import In
from services.orders.instructions.domain import MAX_PAGE_CHARACTERS, MAX_PAGES, InstructionState
from shared.kit.names import Code, Name
from shared.kit.problem import LANGUAGES
from shared.kit.readers import AnyPersonOut, PersonIdOut, PersonOut
from shared.kit.references import refers_to

MoveNote = Annotated[str, Field(min_length=1, max_length=500)]


def _texts(value: dict[str, str]) -> dict[str, str]:
    if not set(value) <= set(LANGUAGES):
        raise ValueError("language_unknown")
    return {language: text.strip() for language, text in value.items() if text.strip()}


PageText = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=MAX_PAGE_CHARACTERS)]],
    BeforeValidator(lambda value: {"ko": value} if isinstance(value, str) else value),
    AfterValidator(_texts),
]
"""A text by language, which may be empty; a plain text is taken as Korean."""


class PageIn(In):
    """One page: a text, a picture or PDF by its media id, or both."""

    text: PageText = Field(default={})
    media_id: UUID | None = refers_to("media", default=None)


class InstructionIn(In):
    """The content that an author writes; ``item`` and ``op`` say what it is meant for."""

    title: Name
    item: Code | None = None
    op: Annotated[int, Field(gt=0, le=9999)] | None = None
    pages: list[PageIn] = Field(default=[], max_length=MAX_PAGES)


Person = Annotated[str, Field(min_length=1, max_length=60)]


class PastInstruction(InstructionIn):
    """A revision as it was, with its approval."""

    model_config = ConfigDict(from_attributes=True)

    revision: Annotated[int, Field(gt=0, le=1_000_000)]
    state: InstructionState
    authors: Annotated[list[Person], Field(min_length=1, max_length=100)]
    written_at: AwareDatetime
    submitted_by: Person | None
    submitted_at: AwareDatetime | None
    approved_by: Person | None
    approved_at: AwareDatetime | None
    note: MoveNote | None


class InstructionHistory(In):
    """All revisions of an instruction, in order."""

    revisions: Annotated[list[PastInstruction], Field(min_length=1, max_length=10_000)]


class MoveIn(In):
    """``note`` is needed to send back and to withdraw.

    ``revision`` where it is not the only one that the command can mean.
    """

    note: MoveNote | None = None
    revision: Annotated[int, Field(gt=0, le=1_000_000)] | None = None


class PageOut(BaseModel):
    """One page."""

    text: dict[str, str]
    media_id: UUID | None = refers_to("media")


class InstructionRevisionOut(BaseModel):
    """A revision, with its authors, its submission and its approval."""

    model_config = ConfigDict(from_attributes=True)

    revision: int
    state: InstructionState
    title: dict[str, str]
    item: str | None
    op: int | None
    pages: list[PageOut]
    authors: list[PersonOut]
    written_at: datetime
    submitted_by: AnyPersonOut
    submitted_at: datetime | None
    approved_by: AnyPersonOut
    approved_at: datetime | None
    note: str | None


class InstructionOut(InstructionRevisionOut):
    """The newest revision, and the approved one where that is another; ``version`` is the ETag's."""

    code: str
    version: int
    updated_at: datetime
    approved: InstructionRevisionOut | None


class InstructionSummary(BaseModel):
    """An instruction in the list: its newest revision, the approved one's number, and how many operations use it."""

    code: str
    title: dict[str, str]
    item: str | None
    op: int | None
    revision: int
    state: InstructionState
    approved_revision: int | None
    pages: int
    authors: list[PersonOut]
    updated_at: datetime
    operations: int


class ReaderOut(BaseModel):
    """A person who confirmed a revision, when and at which order's operation.

    An event has told of it, so it is the person's pseudonymous id that is known; ``person`` is the code in older
    entries.
    """

    model_config = ConfigDict(from_attributes=True)

    person: AnyPersonOut
    person_id: PersonIdOut
    revision: int
    at: datetime
    number: str
    op: int
