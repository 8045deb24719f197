"""From demand to orders: explode by the BOM, net what is on order, apply lot sizes, schedule back.

All exact, nothing lost. Every order of a made component belongs to the one order that it is made for.
What a lot size makes too much is free for the next need.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from services.orders.definitions.domain.working_time import EARLIEST, REACH, WorkingTime
from services.orders.products.domain import Bill, BillLine, Timed, in_force, latest_start, rounded_up, step_of, whole
from shared.kit.quantities import round_up

MAX_ORDERS = 200
MAX_QUANTITY = 10**12


class PlanFault(ValueError):
    """The reason why there is no plan: the code of the problem, and the item it is about."""

    def __init__(self, code: str, item: str) -> None:
        super().__init__(code)
        self.code = code
        self.item = item


@dataclass(frozen=True)
class LotSizes:
    """The quantity of one order: at least, in steps of, and at most."""

    minimum: Decimal | None = None
    multiple: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True)
class Recipe:
    """One revision of a routing."""

    effective_from: date
    effective_to: date | None
    steps: Sequence[Timed]


@dataclass(frozen=True)
class Product:
    """An item as far as planning looks at it; ``made`` by orders of our own, or bought.

    ``decimals`` are those of its unit.
    """

    item: str
    decimals: int
    made: bool
    active: bool = True
    lot: LotSizes = LotSizes()
    bills: Sequence[Bill] = ()
    recipes: Sequence[Recipe] = ()


@dataclass
class Supply:
    """An order that still has ``free`` pieces for whoever needs them.

    ``key`` is a planned order's, or the id of one there is.
    """

    key: str
    item: str
    free: Fraction
    due_at: datetime
    exists: bool = True


@dataclass(frozen=True)
class Lack:
    """What an order lacks of one of its parts, and when it needs it."""

    item: str
    quantity: Decimal
    due_at: datetime


@dataclass(frozen=True)
class Standing:
    """An order that there is, with what is ``promised`` to it already of its parts.

    ``lines`` are its components as they were frozen; None: the BOM in force says it. ``begun``: its parts are there.
    """

    key: str
    item: str
    quantity: Decimal
    due_at: datetime
    promised: Mapping[str, Fraction]
    lines: Sequence[BillLine] | None = None
    begun: bool = False


@dataclass(frozen=True)
class Netting:
    """``quantity`` of a need that another order covers."""

    supply: str
    quantity: Fraction
    due_at: datetime
    exists: bool


@dataclass
class PlannedOrder:
    """An order to be made: it meets ``gross`` of its parent's need, by ``netted`` and by its own ``quantity``.

    The quantity is 0 when all is on order.
    """

    key: str
    parent: str | None
    level: int
    item: str
    gross: Fraction
    quantity: Decimal
    due_at: datetime
    starts_at: datetime
    netted: list[Netting] = field(default_factory=list)

    @property
    def own(self) -> Fraction:
        """The part of its own quantity that its parent takes."""
        return self.gross - sum((netting.quantity for netting in self.netted), Fraction(0))


@dataclass(frozen=True)
class Plan:
    """The orders, parents first, and what they take of bought items."""

    orders: list[PlannedOrder]
    materials: dict[str, Fraction]


def lot_quantities(need: Fraction, decimals: int, lot: LotSizes, item: str = "") -> list[Decimal]:
    """The quantities of the orders that meet ``need``: each within the lot size, together never less than the need.

    Raises PlanFault when it would take more than MAX_ORDERS orders, or when no quantity fits the lot size.
    """
    if need <= 0:
        return []
    step = Fraction(lot.multiple) if lot.multiple else step_of(decimals)
    least = rounded_up(Fraction(lot.minimum or 0), step)
    total = max(rounded_up(need, step), least)
    most = Fraction(lot.maximum) // step * step if lot.maximum else total
    if most < max(least, step):
        raise PlanFault("lot_size_impossible", item)
    count = -(-total // most)
    if count > MAX_ORDERS or total >= MAX_QUANTITY:
        raise PlanFault("too_many_orders", item)
    last = total - (count - 1) * most
    lots = [most] * (count - 1) + [last]
    if last < least:
        short = least - last
        lots[-2:] = [most - short, least] if most - short >= least else [most, least]
    return [whole(quantity) for quantity in lots]


def free_quantity(made: Decimal, good: Decimal, promised: Decimal) -> Decimal:
    """The pieces of an order that are still to come and promised to nobody; what is good already is in stock.

    ``made`` are all that it has made and can still make good.
    """
    return max(min(made - good, made - promised), Decimal(0))


def shortages(made: Decimal, promised: Sequence[Decimal]) -> list[Decimal]:
    """The quantity that each parent lacks of what it was promised of one order; in the order of their due dates.

    Who is due first is served first. ``made`` are all pieces that the order has made and can still make good.
    """
    lacks = []
    for quantity in promised:
        given = min(quantity, made)
        made -= given
        lacks.append(quantity - given)
    return lacks


@dataclass(frozen=True)
class PromisedPart:
    """``quantity`` of what a supply makes is promised to an order; ``made`` are its good pieces so far."""

    supply: UUID
    quantity: Decimal
    made: Decimal


def parts_taken(promised: Sequence[PromisedPart], share: Fraction, decimals: int) -> dict[UUID, Decimal]:
    """What an order that is over has taken of each of its supplies of one item, the first ones first.

    It has begun so large a ``share`` of its pieces, and took the same share of what was promised to it: of what was
    made, and beyond that of what was to be, as a report of it is missing.
    """
    every = sum((part.quantity for part in promised), Decimal(0))
    left = min(round_up(Fraction(every) * share, decimals), every)
    taken = dict.fromkeys((part.supply for part in promised), Decimal(0))
    for is_made in (True, False):
        for part in promised:
            there = min(part.made, part.quantity) if is_made else part.quantity
            now = min(left, max(there - taken[part.supply], Decimal(0)))
            taken[part.supply] += now
            left -= now
    return taken


class Planner:
    """Plans one demand against what is on order.

    ``day_of`` gives the day an instant falls on at the shop, ``hours`` are those in which it works.
    """

    def __init__(
        self,
        products: Mapping[str, Product],
        supplies: Iterable[Supply],
        now: datetime,
        day_of: Callable[[datetime], date],
        hours: WorkingTime,
    ) -> None:
        self._products = products
        self._now = now
        self._day_of = day_of
        self._hours = hours
        self._free: defaultdict[str, list[Supply]] = defaultdict(list)
        for supply in sorted(supplies, key=lambda supply: (supply.due_at, supply.key)):
            self._free[supply.item].append(supply)
        self._orders: list[PlannedOrder] = []
        self._materials: defaultdict[str, Fraction] = defaultdict(Fraction)

    def plan(self, item: str, quantity: Decimal, due_at: datetime) -> Plan:
        """The orders for ``quantity`` of ``item`` at ``due_at``; raises PlanFault."""
        return self._below(self._cover(None, 0, item, Fraction(quantity), due_at))

    def plan_missing(self, parent: str, lacks: Iterable[Lack]) -> Plan:
        """The orders for what ``parent``, an order that there is, lacks of its parts; raises PlanFault."""
        nothing = Fraction(0)
        missing = []
        for lack in lacks:
            needing = PlannedOrder(parent, None, 0, "", nothing, Decimal(0), lack.due_at, lack.due_at)
            missing += self._cover(needing, 1, lack.item, Fraction(lack.quantity), lack.due_at)
        return self._below(missing)

    def plan_parts(self, standing: Iterable[Standing]) -> Plan:
        """The orders for what these orders still need of their made parts, and all that they take of bought items.

        Who is due first is served first; an order whose work has begun is given no parts. Raises PlanFault.
        """
        level = []
        for order in sorted(standing, key=lambda order: (order.due_at, order.key)):
            starts_at = self._start(self._products[order.item], order.quantity, order.due_at)
            nothing = Fraction(0)
            parent = PlannedOrder(order.key, None, 0, order.item, nothing, order.quantity, order.due_at, starts_at)
            for component, gross in self._needs(parent, order.lines).items():
                if not self._products[component].made:
                    self._materials[component] += gross
                elif not order.begun and (need := gross - order.promised.get(component, nothing)) > 0:
                    level += self._cover(parent, 1, component, need, starts_at)
        return self._below(level)

    def _below(self, level: list[PlannedOrder]) -> Plan:
        while level:
            level = [child for order in level for child in self._explode(order)]
        return Plan(self._orders, dict(self._materials))

    def _explode(self, order: PlannedOrder) -> Iterator[PlannedOrder]:
        """The orders for what goes into an order; what is bought is added up."""
        if not order.quantity:
            return
        for component, gross in self._needs(order).items():
            if self._products[component].made:
                yield from self._cover(order, order.level + 1, component, gross, order.starts_at)
            else:
                self._materials[component] += gross

    def _needs(self, order: PlannedOrder, lines: Sequence[BillLine] | None = None) -> Mapping[str, Fraction]:
        """What goes into an order, by component: its own ``lines``, or those of the BOM in force when it begins."""
        if lines is None:
            day = max(self._day_of(order.starts_at), self._day_of(self._now))
            bill = in_force(self._products[order.item].bills, day)
            lines = bill.lines if bill else ()
        needs: defaultdict[str, Fraction] = defaultdict(Fraction)
        for line in lines:
            needs[line.component] += Fraction(order.quantity) * line.gross
        return needs

    def _cover(
        self, parent: PlannedOrder | None, level: int, item: str, gross: Fraction, due_at: datetime
    ) -> list[PlannedOrder]:
        """Cover a need: first by what is on order, then by orders of its own."""
        product = self._products[item]
        gross = Fraction(whole(gross, product.decimals))
        netted = list(self._net(item, gross)) if parent else []
        need = gross - sum((netting.quantity for netting in netted), Fraction(0))
        if need and not product.active:
            raise PlanFault("item_inactive", item)
        made = []
        for quantity in lot_quantities(need, product.decimals, product.lot, item) or [Decimal(0)]:
            own = min(need, Fraction(quantity))
            need -= own
            on_order = sum((netting.quantity for netting in netted), Fraction(0))
            order = PlannedOrder(
                key=f"{len(self._orders) + 1}",
                parent=parent.key if parent else None,
                level=level,
                item=item,
                gross=own + on_order,
                quantity=quantity,
                due_at=due_at,
                starts_at=self._start(product, quantity, due_at),
                netted=netted,
            )
            netted = []
            self._orders.append(order)
            made.append(order)
            if len(self._orders) > MAX_ORDERS:
                raise PlanFault("too_many_orders", item)
            if quantity > own:
                self._free[item].append(Supply(order.key, item, Fraction(quantity) - own, due_at, exists=False))
        return made

    def _net(self, item: str, need: Fraction) -> Iterator[Netting]:
        """The supplies on order and free, earliest first, as far as it is needed."""
        for supply in self._free[item]:
            taken = min(supply.free, need)
            if taken > 0:
                supply.free -= taken
                need -= taken
                yield Netting(supply.key, taken, supply.due_at, supply.exists)

    def _start(self, product: Product, quantity: Decimal, due_at: datetime) -> datetime:
        """The instant at which an order must begin to be done by ``due_at``."""
        if not quantity:
            return due_at
        if due_at <= EARLIEST:
            raise PlanFault("lead_time_endless", product.item)
        recipe = in_force(product.recipes, max(self._day_of(due_at), self._day_of(self._now)))
        starts_at = latest_start(recipe.steps, quantity, due_at, self._hours) if recipe else due_at
        if starts_at <= due_at - REACH:
            raise PlanFault("lead_time_endless", product.item)
        return starts_at
