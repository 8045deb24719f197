"""What contradicts in a routing, how long it takes, and what each operation must yield."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.definitions.domain.working_time import WorkingTime
from services.orders.products.domain import in_order, latest_start, planned_quantities, predecessors_of, routing_faults
from shared.kit.shop_calendar import ShiftPattern, ShopCalendar

UTC = ZoneInfo("UTC")


DUE = datetime(2026, 12, 1, 18, tzinfo=UTC)


ALWAYS = WorkingTime(ShopCalendar([], [], {}, UTC))


def step(op: int, *before: int, **more: Any) -> Any:
    """An operation on the press, after the one before it unless others are told."""
    usual = {
        "work_center": "PRESS",
        "machine": None,
        "subcontract": False,
        "predecessors": list(before) or None,
        "ratio": Decimal(1),
        "cycle_s": Decimal(1),
        "per_cycle": Decimal(1),
        "run_s_per_batch": None,
        "batch_size": None,
        "setup_s": Decimal(0),
        "lead_time_d": None,
    }
    return SimpleNamespace(op=op, **usual | more)


def start(op: int, **more: Any) -> Any:
    """An operation that waits for none."""
    return step(op, predecessors=[], **more)


def test_operations_in_order_are_fine() -> None:
    assert routing_faults([step(10), step(20, machine="PR1"), step(30, work_center=None, subcontract=True)]) == []


@pytest.mark.parametrize(
    ("steps", "faults"),
    [
        ([step(10), step(10)], [("operations.1.op", "operation_twice")]),
        ([step(10, work_center=None)], [("operations.0.work_center", "operation_nowhere")]),
        ([step(10, subcontract=True, machine="PR1")], [("operations.0.machine", "subcontract_on_machine")]),
        ([step(10, batch_size=Decimal(5))], [("operations.0.run_s_per_batch", "missing")]),
        ([step(10, run_s_per_batch=Decimal(5))], [("operations.0.batch_size", "missing")]),
        ([step(10), step(20, 5)], [("operations.1.predecessors", "unknown_operation")]),
        ([step(10, 10)], [("operations.0.predecessors", "routing_cycle")]),
        (
            [step(10, 20), step(20, 10), step(30)],
            [("operations.0.predecessors", "routing_cycle"), ("operations.1.predecessors", "routing_cycle")],
        ),
        ([start(10), start(20), step(30, 20)], [("operations.0.op", "routing_loose_end")]),
    ],
)
def test_what_contradicts_is_named(steps: list[Any], faults: list[tuple[str, str]]) -> None:
    assert routing_faults(steps) == faults


def test_two_branches_may_meet() -> None:
    assert routing_faults([start(10), start(20), step(30, 10, 20)]) == []


def test_a_sheet_that_gives_four_plates_is_planned_a_quarter_as_often() -> None:
    steps = [start(10), start(20), step(30, 10, 20, ratio=Decimal(4)), step(40)]
    assert planned_quantities(steps, Decimal(102)) == {10: Fraction("25.5"), 20: Fraction("25.5"), 30: 102, 40: 102}


def test_an_operation_that_feeds_two_yields_enough_for_the_hungrier_one() -> None:
    steps = [start(10), step(20, 10, ratio=Decimal(4)), step(30, 10, ratio=Decimal(2)), step(40, 20, 30)]
    assert planned_quantities(steps, Decimal(100))[10] == 50


def test_the_time_is_that_of_the_longest_way() -> None:
    steps = [
        start(10, setup_s=Decimal(100)),
        start(20, cycle_s=Decimal(3), per_cycle=Decimal(8)),
        step(30, 10, 20, run_s_per_batch=Decimal(600), batch_size=Decimal(400)),
        step(40, subcontract=True, lead_time_d=Decimal("1.5"), cycle_s=Decimal(0)),
    ]
    work = timedelta(seconds=(100 + 1000) + 3 * 600)
    assert latest_start(steps, Decimal(1000), DUE, ALWAYS) == DUE - timedelta(days=1.5) - work


def test_an_operation_waits_for_the_next_shift_and_what_is_outside_does_not() -> None:
    """Six hours of work for Wednesday noon: to the supplier on Monday noon, after Monday morning and Friday's last
    two hours."""
    weekend = {date(2026, 11, 21), date(2026, 11, 22)}
    hours = WorkingTime(ShopCalendar([ShiftPattern("D", time(8), time(17))], weekend, {}, UTC))
    steps = [start(10, cycle_s=Decimal(4)), step(20, subcontract=True, lead_time_d=Decimal(2), cycle_s=Decimal(0))]
    due = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert latest_start(steps, Decimal(5400), due, hours) == datetime(2026, 11, 20, 15, tzinfo=UTC)


@st.composite
def graphs(draw: st.DrawFn) -> list[Any]:
    """Operations that follow on earlier ones."""
    steps = []
    for place in range(draw(st.integers(1, 8))):
        before = draw(st.lists(st.sampled_from([s.op for s in steps]), unique=True)) if steps else []
        steps.append(step(10 * place + 10, predecessors=before, ratio=Decimal(draw(st.integers(1, 4)))))
    return steps


@given(steps=graphs(), quantity=st.integers(1, 10_000))
def test_every_operation_is_given_what_it_must_yield(steps: list[Any], quantity: int) -> None:
    before = predecessors_of(steps)
    planned = planned_quantities(steps, Decimal(quantity))
    ratio = {s.op: s.ratio for s in steps}
    order = in_order(before)
    assert planned[steps[-1].op] >= quantity
    for op, found in before.items():
        for previous in found:
            assert order.index(previous) < order.index(op)
            assert planned[previous] * Fraction(ratio[op]) >= planned[op]
