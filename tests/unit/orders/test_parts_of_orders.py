"""Orders are split while others make parts for them, and while their pieces are at a subcontractor."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.orders.work_orders.domain.pieces import allotments, balances, begun
from tests.unit.orders.test_quantities import chain, pieces, shares


@given(st.lists(pieces, min_size=1, max_size=4), shares)
def test_what_is_made_for_an_order_is_shared_among_its_parts_and_nothing_is_lost(
    promised: list[Decimal], quantities: list[Decimal]
) -> None:
    supplies = [(UUID(int=n), quantity) for n, quantity in enumerate(promised)]
    parts = [(UUID(int=100 + n), quantity) for n, quantity in enumerate(quantities)]
    found = allotments(supplies, parts)
    for supply, quantity in supplies:
        assert sum(taken for _, of, taken in found if of == supply) == quantity
    for part, quantity in parts:
        due = Fraction(sum(promised)) * Fraction(quantity) / Fraction(sum(quantities))
        assert abs(Fraction(sum(taken for to, _, taken in found if to == part)) - due) <= Fraction(1, 10**6)
    assert all(taken > 0 for _, _, taken in found)
    assert len({(part, supply) for part, supply, _ in found}) == len(found)


def test_pieces_at_the_subcontractor_are_begun_and_in_process() -> None:
    away = chain(Decimal(10), {"good": Decimal(2), "sent": Decimal(5)}, {})
    assert begun(away, 0) == 7
    first, _ = balances(away, 0)
    assert (first.received, first.not_begun, first.in_process) == (7, 3, 5)


def test_more_back_from_the_subcontractor_than_went_there_is_no_piece_less_begun() -> None:
    assert begun(chain(Decimal(10), {"good": Decimal(2), "sent": Decimal(-1)}, {}), 0) == 2
