"""The material of a history: lots that come in when little is left, and what each operation takes of which."""

import datetime as dt
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from infra.learning_factory.facts import Fact, Give, Receive, Report
from infra.learning_factory.running import Run
from infra.learning_factory.shop import Shop, Supply

AHEAD = dt.timedelta(minutes=35)
"""So long before it is needed a lot comes in, at the least."""


@dataclass
class Store:
    """The lots of one material, the oldest first, with what is left of each."""

    shop: Shop
    supply: Supply
    lots: deque[tuple[str, Decimal]] = field(default_factory=deque)
    received: int = 0

    def receive(self, at: dt.datetime) -> Receive:
        """The next lot comes in."""
        self.received += 1
        chance = self.shop.chance(self.supply.item, self.received)
        local = at.astimezone(self.shop.hours.zone)
        lot = f"{self.supply.prefix}{local:%y%m%d}-{self.received:02}"
        quantity = Decimal(
            self.supply.quantity + 10 * chance.randint(-self.supply.spread // 10, self.supply.spread // 10)
        )
        self.lots.append((lot, quantity))
        return Receive(
            at=at,
            person=self.shop.people.leader,
            lot=lot,
            item=self.supply.item,
            quantity=quantity,
            supplier=self.supply.supplier,
            supplier_lot=f"H{chance.randint(10**6, 10**7 - 1)}",
            location=self.supply.location,
        )

    def take(self, needed: Decimal) -> Iterator[tuple[str, Decimal]]:
        """The lots that give so much together, and how much each."""
        while needed:
            lot, left = self.lots.popleft()
            part = min(left, needed)
            needed -= part
            if left > part:
                self.lots.appendleft((lot, left - part))
            yield lot, part

    @property
    def left(self) -> Decimal:
        """What all lots have left together."""
        return sum((left for _, left in self.lots), Decimal(0))


def supply_run(run: Run, stores: dict[str, Store], opening: dt.datetime, now: dt.datetime) -> list[Fact]:
    """What an operation takes, and the lots that come in for it; the next lot is hung up when one is used up.

    Lots come in at the ``opening`` of the history at the earliest; after ``now`` nothing has happened yet.
    """
    facts: list[Fact] = []
    begins = run.facts[0].at
    for item, per_piece in run.step.materials.items():
        store = stores[item]
        while store.left < run.pieces * per_piece + store.supply.quantity:
            facts.append(store.receive(max(opening, begins - AHEAD)))
        given = Decimal(0)
        for lot, part in store.take(run.pieces * per_piece):
            at = begins if not given else _made_by(run, given / per_piece)
            given += part
            if at is not None and at <= now:
                where = {"order": run.order.key, "op": run.step.op, "machine": run.step.machine}
                person = run.facts[0].person
                facts.append(Give(at=at, person=person, lot=lot, quantity=part, **where))  # type: ignore[arg-type]
    return facts


def _made_by(run: Run, pieces: Decimal) -> dt.datetime | None:
    """When so many pieces had been made, by the reports; None when that was never so."""
    made = 0
    for fact in run.facts:
        if isinstance(fact, Report):
            made += fact.good + sum(fact.scrap.values())
            if made >= pieces:
                return fact.at
    return None
