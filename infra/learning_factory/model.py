"""The model of a shop's days: from orders, machines, people and chance to the facts of a history.

It is pure: the same shop, first day, end and orders give the same facts. Pieces are conserved: an operation works on
the good pieces of the one before, and what it reports is what it has worked on.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.demo.erp_orders import WEEK, OrderLine, order_lines
from infra.learning_factory import people
from infra.learning_factory.facts import (
    CloseOrder,
    Fact,
    Finish,
    OrdersArrive,
    PrintLabel,
    Release,
    Report,
    SendOut,
    Ship,
)
from infra.learning_factory.hours import WorkingDay
from infra.learning_factory.materials import Store, supply_run
from infra.learning_factory.running import Circumstances, Run, Still
from infra.learning_factory.shop import Order, Shop, Step

MINUTE = dt.timedelta(minutes=1)
HOUR = 60 * MINUTE
SCRAP_EXPECTED = 0.011
"""Of each operation: the first one makes so much more for each that follows."""
BETWEEN_OPERATIONS = 12 * MINUTE
WEEKS_AHEAD = 3
DAYS_PER_SETUP = 2
"""So many days a tool stays in its machine."""
SETTLED_AFTER = dt.timedelta(days=9)
"""So long ago an order must have been shipped to be closed."""
SHIPPING = dt.time(15, 10)
LATE_RETURN = 3
"""Working days that a subcontractor has pieces too long, when that happens."""
STOPPED_FOR = 23 * MINUTE
"""A machine stands still for so long when the history ends."""


@dataclass
class Progress:
    """How far an order has come: the pieces that wait for its next operation, and since when."""

    order: Order
    at: dt.datetime
    pieces: int
    next_step: int = 0
    completed_at: dt.datetime | None = None


@dataclass(frozen=True)
class History:
    """Facts in the order in which they are entered, from ``begins`` to ``ends``."""

    shop: Shop
    begins: dt.datetime
    ends: dt.datetime
    days: Sequence[WorkingDay]
    facts: Sequence[Fact]


def make_history(shop: Shop, first: dt.date, now: dt.datetime) -> History:
    """The history of a shop from a day up to an instant, with something that stands still and calls at its end."""
    undisturbed = _Model(shop, first, now)
    undisturbed.live()
    stopped_at = now - STOPPED_FOR
    running = [run.step.machine for run in undisturbed.runs if _runs_through(run, stopped_at)]
    model = _Model(shop, first, now, Still(stopped_at, None, "U2"), running[-1] if running else None)
    model.live()
    around = list(people.around(shop, model.days, model.facts, model.runs))
    facts = [fact for fact in (*model.facts, *around) if fact.sent_at <= now]
    facts.sort(key=lambda fact: fact.sent_at)
    return History(shop, model.opening, now, model.days, facts)


def _runs_through(run: Run, at: dt.datetime) -> bool:
    return run.facts[0].at < at - HOUR and run.ends is None


@dataclass
class _Model:
    shop: Shop
    first: dt.date
    now: dt.datetime
    still: Still | None = None
    still_at: str | None = None
    facts: list[Fact] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.days = self.shop.hours.days(self.first, self.now)
        self.opening = self.days[0].begins - 40 * MINUTE
        self.stores = {item: Store(self.shop, supply) for item, supply in self.shop.supplies.items()}
        self.free = dict.fromkeys(self.shop.machines, self.opening)
        self.last_item: dict[str, tuple[str, int]] = {}
        self.circumstances = {machine: self._circumstances(machine) for machine in ["", *self.shop.machines]}

    def live(self) -> None:
        """Let everything happen in the order of its beginning."""
        for store in self.stores.values():
            self.facts.append(store.receive(self.opening + 15 * MINUTE))
        waiting = self._orders()
        while (found := self._next(waiting)) is not None:
            start, progress = found
            if start >= self.now:
                break
            self._run(progress, start)
        for progress in waiting:
            if progress.completed_at:
                self._deliver(progress.order, progress.completed_at, progress.pieces)

    def _orders(self) -> list[Progress]:
        """The orders come by the week, and are released some days before they are due."""
        today = self.now.astimezone(self.shop.hours.zone).date()
        lines = [
            line
            for line in order_lines(self.shop.factory, self.first, today + WEEKS_AHEAD * WEEK)
            if self._release_day(line) >= 0
        ]
        known = self.first
        for number, day in enumerate(self.days):
            date = day.begins.astimezone(self.shop.hours.zone).date()
            if number and date.weekday():
                continue
            until = date + WEEKS_AHEAD * WEEK
            new = tuple(line for line in lines if known <= line.due < until)
            if new:
                planner = self.shop.people.planner
                self.facts.append(OrdersArrive(at=day.begins - 28 * MINUTE, person=planner, lines=new))
            known = max(known, until)
        released = []
        for line in sorted(lines, key=lambda line: (self._release_day(line), line.due, line.external_id)):
            number = self._release_day(line)
            if number < len(self.days) and line.due < known:
                order = Order.of(line)
                at = self.days[number].begins - 20 * MINUTE
                self.facts.append(Release(at=at, person=self.shop.people.planner, order=order.key))
                steps = len(self.shop.products[order.item].steps)
                released.append(Progress(order, at, round(order.quantity * (1 + SCRAP_EXPECTED * steps))))
        return released

    def _release_day(self, line: OrderLine) -> int:
        """Which of the working days; those at the end of the history that are no weekdays are not counted."""
        return (
            _weekdays(self.first - dt.timedelta(days=1), line.due)
            - 1
            - self.shop.products[line.demand.item].released_days
        )

    def _next(self, waiting: list[Progress]) -> tuple[dt.datetime, Progress] | None:
        """Which operation begins next, and when: on each machine that of the order that is due first."""
        found: list[tuple[dt.datetime, dt.date, int, Progress]] = []
        for number, progress in enumerate(waiting):
            step = self._step(progress)
            if step is not None and step.machine:
                ready = max(progress.at + BETWEEN_OPERATIONS, self.free[step.machine])
                start = self._working(ready, step.machine)
                if start is not None:
                    found.append((start, progress.order.due, number, progress))
        if not found:
            return None
        start, _, _, following = min(found, key=lambda one: one[:3])
        return start, following

    def _working(self, at: dt.datetime, machine: str) -> dt.datetime | None:
        """The first instant from ``at`` on at which the machine can be started."""
        for day in self.days:
            begins = max(at, day.begins)
            for still in self.circumstances[machine].stills:
                if still.begins <= begins and (still.ends is None or still.ends > begins):
                    begins = still.ends or self.now
            if begins < day.ends - 10 * MINUTE:
                return begins
        return None

    def _step(self, progress: Progress) -> Step | None:
        steps = self.shop.products[progress.order.item].steps
        return steps[progress.next_step] if progress.next_step < len(steps) else None

    def _run(self, progress: Progress, start: dt.datetime) -> None:
        step = self._step(progress)
        if step is None or step.machine is None:
            raise ValueError("only an operation on a machine can be run")
        day = next(n for n, one in enumerate(self.days) if one.begins <= start < one.ends)
        made_last = (progress.order.item, day // DAYS_PER_SETUP)
        run = Run(
            self.shop,
            progress.order,
            step,
            progress.pieces,
            step.has_setup and self.last_item.get(step.machine) != made_last,
            self.circumstances[step.machine],
        )
        run.go(start)
        self.last_item[step.machine] = made_last
        self.runs.append(run)
        self.facts += supply_run(run, self.stores, self.opening + 15 * MINUTE, self.now)
        self.facts += run.facts
        self.free[step.machine] = run.ends + 3 * MINUTE if run.ends else self.now
        if run.ends is None:
            progress.at, progress.next_step = self.now, len(self.shop.products[progress.order.item].steps)
            return
        progress.at, progress.pieces, progress.next_step = run.ends, run.good, progress.next_step + 1
        self._go_out(progress)
        if self._step(progress) is None:
            progress.completed_at = run.ends
            where: dict[str, Any] = {"order": run.order.key, "op": step.op, "machine": step.machine}
            self.facts.append(PrintLabel(at=run.ends + MINUTE, person=run.facts[-1].person, **where))

    def _go_out(self, progress: Progress) -> None:
        """Pieces whose next operation is a subcontractor's go there on the next morning, and come back days later."""
        step = self._step(progress)
        if step is None or step.machine:
            return
        sent = next((n for n, day in enumerate(self.days) if day.begins > progress.at), len(self.days))
        order, pieces = progress.order, progress.pieces
        progress.at = self.now + WEEK
        if sent == len(self.days):
            return
        where: dict[str, Any] = {"order": order.key, "op": step.op, "person": self.shop.people.leader}
        sent_at = self.days[sent].begins + 35 * MINUTE
        due_at = self._weekdays_later(sent_at, step.lead_days) + 6 * HOUR
        supplier = self.shop.subcontractor
        self.facts.append(SendOut(at=sent_at, quantity=pieces, supplier=supplier, due_at=due_at, **where))
        chance = self.shop.chance(order.key, step.op)
        delay = LATE_RETURN if self._is_late(order) else 0
        back = sent + step.lead_days + delay
        if back >= len(self.days):
            return
        at = self.days[back].begins + 4 * HOUR + chance.randint(0, 150) * MINUTE
        if at >= min(self.now, self.days[back].ends):
            return
        expected = ((defect, pieces * share * chance.uniform(0, 2)) for defect, share in self.shop.defects[""].items())
        scrap = {defect: count for defect, number in expected if (count := round(number))}
        good = pieces - sum(scrap.values())
        key = f"{order.key}/{step.op}/1"
        self.facts.append(Report(at=at, key=key, good=good, scrap=scrap, typed=good, **where))
        self.facts.append(Finish(at=at + MINUTE, **where))
        progress.at, progress.pieces, progress.next_step = at + MINUTE, good, progress.next_step + 1

    def _working_hours_later(self, at: dt.datetime, hours: float) -> dt.datetime:
        left = hours * HOUR
        for day in self.days:
            if day.ends > at:
                begins = max(at, day.begins)
                if begins + left <= day.ends:
                    return begins + left
                left -= day.ends - begins
        return self.now

    def _weekdays_later(self, at: dt.datetime, days: int) -> dt.datetime:
        while days:
            at += dt.timedelta(days=1)
            days -= at.astimezone(self.shop.hours.zone).weekday() < 5
        return at

    def _is_late(self, order: Order) -> bool:
        """The subcontractor has this one too long."""
        today = self.now.astimezone(self.shop.hours.zone).date()
        return _weekdays(order.due, today) in self.shop.late_returns

    def _deliver(self, order: Order, completed_at: dt.datetime, pieces: int) -> None:
        """The pieces go to the customer in the afternoon of the due date, or as soon as they are there."""
        day = dt.datetime.combine(order.due, SHIPPING, self.shop.hours.zone)
        at = self._at_work(max(completed_at + 40 * MINUTE, day))
        if at is None:
            return
        chance = self.shop.chance(order.key, "delivery")
        at += chance.randint(0, 20) * MINUTE
        reference = f"DN{at.astimezone(self.shop.hours.zone):%y%m%d}-{order.key.rpartition('-')[0][-3:]}{order.key[-1]}"
        people = self.shop.people
        self.facts.append(
            Ship(
                at=at,
                person=people.leader,
                order=order.key,
                customer=order.customer,
                quantity=pieces,
                reference=reference,
            )
        )
        closed_at = self._at_work(at + SETTLED_AFTER)
        if closed_at is not None:
            self.facts.append(CloseOrder(at=closed_at, person=people.planner, order=order.key))

    def _at_work(self, at: dt.datetime) -> dt.datetime | None:
        """The first instant from ``at`` on at which somebody is there."""
        return next((max(at, day.begins) for day in self.days if day.ends > at), None)

    def _circumstances(self, machine: str) -> Circumstances:
        stills = []
        for outage in self.shop.outages:
            number = len(self.days) - 1 - outage.day
            if outage.machine == machine and number >= 0:
                begins = self.days[number].begins + HOUR
                stills.append(Still(begins, self._working_hours_later(begins, outage.hours), outage.reason))
        if self.still is not None and machine == self.still_at:
            stills.append(self.still)
        return Circumstances(self.days, stills, self._factors(machine))

    def _factors(self, machine: str) -> dict[str, list[float]]:
        """A worn tool makes its defect more frequent, day by day, until it is mended."""
        factors = {}
        for wear in self.shop.wear:
            if wear.machine == machine:
                ages = [len(self.days) - 1 - number for number in range(len(self.days))]
                worn = [(wear.begins - age) / max(1, wear.begins - wear.ends) for age in ages]
                factors[wear.defect] = [1 + (wear.factor - 1) * part if 0 < part <= 1 else 1.0 for part in worn]
        return factors


def _weekdays(first: dt.date, last: dt.date) -> int:
    """The weekdays after a day up to another one; negative when it lies behind."""
    if last < first:
        return -_weekdays(last, first)
    return sum((first + dt.timedelta(days=n)).weekday() < 5 for n in range(1, (last - first).days + 1))
