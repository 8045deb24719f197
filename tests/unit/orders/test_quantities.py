"""Quantities are divided and accounted for: no sequence of commands loses or makes a piece."""

import os
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from services.orders.products.domain import planned_pieces, planned_quantities
from services.orders.work_orders.domain.pieces import (
    balances,
    begun,
    makes,
    obtainable,
    order_totals,
    split_faults,
)
from services.orders.work_orders.domain.states import (
    OPEN,
    WorkOrderAction,
    WorkOrderCommand,
    WorkOrderState,
    is_permitted,
    next_state,
)
from services.production.jobs.domain import Feed, Totals, ready_quantity
from tests.support.order_steps import Step, chain

pieces = st.decimals(min_value=1, max_value=100_000, places=3)


shares = st.lists(pieces, min_size=2, max_size=6)


@given(shares)
def test_a_split_conserves_the_planned_pieces_of_every_operation(parts: list[Decimal]) -> None:
    steps = chain(Decimal(0), {}, {}, {})
    whole = planned_pieces(steps, sum(parts, Decimal(0)), 0)
    each = [planned_pieces(steps, part, 0) for part in parts]
    assert {op: sum(planned[op] for planned in each) for op in whole} == whole


@given(shares, st.decimals(min_value="0.1", max_value=8, places=3))
def test_where_pieces_are_cut_from_others_the_parts_yield_what_the_whole_needs(
    parts: list[Decimal], ratio: Decimal
) -> None:
    steps = chain(Decimal(0), {}, {"ratio": ratio})
    needed = planned_pieces(steps, sum(parts, Decimal(0)), 0)[10]
    together = sum(planned_pieces(steps, part, 0)[10] for part in parts)
    assert needed <= together < needed + len(parts)


@given(shares, pieces)
def test_a_split_is_the_whole_and_leaves_the_order_what_was_worked_on(parts: list[Decimal], done: Decimal) -> None:
    quantity = sum(parts, Decimal(0))
    assert split_faults(quantity + 1, parts, Decimal(0)) == [("quantities", "split_sum")]
    below = [("quantities.0", "split_below_done")]
    assert split_faults(quantity, parts, done) == (below if parts[0] < done else [])


def test_what_has_begun_is_the_most_that_an_operation_has_finished_with() -> None:
    cut = Step(10, Decimal(50), good=Decimal(20), scrap=Decimal(5))
    bent = Step(20, Decimal(100), [10], ratio=Decimal(2), good=Decimal(30))
    assert begun([cut, bent], 0) == 50
    assert begun([], 0) == 0


def test_what_waits_for_rework_has_begun() -> None:
    assert begun(chain(Decimal(10), {"rework": Decimal(10), "rework_in": Decimal(10)}, {}), 0) == 10
    assert begun(chain(Decimal(10), {"good": Decimal(3), "rework": Decimal(4), "rework_in": Decimal(2)}, {}), 0) == 5


def test_four_sheets_of_three_pieces_give_an_order_of_ten_no_twelve() -> None:
    steps = [Step(10, Decimal(4), good=Decimal(4)), Step(20, Decimal(10), [10], Decimal(3))]
    assert planned_pieces(steps, Decimal(10), 0) == {10: 4, 20: 10}
    assert begun(steps, 0) == 10
    sheets, pieces = balances(steps, 0)
    assert (sheets.received, sheets.not_begun) == (4, 0)
    assert (pieces.received, pieces.in_process) == (10, 10)
    steps[1].good, steps[1].scrap = Decimal(9), Decimal(3)
    pieces = balances(steps, 0)[1]
    assert (pieces.received, pieces.in_process, pieces.unreported) == (12, 0, 0)
    assert balances([replace(steps[0], good=Decimal(5)), replace(steps[1], scrap=Decimal(0))], 0)[1].received == 13


def test_what_is_rounded_up_takes_what_the_whole_of_it_takes() -> None:
    """Ten pieces, three from a strip, and a strip from three blanks: four strips, and twelve blanks."""
    steps = chain(Decimal(0), {}, {"ratio": Decimal("0.333333")}, {"ratio": Decimal(3)})
    assert planned_pieces(steps, Decimal(10), 0) == {10: 12, 20: 4, 30: 10}


RATIOS = [Decimal(text) for text in ("1", "1", "2", "3", "0.5", "0.333333", "1.5", "0.25", "7")]


@dataclass
class Floor:
    """An order on the floor, as production works on it: the second model of what its operations can come to."""

    steps: list[Step]

    def ready(self, step: Step) -> Decimal:
        by_op = {each.op: each for each in self.steps}
        feeds = [Feed(op, by_op[op].good, step.ratio) for op in step.predecessors]
        return ready_quantity(step.planned, feeds, Totals(step.good, step.scrap), 0)

    def run(self) -> Decimal:
        """Everything that is ready is made good, operation after operation; what that comes to."""
        for step in self.steps:
            if step.state not in ("done", "cancelled"):
                step.good += self.ready(step)
        return self.steps[-1].good


@st.composite
def graphs(draw: st.DrawFn) -> list[Step]:
    """Operations whose predecessors are any before them; every one leads to the last."""
    steps = [Step(10, Decimal(0), [], draw(st.sampled_from(RATIOS)))]
    for place in range(2, draw(st.integers(1, 6)) + 1):
        earlier = [step.op for step in steps]
        before = draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=2, unique=True))
        steps.append(Step(10 * place, Decimal(0), sorted(before), draw(st.sampled_from(RATIOS))))
    loose = {step.op for step in steps} - {op for step in steps for op in step.predecessors} - {steps[-1].op}
    steps[-1].predecessors = sorted({*steps[-1].predecessors, *loose})
    return steps


@given(graphs(), st.integers(1, 60))
def test_a_plan_of_whole_pieces_comes_to_exactly_what_is_ordered(steps: list[Step], quantity: int) -> None:
    for step in steps:
        step.planned = planned_pieces(steps, Decimal(quantity), 0)[step.op]
        assert step.planned == step.planned.to_integral_value()
    assert obtainable(steps, 0) == quantity
    assert Floor(steps).run() == quantity
    assert all(step.good <= step.planned for step in steps)
    assert begun(steps, 0) == quantity


@given(graphs(), st.integers(1, 40), st.data())
def test_what_can_still_come_good_is_what_the_floor_comes_to_without_more_scrap(
    steps: list[Step], quantity: int, data: st.DataObject
) -> None:
    planned = planned_pieces(steps, Decimal(quantity), 0)
    floor = Floor(steps)
    for step in steps:
        step.planned = planned[step.op]
        ready = int(floor.ready(step))
        step.good = Decimal(data.draw(st.integers(0, ready)))
        step.scrap = Decimal(data.draw(st.integers(0, ready - int(step.good))))
        step.state = data.draw(st.sampled_from(["running", "running", "done"]))
    touched = {step.op: step.good + step.scrap for step in steps}
    expected = obtainable(steps, 0)
    done = begun(steps, 0)
    assert order_totals(steps)[0] <= expected <= quantity
    assert all(floor.ready(step) <= step.planned - step.good for step in steps)
    assert done == max(_pieces_of(steps, step.op, touched[step.op], quantity) for step in steps)
    assert floor.run() == expected


def _pieces_of(steps: list[Step], op: int, touched: Decimal, quantity: int) -> int:
    """The pieces of the order that so much work on an operation has touched, counted one by one."""
    needed = planned_quantities(steps, Decimal(1))[op]
    return next(count for count in range(quantity + 1) if count == quantity or count * needed >= touched)


@pytest.mark.parametrize(
    ("first", "second", "makes_good"),
    [
        ({}, {}, 100),
        ({"good": 60, "scrap": 40, "state": "done"}, {}, 60),
        ({"good": 60, "scrap": 40, "state": "done"}, {"good": 60}, 60),
        ({"good": 60, "scrap": 5}, {"good": 40, "scrap": 10}, 85),
        ({"good": 60, "state": "done"}, {"good": 20, "scrap": 1}, 59),
        ({"good": 60, "rework": 10, "rework_in": 10}, {"good": 20}, 100),
        ({"good": 60, "rework": 10, "rework_in": 10, "state": "done"}, {"good": 20}, 60),
        ({"good": 110, "state": "done"}, {"good": 105}, 105),
        ({"good": 110}, {}, 100),
        ({"good": 100, "state": "done"}, {"good": 30, "state": "cancelled"}, 30),
        ({"skip": True, "state": "skipped"}, {"scrap": 3}, 97),
    ],
)
def test_scrap_and_what_is_left_out_do_not_come_good_any_more(
    first: dict[str, object], second: dict[str, object], makes_good: int
) -> None:
    steps = [
        {name: Decimal(value) if isinstance(value, int) and value is not True else value for name, value in one.items()}
        for one in (first, second)
    ]
    assert obtainable(chain(Decimal(100), *steps), 0) == makes_good


@pytest.mark.parametrize(
    ("state", "made"),
    [("draft", 100), ("planned", 100), ("in_progress", 60), ("on_hold", 60), ("completed", 50), ("cancelled", 50)],
)
def test_an_order_makes_what_is_ordered_then_what_can_come_good_and_in_the_end_what_is_good(
    state: str, made: int
) -> None:
    steps = chain(Decimal(100), {"good": Decimal(60), "state": "done"}, {"good": Decimal(50)})
    assert makes(WorkOrderState(state), Decimal(100), steps, 0) == made


@dataclass
class Order:
    """An order and its jobs, as orders and production hold it together."""

    quantity: Decimal
    state: WorkOrderState = WorkOrderState.DRAFT
    held_from: WorkOrderState | None = None
    steps: list[Step] = field(default_factory=list)

    def plan(self, quantity: Decimal) -> None:
        """Another quantity."""
        planned = planned_pieces(self.steps, quantity, 0)
        self.quantity = quantity
        for step in self.steps:
            step.planned = planned[step.op]


whole = st.integers(1, 500).map(Decimal)


class Shop(RuleBasedStateMachine):
    """Whatever people and the floor do with orders, in any sequence."""

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.every: list[Order] = []
        self.ordered = Decimal(0)
        self.reported = Totals()

    def keep(self, order: Order) -> Order:
        self.every.append(order)
        return order

    @rule(target=orders, quantity=whole)
    def create(self, quantity: Decimal) -> Order:
        self.ordered += quantity
        return self.keep(Order(quantity))

    @rule(order=orders, command=st.sampled_from(WorkOrderCommand))
    def move(self, order: Order, command: WorkOrderCommand) -> None:
        after = next_state(order.state, command, order.held_from)
        if after is None:
            return
        if command is WorkOrderCommand.RELEASE:
            order.steps = chain(order.quantity, {}, {})
        order.held_from = order.state if after is WorkOrderState.ON_HOLD else None
        order.state = after
        if after is WorkOrderState.CANCELLED:
            self.ordered -= order.quantity

    @rule(target=orders, order=orders, share=st.fractions(0, 1), places=st.integers(0, 3))
    def split(self, order: Order, share: object, places: int) -> Order:
        share_of_it = Decimal(str(round(float(share), 4)))  # type: ignore[arg-type]
        kept = (order.quantity * share_of_it).quantize(Decimal(1).scaleb(-places))
        parts = [kept, order.quantity - kept]
        if not is_permitted(order.state, WorkOrderAction.SPLIT) or min(parts) <= 0:
            return order
        if split_faults(order.quantity, parts, begun(order.steps, 0)):
            return order
        planned = planned_pieces(order.steps, parts[1], 0)
        nothing = {"good": Decimal(0), "scrap": Decimal(0), "rework": Decimal(0)}
        steps = [replace(step, planned=planned[step.op], **nothing) for step in order.steps]
        state = WorkOrderState.RELEASED if order.state is WorkOrderState.IN_PROGRESS else order.state
        part = Order(parts[1], state, WorkOrderState.RELEASED if state is WorkOrderState.ON_HOLD else None, steps)
        order.plan(parts[0])
        return self.keep(part)

    @rule(first=orders, second=orders)
    def merge(self, first: Order, second: Order) -> None:
        if first is second or not all(is_permitted(order.state, WorkOrderAction.MERGE) for order in (first, second)):
            return
        first.quantity += second.quantity
        second.state = WorkOrderState.CANCELLED

    @rule(order=orders, quantity=whole)
    def change(self, order: Order, quantity: Decimal) -> None:
        if not (
            is_permitted(order.state, WorkOrderAction.EDIT) or is_permitted(order.state, WorkOrderAction.APPLY_CHANGE)
        ):
            return
        self.ordered += quantity - order.quantity
        order.plan(quantity)

    @rule(order=orders, place=st.integers(0, 1), good=st.integers(0, 300), scrap=st.integers(0, 50))
    def report(self, order: Order, place: int, good: int, scrap: int) -> None:
        # pieces that were made count whatever the order's state is
        if order.steps:
            step = order.steps[place]
            step.good, step.scrap = step.good + good, step.scrap + scrap
            self.reported += Totals(Decimal(good), Decimal(scrap))

    @invariant()
    def nothing_ordered_is_lost_or_made(self) -> None:
        assert (
            sum((o.quantity for o in self.every if o.state is not WorkOrderState.CANCELLED), Decimal(0)) == self.ordered
        )

    @invariant()
    def nothing_reported_is_lost_or_made(self) -> None:
        steps = [step for order in self.every for step in order.steps]
        assert sum((step.good for step in steps), Decimal(0)) == self.reported.good
        assert sum((step.scrap for step in steps), Decimal(0)) == self.reported.scrap

    @invariant()
    def every_operation_is_planned_for_its_whole_order(self) -> None:
        for order in self.every:
            assert all(step.planned == order.quantity for step in order.steps)

    @invariant()
    def nothing_is_ready_twice(self) -> None:
        for order in self.every:
            if order.state in OPEN and order.steps:
                first, second = order.steps
                feeds = [Feed(10, first.good, Decimal(1))]
                done = Totals(second.good, second.scrap)
                assert ready_quantity(second.planned, feeds, done, 0) <= max(first.good - done.processed, 0)


Shop.TestCase.settings = settings(
    max_examples=600 if "DURE_LONG_PROPERTIES" in os.environ else 25, stateful_step_count=40, deadline=None
)


TestShop = pytest.mark.filterwarnings("default")(Shop.TestCase)
