"""A build beside another one: which numbers of a figure are compared, and how."""

import json
from pathlib import Path

from tests.bench.compare import Side, quantities, side_by_side

VALUES = {
    "seconds": [3.0, 1.0, 2.0],
    "median": 4,
    "key_ms": [[1, 2], [9]],
    "direct": {"p50": [0.1], "per_s": [50]},
    "idle_mib": {"postgres": 90.0, "nats": 20.5},
    "samples": [[5.0, {"postgres": 91.0}]],
    "machine": "a name",
    "fits": True,
}


def side(name: str, *rounds: dict[str, object]) -> Side:
    made = Side(name, Path(), Path())
    for values in rounds:
        made.add(json.loads(json.dumps([{"what": "row", "values": values}])))
    return made


def test_numbers_are_found_at_any_depth_and_parts_count_as_their_sum() -> None:
    assert quantities(VALUES) == {
        "seconds": [3.0, 1.0, 2.0],
        "median": [4.0],
        "key_ms": [1.0, 2.0, 9.0],
        "direct.p50": [0.1],
        "direct.per_s": [50.0],
        "idle_mib": [110.5],
    }


def test_a_round_is_one_number_and_the_ratio_is_of_medians_over_rounds() -> None:
    before = side("old", {"seconds": [1, 2, 90]}, {"seconds": [4]}, {"seconds": [3]})
    after = side("new", {"seconds": [6, 7]}, {"seconds": [9]}, {"seconds": [5]})
    (figure,) = side_by_side(before, after)
    assert figure.values == {"ratio": 6.5 / 3, "ranges_overlap": False, "old": [2, 4, 3], "new": [6.5, 9, 5]}
    assert figure.measured == "2.17 × (ranges apart)"


def test_ranges_that_touch_overlap_and_a_speed_may_not_be_less() -> None:
    before = side("old", {"direct": {"per_s": [100]}}, {"direct": {"per_s": [120]}})
    after = side("new", {"direct": {"per_s": [90]}}, {"direct": {"per_s": [100]}})
    (figure,) = side_by_side(before, after)
    assert figure.what == "row, direct.per_s"
    assert figure.goal == "≥ 0.91 ×, or overlap"
    assert figure.values["ranges_overlap"] is True


def test_what_only_one_build_measures_is_not_compared() -> None:
    assert side_by_side(side("old", {"told_s": [1]}), side("new", {"taken_s": [1]})) == []
