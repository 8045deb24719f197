"""The checks of a shop's master data: each fault is named once, at the place where it is mended."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.readiness.domain import (
    Facts,
    ItemFacts,
    Measured,
    RejectedFact,
    StepFacts,
    find,
    fits_rule,
    seconds,
    similarity_key,
)


def item(code: str, **more: Any) -> ItemFacts:
    """A bracket that is made here, unless told otherwise."""
    return ItemFacts(**{"code": code, "name": code, "kind": "finished", "unit": "EA", "is_made": True} | more)


def step(op: int = 10, **more: Any) -> StepFacts:
    """An operation with everything it needs, unless told otherwise."""
    complete = {
        "op": op,
        "subcontract": False,
        "machine": "PR1",
        "machines_at_work_center": 1,
        "piece_s": Decimal(2),
        "lead_time_d": None,
        "instruction": "WI-1",
        "instruction_approved": True,
    }
    return StepFacts(**complete | more)


def shop(**more: Any) -> Facts:
    """A shop in order: one bracket with a routing and a bill of materials."""
    whole: dict[str, Any] = {
        "items": [item("HB1001"), item("COIL", kind="raw", is_made=False, unit="kg")],
        "routings": {"HB1001": [step()]},
        "boms": {"HB1001": ["COIL"]},
        "codes": {"items": ["HB1001", "COIL"]},
    }
    return Facts(**whole | more)


def named(facts: Facts) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.key, finding.field) for finding in find(facts)]


def test_a_shop_in_order_has_nothing_to_mend() -> None:
    assert named(shop()) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (shop(items=[item("HB1001", unit=None)]), ("unit_missing", "HB1001", "unit")),
        (shop(routings={}), ("routing_missing", "HB1001", "routing")),
        (shop(boms={}), ("bom_missing", "HB1001", "bom")),
        (shop(routings={"HB1001": [step(piece_s=Decimal(0))]}), ("time_missing", "HB1001", "operations.10")),
        (
            shop(routings={"HB1001": [step(machine=None, machines_at_work_center=0)]}),
            ("machine_missing", "HB1001", "operations.10"),
        ),
        (shop(routings={"HB1001": [step(instruction=None)]}), ("instruction_missing", "HB1001", "operations.10")),
        (
            shop(routings={"HB1001": [step(instruction_approved=False)]}),
            ("instruction_not_approved", "HB1001", "operations.10"),
        ),
        (
            shop(routings={"HB1001": [step(subcontract=True, machine=None, instruction=None)]}),
            ("lead_time_missing", "HB1001", "operations.10"),
        ),
        (shop(boms={"HB1001": ["A"], "A": ["B"], "B": ["A"]}), ("bom_cycle", "A", "lines")),
        (shop(codes={"items": ["HB1001", "HB-1001"]}), ("code_alike", "HB-1001", "code")),
        (shop(codes={"machines": ["PR1", "ＰＲ１"]}), ("code_alike", "PR1", "code")),
        (shop(codes={"items": ["HB 1001", "hb1001"]}), ("code_alike", "HB 1001", "code")),
        (shop(codes={"items": ["HB1001", "COIL"]}, rules={"items": "@@####"}), ("code_off_rule", "COIL", "code")),
        (
            shop(measured={("HB1001", 10): Measured(Decimal(400), Decimal(100))}),
            ("time_contradicted", "HB1001", "operations.10"),
        ),
        (
            shop(rejected=[RejectedFact("routings", "HB9", "라우팅.xlsx", 7, [{"code": "operation_nowhere"}])]),
            ("row_rejected", "HB9", ""),
        ),
    ],
)
def test_each_fault_is_named_where_it_is_mended(facts: Facts, expected: tuple[str, str, str]) -> None:
    assert named(facts) == [expected]


def test_a_few_pieces_say_nothing_about_a_standard() -> None:
    assert named(shop(measured={("HB1001", 10): Measured(Decimal(100), Decimal(10))})) == []


@pytest.mark.parametrize(
    ("measured", "text"), [("0.1234", "0.123"), ("1.5", "1.50"), ("17.96", "18.0"), ("2700.4", "2700")]
)
def test_a_measured_time_is_told_so_that_it_can_become_the_standard(measured: str, text: str) -> None:
    assert seconds(Decimal(measured)) == text


def test_names_that_look_the_same_are_named_but_not_twice_with_their_codes() -> None:
    twins = [item("HB1001", name="마운팅 브라켓"), item("HX7", name="마운팅브라켓")]
    facts = shop(items=twins, routings={"HB1001": [step()], "HX7": [step()]}, boms={"HB1001": ["C"], "HX7": ["C"]})
    assert named(facts) == [("name_alike", "HB1001", "name")]


def test_what_stops_an_order_comes_first() -> None:
    found = find(shop(boms={}, routings={}))
    assert [finding.severity.value for finding in found] == ["error", "warning"]


@pytest.mark.parametrize(
    ("code", "rule", "fits"),
    [
        ("HB1001", "@@####", True),
        ("HB-1001", "@@####", False),
        ("HB1001", "SC*, HB####", True),
        ("품1001", "@####", True),
        ("A+B", "A+B", True),
        ("AAB", "A+B", False),
        ("X", "?", True),
    ],
)
def test_a_code_rule_is_written_as_people_write_it(code: str, rule: str, fits: bool) -> None:
    assert fits_rule(code, rule) is fits


@given(st.text(max_size=30))
def test_writing_a_code_in_another_way_does_not_make_another_code(code: str) -> None:
    assert similarity_key(f" {code}-") == similarity_key(code)
    assert similarity_key(similarity_key(code)) == similarity_key(code)


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.lists(st.sampled_from("ABCDEF"), max_size=3), max_size=6))
def test_a_cycle_is_found_exactly_when_there_is_one(boms: dict[str, list[str]]) -> None:
    found = [finding for finding in find(Facts(boms=boms)) if finding.code == "bom_cycle"]
    assert bool(found) == _has_cycle(boms)


def _has_cycle(boms: dict[str, list[str]]) -> bool:
    left = {key: set(value) for key, value in boms.items()}
    while left:
        ends = [key for key, value in left.items() if not value & left.keys()]
        if not ends:
            return True
        for key in ends:
            del left[key]
    return False
