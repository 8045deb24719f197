"""Whole histories of a shop, whatever happens in whatever order: everybody agrees, and a simple model agrees with them.

``DURE_HISTORIES`` says how many, other ones each time; without it they are a few, and always the same.
"""

import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from infra.agreement.agree import parties_of
from infra.agreement.rebuild import rebuild_services
from infra.local.suite import services
from shared.registry import PUBLISHER_OF
from tests.integration.production.test_lot_ledger import WRONG
from tests.support.factory import define_bracket
from tests.support.shop_history import Shop
from tests.support.world import TestCluster, World, eventually, running

ASKED = os.environ.get("DURE_HISTORIES")
SHARES = 3 if ASKED else 1
"""Workers that share what was asked for."""
HISTORIES = int(ASKED or 4) // SHARES
STEPS = 40 if ASKED else 25
READ_MODELS = {
    "output_count": ("quality", "output_count"),
    "defect_count": ("quality", "defect_count"),
    "output_month": ("quality", "output_month"),
    "defect_month": ("quality", "defect_month"),
    "known_item": ("quality", "known_item"),
    "known_machine": ("quality", "known_machine"),
    "measured_run": ("orders", "measured_run"),
    "recorded_day": ("orders", "recorded_day"),
    "work_order_operation": ("orders", "(work_order, op, good, scrap, rework, rework_in, state)"),
    "confirmation": ("erp_bridge", "confirmation"),
}
"""By table: the service, and what is compared of it."""
MINUTES = st.integers(0, 470)
FEW = st.integers(0, 5)


class History(RuleBasedStateMachine):
    """People and tablets of one shop: what a tablet without a network noted is sent later, in any order."""

    portal: BlockingPortal
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.shop = Shop(self.world)
        self.portal.call(self.shop.open)
        self.unsent: list[Callable[[], Awaitable[None]]] = []

    def do(self, act: Callable[..., Awaitable[None]], *facts: Any, **more: Any) -> None:
        self.portal.call(lambda: act(*facts, **more))

    def note(self, is_online: bool, act: Callable[..., Awaitable[None]], *facts: Any, **more: Any) -> None:
        if is_online:
            self.do(act, *facts, **more)
        else:
            self.unsent.append(lambda: act(*facts, **more))

    def any_of(self, choices: Any, data: st.DataObject) -> Any:
        return data.draw(st.sampled_from(sorted(choices)))

    @property
    def lots(self) -> list[str]:
        return [lot for lots in self.shop.lots.values() for lot in lots]

    @rule(item=st.sampled_from(["coil", "glue", "part"]), quantity=st.integers(1, 30), minute=MINUTES)
    def receive(self, item: str, quantity: int, minute: int) -> None:
        self.do(self.shop.receive, getattr(self.shop, item), quantity, at=self.shop.at(minute))

    @rule(
        data=st.data(),
        good=FEW,
        scrap=st.integers(0, 2),
        rework=st.integers(0, 2),
        minute=MINUTES,
        is_online=st.booleans(),
        back=st.booleans(),
    )
    def report(
        self, data: st.DataObject, good: int, scrap: int, rework: int, minute: int, is_online: bool, back: bool
    ) -> None:
        if good + scrap + rework:
            job = self.any_of(self.shop.jobs, data)
            pieces = {"good": good, "scrap": scrap, "rework": rework}
            self.note(is_online, self.shop.report, job, minute, back=back, **pieces)

    @rule(data=st.data(), minute=MINUTES)
    def report_reworked(self, data: st.DataObject, minute: int) -> None:
        self.do(self.shop.report, self.any_of(self.shop.jobs, data), minute, good=1, reworked=True)

    @precondition(lambda self: self.shop.model.made)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        self.do(self.shop.reverse, self.any_of(self.shop.model.made, data))

    @precondition(lambda self: self.shop.model.made)
    @rule(data=st.data(), good=st.integers(1, 5))
    def correct(self, data: st.DataObject, good: int) -> None:
        self.do(self.shop.correct, self.any_of(self.shop.model.made, data), good)

    @rule(data=st.data(), quantity=st.integers(1, 8), minute=MINUTES, is_online=st.booleans())
    def scan(self, data: st.DataObject, quantity: int, minute: int, is_online: bool) -> None:
        job = self.any_of([job for job, lines in self.shop.model.lines.items() if lines], data)
        lots = {lot for line in self.shop.model.lines[job] for lot in self.shop.lots[line.component]}
        if lots := lots - self.shop.half_made:
            self.note(is_online, self.shop.scan, job, self.any_of(lots, data), quantity, minute)

    @precondition(lambda self: self.shop.model.given)
    @rule(data=st.data())
    def take_scan_back(self, data: st.DataObject) -> None:
        self.do(self.shop.take_scan_back, self.any_of(self.shop.model.given, data))

    @precondition(lambda self: self.shop.model.given)
    @rule(data=st.data(), quantity=st.integers(1, 4))
    def give_back(self, data: st.DataObject, quantity: int) -> None:
        self.do(self.shop.give_back, self.any_of(self.shop.model.given, data), quantity)

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), quantity=st.integers(1, 3))
    def split(self, data: st.DataObject, quantity: int) -> None:
        self.do(self.shop.split, self.any_of(self.lots, data), quantity)

    @precondition(lambda self: self.lots)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        lot = self.any_of(self.lots, data)
        self.do(self.shop.merge, lot, self.any_of(self.shop._of(lot), data))

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), more=st.integers(-2, 2))
    def count(self, data: st.DataObject, more: int) -> None:
        self.do(self.shop.count, self.any_of(self.lots, data), more)

    @precondition(lambda self: self.shop.lots[self.shop.motor])
    @rule(data=st.data())
    def ship(self, data: st.DataObject) -> None:
        self.do(self.shop.ship, self.any_of(self.shop.lots[self.shop.motor], data))

    @precondition(lambda self: self.shop.model.shipped)
    @rule(data=st.data())
    def take_shipment_back(self, data: st.DataObject) -> None:
        self.do(self.shop.take_shipment_back, self.any_of(self.shop.model.shipped, data))

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), is_hold=st.booleans())
    def hold_or_release(self, data: st.DataObject, is_hold: bool) -> None:
        self.do(self.shop.hold if is_hold else self.shop.release, self.any_of(self.lots, data))

    @precondition(lambda self: self.shop.receipts)
    @rule(data=st.data(), quantity=st.integers(1, 30))
    def correct_receipt(self, data: st.DataObject, quantity: int) -> None:
        touched = [lot for lot in self.shop.receipts if lot in self.lots]
        if touched:
            self.do(self.shop.correct_receipt, self.any_of(touched, data), quantity)

    @rule(item=st.sampled_from(["part", "motor", "cover"]), quantity=st.integers(2, 20), is_released=st.booleans())
    def order(self, item: str, quantity: int, is_released: bool) -> None:
        self.portal.call(self._order, item, quantity, is_released)

    async def _order(self, item: str, quantity: int, is_released: bool) -> None:
        number = await self.shop.order(getattr(self.shop, item), quantity)
        if is_released:
            await self.shop.release_order(number)

    @rule(data=st.data())
    def release_order(self, data: st.DataObject) -> None:
        self.do(self.shop.release_order, self.any_of(self.shop.book.orders, data))

    @rule(data=st.data(), kept=st.integers(1, 20), away=st.integers(1, 20), parts=st.integers(1, 2), quiet=st.booleans())
    def split_order(self, data: st.DataObject, kept: int, away: int, parts: int, quiet: bool) -> None:
        number = self.any_of(self.shop.book.orders, data)
        self.do(self.shop.split_order, number, kept, [away] * (parts - 1), is_quiet=quiet)

    @rule(data=st.data())
    def merge_orders(self, data: st.DataObject) -> None:
        self.do(self.shop.merge_orders, self.any_of(self.shop.book.orders, data))

    @rule(data=st.data())
    def work_off(self, data: st.DataObject) -> None:
        self.do(self.shop.work_off, self.any_of(self.shop.book.orders, data))

    @rule(data=st.data(), command=st.sampled_from(["hold", "resume", "cancel", "close", "close", "reopen"]))
    def move_order(self, data: st.DataObject, command: str) -> None:
        self.do(self.shop.move_order, self.any_of(self.shop.book.orders, data), command)

    @rule(data=st.data(), quantity=st.integers(1, 30), is_applied=st.booleans())
    def amend_order(self, data: st.DataObject, quantity: int, is_applied: bool) -> None:
        self.do(self.shop.amend, self.any_of(self.shop.book.orders, data), quantity, is_applied=is_applied)

    @rule(data=st.data(), quantity=st.integers(1, 80), is_applied=st.booleans())
    def change_by_erp(self, data: st.DataObject, quantity: int, is_applied: bool) -> None:
        self.do(self.shop.change_by_erp, self.any_of(self.shop.book.orders, data), quantity, is_applied=is_applied)

    @rule(data=st.data(), is_applied=st.booleans())
    def cancel_by_erp(self, data: st.DataObject, is_applied: bool) -> None:
        self.do(self.shop.cancel_by_erp, self.any_of(self.shop.book.orders, data), is_applied=is_applied)

    @rule(
        data=st.data(),
        command=st.sampled_from(["start", "pause", "resume", "finish", "finish"]),
        minute=MINUTES,
        is_online=st.booleans(),
    )
    def move_job(self, data: st.DataObject, command: str, minute: int, is_online: bool) -> None:
        job = self.any_of(self.shop.jobs, data)
        self.note(is_online, self.shop.move_job, job, command, None if is_online else self.shop.at(minute))

    @rule(data=st.data(), quantity=st.integers(1, 9), minute=MINUTES, is_online=st.booleans())
    def send(self, data: st.DataObject, quantity: int, minute: int, is_online: bool) -> None:
        job = self.any_of(self.shop.book.sent, data)
        self.note(is_online, self.shop.send, job, quantity, None if is_online else self.shop.at(minute))

    @precondition(lambda self: self.unsent)
    @rule(data=st.data())
    def synchronise(self, data: st.DataObject) -> None:
        for act in data.draw(st.permutations(self.unsent)):
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
