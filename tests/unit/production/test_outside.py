"""Pieces at a subcontractor: sent, back, to be reworked, and out again; each is in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.jobs.domain import Totals, back_from_outside, out_again, outside, rework_left, waits

D = Decimal
ZERO = D(0)
Place = Literal["new", "outside", "here", "good", "scrap"]


@dataclass
class Counters:
    """The counters of a subcontracted job, as its commands keep them."""

    sent: Decimal = ZERO
    waiting: Decimal = ZERO

    def send(self, quantity: Decimal, again: Decimal) -> None:
        self.sent += quantity
        self.waiting -= again

    def report(self, made: Totals, *, is_reworked: bool, sign: int = 1) -> None:
        counted = made if sign > 0 else -made
        self.waiting = rework_left(self.waiting, counted, is_reworked=is_reworked, stays=True)
        self.sent -= back_from_outside(counted, is_reworked=is_reworked)

    @property
    def places(self) -> tuple[Decimal, Decimal]:
        """The pieces that are with the subcontractor, and those that wait here to be reworked."""
        return outside(self.sent, self.waiting), waits(self.waiting)


BACK = Totals(good=D(40), rework=D(10))
TABLE: dict[str, tuple[list[tuple[Totals, bool] | tuple[int, int]], tuple[int, int]]] = {
    "all are out": ([(50, 0)], (50, 0)),
    "forty are good, ten wait here": ([(50, 0), (BACK, False)], (0, 10)),
    "the shop reworks them": ([(50, 0), (BACK, False), (Totals(good=D(10)), True)], (0, 0)),
    "while others are out": ([(50, 0), (BACK, False), (Totals(good=D(10)), True), (20, 0)], (20, 0)),
    "they go out again": ([(50, 0), (BACK, False), (10, 10)], (10, 0)),
    "six are back and good": ([(50, 0), (BACK, False), (10, 10), (Totals(good=D(6)), False)], (4, 0)),
    "they are back, told as reworked": ([(50, 0), (BACK, False), (10, 10), (Totals(good=D(10)), True)], (0, 0)),
    "one is bad once more": ([(50, 0), (BACK, False), (10, 10), (Totals(D(9), D(0), D(1)), False)], (0, 1)),
    "more came back than went": ([(5, 0), (Totals(good=D(8)), False)], (-3, 0)),
}


@pytest.mark.parametrize("story", TABLE)
def test_where_the_pieces_are(story: str) -> None:
    facts, places = TABLE[story]
    counters = Counters()
    for fact in facts:
        if isinstance(fact[0], Totals):
            counters.report(fact[0], is_reworked=bool(fact[1]))
        else:
            counters.send(D(fact[0]), D(fact[1]))
    assert counters.places == places


@pytest.mark.parametrize(
    ("quantity", "fresh", "waiting", "again"),
    [(30, 50, 0, 0), (25, 20, 5, 5), (5, 20, 5, 0), (5, 0, 3, 3), (5, 0, 0, 0), (5, -2, 9, 5), (5, 0, -4, 0)],
)
def test_what_was_out_already_goes_again_where_nobody_says_so(
    quantity: int, fresh: int, waiting: int, again: int
) -> None:
    assert out_again(D(quantity), D(fresh), D(waiting)) == again


@dataclass(frozen=True)
class Sent:
    quantity: int
    again: int


@dataclass(frozen=True)
class Told:
    good: int
    scrap: int
    rework: int
    is_reworked: bool
    sign: int = 1


@dataclass
class Pieces:
    """Each piece of an order by itself, and where it is: what the counters have to come to."""

    places: list[Place]

    def take(self, count: int, source: Place, *targets: tuple[int, Place]) -> list[int]:
        """Move up to so many pieces from a place on; return how many went to each target."""
        there = [n for n, place in enumerate(self.places) if place == source][:count]
        moved = []
        for wanted, target in targets:
            now, there = there[:wanted], there[wanted:]
            for n in now:
                self.places[n] = target
            moved.append(len(now))
        return moved


moves = st.lists(st.tuples(st.sampled_from(["send", "again", "back", "rework"]), *[st.integers(0, 9)] * 3), max_size=30)


@given(moves, st.data())
def test_every_piece_is_in_one_place_in_whatever_order_it_is_told(
    history: Sequence[tuple[str, int, int, int]], data: st.DataObject
) -> None:
    pieces = Pieces(["new"] * 60)
    facts: list[Sent | Told] = []
    for kind, a, b, c in history:
        if kind in ("send", "again"):
            [first] = pieces.take(a, "new", (a, "outside")) if kind == "send" else [0]
            [again] = pieces.take(b, "here", (b, "outside"))
            facts.append(Sent(first + again, again))
        else:
            source: Place = "outside" if kind == "back" else "here"
            good, scrap = pieces.take(a + b, source, (a, "good"), (b, "scrap"))
            found = pieces.take(c, source, (c, "here"))[0] if source == "outside" else 0
            facts.append(Told(good, scrap, found, kind == "rework"))
    typos = [
        Told(a, b, c, is_reworked)
        for a, b, c, is_reworked in data.draw(
            st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=3)
        )
    ]
    facts += [Told(t.good, t.scrap, t.rework, t.is_reworked, sign) for t in typos for sign in (1, -1)]
    counters = Counters()
    for fact in data.draw(st.permutations(facts)):
        if isinstance(fact, Sent):
            counters.send(D(fact.quantity), D(fact.again))
        else:
            made = Totals(D(fact.good), D(fact.scrap), D(fact.rework))
            counters.report(made, is_reworked=fact.is_reworked, sign=fact.sign)
    assert counters.places == (pieces.places.count("outside"), pieces.places.count("here"))
