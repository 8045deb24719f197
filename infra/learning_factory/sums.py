"""What a history comes to, added up from its facts alone: what the product must say, too, once it was kinds."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from infra.learning_factory.facts import (
    AcceptReport,
    Fact,
    Finish,
    Give,
    OrdersArrive,
    Pause,
    Produce,
    Receive,
    Report,
    Resume,
    Ship,
    Start,
)
from infra.learning_factory.model import History


@dataclass
class Sums:
    """The sums of a history. Times in seconds; dates are those of the shop."""

    good: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By item and operation."""
    scrap: Counter[str] = field(default_factory=Counter)
    """By defect."""
    by_machine: defaultdict[tuple[dt.date, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Good and scrapped pieces, and the seconds in which it ran, by day and machine."""
    left: dict[str, Decimal] = field(default_factory=dict)
    """By lot of material."""
    shipped: Counter[str] = field(default_factory=Counter)
    """By item."""
    on_time: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    """The orders that were completed by their due date, or after it."""


def sums_of(history: History, due_at: dt.time = dt.time(18)) -> Sums:
    """Add up; an order is due at ``due_at`` of its day."""
    sums, zone = Sums(), history.shop.hours.zone
    lines = {line.external_id: line for fact in history.facts if isinstance(fact, OrdersArrive) for line in fact.lines}
    last = {item: product.steps[-1].op for item, product in history.shop.products.items()}
    accepted = {fact.key for fact in history.facts if isinstance(fact, AcceptReport)}
    for fact in history.facts:
        if isinstance(fact, Report) and (not fact.refused or fact.key in accepted):
            item = lines[fact.order].demand.item
            sums.good[item, fact.op] += fact.good
            sums.scrap.update(fact.scrap)
            if fact.machine:
                pieces = sums.by_machine[fact.at.astimezone(zone).date(), fact.machine]
                pieces.update(good=fact.good, scrap=sum(fact.scrap.values()))
        elif isinstance(fact, Finish) and fact.op == last[lines[fact.order].demand.item]:
            due = dt.datetime.combine(lines[fact.order].due, due_at, zone)
            (sums.on_time if fact.at <= due else sums.late).add(fact.order)
        elif isinstance(fact, Receive):
            sums.left[fact.lot] = fact.quantity
        elif isinstance(fact, Give):
            sums.left[fact.lot] -= fact.quantity
        elif isinstance(fact, Ship):
            sums.shipped[lines[fact.order].demand.item] += fact.quantity
    for machine in history.shop.machines:
        for begins, ends in _running([fact for fact in history.facts if fact.machine == machine], history.ends):
            while begins < ends:
                midnight = dt.datetime.combine(begins.astimezone(zone).date() + dt.timedelta(days=1), dt.time(), zone)
                until = min(ends, midnight)
                day = begins.astimezone(zone).date()
                sums.by_machine[day, machine]["running_s"] += round((until - begins).total_seconds())
                begins = until
    return sums


def _running(facts: Iterable[Fact], now: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """When a machine made pieces."""
    spans: list[tuple[dt.datetime, dt.datetime]] = []
    since: dt.datetime | None = None
    is_setup = False
    for fact in sorted(facts, key=lambda fact: fact.at):
        if isinstance(fact, Start):
            is_setup = fact.has_setup
        if isinstance(fact, Produce):
            is_setup = False
        runs = isinstance(fact, Start | Resume | Produce) and not is_setup
        if runs and since is None:
            since = fact.at
        elif isinstance(fact, Pause | Finish) and since is not None:
            spans.append((since, fact.at))
            since = None
    return [*spans, (since, now)] if since else spans
