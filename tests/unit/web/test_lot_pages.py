"""What the pages of lots work out by themselves: which numbered pieces go, and where a trace leads."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.production.genealogy.domain.serials import chosen
from tests.support.scripts import answers

NUMBERS = "/pages/quality/lot/numbers.js"
LAYOUT = "/pages/quality/lot/layout.js"
CODES = [f"M-{n}" for n in range(8)]


@st.composite
def departures(draw: st.DrawFn) -> tuple[list[str], str, str, int]:
    """Numbered pieces of a lot, what is left of it, a quantity that goes, and how many of the numbers are named."""
    codes = CODES[: draw(st.integers(1, 8))]
    remaining = len(codes) + draw(st.integers(0, 6)) / 2
    quantity = draw(st.integers(1, int(remaining * 2))) / 2
    return codes, str(remaining), str(quantity), draw(st.integers(1, len(codes)))


@settings(max_examples=5)
@given(st.lists(departures(), min_size=40, max_size=40))
def test_a_choice_that_the_page_takes_is_one_that_the_api_takes(cases: list[tuple[list[str], str, str, int]]) -> None:
    calls: list[tuple[object, ...]] = []
    for codes, remaining, quantity, _ in cases:
        for kind in ("ship", "split"):
            calls.append(("bounds", kind, len(codes), float(remaining), float(quantity)))
            calls.append(("suggested", kind, codes, float(remaining), float(quantity)))
    found = iter(answers(NUMBERS, *calls))
    for codes, remaining, quantity, named in cases:
        for kind in ("ship", "split"):
            limits, proposed = next(found), next(found)
            amounts = (codes, Decimal(remaining), Decimal(quantity))
            assert (limits["least"] <= named <= limits["most"]) == (chosen(*amounts, codes[:named]) is not None)
            assert proposed == (chosen(*amounts, [], last_by_default=kind == "split") or [])


def test_at_a_count_those_that_were_seen_are_named_unless_all_are_there() -> None:
    assert answers(
        NUMBERS,
        ("suggested", "count", CODES[:3], 3, 3),
        ("suggested", "count", CODES[:3], 3, 2),
        ("bounds", "count", 3, 3, 2),
        ("bounds", "count", 3, 5, 2),
        ("bounds", "count", 3, 3, 4),
        ("bounds", "count", 3, 3, 0),
    ) == [
        CODES[:3],
        [],
        {"least": 2, "most": 2},
        {"least": 1, "most": 2},
        {"least": 1, "most": 4},
        {"least": 0, "most": 0},
    ]


def test_a_number_is_found_whatever_its_capitals() -> None:
    codes = ["m-1", "M-1", "M-2"]
    found = answers(NUMBERS, ("matching", codes, " M-1 "), ("matching", codes, "m-2"), ("matching", codes, "M-3"))
    assert found == ["M-1", "M-2", None]


def test_a_long_number_keeps_both_of_its_ends() -> None:
    long = "SAPH440-POHANG-HYUNDAI-H2611-0533-261125-0017-A"
    short, cut = answers(LAYOUT, ("shortened", "NUT-M8-261201-003"), ("shortened", long))
    assert short == "NUT-M8-261201-003"
    assert (len(cut), cut[:8], cut[-9:]) == (40, "SAPH440-", "25-0017-A")


def test_a_job_is_one_step_further_than_each_lot_that_lies_there() -> None:
    nodes = [{"lot": "COIL", "depth": 0}, {"lot": "PART", "depth": 1}]
    job = {"job_id": "j", "number": "W-1", "op": 10, "unused": "0", "quantity": "40"}
    trace = {
        "nodes": nodes,
        "edges": [{"source": "COIL", "target": "PART", "kind": "split", "quantity": "7"}],
        "jobs": [job | {"lot": "PART", "unused": "7"}, job | {"lot": "COIL"}],
    }
    (shown,) = answers(LAYOUT, ("withJobs", trace))
    [at_job] = [node for node in shown["nodes"] if node.get("job")]
    assert (at_job["depth"], at_job["number"]) == (2, "W-1")
    assert [(one["source"], one["quantity"]) for one in shown["edges"] if one["target"] == at_job["lot"]] == [
        ("PART", "7"),
        ("COIL", "0"),
    ]
