"""The life of an instruction's revision: one table of transitions, and what a revision needs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

MAX_PAGES = 30
MAX_PAGE_CHARACTERS = 600
"""Characters of one page in one language: more is not read at two metres."""
MAX_CHARACTERS = 8000
"""Characters of all pages in all languages: a revision is one event, and a character has six bytes of it at most."""


class InstructionState(StrEnum):
    """The states of a revision."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class InstructionCommand(StrEnum):
    """The commands that move a revision; supersede comes from the approval of a later one."""

    WRITE = "write"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[InstructionState, InstructionCommand], InstructionState] = {
    (InstructionState.DRAFT, InstructionCommand.WRITE): InstructionState.DRAFT,
    (InstructionState.DRAFT, InstructionCommand.SUBMIT): InstructionState.IN_REVIEW,
    (InstructionState.DRAFT, InstructionCommand.WITHDRAW): InstructionState.WITHDRAWN,
    (InstructionState.IN_REVIEW, InstructionCommand.RETURN): InstructionState.DRAFT,
    (InstructionState.IN_REVIEW, InstructionCommand.APPROVE): InstructionState.APPROVED,
    (InstructionState.APPROVED, InstructionCommand.SUPERSEDE): InstructionState.SUPERSEDED,
    (InstructionState.APPROVED, InstructionCommand.WITHDRAW): InstructionState.WITHDRAWN,
}
"""Every allowed move. What follows an approved, superseded or withdrawn revision is written as a new one."""
UNAPPROVED = (InstructionState.DRAFT, InstructionState.IN_REVIEW)
NOTE_NEEDED = (InstructionCommand.RETURN, InstructionCommand.WITHDRAW)


def next_state(state: InstructionState, command: InstructionCommand) -> InstructionState | None:
    """The state after ``command``, or None when it is not possible in ``state``."""
    return TRANSITIONS.get((state, command))


def may_approve(person: str, authors: Sequence[str]) -> bool:
    """Four eyes: nobody approves what he wrote a part of."""
    return person not in authors


class PastRevision(Protocol):
    """A revision as it was, as far as these rules look at it."""

    @property
    def revision(self) -> int: ...
    @property
    def state(self) -> InstructionState: ...
    @property
    def authors(self) -> Sequence[str]: ...
    @property
    def approved_by(self) -> str | None: ...
    @property
    def approved_at(self) -> datetime | None: ...


EVER_APPROVED = (InstructionState.APPROVED, InstructionState.SUPERSEDED)


def history_faults(revisions: Sequence[PastRevision]) -> list[tuple[str, str]]:
    """The contradictions of a past, as (field, code).

    A number or a present state twice, or approved by nobody or by an author.
    """
    faults: list[tuple[str, str]] = []
    numbers: set[int] = set()
    standing: set[str] = set()
    for index, one in enumerate(revisions):
        if one.revision in numbers:
            faults.append((f"revisions.{index}.revision", "revision_twice"))
        numbers.add(one.revision)
        stands = "open" if one.state in UNAPPROVED else one.state.value
        if stands in standing and stands in ("open", InstructionState.APPROVED.value):
            faults.append((f"revisions.{index}.state", "revision_twice"))
        standing.add(stands)
        approved = one.approved_by is not None
        if approved != (one.approved_at is not None) or (one.state in EVER_APPROVED and not approved):
            faults.append((f"revisions.{index}.approved_by", "missing"))
        if one.approved_by is not None and not may_approve(one.approved_by, one.authors):
            faults.append((f"revisions.{index}.approved_by", "same_person"))
    return faults


class PageContent(Protocol):
    """A page, as far as these rules look at it."""

    @property
    def text(self) -> Mapping[str, str]: ...
    @property
    def media_id(self) -> UUID | None: ...


def page_faults(pages: Sequence[PageContent]) -> list[tuple[str, str]]:
    """The gaps of a revision before a review, as (field, code): it has pages, and each shows something."""
    if not pages:
        return [("pages", "pages_missing")]
    return [
        (f"pages.{index}", "page_empty") for index, page in enumerate(pages) if not page.text and page.media_id is None
    ]


def text_length(pages: Sequence[PageContent]) -> int:
    """Characters of all pages in all languages."""
    return sum(len(text) for page in pages for text in page.text.values())
