"""What goes into what: the lines of a job, what is drawn for them, and which supply went into which output.

A job is traced when its item, or something that goes into it, is tracked by lot or serial number. Its pieces go into
the job's lot of the shift. What was scanned for a job counts first; a component that nobody scanned is drawn from stock
by the bill of material with its loss, first to expire, first out. Between two operations there are lots, too, so that a
trace goes from the product through each operation to the coil. A lot that lay at a job while another one was made is
linked to it with zero when by calculation none of it was needed: a recall must not miss it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from shared.kit.quantities import exact_ratio

MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class SupplyLine:
    """A line of what a job takes for its pieces: a component and its alternates, or the pieces of the operation before.

    ``key`` is the component, with a number where it is taken by several lines; ``/`` and the operation for its pieces.
    ``per_piece`` is by item how much of it one piece takes, with what is lost; of pieces from before it is under the
    empty name.
    """

    key: str
    component: str
    per_piece: Mapping[str, Fraction]

    @property
    def before(self) -> int | None:
        """The operation whose pieces these are; None for a component."""
        return None if self.component else int(self.key.removeprefix("/"))

    def of(self, item: str) -> Fraction | None:
        """The quantity of ``item`` that one piece takes; None when the bill of material does not say."""
        return self.per_piece.get(item) or self.per_piece.get("")


@dataclass(frozen=True)
class Operation:
    """An operation of an order: what it takes for one of the item, and how many pieces one of those before it gives.

    ``left_out`` are skipped ones before it: what was reported on them all the same goes into its pieces, too.
    """

    op: int
    materials: Sequence[Mapping[str, Any]]
    feeds: Mapping[int, Decimal]
    left_out: Mapping[int, Decimal] = field(default_factory=dict)
    is_skipped: bool = False


def lines_of(operations: Sequence[Operation]) -> dict[int, list[SupplyLine]]:
    """The lines of each operation: its materials in the order of the bill, then the pieces of those before it.

    Where several operations go on with the pieces of one, each of them takes its part of every piece. A skipped one
    takes none of them, but for what was reported on it.
    """
    yields = _yields(operations)
    following = [operation for operation in operations if not operation.is_skipped]
    followers = Counter(before for operation in following for before in operation.feeds)
    return {
        operation.op: _material_lines(operation.materials, yields[operation.op])
        + [
            SupplyLine(f"/{before}", "", {"": 1 / (exact_ratio(ratio) * (followers[before] or 1))})
            for before, ratio in _sources(operation, operations).items()
        ]
        for operation in operations
    }


def _sources(operation: Operation, operations: Sequence[Operation]) -> Mapping[int, Decimal]:
    """The operations whose pieces one takes: a skipped one only where there is no other before that."""
    if operation.feeds or not operation.left_out:
        return operation.feeds
    first = {other.op for other in operations if not other.feeds}
    return {before: ratio for before, ratio in operation.left_out.items() if before in first}


def _material_lines(materials: Sequence[Mapping[str, Any]], yields: Fraction) -> list[SupplyLine]:
    """The bill of material is for one of the item; one piece of the operation comes to ``yields`` of it."""
    lines, seen = [], Counter[str]()
    for material in materials:
        component = material["component"]
        seen[component] += 1
        key = component if seen[component] == 1 else f"{component}/{seen[component]}"
        factor = (1 + Fraction(material["scrap_pct"]) / 100) * yields
        parts = [material, *material["alternates"]]
        amounts = {part["component"]: part.get("exact") or part["quantity"] for part in parts}
        lines.append(SupplyLine(key, component, {item: Fraction(amount) * factor for item, amount in amounts.items()}))
    return lines


def line_for(
    lines: Sequence[SupplyLine], item: str, component: str | None, missing: Mapping[str, Fraction]
) -> SupplyLine | None:
    """The line that a lot of ``item`` serves; None when the bill of material has none for it.

    It is one of the ``component`` that was named, where one was; of several the first one that still misses pieces
    (``missing`` is by key), its own component before an alternate of another.
    """
    fitting = [line for line in lines if item in line.per_piece and component in (None, line.component)]
    fitting.sort(key=lambda line: (missing.get(line.key, Fraction(0)) <= 0, line.component != item))
    return next(iter(fitting), None)


def _yields(operations: Sequence[Operation]) -> dict[int, Fraction]:
    """The pieces of the item that one piece of each operation comes to.

    It is the product of the ratios to the end, the least where paths part.
    """
    yields: dict[int, Fraction] = {}
    for op in sorted((operation.op for operation in operations), reverse=True):
        links = [(after, after.feeds if op in after.feeds else after.left_out) for after in operations]
        paths = [
            exact_ratio(ratios[op]) * yields[after.op]
            for after, ratios in links
            if op in ratios and not after.is_skipped
        ]
        yields[op] = min(paths, default=Fraction(1))
    return yields


@dataclass(frozen=True)
class Supply:
    """A quantity that a job was given of a lot, since when, and until when the lot lay at the machine if that is over.

    ``per_piece`` of it makes one piece, None when the bill of material does not say.
    """

    lot: str
    quantity: Decimal
    per_piece: Fraction | None
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Output:
    """The pieces, good or not, that took material and went into a lot, and when the first and the last were made.

    ``has_rework``: there are pieces in it that took their material before, nobody knows which.
    """

    lot: str
    pieces: Decimal
    since: datetime
    until: datetime
    has_rework: bool = False


def allot(supplies: Sequence[Supply], outputs: Sequence[Output]) -> dict[tuple[str, str], Decimal]:
    """The part of each supply of one line that went into each output, first in, first out.

    It is at most what there was of it.

    A supply that lay at the machine while an output was made is linked to it with zero when by calculation none of it
    was needed, or none was left: it may be in it. So is every earlier one when there are reworked pieces. What the bill
    of material does not know goes into the output that was made next, or else into the last.
    """
    left = [Fraction(supply.quantity) for supply in supplies]
    taken: dict[tuple[int, int], Fraction] = {}
    for at, output in enumerate(outputs):
        is_last, need = at == len(outputs) - 1, Fraction(output.pieces)
        for index, supply in enumerate(supplies):
            has_come = supply.since <= output.until
            if left[index] < MICRO:  # what rounding leaves over is nothing
                lay_there = supply.until is None or supply.until >= output.since
                if has_come and (lay_there or output.has_rework):
                    taken[index, at] = Fraction(0)
                continue
            if supply.per_piece is None:
                part = left[index] if has_come or is_last else Fraction(0)
            else:
                part = min(left[index], need * supply.per_piece)
                need -= part / supply.per_piece
            if part > 0 or has_come:
                taken[index, at] = part
                left[index] -= part
    return _rounded(supplies, outputs, taken)


def _rounded(
    supplies: Sequence[Supply], outputs: Sequence[Output], taken: Mapping[tuple[int, int], Fraction]
) -> dict[tuple[str, str], Decimal]:
    """The parts to six places.

    The running sum of each supply is rounded, so that its parts never come to more than the whole.
    """
    allotted: dict[tuple[str, str], Decimal] = {}
    for index, supply in enumerate(supplies):
        total, before = Fraction(0), Decimal(0)
        for at, output in enumerate(outputs):
            if (index, at) not in taken:
                continue
            total += taken[index, at]
            until = rounded(total)
            allotted[supply.lot, output.lot] = until - before
            before = until
    return allotted


def rounded(value: Fraction) -> Decimal:
    """To six places, half to even."""
    scaled = value * 10**6
    return (Decimal(round(scaled)) * MICRO).quantize(MICRO, ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Stock:
    """What can be taken of a lot, how much of it one piece takes, and what is unusual about taking it (a flag)."""

    lot: str
    quantity: Decimal
    per_piece: Fraction
    flag: str | None = None


def take(pieces: Fraction, stock: Stock) -> tuple[Decimal, Fraction]:
    """The quantity to take of a stock for so many pieces, at most what there is, and the pieces that get nothing."""
    needed = rounded(pieces * stock.per_piece)
    if needed <= stock.quantity:
        return max(needed, Decimal(0)), Fraction(0)
    taken = max(stock.quantity, Decimal(0))
    return taken, pieces - Fraction(taken) / stock.per_piece


def draw(pieces: Fraction, stocks: Iterable[Stock]) -> list[tuple[str, Decimal]]:
    """The quantity to take of each stock, in order, for so many pieces."""
    draws = []
    for stock in stocks:
        taken, pieces = take(pieces, stock)
        if taken:
            draws.append((stock.lot, taken))
        if not pieces:
            break
    return draws


def give_back(pieces: Fraction, drawn: Sequence[Stock]) -> list[tuple[str, Decimal]]:
    """The part of the draws that goes back when so many pieces take no material after all, the last draw first."""
    return draw(pieces, reversed(drawn))
