"""Whole histories of a shop, whatever happens in whatever order: everybody agrees, and a simple model agrees with them.

``DURE_HISTORIES`` says how many, other ones each time; without it they are a few, and always the same.
"""

import inspect
import os
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from infra.agreement.agree import parties_of
from infra.agreement.rebuild import rebuild_services
from infra.local.suite import services
from shared.registry import PUBLISHER_OF
from tests.integration.production.test_lot_ledger import WRONG
from tests.support.factory import define_bracket
from tests.support.shop_history import MUCH, Shop
from tests.support.world import TestCluster, World, eventually, running

ASKED = os.environ.get("DURE_HISTORIES")
SHARES = 3 if ASKED else 1
"""Workers that share what was asked for."""
HISTORIES = int(ASKED or 2) // SHARES
STEPS = 40 if ASKED else 15
HOURS = 4 if ASKED else 1
"""Ordinary hours before what is drawn."""
READ_MODELS = {
    "output_count": ("quality", "output_count"),
    "defect_count": ("quality", "defect_count"),
    "output_month": ("quality", "output_month"),
    "defect_month": ("quality", "defect_month"),
    "known_item": ("quality", "known_item"),
    "known_machine": ("quality", "known_machine"),
    "measured_run": (
        "orders",
        "(job, item, op, machine, extract(epoch FROM running_since) - seconds, pieces, finished_at,"
        " CASE WHEN running_since IS NULL THEN seconds END)",
    ),
    "recorded_day": ("orders", "recorded_day"),
    "work_order_operation": ("orders", "(work_order, op, good, scrap, rework, rework_in, state)"),
    "confirmation": ("erp_bridge", "confirmation"),
}
"""By table: the service, and what is compared of it. A job that runs is measured up to when it was last told of."""
MINUTES = st.integers(0, 470)
FEW = st.integers(0, 5)
N = st.integers(0, 10**6)
"""Which of those that there are."""


HABITS: dict[str, Callable[[random.Random], Any]] = {
    **dict.fromkeys(("n", "m"), lambda chance: chance.randrange(10**6)),
    "minute": lambda chance: chance.randint(0, 470),
    "good": lambda chance: chance.randint(1, 5),
    **dict.fromkeys(("scrap", "rework"), lambda chance: chance.choice((0, 0, 1, 2))),
    **dict.fromkeys(
        ("is_online", "back", "is_applied", "is_quiet", "is_released"), lambda chance: chance.random() < 0.6
    ),
    "quantity": lambda chance: chance.randint(1, 20),
    "kept": lambda chance: chance.randint(1, 40),
    "away": lambda chance: chance.randint(1, 20),
    "op": lambda chance: chance.choice((10, 20)),
    "parts": lambda chance: chance.randint(1, 2),
    "command": lambda chance: chance.choice(("start", "start", "finish", "pause", "resume")),
    "item": lambda chance: chance.choice(("coil", "glue", "part")),
}
"""By fact how it is chosen in an ordinary hour."""
OFTEN = {
    "report": 12,
    "scan": 4,
    "work_off": 3,
    "close": 3,
    "reverse": 2,
    "correct": 2,
    "report_reworked": 2,
    "send": 2,
    "split_order": 3,
    "amend_order": 2,
    "change_by_erp": 1,
    "skip_operation": 1,
    "cancel_order": 1,
    "reopen_order": 2,
    "move_job": 4,
    "receive": 2,
    "give_back": 1,
    "ship": 1,
    "make_parts": 1,
    "take_scan_back": 1,
    "split": 1,
}
"""By rule how often it comes in an ordinary hour."""


class History(RuleBasedStateMachine):
    """People and tablets of one shop: what a tablet without a network noted is sent later, in any order.

    What is drawn does not depend on what the shop has said: each rule is always there, and picks from what there is.
    """

    portal: BlockingPortal
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.shop = Shop(self.world)
        self.portal.call(self.shop.open)
        self.unsent: list[Callable[[], Awaitable[None]]] = []

    def do(self, act: Callable[..., Awaitable[None]], *facts: Any, is_online: bool = True, **more: Any) -> None:
        """Do it, or note it; nothing is done with what there is not."""
        if None in facts:
            return
        if is_online:
            self.portal.call(lambda: act(*facts, **more))
        else:
            self.unsent.append(lambda: act(*facts, **more))

    def pick(self, choices: Iterable[Any], n: int) -> Any:
        """One of the choices; None of none."""
        there = sorted(choices)
        return there[n % len(there)] if there else None

    def lot(self, n: int) -> Any:
        return self.pick((lot for lots in self.shop.lots.values() for lot in lots), n)

    def order(self, n: int) -> Any:
        return self.pick(self.shop.book.orders, n)

    def job(self, n: int) -> Any:
        return self.pick(self.shop.jobs, n)

    @initialize(seeds=st.lists(N, min_size=HOURS, max_size=HOURS))
    def work_for_some_hours(self, seeds: list[int]) -> None:
        for seed in seeds:
            self.work_for_an_hour(seed)

    @rule(item=st.sampled_from(["coil", "glue", "part"]), quantity=st.integers(1, 30), minute=MINUTES)
    def receive(self, item: str, quantity: int, minute: int) -> None:
        self.do(self.shop.receive, getattr(self.shop, item), MUCH + quantity, at=self.shop.at(minute))

    @rule(
        n=N,
        good=FEW,
        scrap=st.integers(0, 2),
        rework=st.integers(0, 2),
        minute=MINUTES,
        is_online=st.booleans(),
        back=st.booleans(),
    )
    def report(self, n: int, good: int, scrap: int, rework: int, minute: int, is_online: bool, back: bool) -> None:
        if good + scrap + rework:
            pieces = {"good": good, "scrap": scrap, "rework": rework}
            self.do(self.shop.report, self.job(n), minute, is_online=is_online, back=back, **pieces)

    @rule(n=N, minute=MINUTES)
    def report_reworked(self, n: int, minute: int) -> None:
        self.do(self.shop.report, self.job(n), minute, good=1, reworked=True)

    @rule(n=N)
    def reverse(self, n: int) -> None:
        self.do(self.shop.reverse, self.pick(self.shop.model.made, n))

    @rule(n=N, good=st.integers(1, 5))
    def correct(self, n: int, good: int) -> None:
        self.do(self.shop.correct, self.pick(self.shop.model.made, n), good)

    @rule(n=N, m=N, quantity=st.integers(1, 8), minute=MINUTES, is_online=st.booleans())
    def scan(self, n: int, m: int, quantity: int, minute: int, is_online: bool) -> None:
        job = self.pick((job for job, lines in self.shop.model.lines.items() if lines), n)
        lots = {lot for line in self.shop.model.lines[job] for lot in self.shop.lots[line.component]}
        lot = self.pick(lots - self.shop.half_made, m)
        self.do(self.shop.scan, job, lot, quantity, minute, is_online=is_online)

    @rule(n=N)
    def take_scan_back(self, n: int) -> None:
        self.do(self.shop.take_scan_back, self.pick(self.shop.model.given, n))

    @rule(n=N, quantity=st.integers(1, 4))
    def give_back(self, n: int, quantity: int) -> None:
        self.do(self.shop.give_back, self.pick(self.shop.model.given, n), quantity)

    @rule(n=N, quantity=st.integers(1, 3))
    def split(self, n: int, quantity: int) -> None:
        self.do(self.shop.split, self.lot(n), quantity)

    @rule(n=N, m=N)
    def merge(self, n: int, m: int) -> None:
        if lot := self.lot(n):
            self.do(self.shop.merge, lot, self.pick(self.shop._of(lot), m))

    @rule(n=N, more=st.integers(-2, 2))
    def count(self, n: int, more: int) -> None:
        self.do(self.shop.count, self.lot(n), more)

    @rule(n=N)
    def ship(self, n: int) -> None:
        self.do(self.shop.ship, self.pick(self.shop.lots[self.shop.motor], n))

    @rule(n=N)
    def take_shipment_back(self, n: int) -> None:
        self.do(self.shop.take_shipment_back, self.pick(self.shop.model.shipped, n))

    @rule(n=N, is_hold=st.booleans())
    def hold_or_release(self, n: int, is_hold: bool) -> None:
        self.do(self.shop.hold if is_hold else self.shop.release, self.lot(n))

    @rule(n=N, quantity=st.integers(1, 30))
    def correct_receipt(self, n: int, quantity: int) -> None:
        lots = {lot for lots in self.shop.lots.values() for lot in lots}
        self.do(self.shop.correct_receipt, self.pick(lots & self.shop.receipts.keys(), n), MUCH + quantity)

    @rule(item=st.sampled_from(["part", "motor", "cover"]), quantity=st.integers(2, 20), is_released=st.booleans())
    def take_order(self, item: str, quantity: int, is_released: bool) -> None:
        self.do(self.shop.take_order, getattr(self.shop, item), quantity, is_released=is_released)

    @rule(n=N)
    def make_parts(self, n: int) -> None:
        motors = (order.number for order in self.shop.book.orders.values() if order.item == self.shop.motor)
        self.do(self.shop.make_parts, self.pick(motors, n))

    @rule(n=N)
    def release_order(self, n: int) -> None:
        self.do(self.shop.release_order, self.order(n))

    @rule(n=N, kept=st.integers(1, 50), away=st.integers(1, 20), parts=st.integers(1, 2), is_quiet=st.booleans())
    def split_order(self, n: int, kept: int, away: int, parts: int, is_quiet: bool) -> None:
        self.do(self.shop.split_order, self.order(n), kept, [away] * (parts - 1), is_quiet=is_quiet)

    @rule(n=N)
    def merge_orders(self, n: int) -> None:
        self.do(self.shop.merge_orders, self.order(n))

    @rule(n=N)
    def work_off(self, n: int) -> None:
        self.do(self.shop.work_off, self.order(n))

    @rule(n=N, command=st.sampled_from(["hold", "resume", "cancel", "close", "close", "reopen"]))
    def move_order(self, n: int, command: str) -> None:
        self.do(self.shop.move_order, self.order(n), command)

    def close(self, n: int) -> None:
        over = (number for number, order in self.shop.book.orders.items() if self.shop.is_made(order))
        self.do(self.shop.move_order, self.pick(over, n), "close")

    def cancel_order(self, n: int) -> None:
        self.do(self.shop.move_order, self.order(n), "cancel")

    def reopen_order(self, n: int) -> None:
        self.do(self.shop.move_order, self.order(n), "reopen")

    @rule(n=N, quantity=st.integers(1, 30), is_applied=st.booleans())
    def amend_order(self, n: int, quantity: int, is_applied: bool) -> None:
        self.do(self.shop.amend, self.order(n), quantity, is_applied=is_applied)

    @rule(n=N, quantity=st.integers(1, 80), is_applied=st.booleans())
    def change_by_erp(self, n: int, quantity: int, is_applied: bool) -> None:
        self.do(self.shop.change_by_erp, self.order(n), quantity, is_applied=is_applied)

    @rule(n=N, op=st.sampled_from([10, 20]))
    def skip_operation(self, n: int, op: int) -> None:
        covers = (order.number for order in self.shop.book.orders.values() if order.item == self.shop.cover)
        self.do(self.shop.skip_operation, self.pick(covers, n), op)

    @rule(n=N, is_applied=st.booleans())
    def cancel_by_erp(self, n: int, is_applied: bool) -> None:
        self.do(self.shop.cancel_by_erp, self.order(n), is_applied=is_applied)

    @rule(
        n=N,
        command=st.sampled_from(["start", "pause", "resume", "finish", "finish"]),
        minute=MINUTES,
        is_online=st.booleans(),
    )
    def move_job(self, n: int, command: str, minute: int, is_online: bool) -> None:
        at = None if is_online else self.shop.at(minute)
        self.do(self.shop.move_job, self.job(n), command, is_online=is_online, at=at)

    @rule(n=N, quantity=st.integers(1, 40), minute=MINUTES, is_online=st.booleans())
    def send(self, n: int, quantity: int, minute: int, is_online: bool) -> None:
        at = None if is_online else self.shop.at(minute)
        self.do(self.shop.send, self.pick(self.shop.book.sent, n), quantity, is_online=is_online, at=at)

    @rule(seed=N)
    def work_for_an_hour(self, seed: int) -> None:
        """A dozen things in a row, most of them what a shop does most."""
        chance = random.Random(seed)
        for name in chance.choices(list(OFTEN), list(OFTEN.values()), k=12):
            act = getattr(self, name)
            act(**{fact: HABITS[fact](chance) for fact in inspect.signature(act).parameters})

    @rule(seed=N)
    def synchronise(self, seed: int) -> None:
        random.Random(seed).shuffle(self.unsent)
        for act in self.unsent:
            self.portal.call(act)
        self.unsent.clear()

    def teardown(self) -> None:
        for act in self.unsent:
            self.portal.call(act)
        self.portal.call(self.shop.check)


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal("asyncio", {"use_uvloop": True}) as portal:
        yield portal


@pytest.fixture(scope="module")
def world(portal: BlockingPortal, cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    services = ["orders", "production", "quality", "erp_bridge"]
    with portal.wrap_async_context_manager(running(cluster, tmp_path_factory.mktemp("histories"), services)) as world:
        portal.call(define_bracket, world)
        yield world


async def read_models(world: World) -> dict[str, list[str]]:
    """All rows of what services derive from others' events, as texts."""
    return {
        table: [row["row"] for row in await world.fetch(app, f"SELECT {columns}::text AS row FROM {table} ORDER BY 1")]
        for table, (app, columns) in READ_MODELS.items()
    }


async def everything_is_applied(world: World) -> None:
    """Each service has applied all that the others have published."""

    async def lacking() -> list[str]:
        found = []
        for publisher in world.apps:
            stream = PUBLISHER_OF[publisher].upper()
            newest = await world.fetch(publisher, "SELECT aggregate, max(version) AS version FROM outbox GROUP BY 1")
            for consumer in world.apps:
                rows = await world.fetch(consumer, "SELECT aggregate, version FROM inbox WHERE stream = $1", stream)
                if known := {row["aggregate"]: row["version"] for row in rows}:
                    late = [row for row in newest if known.get(row["aggregate"], 0) < row["version"]]
                    found += [f"{consumer} lacks {row}" for row in late]
        return found

    await eventually(lacking, lambda found: not found)


async def make_anew(world: World) -> None:
    """Do as ``dure rebuild`` beside the running services."""
    settings = {name: app.state.settings for name, app in world.apps.items()}
    async with parties_of(services(), settings) as parties:
        await rebuild_services(parties, list(world.apps), lambda _: None)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_history_of_a_shop_adds_up(portal: BlockingPortal, world: World, share: int) -> None:
    machine = type("History", (History,), {"portal": portal, "world": world})
    chosen = settings(
        max_examples=HISTORIES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=ASKED is None,
        suppress_health_check=list(HealthCheck),
        phases=[
            Phase.explicit,
            Phase.reuse,
            Phase.generate,
        ],  # a real shop is too slow to look for the shortest history
    )
    run_state_machine_as_test(machine, settings=chosen)
    portal.call(everything_is_applied, world)
    before = portal.call(read_models, world)
    portal.call(make_anew, world)
    assert portal.call(read_models, world) == before, "what is made anew of all events is what they made one by one"
    wrong = {law: portal.call(world.fetch, "production", query) for law, query in WRONG.items()}
    assert {law: rows for law, rows in wrong.items() if rows} == {}
