"""A work instruction's life: every pair of state and command is decided, and four eyes see what the floor gets."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from services.orders.instructions.domain import (
    TRANSITIONS,
    InstructionCommand,
    InstructionState,
    history_faults,
    may_approve,
    next_state,
    page_faults,
    text_length,
)

ALLOWED = {
    "draft": {"write": "draft", "submit": "in_review", "withdraw": "withdrawn"},
    "in_review": {"return": "draft", "approve": "approved"},
    "approved": {"supersede": "superseded", "withdraw": "withdrawn"},
    "superseded": {},
    "withdrawn": {},
}


@pytest.mark.parametrize("state", InstructionState)
@pytest.mark.parametrize("command", InstructionCommand)
def test_every_pair_of_state_and_command_is_decided(state: InstructionState, command: InstructionCommand) -> None:
    assert next_state(state, command) == ALLOWED[state].get(command)


def test_only_a_review_leads_to_approval() -> None:
    assert [pair for pair, after in TRANSITIONS.items() if after is InstructionState.APPROVED] == [
        (InstructionState.IN_REVIEW, InstructionCommand.APPROVE)
    ]


def test_nobody_approves_what_he_wrote_a_part_of() -> None:
    assert may_approve("P02", ["P01"])
    assert not may_approve("P02", ["P01", "P02"])


def page(text: str = "", *, picture: bool = False) -> SimpleNamespace:
    return SimpleNamespace(text={"ko": text} if text else {}, media_id=uuid4() if picture else None)


def test_a_review_needs_pages_that_show_something() -> None:
    assert page_faults([]) == [("pages", "pages_missing")]
    assert page_faults([page("붙인다"), page(), page(picture=True), page()]) == [
        ("pages.1", "page_empty"),
        ("pages.3", "page_empty"),
    ]


def test_the_length_counts_every_page_in_every_language() -> None:
    assert text_length([page("붙인다"), SimpleNamespace(text={"ko": "가", "vi": "Đặt"}, media_id=None)]) == 7


def past(revision: int, state: InstructionState, approved_by: str | None = None, **more: Any) -> Any:
    """A revision that HAN wrote."""
    at = datetime(2026, 1, 1, tzinfo=UTC) if approved_by else None
    values = {"authors": ["HAN"], "approved_by": approved_by, "approved_at": at} | more
    return SimpleNamespace(revision=revision, state=state, **values)


def test_a_past_that_people_went_through_can_be_laid_down_again() -> None:
    way = [
        past(1, InstructionState.SUPERSEDED, "KIM"),
        past(2, InstructionState.WITHDRAWN),
        past(3, InstructionState.APPROVED, "KIM"),
        past(4, InstructionState.DRAFT),
    ]
    assert history_faults(way) == []


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ([past(1, InstructionState.APPROVED, "HAN")], ("revisions.0.approved_by", "same_person")),
        ([past(1, InstructionState.SUPERSEDED)], ("revisions.0.approved_by", "missing")),
        (
            [past(1, InstructionState.DRAFT, approved_at=datetime(2026, 1, 1, tzinfo=UTC))],
            ("revisions.0.approved_by", "missing"),
        ),
        (
            [past(1, InstructionState.APPROVED, "KIM"), past(2, InstructionState.APPROVED, "KIM")],
            ("revisions.1.state", "revision_twice"),
        ),
        (
            [past(1, InstructionState.DRAFT), past(2, InstructionState.IN_REVIEW)],
            ("revisions.1.state", "revision_twice"),
        ),
        (
            [past(1, InstructionState.WITHDRAWN), past(1, InstructionState.DRAFT)],
            ("revisions.1.revision", "revision_twice"),
        ),
    ],
)
def test_a_past_that_nobody_can_have_gone_through_is_refused(way: list[Any], fault: tuple[str, str]) -> None:
    assert history_faults(way) == [fault]
