"""How reported pieces become counts and bars."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.quality.defects.domain import NO_MACHINE, OutputKey, count, pareto, ppm

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@dataclass(frozen=True)
class Scrapped:
    defect: str
    quantity: Decimal


@dataclass(frozen=True)
class Result:
    good: Decimal = Decimal(0)
    scrap: list[Scrapped] = field(default_factory=list)
    business_date: date = MONDAY
    item: str = "HB1001"
    machine: str | None = "PR1"


def scrapped(**by_defect: int) -> list[Scrapped]:
    return [Scrapped(defect, Decimal(quantity)) for defect, quantity in by_defect.items()]


def test_a_report_counts_good_pieces_and_each_defect_where_they_were_made() -> None:
    counts = count([Result(Decimal(100), scrapped(BURR=3, DENT=1)), Result(Decimal(50), scrapped(BURR=2))])
    place = OutputKey(MONDAY, "HB1001", "PR1")
    assert counts.good == {place: 150}
    assert counts.scrap == {place: 6}
    assert {key.defect: quantity for key, quantity in counts.defects.items()} == {"BURR": 5, "DENT": 1}


def test_a_reversal_takes_away_exactly_what_was_counted() -> None:
    counts = count([Result(Decimal(100), scrapped(BURR=3)), Result(Decimal(-100), scrapped(BURR=-3))])
    assert set(counts.good.values()) == set(counts.scrap.values()) == set(counts.defects.values()) == {0}


def test_days_machines_and_work_without_a_machine_are_counted_apart() -> None:
    counts = count(
        [
            Result(Decimal(1)),
            Result(Decimal(2), business_date=TUESDAY),
            Result(Decimal(3), machine="PR2"),
            Result(Decimal(4), machine=None),
        ]
    )
    assert counts.good[OutputKey(MONDAY, "HB1001", NO_MACHINE)] == 4
    assert len(counts.good) == 4


def test_the_largest_defect_stands_first_and_the_shares_add_up_to_the_whole() -> None:
    bars = pareto([("DENT", Decimal(20)), ("BURR", Decimal(70)), ("CRACK", Decimal(10))], Decimal(10_000))
    assert [(bar.key, bar.share, bar.cumulative, bar.ppm) for bar in bars] == [
        ("BURR", 0.7, 0.7, 7000),
        ("DENT", 0.2, 0.9, 2000),
        ("CRACK", 0.1, 1.0, 1000),
    ]


def test_what_was_taken_back_entirely_is_no_bar() -> None:
    assert [bar.key for bar in pareto([("BURR", Decimal(0)), ("DENT", Decimal(1))], Decimal(10))] == ["DENT"]


@pytest.mark.parametrize(
    ("scrap", "processed", "expected"), [(18, 1_000_000, 18), (1, 3, 333_333), (2, 3, 666_667), (0, 0, 0), (5, 0, 0)]
)
def test_ppm_is_scrap_per_million_processed(scrap: int, processed: int, expected: int) -> None:
    assert ppm(Decimal(scrap), Decimal(processed)) == expected


results = st.builds(
    Result,
    good=st.integers(-500, 500).map(Decimal),
    scrap=st.lists(
        st.builds(Scrapped, st.sampled_from(["BURR", "DENT"]), st.integers(-20, 20).map(Decimal)), max_size=3
    ),
    business_date=st.sampled_from([MONDAY, TUESDAY]),
    item=st.sampled_from(["HB1001", "HB2001"]),
    machine=st.sampled_from(["PR1", None]),
)


@given(st.lists(results, max_size=40), st.integers(0, 40))
def test_no_piece_is_lost_or_doubled_however_the_reports_are_batched(reports: list[Result], cut: int) -> None:
    whole = count(reports)
    parts = [count(reports[:cut]), count(reports[cut:])]
    for place, good in whole.good.items():
        assert good == sum(part.good[place] for part in parts)
    assert sum(whole.defects.values()) == sum(whole.scrap.values()) == sum(s.quantity for r in reports for s in r.scrap)
