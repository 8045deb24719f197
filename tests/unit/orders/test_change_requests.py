"""A change request shows what would be different, refuses what cannot be, and warns of what is done already."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from services.orders.changes.domain import RequestedChange, difference, faults, warnings

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


DUE = NOW + timedelta(days=5)


def order(**different: Any) -> Any:
    """An order for 100 pieces."""
    return SimpleNamespace(**{"quantity": Decimal(100), "due_at": DUE, "priority": 50} | different)


def step(op: int, **different: Any) -> Any:
    """One of its operations, not begun."""
    values = {
        "machine": "PR1",
        "state": "ready",
        "skip": False,
        "planned": Decimal(100),
        "predecessors": [],
        "ratio": Decimal(1),
        "good": Decimal(0),
        "scrap": Decimal(0),
        "rework": Decimal(0),
        "rework_in": Decimal(0),
        "sent": Decimal(0),
    }
    return SimpleNamespace(op=op, **values | different)


def wanted(**fields: Any) -> RequestedChange:
    return RequestedChange.model_validate(fields)


def test_only_what_differs_is_shown() -> None:
    change = wanted(quantity="130", due_at=DUE, operations=[{"op": 10, "machine": "PR2"}, {"op": 20, "skip": True}])
    assert difference(vars(order()), [step(10), step(20)], change) == [
        ("quantity", 100, 130),
        ("operations.10.machine", "PR1", "PR2"),
        ("operations.20.skip", False, True),
    ]
    assert difference(vars(order()), [step(10)], wanted(quantity="100.0", operations=[{"op": 10}])) == []


def test_a_cancellation_is_shown_as_the_state_that_it_leads_to() -> None:
    assert difference({"state": "released"}, [step(10)], wanted(cancel=True)) == [("state", "released", "cancelled")]
    assert difference({"state": "cancelled"}, [step(10)], wanted(cancel=True)) == []


def test_who_cancels_is_warned_of_what_is_begun_and_what_runs() -> None:
    steps = [step(10, state="running", good=Decimal(1))]
    assert warnings(order(), steps, wanted(cancel=True), Decimal(0), NOW, 0) == ["below_done", "operation_running"]


@pytest.mark.parametrize(
    ("state", "change", "fault"),
    [
        ("ready", {"op": 15, "skip": True}, ("operations.0.op", "operation_unknown")),
        ("running", {"op": 10, "skip": True}, ("operations.0.skip", "operation_begun")),
        ("done", {"op": 10, "machine": "PR2"}, ("operations.0.machine", "operation_ended")),
        ("ready", {"op": 10, "skip": True}, None),
        ("running", {"op": 10, "machine": "PR2"}, None),
    ],
)
def test_what_cannot_be_changed_is_named(state: str, change: dict[str, Any], fault: tuple[str, str] | None) -> None:
    found = faults([step(10, state=state), step(20)], wanted(operations=[change]))
    assert found == ([fault] if fault else [])


def test_an_operation_with_pieces_is_not_left_out_though_it_was_never_started() -> None:
    change = wanted(operations=[{"op": 10, "skip": True}])
    for counts in ({"scrap": Decimal(1)}, {"rework_in": Decimal(1)}, {"sent": Decimal(1)}):
        assert faults([step(10, **counts), step(20)], change) == [("operations.0.skip", "operation_begun")]


def test_one_operation_must_be_left() -> None:
    change = wanted(operations=[{"op": 10, "skip": True}, {"op": 20, "skip": True}])
    assert faults([step(10), step(20)], change) == [("operations", "nothing_left")]


@pytest.mark.parametrize(
    ("change", "steps", "warning"),
    [
        ({"quantity": 40}, [step(10, good=Decimal(45), scrap=Decimal(1))], "below_done"),
        ({"quantity": 46}, [step(10, good=Decimal(45), scrap=Decimal(1))], None),
        ({"quantity": 40}, [step(10, rework=Decimal(60), rework_in=Decimal(60))], "below_done"),
        ({"cancel": True}, [step(10)], "parent_short"),
        ({"quantity": 39}, [step(10)], "parent_short"),
        ({"quantity": 40}, [step(10)], None),
        ({"quantity": 120}, [step(10, state="done", good=Decimal(100))], "operation_finished"),
        ({"due_at": NOW - timedelta(days=1)}, [step(10)], "due_in_the_past"),
        ({"operations": [{"op": 10, "machine": "PR2"}]}, [step(10, state="running")], "operation_running"),
        ({"operations": [{"op": 10, "machine": "PR1"}]}, [step(10, state="running")], None),
        ({"priority": 1}, [step(10, state="running")], None),
    ],
)
def test_a_person_is_warned_of_what_is_done_and_promised_already(
    change: dict[str, Any], steps: list[Any], warning: str | None
) -> None:
    assert warnings(order(), steps, wanted(**change), Decimal(40), NOW, 0) == ([warning] if warning else [])
