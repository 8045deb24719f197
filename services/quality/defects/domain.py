"""The arithmetic of defects: what a batch of results adds to the counts, and the Pareto of a period."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

ZERO = Decimal(0)
NO_MACHINE = ""
"""Stands for the machine of what was reported without one."""


class By(StrEnum):
    """The dimension of a Pareto."""

    DEFECT = "defect"
    ITEM = "item"
    MACHINE = "machine"


Span = tuple[date, date]
"""From a day to a day, both in it."""


class Period(NamedTuple):
    """A period as the months that lie in it, each named by its first day, and the days before and after them."""

    months: list[Span]
    days: list[Span]


def split_period(first: date | None, last: date | None) -> Period:
    """The period from ``first`` to ``last``, both in it; None: without a begin or an end."""
    begins, ends = first or date.min, last or date.max
    months_begin = begins if begins.day == 1 else _next_month(begins)
    is_whole = ends == date.max or (ends + timedelta(days=1)).day == 1
    last_month = (ends if is_whole else ends.replace(day=1) - timedelta(days=1)).replace(day=1)
    if months_begin > last_month:
        return Period([], [(begins, ends)])
    before = [(begins, months_begin - timedelta(days=1))] if begins < months_begin else []
    after = [] if is_whole else [(_next_month(last_month), ends)]
    return Period([(months_begin, last_month)], before + after)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


class OutputKey(NamedTuple):
    """The business date, item and machine that pieces are counted under."""

    business_date: date
    item: str
    machine: str


class DefectKey(NamedTuple):
    """The business date, item, machine and defect that scrap is counted under."""

    business_date: date
    item: str
    machine: str
    defect: str


class Scrapped(Protocol):
    """Pieces scrapped for one defect."""

    @property
    def defect(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...


class Result(Protocol):
    """A reported result, as far as it is counted here; a reversal is negative."""

    @property
    def business_date(self) -> date: ...
    @property
    def item(self) -> str: ...
    @property
    def machine(self) -> str | None: ...
    @property
    def good(self) -> Decimal: ...
    @property
    def scrap(self) -> Sequence[Scrapped]: ...


@dataclass
class Counts:
    """The sums of results."""

    good: defaultdict[OutputKey, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    scrap: defaultdict[OutputKey, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    defects: defaultdict[DefectKey, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def count(results: Iterable[Result]) -> Counts:
    """Add results up: good and scrap by output key, scrap by defect key."""
    counts = Counts()
    for result in results:
        key = OutputKey(result.business_date, result.item, result.machine or NO_MACHINE)
        counts.good[key] += result.good
        for scrapped in result.scrap:
            counts.scrap[key] += scrapped.quantity
            counts.defects[DefectKey(*key, scrapped.defect)] += scrapped.quantity
    return counts


def ppm(scrap: Decimal, processed: Decimal) -> Decimal:
    """Scrapped pieces per million processed: Σ scrap ÷ Σ (good + scrap) × 10⁶; 0 where nothing was processed."""
    if processed <= 0:
        return ZERO
    return (scrap * 1_000_000 / processed).quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True)
class Bar:
    """One bar of a Pareto. ``share`` and ``cumulative`` are ratios of the whole, 0 … 1."""

    key: str
    quantity: Decimal
    processed: Decimal
    share: float
    cumulative: float
    ppm: Decimal


def pareto(scrap: Iterable[tuple[str, Decimal]], processed: dict[str, Decimal] | Decimal) -> list[Bar]:
    """Bars by falling quantity, without keys that have no scrap; ``processed`` is by key, or one figure for all."""
    ordered = sorted(((key, quantity) for key, quantity in scrap if quantity > 0), key=lambda bar: (-bar[1], bar[0]))
    total = sum((quantity for _, quantity in ordered), ZERO)
    bars: list[Bar] = []
    running = ZERO
    for key, quantity in ordered:
        running += quantity
        output = processed if isinstance(processed, Decimal) else processed.get(key, ZERO)
        bars.append(
            Bar(
                key,
                quantity,
                output,
                round(float(quantity / total), 6),
                round(float(running / total), 6),
                ppm(quantity, output),
            )
        )
    return bars
