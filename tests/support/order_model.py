"""A second, simple model of a shop's orders: what was ordered, split, amended and cancelled, and what follows from it.

All operations of these orders make one piece of one piece, one after the other.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from tests.support.shop_model import Model

OPS = (10, 20)


@dataclass
class Order:
    """An order, or a part of one: what it is to make, unless it is cancelled."""

    number: str
    id: str
    external_id: str
    item: str
    quantity: int
    is_cancelled: bool = False
    promised: Fraction = Fraction(0)
    """What others make for it of the parts that it takes."""
    skipped: set[int] = field(default_factory=set)
    """Operations that nobody is to do."""


@dataclass
class OrderModel:
    """The facts of the orders, as they were taken; the pieces are the floor's."""

    floor: Model
    orders: dict[str, Order] = field(default_factory=dict)
    sent: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """By job the pieces that ever went to its subcontractor."""
    again: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """By job those of them that went out again to be reworked."""
    unclear: set[str] = field(default_factory=set)
    """Jobs of which more was reworked once than waited there: how much waits then depends on what came first."""

    def divide(self, number: str, kept: int, parts: list[Order]) -> None:
        """An order was split: it keeps the first quantity."""
        order = self.orders[number]
        assert order.quantity == kept + sum(part.quantity for part in parts)
        for part in parts:
            part.skipped = set(order.skipped)
            part.promised = order.promised * part.quantity / order.quantity
        self.set_quantity(number, kept)
        self.orders |= {part.number: part for part in parts}

    def set_quantity(self, number: str, quantity: int) -> None:
        """More or less is to be made; who needs less is promised less, but for what was begun."""
        order = self.orders[number]
        begun = min(self.begun(number) or 0, order.quantity)
        if quantity < order.quantity:
            order.promised = order.promised * max(quantity, begun) / order.quantity
        order.quantity = quantity

    def join(self, first: str, all_of_them: list[str]) -> None:
        """Orders became one: the others are cancelled."""
        orders = [self.orders[number] for number in all_of_them]
        quantity, promised = sum(o.quantity for o in orders), sum((o.promised for o in orders), Fraction(0))
        for order in orders:
            order.is_cancelled, order.promised = order.number != first, Fraction(0)
        self.orders[first].quantity, self.orders[first].promised = quantity, promised

    def to_make(self, external_id: str) -> int:
        """What is to be made of an ERP's order."""
        return sum(o.quantity for o in self.orders.values() if o.external_id == external_id and not o.is_cancelled)

    def jobs(self, number: str) -> list[str]:
        """The jobs of an order that is on the floor, first to last."""
        return [job for op in OPS if (job := f"{number}/{op}") in self.floor.lines]

    def waiting(self, job: str) -> int | None:
        """Pieces that wait at a job to be reworked; None where that is unclear."""
        count = self._waiting(job)
        return None if job in self.unclear else count

    def _waiting(self, job: str) -> int:
        made = self.floor.made.values()
        found = sum(m.rework for m in made if m.job == job and m.stays) + self.floor.gone_back(job)
        reworked = sum(m.good + m.scrap + m.rework for m in made if m.job == job and m.reworked)
        return found - reworked - self.again[job]

    def note_waiting(self) -> None:
        """After each report, and each that is taken back: see where more was reworked than waited."""
        self.unclear |= {job for job in self.floor.lines if self._waiting(job) < 0}

    def away(self, job: str) -> int:
        """Pieces that went to the subcontractor and did not come back: negative when more came than went.

        What the shop reworked itself had come back before.
        """
        made = [m for m in self.floor.made.values() if m.job == job and not m.reworked]
        return self.sent[job] - sum(m.good + m.scrap + m.rework for m in made) if job in self.sent else 0

    def begun(self, number: str) -> int | None:
        """Pieces of an order that somebody has worked on, or has in hand; None where that is unclear."""
        found = 0
        for job in self.jobs(number):
            good, scrap, _ = self.floor.totals(job)
            waits = self.waiting(job)
            if waits is None:
                return None
            found = max(found, good + scrap + waits + max(0, self.away(job)))
        return found

    def ready(self, job: str) -> int:
        """Pieces that can be worked on at a job now."""
        number, _, op = job.rpartition("/")
        planned = self.orders[number].quantity
        good, scrap, _ = self.floor.totals(job)
        is_first = int(op) == OPS[0] or OPS[0] in self.orders[number].skipped
        came = planned if is_first else self.floor.totals(f"{number}/{OPS[0]}")[0]
        return max(0, min(came - good - scrap, planned - good))

    def good(self, number: str) -> int | None:
        """The good pieces of an order: of its last operation, less what a skipped one behind it has; None: unclear."""
        *_, last = (job for job in self.jobs(number) if not self.is_skipped(job))
        good = self.floor.totals(last)[0]
        for job in self.jobs(number)[self.jobs(number).index(last) + 1 :]:
            waits = self.waiting(job)
            if waits is None:
                return None
            good -= self.floor.totals(job)[1] + waits + max(0, self.away(job))
        return good

    def is_skipped(self, job: str) -> bool:
        """True of a job that nobody is to do."""
        number, _, op = job.rpartition("/")
        return int(op) in self.orders[number].skipped

    def sums(self, external_id: str, op: int) -> tuple[int, int, int]:
        """Good, scrap and rework of an operation over all parts of an ERP's order."""
        numbers = [o.number for o in self.orders.values() if o.external_id == external_id]
        each = [self.floor.totals(f"{number}/{op}") for number in numbers]
        return sum(t[0] for t in each), sum(t[1] for t in each), sum(t[2] for t in each)
