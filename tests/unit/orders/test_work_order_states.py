"""A work order's life: every pair of state and command is decided."""

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from services.orders.changes.domain import ChangeDecision, ChangeState
from services.orders.changes.domain import next_state as next_change_state
from services.orders.work_orders.domain.pieces import order_totals
from services.orders.work_orders.domain.states import (
    OPEN,
    WorkOrderAction,
    WorkOrderCommand,
    WorkOrderState,
    is_milestone,
    is_permitted,
    next_state,
    order_number,
    state_to_return_to,
)

ALLOWED = {
    "draft": {"plan": "planned", "release": "released", "cancel": "cancelled"},
    "planned": {"release": "released", "cancel": "cancelled"},
    "released": {"begin": "in_progress", "hold": "on_hold", "complete": "completed", "cancel": "cancelled"},
    "in_progress": {"hold": "on_hold", "complete": "completed", "cancel": "cancelled"},
    "on_hold": {"resume": "in_progress", "cancel": "cancelled"},
    "completed": {"close": "closed", "take_up": "in_progress"},
    "closed": {"reopen": "completed", "take_up": "in_progress"},
    "cancelled": {"reopen": "in_progress"},
}


@pytest.mark.parametrize("state", WorkOrderState)
@pytest.mark.parametrize("command", WorkOrderCommand)
def test_every_pair_of_state_and_command_is_decided(state: WorkOrderState, command: WorkOrderCommand) -> None:
    assert next_state(state, command, WorkOrderState.IN_PROGRESS) == ALLOWED[state].get(command)


PERMITTED = {
    "draft": {"edit", "split", "merge"},
    "planned": {"edit", "split", "merge"},
    "released": {"split", "propose_change", "apply_change"},
    "in_progress": {"split", "propose_change", "apply_change"},
    "on_hold": {"split", "propose_change", "apply_change"},
    "completed": {"propose_change", "apply_change"},
    "closed": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("state", WorkOrderState)
@pytest.mark.parametrize("action", WorkOrderAction)
def test_every_pair_of_state_and_action_is_decided(state: WorkOrderState, action: WorkOrderAction) -> None:
    assert is_permitted(state, action) == (action in PERMITTED[state])


@pytest.mark.parametrize("state", ChangeState)
@pytest.mark.parametrize("decision", ChangeDecision)
def test_a_change_request_is_decided_once(state: ChangeState, decision: ChangeDecision) -> None:
    after = {"apply": "applied", "refuse": "refused"}[decision] if state is ChangeState.PROPOSED else None
    assert next_change_state(state, decision) == after


@pytest.mark.parametrize(
    ("before", "after", "is_kept"),
    [
        ("ready", "running", True),
        ("paused", "running", False),
        ("running", "paused", False),
        ("paused", "done", True),
        ("ready", "skipped", True),
        ("running", "running", False),
        ("done", "ready", True),
        ("done", "done", False),
        ("cancelled", "waiting", False),
    ],
)
def test_the_history_keeps_beginnings_and_ends_and_not_each_pause(before: str, after: str, is_kept: bool) -> None:
    assert is_milestone(before, after) is is_kept


@pytest.mark.parametrize("before", [WorkOrderState.RELEASED, WorkOrderState.IN_PROGRESS])
def test_a_held_order_resumes_where_it_was(before: WorkOrderState) -> None:
    assert next_state(before, WorkOrderCommand.HOLD) is WorkOrderState.ON_HOLD
    assert next_state(WorkOrderState.ON_HOLD, WorkOrderCommand.RESUME, before) is before


@pytest.mark.parametrize("state", WorkOrderState)
def test_every_end_has_a_way_back(state: WorkOrderState) -> None:
    ways = [command for command in WorkOrderCommand if next_state(state, command, WorkOrderState.RELEASED)]
    assert ways, state


@pytest.mark.parametrize(
    ("is_released", "has_begun", "back_to"),
    [(False, False, None), (True, False, "released"), (True, True, "in_progress")],
)
def test_a_cancelled_order_comes_back_to_the_floor_if_it_was_there(
    is_released: bool, has_begun: bool, back_to: str | None
) -> None:
    assert state_to_return_to(None, is_released=is_released, has_begun=has_begun) == back_to


def test_every_open_order_can_be_cancelled() -> None:
    assert all(next_state(state, WorkOrderCommand.CANCEL) is WorkOrderState.CANCELLED for state in OPEN)


def test_the_number_carries_the_month_of_the_shop() -> None:
    assert order_number(datetime(2026, 11, 30), 182) == "W-2611-0182"  # noqa: DTZ001  local time is what a number shows


def test_an_orders_good_pieces_are_those_of_its_last_operation() -> None:
    counts = [
        SimpleNamespace(op=op, good=Decimal(good), scrap=Decimal(scrap), rework=Decimal(0), skip=False)
        for op, good, scrap in ((20, 90, 2), (10, 97, 3))
    ]
    assert order_totals(counts) == (90, 5, 0)
    assert order_totals([]) == (0, 0, 0)
