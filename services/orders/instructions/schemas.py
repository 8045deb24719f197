"""Work instructions over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from services.orders.instructions.domain import PAGE_TEXT, PAGES, State
from shared.kit.names import Code, Name
from shared.kit.problem import LANGUAGES

Note = Annotated[str, Field(min_length=1, max_length=500)]


def _written(value: dict[str, str]) -> dict[str, str]:
    if not set(value) <= set(LANGUAGES):
        raise ValueError("language_unknown")
    return {language: text.strip() for language, text in value.items() if text.strip()}


PageText = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=PAGE_TEXT)]],
    BeforeValidator(lambda value: {"ko": value} if isinstance(value, str) else value),
    AfterValidator(_written),
]
"""A text by language, which may be empty; a plain text is taken as Korean."""


class In(BaseModel):
    """What comes in: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PageIn(In):
    """One page: a text, a picture or PDF by its media id, or both."""

    text: PageText = {}
    media: UUID | None = None


class InstructionIn(In):
    """What an author writes; ``item`` and ``op`` say what it is meant for."""

    title: Name
    item: Code | None = None
    op: Annotated[int, Field(gt=0, le=9999)] | None = None
    pages: Annotated[list[PageIn], Field(max_length=PAGES)] = []


Person = Annotated[str, Field(min_length=1, max_length=60)]


class PastInstruction(InstructionIn):
    """A revision as it was, with its way."""

    model_config = ConfigDict(from_attributes=True)

    revision: Annotated[int, Field(gt=0, le=1_000_000)]
    state: State
    authors: Annotated[list[Person], Field(min_length=1, max_length=100)]
    written_at: AwareDatetime
    submitted_by: Person | None
    submitted_at: AwareDatetime | None
    approved_by: Person | None
    approved_at: AwareDatetime | None
    note: Note | None


class InstructionHistory(In):
    """All revisions of an instruction, in order."""

    revisions: Annotated[list[PastInstruction], Field(min_length=1, max_length=10_000)]


class MoveIn(In):
    """``note`` is needed to send back and to withdraw; ``revision`` where it is not the only one that the command can mean."""

    note: Note | None = None
    revision: Annotated[int, Field(gt=0, le=1_000_000)] | None = None


class PageOut(BaseModel):
    """One page."""

    text: dict[str, str]
    media: UUID | None


class RevisionOut(BaseModel):
    """A revision and its way: who wrote it, who submitted and who approved it."""

    model_config = ConfigDict(from_attributes=True)

    revision: int
    state: State
    title: dict[str, str]
    item: str | None
    op: int | None
    pages: list[PageOut]
    authors: list[str]
    written_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    note: str | None


class InstructionOut(RevisionOut):
    """The newest revision, and the approved one where that is another; ``version`` is the ETag's."""

    code: str
    version: int
    updated_at: datetime
    approved: RevisionOut | None


class InstructionLine(BaseModel):
    """An instruction in the list: its newest revision, the approved one's number, and how many operations use it."""

    code: str
    title: dict[str, str]
    item: str | None
    op: int | None
    revision: int
    state: State
    approved_revision: int | None
    pages: int
    authors: list[str]
    updated_at: datetime
    operations: int


class OperationUse(BaseModel):
    """An operation whose routing names the instruction."""

    item: str
    item_name: dict[str, str]
    op: int
    op_name: dict[str, str]


class OrderUse(BaseModel):
    """An open order that was released with a revision of it."""

    work_order: UUID
    number: str
    item: str
    op: int
    revision: int
    state: str


class UsesOut(BaseModel):
    """Where an instruction is used."""

    operations: list[OperationUse]
    orders: list[OrderUse]


class ReaderOut(BaseModel):
    """Who confirmed a revision, when and at which order's operation."""

    model_config = ConfigDict(from_attributes=True)

    person: str
    revision: int
    at: datetime
    number: str
    op: int
