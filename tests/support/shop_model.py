"""A second, simple model of a shop: it keeps the facts that were taken, and works everything out from them anew.

It knows nothing of how the product stores them. Materials are never short in it (each has a lot that is never touched
and always has enough), so that what all lots of a component have left follows from the facts alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

ZERO = Fraction(0)


@dataclass(frozen=True)
class Line:
    """What one piece of an operation takes of a component, with what is lost."""

    component: str
    per_piece: Fraction


@dataclass
class Made:
    """A result that stands. ``returned``: what it sent back through each earlier job."""

    job: str
    good: int
    scrap: int
    rework: int
    reworked: bool
    at: datetime
    lot: str | None
    serials: list[str] = field(default_factory=list)
    returned: dict[str, int] = field(default_factory=dict)
    stays: bool = True
    """Its rework waits at its own job."""

    @property
    def pieces(self) -> int:
        """The pieces that took material."""
        return 0 if self.reworked else self.good + self.scrap + self.rework


@dataclass
class Given:
    """A scan that stands: a quantity of a lot for a job, and since when it hung there."""

    job: str
    lot: str
    component: str
    quantity: Fraction
    at: datetime


@dataclass
class Model:
    """The facts of a shop, as they were taken."""

    lines: dict[str, list[Line]]
    made: dict[str, Made] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    spared: defaultdict[tuple[str, str], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    stock: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """By component what was received and counted, less what was shipped."""
    where: dict[str, str] = field(default_factory=dict)
    """The lot of each numbered piece that is in stock."""
    shipped: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    gives: dict[str, str] = field(default_factory=dict)
    """By job whose good pieces are finished: the item that it gives."""

    def totals(self, job: str) -> tuple[int, int, int]:
        """Good, scrap and rework of a job."""
        own = [made for made in self.made.values() if made.job == job]
        good = sum(m.good for m in own) - self.gone_back(job)
        return good, sum(m.scrap for m in own), sum(m.rework for m in own)

    def gone_back(self, job: str) -> int:
        """Good pieces of a job that went back through it, in whatever order it was told: as many as it has had."""
        sent = sum(made.returned.get(job, 0) for made in self.made.values())
        return min(sent, sum(made.good for made in self.made.values() if made.job == job))

    def report(self, id_: str, made: Made, back_to: str | None = None) -> None:
        """A result was taken; its rework goes back to an earlier job."""
        if back_to is not None and made.rework:
            made = replace(made, returned={back_to: made.rework}, stays=False)
        self.made[id_] = made
        self.where |= dict.fromkeys(made.serials, made.lot or "")

    def take_back(self, id_: str) -> Made:
        """A result was taken back; pieces of it that are in stock have no number any more."""
        made = self.made.pop(id_)
        for serial in made.serials:
            self.where.pop(serial, None)
        return made

    def scan(self, id_: str, given: Given) -> None:
        """A lot was given to a job."""
        self.given[id_] = given

    def give_back(self, job: str, component: str, lot: str, quantity: Fraction) -> None:
        """What was left over of a lot went back: for what was made until now there was enough."""
        drawn = self._drawn(job, component)
        left = quantity
        for given in self.given.values():
            if (given.job, given.lot, given.component) == (job, lot, component) and left:
                part = min(left, given.quantity)
                given.quantity -= part
                left -= part
        per = next(line.per_piece for line in self.lines[job] if line.component == component)
        lacking = self._pieces(job) - (self._scanned(job, component) + drawn) / per - self.spared[job, component]
        if lacking > 0:
            self.spared[job, component] += lacking

    def left(self, component: str) -> Fraction:
        """What all lots of a component have left together."""
        used = sum(
            (
                self._scanned(job, component) + self._drawn(job, component)
                for job, lines in self.lines.items()
                if any(line.component == component for line in lines)
            ),
            ZERO,
        )
        return self.stock[component] + self.produced(component) - used

    def produced(self, component: str) -> int:
        """Good pieces of the last operation of a component that is made here."""
        return sum(self.totals(job)[0] for job, item in self.gives.items() if item == component)

    def numbers_in(self, lot: str) -> list[str]:
        """The numbered pieces in a lot."""
        return sorted(serial for serial, there in self.where.items() if there == lot)

    def truly_in(self, job: str, component: str) -> Iterable[tuple[str, str]]:
        """(coil, lot) where pieces of the lot were made while the coil hung at the machine, as it was the last one."""
        hung_up = sorted(
            (g for g in self.given.values() if (g.job, g.component) == (job, component) and g.quantity),
            key=lambda given: given.at,
        )
        for made in self.made.values():
            if made.job == job and made.pieces and made.lot:
                before = [given for given in hung_up if given.at <= made.at]
                if before:
                    yield before[-1].lot, made.lot

    def _pieces(self, job: str) -> Fraction:
        return Fraction(sum(made.pieces for made in self.made.values() if made.job == job))

    def _scanned(self, job: str, component: str) -> Fraction:
        return sum(
            (given.quantity for given in self.given.values() if (given.job, given.component) == (job, component)), ZERO
        )

    def _drawn(self, job: str, component: str) -> Fraction:
        per = next(line.per_piece for line in self.lines[job] if line.component == component)
        lacking = self._pieces(job) - self.spared[job, component] - self._scanned(job, component) / per
        return max(ZERO, lacking * per)


def exactly(quantity: str) -> Fraction:
    """A quantity of an answer."""
    return Fraction(Decimal(quantity))
