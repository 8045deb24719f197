"""The log of a publisher, read for whoever makes its read models anew."""

from itertools import groupby
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from infra.agreement.log import in_order


def test_a_correction_whose_events_lie_the_other_way_round_is_read_by_its_versions() -> None:
    stored = [("job/A", 15), ("job/A", 17), ("job/B", 3), ("job/A", 16), ("job/A", 18)]
    rows = [{"aggregate": aggregate, "version": version} for aggregate, version in stored]
    read = [(row["aggregate"], row["version"]) for row in in_order(rows)]
    assert read == [("job/A", 15), ("job/A", 16), ("job/B", 3), ("job/A", 17), ("job/A", 18)]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 50)), unique=True))
def test_nothing_is_lost_and_each_aggregate_is_in_order(stored: list[tuple[str, int]]) -> None:
    rows: list[dict[str, Any]] = [{"aggregate": aggregate, "version": version} for aggregate, version in stored]
    read = in_order(rows)
    assert sorted(map(repr, read)) == sorted(map(repr, rows))
    for _, group in groupby(sorted(read, key=lambda row: str(row["aggregate"])), lambda row: row["aggregate"]):
        versions = [row["version"] for row in group]
        assert versions == sorted(versions)
