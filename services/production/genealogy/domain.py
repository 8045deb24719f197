"""The rules of lots: what keeps one from being used, which is used first, and what went into what.

Quantities are exact. A lot's remaining quantity is the sum of its movements; it may fall below zero, because what was
used was used. A wrong, held, expired, empty or unknown lot is refused before it goes in; when it is in already it is
recorded and flagged.

A job is traced when its item, or something that goes into it, is tracked by lot or serial number. Its pieces go into
the job's lot of the shift. What was scanned for a job counts first; a component that nobody scanned is drawn from stock
by the bill of material with its loss, first to expire, first out. Between two operations there are lots, too, so that a
trace goes from the product through each operation to the coil. A lot that lay at a job while another one was made is
linked to it with zero when by calculation none of it was needed: a recall must not miss it. A recall's mass balance is
what can be accounted for in percent of what came in.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

MICRO = Decimal("0.000001")
USUAL_RULE = "{item}-{yymmdd}-{nnn}"


class Origin(StrEnum):
    """The origin of a lot; ``unreceived`` was used on the floor before anybody had received it."""

    RECEIVED = "received"
    PRODUCED = "produced"
    SPLIT = "split"
    MERGED = "merged"
    UNRECEIVED = "unreceived"


class Move(StrEnum):
    """A kind of change of a lot's quantity. ``consumed`` was scanned, ``drawn`` was taken by the bill of material."""

    RECEIVED = "received"
    PRODUCED = "produced"
    CONSUMED = "consumed"
    DRAWN = "drawn"
    SPLIT = "split"
    MERGED = "merged"
    SHIPPED = "shipped"
    COUNTED = "counted"


class LotState(StrEnum):
    """The state of a lot: what can be done with it now."""

    AVAILABLE = "available"
    ON_HOLD = "on_hold"
    EXPIRED = "expired"
    EMPTY = "empty"


@dataclass(frozen=True)
class LotView:
    """A lot as far as its use is concerned."""

    item: str
    remaining: Decimal
    is_held: bool
    expires_on: date | None


def lot_state(lot: LotView, today: date) -> LotState:
    """The state that matters most: a hold, then the expiry, then that nothing is left.

    A lot may be used on the day it expires.
    """
    if lot.is_held:
        return LotState.ON_HOLD
    if lot.remaining <= 0:
        return LotState.EMPTY
    return LotState.EXPIRED if lot.expires_on is not None and lot.expires_on < today else LotState.AVAILABLE


def objections(lot: LotView, needed: Iterable[str], today: date) -> list[str]:
    """Reasons against using the lot for a job that needs these items (any when there are none), the gravest first."""
    items = set(needed)
    found = {
        "wrong_item": bool(items) and lot.item not in items,
        "lot_on_hold": lot.is_held,
        "lot_expired": lot.expires_on is not None and lot.expires_on < today,
        "lot_empty": lot.remaining <= 0,
    }
    return [code for code, is_so in found.items() if is_so]


def number_of(rule: str, values: Mapping[str, str], day: date) -> tuple[str, str, int]:
    """The text before and after a lot's running number by ``rule``, and that number's least digits.

    They have 60 characters together.

    ``values`` are item, order, machine and shift, each of them possibly empty.
    """
    texts = {
        **values,
        "yyyymmdd": f"{day:%Y%m%d}",
        "yymmdd": f"{day:%y%m%d}",
        "yymm": f"{day:%y%m}",
        "yy": f"{day:%y}",
        "mm": f"{day:%m}",
        "dd": f"{day:%d}",
    }
    before, running, after = re.split(r"\{(n+)\}", rule, maxsplit=1)
    before, after = (re.sub(r"\{(\w+)\}", lambda found: texts.get(found[1], ""), part) for part in (before, after))
    before = before.lstrip(".+#-")
    return before[: 60 - max(6, len(running)) - len(after)], after, len(running)


@dataclass(frozen=True)
class SupplyLine:
    """A line of what a job takes for its pieces: a component and its alternates, or the pieces of the operation before.

    ``per_piece`` is by item how much of it one piece takes, with what is lost; of pieces from before it is under the
    empty name.
    """

    key: str
    per_piece: Mapping[str, Fraction]

    def of(self, item: str) -> Fraction | None:
        """The quantity of ``item`` that one piece takes; None when the bill of material does not say."""
        return self.per_piece.get(item) or self.per_piece.get("")


@dataclass(frozen=True)
class Operation:
    """An operation of an order: what it takes for one of the item, and how many pieces one of those before it gives."""

    op: int
    materials: Sequence[Mapping[str, Any]]
    feeds: Mapping[int, Decimal]


def lines_of(operations: Sequence[Operation]) -> dict[int, list[SupplyLine]]:
    """The lines of each operation: its materials, and the pieces of those before it (under ``/`` and their number)."""
    yields = _yields(operations)
    return {
        operation.op: sorted(
            (_material_line(each, yields[operation.op]) for each in operation.materials), key=lambda line: line.key
        )
        + [SupplyLine(f"/{before}", {"": 1 / Fraction(ratio)}) for before, ratio in operation.feeds.items()]
        for operation in operations
    }


def _material_line(material: Mapping[str, Any], yields: Fraction) -> SupplyLine:
    """The bill of material is for one of the item; one piece of the operation comes to ``yields`` of it."""
    factor = (1 + Fraction(material["scrap_pct"]) / 100) * yields
    parts = [material, *material["alternates"]]
    amounts = {part["component"]: part.get("exact") or part["quantity"] for part in parts}
    return SupplyLine(material["component"], {item: Fraction(amount) * factor for item, amount in amounts.items()})


def _yields(operations: Sequence[Operation]) -> dict[int, Fraction]:
    """The pieces of the item that one piece of each operation comes to.

    It is the product of the ratios to the end, the least where paths part.
    """
    yields: dict[int, Fraction] = {}
    for op in sorted((operation.op for operation in operations), reverse=True):
        paths = [Fraction(after.feeds[op]) * yields[after.op] for after in operations if op in after.feeds]
        yields[op] = min(paths, default=Fraction(1))
    return yields


@dataclass(frozen=True)
class Supply:
    """A quantity that a job was given of a lot, since when.

    ``per_piece`` of it makes one piece, None when the bill of material does not say.
    """

    lot: str
    quantity: Decimal
    per_piece: Fraction | None
    since: datetime

    @property
    def pieces(self) -> Fraction:
        """For how many pieces it is enough."""
        return Fraction(self.quantity) / self.per_piece if self.per_piece else Fraction(0)


@dataclass(frozen=True)
class Output:
    """The pieces, good or not, that took material and went into a lot, and when the last of them was made.

    ``has_rework``: there are pieces in it that took their material before, nobody knows which.
    """

    lot: str
    pieces: Decimal
    until: datetime
    has_rework: bool = False


def allot(supplies: Sequence[Supply], outputs: Sequence[Output]) -> dict[tuple[str, str], Decimal]:
    """The part of each supply of one line that went into each output, first in, first out.

    It is at most what there was of it.

    A supply that was there while an output was made is linked to it with zero when by calculation none of it was
    needed: it may be in it. So is every earlier one when there are reworked pieces. What the bill of material does not
    know goes into the output that was made next, or else into the last.
    """
    left = [Fraction(supply.quantity) for supply in supplies]
    taken: dict[tuple[int, int], Fraction] = {}
    for at, output in enumerate(outputs):
        is_last, need = at == len(outputs) - 1, Fraction(output.pieces)
        for index, supply in enumerate(supplies):
            is_there = supply.since <= output.until
            if left[index] < MICRO:  # what rounding leaves over is nothing
                if output.has_rework and is_there:
                    taken[index, at] = Fraction(0)
                continue
            if supply.per_piece is None:
                take = left[index] if is_there or is_last else Fraction(0)
            else:
                take = min(left[index], need * supply.per_piece)
                need -= take / supply.per_piece
            if take > 0 or is_there:
                taken[index, at] = take
                left[index] -= take
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
    """The quantity left of a lot, and how much of it one piece takes."""

    lot: str
    remaining: Decimal
    per_piece: Fraction


def draw(pieces: Fraction, stocks: Iterable[Stock]) -> list[tuple[str, Decimal]]:
    """The quantity to take of each lot, in order, for so many pieces: never more than is left of it."""
    draws = []
    for stock in stocks:
        needed = rounded(pieces * stock.per_piece)
        take = min(needed, stock.remaining)
        if take > 0:
            draws.append((stock.lot, take))
            pieces -= Fraction(take) / stock.per_piece
        if needed <= stock.remaining:
            break
    return draws


def give_back(pieces: Fraction, drawn: Sequence[Stock]) -> list[tuple[str, Decimal]]:
    """The part of the draws that goes back when so many pieces take no material after all, the last draw first."""
    return draw(pieces, reversed(drawn))


def depths(start: str, ends: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The number of steps that each lot is from ``start``, by the shortest path; ``ends`` lead away from it."""
    after: defaultdict[str, list[str]] = defaultdict(list)
    for near, far in ends:
        after[near].append(far)
    depth, edge = {start: 0}, [start]
    while edge:
        edge = [
            far for near in edge for far in after[near] if depth.setdefault(far, depth[near] + 1) == depth[near] + 1
        ]
        edge = list(dict.fromkeys(edge))
    return depth


@dataclass(frozen=True)
class Balance:
    """The whereabouts of what came in.

    ``used`` is in products by the records, ``at_jobs`` lies at jobs that are still open.
    """

    came_in: Decimal = Decimal(0)
    remaining: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    used: Decimal = Decimal(0)
    at_jobs: Decimal = Decimal(0)

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(
            self.came_in + other.came_in,
            self.remaining + other.remaining,
            self.shipped + other.shipped,
            self.used + other.used,
            self.at_jobs + other.at_jobs,
        )

    @property
    def accounted(self) -> Decimal:
        """The quantity of which it is known where it is."""
        return self.remaining + self.shipped + self.used + self.at_jobs

    @property
    def unexplained(self) -> Decimal:
        """The quantity that came in and is nowhere: stock-count losses, and what was issued and is in no product.

        Negative: more went out than came in.
        """
        return self.came_in - self.accounted

    @property
    def percent(self) -> Decimal | None:
        """Accounted for, in percent of what came in (mass balance of a recall drill), to one decimal place.

        None when nothing came in.
        """
        return (self.accounted / self.came_in * 100).quantize(Decimal("0.1")) if self.came_in > 0 else None
