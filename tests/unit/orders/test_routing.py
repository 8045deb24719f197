"""What contradicts in a routing."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from services.orders.products.domain import routing_faults


def step(op: int, **more: Any) -> Any:
    """An operation on the press, unless told otherwise."""
    return SimpleNamespace(
        **{
            "op": op,
            "work_center": "PRESS",
            "machine": None,
            "subcontract": False,
            "cycle_s": Decimal(1),
            "predecessors": None,
            "run_s_per_batch": None,
            "batch_size": None,
            **more,
        }
    )


def test_operations_in_order_are_fine() -> None:
    assert routing_faults([step(10), step(20, machine="PR1"), step(30, work_center=None, subcontract=True)]) == []


def test_an_operation_twice_is_named() -> None:
    assert routing_faults([step(10), step(10)]) == [("operations.1.op", "operation_twice")]


def test_an_operation_is_made_somewhere() -> None:
    assert routing_faults([step(10, work_center=None)]) == [("operations.0.work_center", "operation_nowhere")]


def test_a_subcontractor_has_no_machine_of_ours() -> None:
    assert routing_faults([step(10, subcontract=True, machine="PR1")]) == [
        ("operations.0.machine", "subcontract_on_machine")
    ]
