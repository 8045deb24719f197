"""The arithmetic of defects: what a batch of results adds to the counts, and the Pareto of a period."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
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
