"""Quantities are divided and accounted for: no sequence of commands loses or makes a piece."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from services.orders.products.domain import planned_pieces
from services.orders.work_orders.domain import (
    OPEN,
    WorkOrderAction,
    WorkOrderCommand,
    WorkOrderState,
    balances,
    begun,
    feeding,
    is_permitted,
    next_state,
    order_totals,
    split_faults,
)
from services.production.jobs.domain import Feed, Totals, ready_quantity

pieces = st.decimals(min_value=1, max_value=100_000, places=3)


shares = st.lists(pieces, min_size=2, max_size=6)


@dataclass
class Step:
    """An operation of an order."""

    op: int
    planned: Decimal
    predecessors: list[int] = field(default_factory=list)
    ratio: Decimal = Decimal(1)
    skip: bool = False
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)


def chain(planned: Decimal, *more: dict[str, object]) -> list[Step]:
    """Operations 10, 20, ... one after the other."""
    ops = [10 * place for place in range(1, len(more) + 1)]
    before = [[], *([op] for op in ops)]
    return [
        Step(op, planned, previous, **values)  # type: ignore[arg-type]
        for op, previous, values in zip(ops, before, more, strict=False)
    ]


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
    assert begun([cut, bent]) == 50
    assert begun([]) == 0


def test_what_a_skipped_operation_fed_is_fed_by_what_fed_it() -> None:
    steps = chain(Decimal(100), {}, {"skip": True, "ratio": Decimal(2)}, {"ratio": Decimal(3)})
    assert feeding(steps) == {10: {}, 30: {10: Decimal(6)}}


def test_the_good_pieces_of_an_order_are_those_of_its_last_operation_that_is_not_skipped() -> None:
    steps = chain(Decimal(100), {"good": Decimal(97), "scrap": Decimal(3)}, {"skip": True})
    assert order_totals(steps) == (97, 3, 0)


@given(
    st.integers(1, 5).flatmap(
        lambda ops: st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=ops, max_size=ops)
    )
)
def test_every_piece_of_a_chain_is_not_begun_in_process_scrap_or_good(reported: list[tuple[int, int]]) -> None:
    steps = chain(Decimal(100), *({"good": Decimal(good), "scrap": Decimal(scrap)} for good, scrap in reported))
    found = balances(steps)
    not_begun = sum(balance.not_begun for balance in found)
    in_process = sum(balance.in_process - balance.unreported for balance in found)
    assert all(balance.in_process >= 0 and balance.unreported >= 0 for balance in found)
    assert not_begun + in_process + sum(step.scrap for step in steps) + steps[-1].good == 100


def test_a_balance_tells_where_the_pieces_wait() -> None:
    steps = chain(Decimal(100), {"good": Decimal(60), "scrap": Decimal(2)}, {"good": Decimal(40), "scrap": Decimal(1)})
    first, second = balances(steps)
    assert (first.received, first.not_begun, first.in_process) == (62, 38, 0)
    assert (second.received, second.not_begun, second.in_process) == (60, 0, 19)


def test_pieces_that_no_earlier_report_covers_are_named_and_never_less_than_none() -> None:
    steps = chain(Decimal(100), {"good": Decimal(60)}, {"good": Decimal(65), "scrap": Decimal(1)})
    _, packing = balances(steps)
    assert (packing.received, packing.in_process, packing.unreported) == (60, 0, 6)


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
        if split_faults(order.quantity, parts, begun(order.steps)):
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
                assert ready_quantity(second.planned, feeds, done) + min(done.processed, first.good) == first.good


Shop.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


TestShop = pytest.mark.filterwarnings("default")(Shop.TestCase)
