"""Numbers and quantity of a lot never part: which numbered pieces go when a part of a lot leaves."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.genealogy.domain.serials import chosen

CODES = ["S1", "S2", "S3"]


@pytest.mark.parametrize(
    ("remaining", "quantity", "named", "gone"),
    [
        (3, 3, [], CODES),  # all of it: nobody has to say which
        (3, 1, [], None),
        (3, 1, ["S2"], ["S2"]),
        (3, 1, ["S1", "S2"], None),  # more numbers than pieces
        (3, 2, ["S1"], None),  # a piece without a number there is not
        (5, 2, [], []),  # two have no number, and go first
        (5, 2, ["S3"], ["S3"]),
        (5, 4, [], None),
    ],
)
def test_somebody_says_which_pieces_go_where_it_matters(
    remaining: int, quantity: int, named: list[str], gone: list[str] | None
) -> None:
    assert chosen(CODES, Decimal(remaining), Decimal(quantity), named) == gone


def test_the_last_numbers_go_into_a_part_when_nobody_says_which() -> None:
    assert chosen(CODES, Decimal(3), Decimal(2), [], last_by_default=True) == ["S2", "S3"]


@given(st.integers(0, 8), st.integers(0, 8), st.integers(1, 16))
def test_never_more_numbers_stay_than_pieces(numbered: int, bare: int, quantity: int) -> None:
    codes = [f"S{n}" for n in range(numbered)]
    remaining = numbered + bare
    gone = chosen(codes, Decimal(remaining), Decimal(min(quantity, remaining)), [], last_by_default=True)
    assert gone is not None
    assert numbered - len(gone) <= max(0, remaining - quantity)
    assert len(gone) <= quantity
