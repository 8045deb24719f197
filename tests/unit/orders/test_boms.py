"""BOMs: a day has one revision in force, and nothing is a part of itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.definitions.domain.items import exact_factor, lot_size_fault
from services.orders.products.domain import (
    ONE_DAY,
    Bill,
    BillLine,
    bom_cycle,
    cut_in,
    in_force,
    line_faults,
    revision_faults,
    rewrites_the_past,
    whole,
)

FIRST = date(2026, 1, 1)


def bill(*components: str) -> Bill:
    """One of each, for ever."""
    return Bill(1, FIRST, None, tuple(BillLine(code, Decimal(1)) for code in components))


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8))
def test_of_any_revisions_put_one_after_the_other_every_day_has_the_last_that_was_meant_for_it(days: list[int]) -> None:
    revisions: list[Bill] = []
    meant: dict[int, int] = {}
    for number, day in enumerate(days, 1):
        begins = FIRST + timedelta(days=day)
        superseded, ends = cut_in(revisions, begins)
        if superseded:
            ended = Bill(superseded.revision, superseded.effective_from, begins - ONE_DAY, ())
            revisions[superseded.revision - 1] = ended
        revisions.append(Bill(number, begins, ends, ()))
        last = 30 if ends is None else (ends - FIRST).days
        meant |= dict.fromkeys(range(day, last + 1), number)
    for offset in range(31):
        on = FIRST + timedelta(days=offset)
        found = [
            r.revision for r in revisions if r.effective_from <= on and (not r.effective_to or on <= r.effective_to)
        ]
        assert found == ([meant[offset]] if offset >= min(days) else [])
        present = in_force(revisions, on)
        assert [present.revision] == found if present else not found


def test_past_days_keep_what_was_in_force() -> None:
    today = FIRST + timedelta(days=10)
    assert not rewrites_the_past([], FIRST, today)
    assert not rewrites_the_past([bill("A")], FIRST + ONE_DAY, today)
    assert rewrites_the_past([bill("A")], FIRST, today)
    assert not rewrites_the_past([bill("A")], today, today)


def test_a_circle_is_told_with_its_way() -> None:
    bills = {"B": [bill("C", "X")], "C": [bill("A")], "X": [bill()]}
    assert bom_cycle("A", [BillLine("B", Decimal(1))], bills) == ["A", "B", "C", "A"]
    assert bom_cycle("A", [BillLine("X", Decimal(1))], bills) is None


def test_an_alternate_counts_too() -> None:
    assert bom_cycle("A", [BillLine("X", Decimal(1), alternates=(("A", Decimal(1)),))], {}) == ["A", "A"]


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_what_is_accepted_never_goes_in_a_circle(edges: list[tuple[int, int]]) -> None:
    bills: dict[str, list[Bill]] = {}
    for above, below in edges:
        line = BillLine(str(below), Decimal(1))
        if bom_cycle(str(above), [line], bills) is None:
            bills.setdefault(str(above), []).append(Bill(1, FIRST, None, (line,)))
    depth: dict[str, int] = {}

    def height(code: str, above: tuple[str, ...] = ()) -> int:
        assert code not in above
        if code not in depth:
            parts = [line.component for b in bills.get(code, ()) for line in b.lines]
            depth[code] = 1 + max((height(part, (*above, code)) for part in parts), default=0)
        return depth[code]

    for code in bills:
        height(code)


def test_a_component_is_there_once_an_operation() -> None:
    nut = BillLine("NUT", Decimal(2), op=10)
    assert line_faults("A", [nut, BillLine("NUT", Decimal(2), op=20)]) == []
    assert line_faults("A", [nut, nut]) == [("lines.1.component", "component_twice")]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0.50", "0.5"),
        ("1/3", "1/3"),
        ("2/6", "1/3"),
        ("1/4", "0.25"),
        ("1000", "1000"),
        ("1e3", "1000"),
        ("0.0000001", "1/10000000"),
    ],
)
def test_a_factor_is_kept_exactly(written: str, kept: str) -> None:
    assert exact_factor(written) == kept
    assert Fraction(kept) == Fraction(written)


@pytest.mark.parametrize("written", ["0", "-1", "1/0", "three", "", "NaN", "1e30"])
def test_a_factor_is_above_nothing(written: str) -> None:
    with pytest.raises(ValueError, match="factor_invalid"):
        exact_factor(written)


def test_a_lot_size_leaves_a_quantity() -> None:
    assert lot_size_fault(Decimal(100), Decimal(70), Decimal(140)) is None
    assert lot_size_fault(Decimal(100), Decimal(70), Decimal(139)) == "lot_size_impossible"
    assert lot_size_fault(Decimal(100), Decimal(70), None) is None


@given(st.fractions(min_value=0, max_value=10**6), st.integers(0, 6))
def test_a_quantity_is_rounded_up_and_by_less_than_one_step(quantity: Fraction, decimals: int) -> None:
    rounded = whole(quantity, decimals)
    assert 0 <= Fraction(rounded) - quantity < Fraction(1, 10**decimals)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_whatever_revisions_follow_each_other_their_past_can_be_laid_down_again(days: list[int]) -> None:
    revisions: list[Bill] = []
    for number, day in enumerate(days, 1):
        begins = FIRST + timedelta(days=day)
        ended, ends = cut_in(revisions, begins)
        revisions = [replace(one, effective_to=begins - ONE_DAY) if one is ended else one for one in revisions]
        revisions.append(Bill(number, begins, ends, ()))
    assert revision_faults(revisions) == []


def test_a_past_with_two_revisions_on_a_day_or_of_a_number_is_none() -> None:
    year = timedelta(days=365)
    first, later = Bill(1, FIRST, FIRST + year, ()), Bill(2, FIRST + year, None, ())
    assert revision_faults([first, later]) == [("revisions.1.effective_from", "revisions_overlap")]
    assert revision_faults([later, replace(first, effective_to=None)]) == [
        ("revisions.0.effective_from", "revisions_overlap")
    ]
    assert revision_faults([replace(first, effective_to=FIRST), replace(later, revision=1)]) == [
        ("revisions.1.revision", "revision_twice")
    ]
    assert revision_faults([replace(first, effective_to=FIRST - 2 * ONE_DAY)]) == [
        ("revisions.0.effective_to", "revisions_overlap")
    ]
