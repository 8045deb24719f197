"""A shop as its history needs it: what is made, on which machines, by whom, and how well that goes."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from infra.demo.erp_orders import OrderLine
from infra.demo.source import DemoError, Factory
from infra.learning_factory.hours import Hours


@dataclass(frozen=True)
class Step:
    """An operation; without a machine it is a subcontractor's. ``cycle_s`` are seconds for a piece, as planned."""

    op: int
    machine: str | None
    cycle_s: float
    lead_days: int
    has_setup: bool
    instruction: str | None
    materials: Mapping[str, Decimal]
    """What is tracked by lot of what one piece takes."""


@dataclass(frozen=True)
class Product:
    """An item that is ordered, and its operations in order."""

    item: str
    steps: Sequence[Step]
    released_days: int
    """Working days before it is due that its order goes to the floor."""


@dataclass(frozen=True)
class Supply:
    """How a material comes: in lots of so much, more or less."""

    item: str
    prefix: str
    quantity: int
    spread: int
    supplier: str
    location: str


@dataclass(frozen=True)
class Wear:
    """A tool wears out between two working days before the end of the history, and is mended then.

    Its defect becomes up to ``factor`` times as frequent.
    """

    machine: str
    defect: str
    factor: float
    begins: int
    ends: int


@dataclass(frozen=True)
class Outage:
    """A machine stands still for so many working hours, so many working days before the end of the history."""

    machine: str
    day: int
    hours: float
    reason: str


@dataclass(frozen=True)
class People:
    """Who does what, by code; ``crews`` are the operators who take turns at a machine, ``second`` who helps there."""

    planner: str
    leader: str
    quality: str
    maintenance: str
    crews: Mapping[str, Sequence[str]]
    second: Mapping[str, str]

    @property
    def office(self) -> tuple[str, ...]:
        """Those who are no operators."""
        return (self.planner, self.leader, self.quality, self.maintenance)

    def at(self, machine: str, turn: int) -> str:
        """The operator of a machine; a ``turn`` is a day or a week, as the shop likes it."""
        crew = self.crews[machine]
        return crew[turn % len(crew)]


@dataclass(frozen=True)
class Shop:
    """Everything that the model knows of a shop."""

    factory: Factory
    seed: str
    hours: Hours
    people: People
    products: Mapping[str, Product]
    supplies: Mapping[str, Supply]
    defects: Mapping[str, Mapping[str, float]]
    """By machine (empty for a subcontractor's) the frequency of each defect, of all pieces."""
    wear: Sequence[Wear]
    outages: Sequence[Outage]
    subcontractor: str
    late_returns: Sequence[int]
    """The subcontractor has the pieces too long of orders that were due so many weekdays before the end."""

    @cached_property
    def machines(self) -> list[str]:
        """The machines that make something, in the order of the operations."""
        return list(dict.fromkeys(s.machine for p in self.products.values() for s in p.steps if s.machine))

    def chance(self, *what: object) -> random.Random:
        """Chance that is the same each time for the same thing, whatever else happens."""
        return random.Random("/".join(map(str, (self.seed, *what))))  # noqa: S311  a made-up history


@dataclass(frozen=True)
class Order:
    """An order of a customer."""

    key: str
    item: str
    quantity: int
    due: dt.date
    customer: str

    @staticmethod
    def of(line: OrderLine) -> "Order":
        """The order of an ERP's line."""
        return Order(line.external_id, line.demand.item, line.quantity, line.due, line.customer.name)


def shop_of(factory: Factory) -> Shop:
    """The shop of a factory with a ``[history]``. Raises DemoError for one that has none."""
    if factory.history is None:
        raise DemoError(f"{factory.key} has no history to tell.")
    source = factory.history
    (shift,) = _rows(factory, "shifts")
    starts, ends = (dt.time.fromisoformat(shift[name]) for name in ("시작", "종료"))
    hours = Hours(factory.site.timezone, starts, ends)
    return Shop(
        factory,
        source["seed"],
        hours,
        People(**source["people"]),
        {item: _product(factory, item, days) for item, days in source["released_days"].items()},
        {one["item"]: Supply(**one) for one in source["supplies"]},
        source["defects"],
        [Wear(**one) for one in source["wear"]],
        [Outage(**one) for one in source["outages"]],
        source["subcontractor"],
        source["late_returns"],
    )


def _product(factory: Factory, item: str, released_days: int) -> Product:
    tracked = {row["품번"] for row in _rows(factory, "items") if row["로트관리"] == "Y"}
    materials: dict[int, dict[str, Decimal]] = {}
    for row in _rows(factory, "boms"):
        if row["모품번"] == item and row["자품번"] in tracked:
            materials.setdefault(int(row["공정순서"]), {})[row["자품번"]] = Decimal(row["소요량"])
    steps = [
        Step(
            op=int(row["공정순서"]),
            machine=row["설비"] or None,
            cycle_s=float(row["사이클타임(초)"]) / float(row["사이클당수량"]),
            lead_days=int(row["외주소요일"] or 0),
            has_setup=float(row["준비시간(초)"]) > 0,
            instruction=row["작업표준"] or None,
            materials=materials.get(int(row["공정순서"]), {}),
        )
        for row in _rows(factory, "routings")
        if row["품번"] == item
    ]
    return Product(item, steps, released_days)


def _rows(factory: Factory, kind: str) -> list[dict[str, Any]]:
    header, *rows = factory.tables[kind]
    return [dict(zip(header, row, strict=True)) for row in rows]
