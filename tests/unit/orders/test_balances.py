"""Where an order's pieces are: whatever was reported, each of them is somewhere, and once."""

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from services.orders.work_orders.domain.pieces import balances, feeding, obtainable, order_totals
from tests.support.order_steps import chain


def test_what_a_skipped_operation_fed_is_fed_by_what_fed_it() -> None:
    steps = chain(Decimal(100), {}, {"skip": True, "ratio": Decimal(2)}, {"ratio": Decimal(3)})
    found = {op: [(feed.before.op, feed.ratio) for feed in feeds] for op, feeds in feeding(steps).items()}
    assert found == {10: [], 30: [(10, 6)]}


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
    found = balances(steps, 0)
    not_begun = sum(balance.not_begun for balance in found)
    in_process = sum(balance.in_process - balance.unreported for balance in found)
    assert all(balance.in_process >= 0 and balance.unreported >= 0 for balance in found)
    assert not_begun + in_process + sum(step.scrap for step in steps) + steps[-1].good == 100


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.booleans()), min_size=1, max_size=5)
)
def test_what_was_reported_at_a_skipped_operation_is_in_the_balance(
    reported: list[tuple[int, int, int, bool]],
) -> None:
    assume(not all(skip for *_, skip in reported))
    steps = chain(
        Decimal(100),
        *(
            {"good": Decimal(good), "scrap": Decimal(scrap), "rework_in": Decimal(waits), "skip": skip}
            for good, scrap, waits, skip in reported
        ),
    )
    found = balances(steps, 0)
    has_row = {step.op for step in steps if not step.skip or step.good + step.scrap + step.rework_in}
    assert {balance.op for balance in found} == has_row
    there = sum(balance.not_begun + balance.in_process - balance.unreported for balance in found)
    good, scrap, _ = order_totals(steps)
    assert there + scrap + good == 100


def test_pieces_at_a_skipped_operation_are_kept_there_or_have_passed_it() -> None:
    kept = {"good": Decimal(5), "scrap": Decimal(2), "rework_in": Decimal(1), "rework": Decimal(1), "skip": True}
    middle = chain(Decimal(100), {"good": Decimal(60)}, kept, {"good": Decimal(40)})
    assert [(b.op, b.received, b.in_process, b.not_begun) for b in balances(middle, 0)] == [
        (10, 60, 0, 40),
        (20, 8, 1, 0),
        (30, 57, 17, 0),
    ]
    assert (order_totals(middle), obtainable(middle, 0)) == ((40, 2, 1), 97)
    first = chain(Decimal(100), kept, {})
    assert [(b.op, b.received, b.in_process, b.not_begun) for b in balances(first, 0)] == [
        (10, 8, 1, 0),
        (20, 5, 5, 92),
    ]
    assert obtainable(first, 0) == 97
    last = chain(Decimal(100), {"good": Decimal(60)}, kept)
    assert [(b.op, b.received, b.in_process, b.not_begun) for b in balances(last, 0)] == [
        (10, 60, 0, 40),
        (20, 8, 1, 0),
    ]
    assert (order_totals(last), obtainable(last, 0)) == ((57, 2, 1), 97)


def test_a_balance_tells_where_the_pieces_wait() -> None:
    steps = chain(Decimal(100), {"good": Decimal(60), "scrap": Decimal(2)}, {"good": Decimal(40), "scrap": Decimal(1)})
    first, second = balances(steps, 0)
    assert (first.received, first.not_begun, first.in_process) == (62, 38, 0)
    assert (second.received, second.not_begun, second.in_process) == (60, 0, 19)


def test_pieces_that_no_earlier_report_covers_are_named_and_never_less_than_none() -> None:
    steps = chain(Decimal(100), {"good": Decimal(60)}, {"good": Decimal(65), "scrap": Decimal(1)})
    _, packing = balances(steps, 0)
    assert (packing.received, packing.in_process, packing.unreported) == (60, 0, 6)


def test_pieces_that_wait_for_rework_came_in_and_are_in_process() -> None:
    [only] = balances(chain(Decimal(10), {"good": Decimal(2), "rework": Decimal(5), "rework_in": Decimal(5)}), 0)
    assert (only.received, only.not_begun, only.in_process) == (7, 3, 5)
