"""Pieces that go back to be reworked: wherever they are, each is counted once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.jobs.domain import Feed, Totals, is_short, ready_quantity, rework_left, supply, waits
from services.production.results.domain import sent_back

D = Decimal
pieces = st.integers(0, 50).map(Decimal)


@dataclass
class Line:
    """Operations one after the other, as their counters are kept."""

    planned: Decimal
    ratios: list[Decimal]
    """Pieces of the next operation from each one of an operation."""
    made: dict[int, Totals] = field(default_factory=dict)
    waiting: dict[int, Decimal] = field(default_factory=dict)

    @property
    def feeds(self) -> Mapping[int, Mapping[int, Decimal]]:
        return {0: {}, **{op + 1: {op: ratio} for op, ratio in enumerate(self.ratios)}}

    def ready(self, op: int) -> Decimal:
        before = [Feed(b, self.made.get(b, Totals()).good, ratio) for b, ratio in self.feeds[op].items()]
        planned = self.planned
        for ratio in self.ratios[:op]:
            planned *= ratio
        return ready_quantity(planned, before, self.made.get(op, Totals()), 6)

    def report(self, op: int, made: Totals, rework_op: int, *, is_reworked: bool) -> None:
        stays = rework_op == op or not made.rework
        if not stays:
            for earlier, back in (sent_back(self.feeds, op, rework_op, made.rework) or {}).items():
                self.made[earlier] += Totals(good=-back)
                if earlier == rework_op:
                    self.waiting[earlier] = self.waiting.get(earlier, D(0)) + back
        self.made[op] = self.made.get(op, Totals()) + made
        self.waiting[op] = rework_left(self.waiting.get(op, D(0)), made, is_reworked=is_reworked, stays=stays)

    def in_firsts(self, op: int, quantity: Decimal) -> Decimal:
        """Pieces of an operation in pieces of the first one."""
        for ratio in self.ratios[:op]:
            quantity /= ratio
        return quantity


@given(
    st.lists(st.sampled_from([D(1), D(2), D("0.5")]), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 4), pieces, pieces, pieces, st.integers(0, 4), st.booleans()), max_size=40),
)
def test_no_piece_is_lost_or_counted_twice_however_often_it_goes_back(
    ratios: list[Decimal], reports: list[tuple[int, Decimal, Decimal, Decimal, int, bool]]
) -> None:
    line = Line(D(160), ratios)
    last = len(ratios)
    for place, good, scrap, rework, back_to, is_reworked in reports:
        op, rework_op = min(place, last), min(back_to, place, last)
        left = line.ready(op)
        good = min(good, left)
        scrap = min(scrap, left - good)
        rework = min(rework, left - good - scrap)
        line.report(op, Totals(good, scrap, rework), rework_op, is_reworked=is_reworked)
        finished = line.in_firsts(last, line.made.get(last, Totals()).good)
        scrapped = sum((line.in_firsts(op, line.made[op].scrap) for op in line.made), D(0))
        in_process = sum((line.in_firsts(op, line.ready(op)) for op in range(last + 1)), D(0))
        assert finished + scrapped + in_process == 160
        assert all(made.good >= 0 for made in line.made.values())


def test_a_piece_of_an_assembly_goes_back_along_its_own_branch() -> None:
    # 10 → 20 → 40 ← 30, and 40 → 50; two of 20 make one of 40
    feeds = {10: {}, 20: {10: D(1)}, 30: {}, 40: {20: D("0.5"), 30: D(1)}, 50: {40: D(1)}}
    assert sent_back(feeds, 50, 10, D(3)) == {40: D(3), 20: D(6), 10: D(6)}
    assert sent_back(feeds, 50, 30, D(3)) == {40: D(3), 30: D(3)}
    assert sent_back(feeds, 40, 40, D(3)) is None
    assert sent_back(feeds, 30, 10, D(3)) is None
    assert sent_back(feeds, 10, 40, D(3)) is None


def test_what_goes_back_through_thirds_is_exact_and_leaves_enough_for_the_others() -> None:
    third = D("0.333333")  # three pieces are welded into one
    assert sent_back({10: {}, 20: {10: third}, 30: {20: D(1)}}, 30, 10, D(2)) == {20: D(2), 10: D(6)}
    for bad in range(1, 10):  # a sheet is cut into three pieces
        sheets = D(9) - (sent_back({10: {}, 20: {10: D(3)}}, 20, 10, D(bad)) or {})[10]
        assert supply(D(27), [Feed(10, sheets, D(3))], 0) == 27 - bad


@given(pieces, pieces, pieces, pieces, st.booleans(), st.booleans())
def test_what_is_taken_back_leaves_what_was_there_before(
    waiting: Decimal, good: Decimal, scrap: Decimal, rework: Decimal, is_reworked: bool, stays: bool
) -> None:
    made = Totals(good, scrap, rework)
    after = rework_left(waiting, made, is_reworked=is_reworked, stays=stays)
    assert rework_left(after, -made, is_reworked=is_reworked, stays=stays) == waiting


@given(st.permutations([(D(0), D(5), False), (D(8), D(0), True), (D(-8), D(0), True), (D(3), D(0), True)]))
def test_what_waits_to_be_reworked_is_what_was_found_less_what_was_reworked_in_whatever_order_it_is_told(
    told: list[tuple[Decimal, Decimal, bool]],
) -> None:
    waiting = D(0)
    for good, rework, is_reworked in told:
        waiting = rework_left(waiting, Totals(good=good, rework=rework), is_reworked=is_reworked, stays=True)
    assert waits(waiting) == 2


@pytest.mark.parametrize(
    ("good", "tolerance", "short"),
    [(95, "5", False), (94, "5", True), (99, "0", True), (100, "0", False), (0, None, False)]
)  # fmt: skip
def test_fewer_than_the_tolerance_allows_is_worth_a_look(good: int, tolerance: str | None, short: bool) -> None:
    assert is_short(D(good), D(100), None if tolerance is None else D(tolerance)) is short
