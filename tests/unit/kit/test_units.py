"""Units: which names mean the same, how many decimals a quantity has, and exact conversions; fractions."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.kit.problem import Problem
from shared.kit.quantities import Amount, ForOne, Remainder, as_decimal, exact, shown
from shared.kit.revision_steps import SHIPPED_UNITS
from shared.kit.units import FAMILIES, Conversion, DefinedUnit, StockUnit, Units, fits, in_stock_units
from shared.kit.units_given import require_quantity

SHOP = Units(DefinedUnit(code, decimals, aliases) for code, _, decimals, aliases in SHIPPED_UNITS)
FACTORS = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**6)
GRAMS = {"t": 10**6, "kg": 1000, "g": 1}
"""Written down beside the table that is tried."""


def stock(unit: str, **conversions: str) -> StockUnit:
    return StockUnit("X", unit, [Conversion(name, exact(factor)) for name, factor in conversions.items()])


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("KG", "kg"),
            ("㎏", "kg"),
            ("ＫＧ", "kg"),
            (" kg ", "kg"),
            ("㎡", "m2"),
            ("ℓ", "L"),
            ("㎖", "cc"),
            ("박스", "BOX"),
        ],
    )
    def test_width_case_and_aliases_make_no_difference(self, one: str, other: str) -> None:
        assert SHOP.same(one, other)

    @pytest.mark.parametrize(("one", "other"), [("g", "kg"), ("m", "mm"), ("EA", "SET"), ("m2", "m3"), ("mL", "m")])
    def test_units_that_are_not_the_same_are_told_apart(self, one: str, other: str) -> None:
        assert not SHOP.same(one, other)

    def test_no_name_is_that_of_two_units(self) -> None:
        units = [DefinedUnit(code, decimals, aliases) for code, _, decimals, aliases in SHIPPED_UNITS]
        keys = [key for unit in units for key in unit.keys]
        assert len(keys) == len(set(keys))
        assert len(units) == 25
        assert {code for family in FAMILIES for code in family} <= {unit.code for unit in units}

    @pytest.mark.parametrize(
        ("unit", "decimals"), [("EA", 0), ("개", 0), ("롤", 0), ("KG", 6), ("ℓ", 6), ("hundredweight", 6), ("", 6)]
    )
    def test_what_counts_has_no_decimals_and_what_nobody_knows_has_six(self, unit: str, decimals: int) -> None:
        assert SHOP.decimals(unit) == decimals


class TestConversions:
    @pytest.mark.parametrize(
        ("unit", "to", "factor"),
        [
            ("kg", stock("KG"), 1),
            ("g", stock("KG"), Fraction(1, 1000)),
            ("G", stock("KG", G="1/500"), Fraction(1, 500)),  # the item knows better
            ("BAG", stock("KG", BAG="25"), 25),
            ("포대", stock("KG", BAG="25"), 25),
            ("mg", stock("EA", g="12"), Fraction(12, 1000)),  # 12 pieces are a gram
            ("개", stock("EA"), 1),
            ("lb", stock("KG", lb="0.45359237"), Fraction(45359237, 10**8)),
            ("BOX", stock("EA"), None),
            ("m", stock("m2"), None),
            ("g", stock("EA", kg="100", t="99999"), None),  # the item contradicts itself
        ],
    )
    def test_an_item_converts_by_its_own_conversions_and_within_a_family(
        self, unit: str, to: StockUnit, factor: Any
    ) -> None:
        assert SHOP.factor(unit, to) == factor

    @given(st.sampled_from(["t", "kg", "g"]), st.sampled_from(["t", "kg", "g"]))
    def test_weights_convert_as_everywhere(self, unit: str, other: str) -> None:
        assert SHOP.factor(unit, stock(other)) == Fraction(GRAMS[unit], GRAMS[other])

    @given(FACTORS, FACTORS)
    def test_there_and_back_is_where_it_began(self, quantity: Fraction, factor: Fraction) -> None:
        there = SHOP.factor("there", StockUnit("X", "here", [Conversion("there", factor)]))
        back = SHOP.factor("here", StockUnit("X", "there", [Conversion("here", 1 / factor)]))
        assert there is not None
        assert back is not None
        assert quantity * there * back == quantity

    @given(FACTORS, FACTORS, st.integers(0, 6))
    def test_a_converted_quantity_is_off_by_less_than_half_of_what_there_is(
        self, quantity: Fraction, factor: Fraction, decimals: int
    ) -> None:
        found = in_stock_units(quantity, factor, decimals)
        true = quantity * factor
        if found is None:
            assert not fits(true, decimals)
            assert factor == 1 or decimals == 0 or true * 10**decimals <= Fraction(1, 2)
        else:
            assert fits(found, decimals)
            assert abs(Fraction(found) - true) <= (Fraction(1, 2 * 10**decimals) if decimals and factor != 1 else 0)

    def test_boxes_that_hold_a_third_come_out_whole_or_not_at_all(self) -> None:
        piece = stock("EA", PACK="1/3")
        assert require_quantity(SHOP, piece, Decimal(6), "PACK") == 2
        with pytest.raises(Problem) as refused:
            require_quantity(SHOP, piece, Decimal(7), "PACK")
        [error] = refused.value.errors
        assert (error.field, error.code, error.params["value"], error.params["unit"]) == (
            "quantity",
            "whole",
            "7/3",
            "EA",
        )

    def test_a_unit_that_the_item_does_not_convert_from_is_named(self) -> None:
        with pytest.raises(Problem) as refused:
            require_quantity(SHOP, stock("EA"), Decimal(1), "BOX")
        [error] = refused.value.errors
        assert (refused.value.status, error.field, error.code) == (422, "unit", "unit_unknown_for_item")

    def test_more_decimals_than_a_scale_shows_are_refused_with_how_many_there_are(self) -> None:
        scale = Units([DefinedUnit("kg", 3)])
        assert require_quantity(scale, stock("kg"), Decimal("1.234")) == Decimal("1.234")
        with pytest.raises(Problem) as refused:
            require_quantity(scale, stock("kg"), Decimal("1.2345"))
        assert (refused.value.errors[0].code, refused.value.errors[0].params["decimals"]) == ("decimals", 3)


class TestFractions:
    @pytest.mark.parametrize(
        ("given", "kept", "value"),
        [
            ("1/30000", "1/30000", Fraction(1, 30000)),
            ("2.5/1000", "2.5/1000", Fraction(1, 400)),
            ("1 / 3", "1/3", Fraction(1, 3)),
            ("⅓", "1/3", Fraction(1, 3)),
            ("１/４", "1/4", Fraction(1, 4)),
            ("0.50", "0.5", Fraction(1, 2)),
            (2, "2", Fraction(2)),
            (0.0000004, "0.0000004", Fraction(4, 10**7)),
            ("123456789012.000000000000001", "123456789012.000000000000001", None),
        ],
    )
    def test_a_quantity_for_one_is_kept_as_it_was_written(self, given: Any, kept: str, value: Fraction | None) -> None:
        written = TypeAdapter(ForOne).validate_python(given)
        assert written == kept
        assert exact(written) == (value or Fraction(kept))

    @pytest.mark.parametrize(
        "given", ["1/0", "0/3", "-1/3", "1/2/3", "1/x", "/3", "1/", "", "NaN", "1e3/2", "0", -1, None, "9" * 16 + "/1"]
    )
    def test_what_is_no_quantity_is_refused(self, given: Any) -> None:
        for kind in (ForOne, Amount):
            with pytest.raises(ValidationError):
                TypeAdapter(kind).validate_python(given)

    def test_a_request_without_a_fraction_reads_as_it_did(self) -> None:
        adapter = TypeAdapter[Any](Amount)
        assert adapter.dump_json(adapter.validate_python("10.50")) == b'"10.50"'
        assert adapter.validate_python("1/3") == Fraction(1, 3)
        assert TypeAdapter[Any](Remainder).validate_python(0) == 0

    @given(st.fractions(min_value=0, max_value=10**9, max_denominator=10**9))
    def test_what_is_shown_is_exact_and_its_decimal_close(self, value: Fraction) -> None:
        assert exact(shown(value)) == value
        assert abs(Fraction(as_decimal(value)) - value) <= Fraction(1, 2 * 10**15)
