"""Lots: what keeps one out, which goes first, and that nothing is lost or doubled on the way into products."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.genealogy.domain.flow import (
    Operation,
    Output,
    Stock,
    Supply,
    allot,
    draw,
    give_back,
    line_for,
    lines_of,
    rounded,
)
from services.production.genealogy.domain.lots import LotView, lot_state, number_of, objections
from services.production.genealogy.domain.trace import Balance, depths

TODAY = date(2026, 11, 21)
MORNING = datetime(2026, 11, 21, 9, tzinfo=UTC)
QUANTITIES = st.decimals(min_value="0.000001", max_value=10**6, places=6)
RATES = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)


def coil(**more: Any) -> LotView:
    return LotView(**{"item": "COIL", "remaining": Decimal(100), "is_held": False, "expires_on": None} | more)


@pytest.mark.parametrize(
    ("lot", "state"),
    [
        (coil(), "available"),
        (coil(is_held=True, remaining=Decimal(0)), "on_hold"),
        (coil(remaining=Decimal(-3)), "empty"),
        (coil(expires_on=TODAY), "available"),
        (coil(expires_on=TODAY - timedelta(days=1)), "expired"),
    ],
)
def test_the_state_of_a_lot_is_what_matters_most(lot: LotView, state: str) -> None:
    assert lot_state(lot, TODAY) == state


def test_a_wrong_held_expired_and_empty_lot_is_told_with_the_gravest_first() -> None:
    worst = coil(item="GLUE", is_held=True, remaining=Decimal(0), expires_on=TODAY - timedelta(days=1))
    assert objections(worst, ["COIL"], TODAY) == ["wrong_item", "lot_on_hold", "lot_expired", "lot_empty"]
    assert objections(coil(), ["SHEET", "COIL"], TODAY) == []
    assert objections(coil(item="GLUE"), [], TODAY) == []  # without a bill of material nothing is wrong


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        ("{item}-{yymmdd}-{nnn}", "HB1001-261121-007"),
        ("{yyyymmdd}{shift}{nn}", "20261121D07"),
        ("{machine}-{order}-{n}", "W-0182-7"),  # no machine: no dash in front
        ("L{yymm}.{nnnn}/{dd}".replace("/", "+"), "L2611.0007+21"),
    ],
)
def test_a_lot_is_numbered_by_its_items_rule(rule: str, number: str) -> None:
    values = {"item": "HB1001", "order": "W-0182", "machine": "", "shift": "D"}
    before, after, digits = number_of(rule, values, TODAY)
    assert f"{before}{7:0{digits}}{after}" == number


@given(st.text("ABCdef012-", min_size=1, max_size=60), st.integers(1, 999_999))
def test_a_lot_number_is_never_too_long_for_a_code(item: str, running: int) -> None:
    before, after, digits = number_of("{item}-{yymmdd}-{nnnn}", {"item": item}, TODAY)
    assert len(f"{before}{running:0{digits}}{after}") <= 60


@st.composite
def lines(draw_: st.DrawFn) -> tuple[list[Supply], list[Output]]:
    """The supplies of a job of one component, and what it made, at times of one day."""
    moments = st.integers(0, 600).map(lambda minutes: MORNING + timedelta(minutes=minutes))
    rates = draw_(st.lists(RATES, min_size=1, max_size=2))
    supplies = draw_(
        st.lists(st.tuples(QUANTITIES, st.sampled_from([*rates, None]), moments), max_size=6).map(
            lambda rows: [
                Supply(f"S{n}", quantity, rate, since, since) for n, (quantity, rate, since) in enumerate(rows)
            ]
        )
    )
    outputs = draw_(
        st.lists(st.tuples(QUANTITIES, moments, st.booleans()), max_size=4).map(
            lambda rows: [
                Output(f"T{n}", pieces, until, until, rework) for n, (pieces, until, rework) in enumerate(rows)
            ]
        )
    )
    return sorted(supplies, key=lambda supply: supply.since), sorted(outputs, key=lambda output: output.until)


@given(lines())
def test_never_more_of_a_lot_is_in_products_than_was_given(case: tuple[list[Supply], list[Output]]) -> None:
    supplies, outputs = case
    allotted = allot(supplies, outputs)
    for supply in supplies:
        parts = [quantity for (source, _), quantity in allotted.items() if source == supply.lot]
        assert all(part >= 0 for part in parts)
        assert sum(parts, Decimal(0)) <= supply.quantity


@given(lines())
def test_every_product_gets_what_it_needed_or_all_that_there_was(case: tuple[list[Supply], list[Output]]) -> None:
    supplies, outputs = case
    known = [supply for supply in supplies if supply.per_piece]
    allotted = allot(known, outputs)
    need = sum((Fraction(output.pieces) for output in outputs), Fraction(0))
    there = sum((Fraction(supply.quantity) / supply.per_piece for supply in known if supply.per_piece), Fraction(0))
    rates = {supply.lot: supply.per_piece or Fraction(1) for supply in known}
    total = sum((Fraction(quantity) / rates[source] for (source, _), quantity in allotted.items()), Fraction(0))
    slack = sum((Fraction(2, 10**6) / rate for rate in rates.values()), Fraction(0)) * (1 + len(outputs))
    assert abs(total - min(need, there)) <= slack


@given(lines())
def test_a_lot_that_lay_at_the_job_while_something_was_made_is_linked_to_it(
    case: tuple[list[Supply], list[Output]],
) -> None:
    supplies, outputs = case
    allotted = allot(supplies, outputs)
    for supply in supplies:
        earlier = [output for output in outputs if output.until >= supply.since]
        if earlier:
            assert any((supply.lot, output.lot) in allotted for output in outputs)


def test_coils_go_into_the_lots_of_two_shifts_in_the_order_in_which_they_were_hung_up() -> None:
    evening = MORNING + timedelta(hours=12)
    coils = [
        Supply("C1", Decimal(500), Fraction(1, 2), MORNING),
        Supply("C2", Decimal(500), Fraction(1, 2), MORNING + timedelta(hours=4)),
        Supply("C3", Decimal(500), Fraction(1, 2), evening),
    ]
    day = Output("DAY", Decimal(900), MORNING, MORNING + timedelta(hours=9))
    night = Output("NIGHT", Decimal(800), evening, evening)
    assert allot(coils, [day, night]) == {
        ("C1", "DAY"): Decimal(450),
        ("C2", "DAY"): Decimal(0),  # it lay there: it may be in it
        ("C1", "NIGHT"): Decimal(50),
        ("C2", "NIGHT"): Decimal(350),
        ("C3", "NIGHT"): Decimal(0),
    }


def test_reworked_pieces_may_be_of_any_material_that_the_job_had() -> None:
    used_up = Supply("C1", Decimal(10), Fraction(1), MORNING, MORNING)
    later = MORNING + timedelta(hours=1)
    first, again = Output("T1", Decimal(10), MORNING, MORNING), Output("T2", Decimal(0), later, later, has_rework=True)
    assert allot([used_up], [first, again]) == {("C1", "T1"): Decimal(10), ("C1", "T2"): Decimal(0)}


def test_a_coil_that_hung_there_may_be_in_what_was_made_though_by_calculation_nothing_of_it_was_left() -> None:
    noon = MORNING + timedelta(hours=3)
    coils = [Supply("C1", Decimal(10), Fraction(1), MORNING, noon), Supply("C2", Decimal(90), Fraction(1), noon)]
    early, late = Output("T1", Decimal(10), MORNING, MORNING), Output("T2", Decimal(5), MORNING, MORNING)
    afternoon = Output("T3", Decimal(5), noon + timedelta(hours=1), noon + timedelta(hours=1))
    allotted = allot(coils, [early, late, afternoon])
    assert allotted["C1", "T2"] == 0  # more was made of it than the bill of material says
    assert ("C1", "T3") not in allotted
    assert allotted["C2", "T2"] == 5


@given(st.fractions(0, 10**6), st.lists(st.tuples(QUANTITIES, RATES), max_size=6))
def test_drawing_takes_what_is_needed_or_all_and_never_more_than_a_lot_has(
    pieces: Fraction, rows: list[tuple[Decimal, Fraction]]
) -> None:
    stocks = [Stock(f"L{n}", remaining, rate) for n, (remaining, rate) in enumerate(rows)]
    draws = dict(draw(pieces, stocks))
    for stock in stocks:
        assert 0 <= draws.get(stock.lot, Decimal(0)) <= stock.quantity
    given_ = sum((Fraction(draws.get(s.lot, Decimal(0))) / s.per_piece for s in stocks), Fraction(0))
    enough = sum((Fraction(s.quantity) / s.per_piece for s in stocks), Fraction(0))
    slack = sum((Fraction(1, 10**6) / s.per_piece for s in stocks), Fraction(0))
    assert abs(given_ - min(pieces, enough)) <= slack
    drawn = [Stock(s.lot, draws[s.lot], s.per_piece) for s in stocks if s.lot in draws]
    back = dict(give_back(given_, drawn))
    assert all(back[lot] <= draws[lot] for lot in back)
    returned = sum((Fraction(back.get(s.lot, Decimal(0))) / s.per_piece for s in drawn), Fraction(0))
    assert abs(returned - given_) <= slack


def test_the_last_draw_goes_back_first() -> None:
    drawn = [Stock("OLD", Decimal(5), Fraction(1)), Stock("NEW", Decimal(5), Fraction(1))]
    assert give_back(Fraction(7), drawn) == [("NEW", Decimal(5)), ("OLD", Decimal(2))]


def test_a_piece_of_an_early_operation_takes_material_for_what_it_becomes() -> None:
    plate = {"component": "PLATE", "quantity": "1"}
    sheet = {"component": "SHEET", "quantity": "0.5", "scrap_pct": "10", "alternates": [plate]}
    blanking, forming = Operation(10, [sheet], {}), Operation(20, [], {10: Decimal(4)})  # one blank makes four pieces
    lines = lines_of([blanking, forming])
    assert lines[10][0].per_piece == {"SHEET": Fraction(22, 10), "PLATE": Fraction(44, 10)}
    assert lines[20][0].of("HB1001") == Fraction(1, 4)


def bill(component: str, quantity: str, *alternates: tuple[str, str], scrap_pct: str = "0") -> dict[str, Any]:
    others = [{"component": code, "quantity": amount} for code, amount in alternates]
    return {"component": component, "quantity": quantity, "scrap_pct": scrap_pct, "alternates": others}


def test_a_component_that_two_lines_of_one_operation_take_is_counted_for_each_of_them() -> None:
    lines = lines_of([Operation(10, [bill("SCREW", "2"), bill("SCREW", "3", ("BOLT", "1"))], {})])[10]
    assert [(line.key, line.component, line.of("SCREW")) for line in lines] == [
        ("SCREW", "SCREW", 2),
        ("SCREW/2", "SCREW", 3),
    ]


@pytest.mark.parametrize(
    ("named", "missing", "key"),
    [
        ("B", {"A": 10, "B": 10}, "B"),
        ("A", {"A": 10, "B": 10}, "A"),  # B was scanned to go in instead of A
        (None, {"A": 10, "B": 10}, "B"),  # its own line comes first
        (None, {"A": 10, "B": 0}, "A"),  # unless that has enough
        (None, {"A": 0, "B": 0}, "B"),
        ("C", {"A": 10, "B": 10}, None),
    ],
)
def test_a_lot_serves_the_line_it_was_scanned_for(named: str | None, missing: dict[str, int], key: str | None) -> None:
    lines = lines_of([Operation(10, [bill("A", "1", ("B", "1")), bill("B", "1")], {})])[10]
    found = line_for(lines, "B", named, {line: Fraction(pieces) for line, pieces in missing.items()})
    assert (found.key if found else None) == key


def test_pieces_that_two_operations_go_on_with_are_shared_by_them_and_not_taken_twice() -> None:
    left, right = Operation(20, [], {10: Decimal(1)}), Operation(30, [], {10: Decimal(1)})
    joined = Operation(40, [], {20: Decimal(1), 30: Decimal(1)})
    lines = lines_of([Operation(10, [], {}), left, right, joined])
    shares = [lines[op][0].of("ANY") for op in (20, 30)]
    assert shares == [Fraction(1, 2), Fraction(1, 2)]
    assert [line.of("ANY") for line in lines[40]] == [1, 1]
    assert (lines[20][0].before, lines[20][0].key) == (10, "/10")


@given(st.fractions(-(10**6), 10**6))
def test_rounding_is_to_the_sixth_place(value: Fraction) -> None:
    assert abs(Fraction(rounded(value)) - value) <= Fraction(1, 2 * 10**6)


def test_the_shortest_way_counts_as_depth_even_in_a_circle() -> None:
    assert depths("A", [("A", "B"), ("B", "C"), ("A", "C"), ("C", "D"), ("D", "A")]) == {"A": 0, "B": 1, "C": 1, "D": 2}


def test_a_mass_balance_tells_what_nobody_can_explain() -> None:
    balance = Balance(Decimal(1000), Decimal(200), Decimal(100), Decimal(640), Decimal(40))
    assert (balance.unexplained, balance.percent) == (Decimal(20), Decimal("98.0"))
    assert Balance().percent is None


def test_what_a_stock_count_has_found_was_there_and_is_accounted_for() -> None:
    typed_wrong = Balance(Decimal(0), Decimal(0), Decimal(0), Decimal(100), counted=Decimal(100))
    assert (typed_wrong.found, typed_wrong.unexplained, typed_wrong.percent) == (100, 0, Decimal(100))
    lost = Balance(Decimal(100), Decimal(90), counted=Decimal(-10))
    assert (lost.found, lost.unexplained, lost.percent) == (0, 10, Decimal(90))


def test_a_drum_for_thirty_thousand_pieces_is_used_up_by_them() -> None:
    material = {
        "component": "GREASE",
        "quantity": "0.000033333333333",
        "exact": "1/30000",
        "scrap_pct": "0",
        "alternates": [{"component": "PASTE", "quantity": "0.5"}],
    }
    [line] = lines_of([Operation(10, [material], {})])[10]
    assert line.per_piece == {"GREASE": Fraction(1, 30_000), "PASTE": Fraction(1, 2)}
    assert draw(Fraction(30_000), [Stock("D-1", Decimal(5), line.per_piece["GREASE"])]) == [("D-1", Decimal(1))]
