"""Puts a history into a shop over the public API, in its people's names, while the clock goes through it."""

import asyncio
import datetime as dt
import functools
import itertools
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from infra.demo.erp_orders import MAPPING, export_csv
from infra.demo.source import DemoError
from infra.learning_factory import facts as kinds
from infra.learning_factory.facts import Fact
from infra.learning_factory.model import History
from infra.learning_factory.sessions import API, Floor
from shared.kit.clock import PlayedClock

TOGETHER = dt.timedelta(seconds=100)
"""What happens within it is entered at the same time: less than a tablet's clock may be wrong."""
SIGN_IN_AHEAD = dt.timedelta(hours=1)
"""Who enters something that soon signs in while others enter what comes before."""
ARRIVAL_S, LOOK_AGAIN_S = 60.0, 0.05
AT_ONCE = 8


@dataclass
class Player:
    """Enters facts, and remembers by which ids the product knows what they are about."""

    floor: Floor
    clock: PlayedClock
    history: History
    orders: dict[str, str] = field(default_factory=dict)
    jobs: dict[tuple[str, int], str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """Of what the facts name by keys of their own: reports, calls, notes, reviews."""
    made: defaultdict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    """By order the finished pieces in each lot."""
    finished: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By report of a last operation the lot into which its pieces went, and how many good ones it says."""

    async def play(self, progress: Callable[[int], None]) -> None:
        """Enter everything in its order; ``progress`` hears how many facts were kinds. Raises DemoError."""
        at_once = asyncio.Semaphore(AT_ONCE)

        async def send_lane(lane: Sequence[Fact]) -> None:
            for fact in lane:
                async with at_once:
                    await self._send_fact(fact)

        for group, following in itertools.pairwise([*_groups(self.history.facts), []]):
            self.clock.put(group[-1].sent_at)
            lanes: defaultdict[str, list[Fact]] = defaultdict(list)
            for fact in group:
                lanes[fact.lane].append(fact)
            try:
                async with asyncio.TaskGroup() as tasks:
                    for lane in lanes.values():
                        tasks.create_task(send_lane(lane))
                    for fact in following:
                        if fact.sent_at - group[-1].sent_at <= SIGN_IN_AHEAD:
                            tasks.create_task(self.floor.session(fact.person, fact.machine, group[-1].sent_at))
            except* DemoError as refused:
                raise refused.exceptions[0] from None
            await self._settle(group)
            progress(len(group))
        self.clock.put(self.history.ends)

    async def _send_fact(self, fact: Fact) -> None:
        await SENDING[type(fact)](self, fact)

    async def post(self, fact: Fact, path: str, body: Mapping[str, Any], *, timed: bool = True) -> Any:
        """A request of the fact's person, at the time of the fact."""
        return await self.send(fact, "POST", path, {**body, "at": fact.at.isoformat()} if timed else body)

    async def send(self, fact: Fact, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A request of the fact's person."""
        token = await self.floor.session(fact.person, fact.machine, fact.sent_at)
        return await self.floor.send(method, path, body, token=token, headers=headers)

    async def job(self, fact: kinds.JobFact) -> str:
        """The product's job of an operation; it comes by an event, so a moment after its order's release."""
        key = (fact.order, fact.op)
        if key not in self.jobs:
            await self._until(lambda: self._find_jobs(fact), f"jobs of {fact.order}")
        return self.jobs[key]

    async def job_post(self, fact: kinds.JobFact, command: str, body: Mapping[str, Any] = {}) -> Any:
        """A command for an operation."""
        return await self.post(fact, f"/production/jobs/{await self.job(fact)}/{command}", body)

    async def _find_jobs(self, fact: kinds.JobFact) -> bool:
        page = await self.send(fact, "GET", f"/production/jobs?limit=200&work_order={self.orders[fact.order]}")
        self.jobs |= {(fact.order, job["op"]): job["id"] for job in page["items"]}
        return (fact.order, fact.op) in self.jobs

    async def _settle(self, group: Sequence[Fact]) -> None:
        """Let the orders service hear that an order is complete before the clock goes on."""
        for fact in group:
            if isinstance(fact, kinds.PrintLabel):
                await self._until(functools.partial(self._is_complete, fact), f"end of {fact.order}")

    async def _is_complete(self, fact: kinds.PrintLabel) -> bool:
        order = await self.send(fact, "GET", f"/orders/work-orders/{self.orders[fact.order]}")
        return bool(order["state"] == "completed")

    async def _until(self, look: Callable[[], Awaitable[bool]], what: str) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + ARRIVAL_S
        while not await look():
            if loop.time() > deadline:
                raise DemoError(f"{what}: not there after {ARRIVAL_S:.0f} s")
            await asyncio.sleep(LOOK_AGAIN_S)

    # orders

    async def orders_arrive(self, fact: kinds.OrdersArrive) -> None:
        """The planner imports the ERP's file."""
        first, last = fact.lines[0].due, fact.lines[-1].due
        content = export_csv(self.history.shop.factory, list(fact.lines), first, last)
        await self.upload(fact, "/erp/imports", f"orders-{first:%Y%m%d}.csv", content, MAPPING)
        missing = {line.external_id for line in fact.lines}
        await self._until(functools.partial(self._find_orders, fact, missing), f"orders due from {first}")

    async def upload(self, fact: Fact, path: str, name: str, content: bytes, mapping: Mapping[str, Any]) -> None:
        """A file as the import wizard sends it."""
        token = await self.floor.session(fact.person, fact.machine, fact.sent_at)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        form = {"mapping": json.dumps(mapping), "dry_run": "false"}
        answer = await self.floor.admin.post(
            f"{API}{path}", files={"file": (name, content)}, data=form, headers=headers
        )
        if answer.is_error or answer.json()["summary"].get("error"):
            raise DemoError(f"{name}: {answer.text[:500]}")

    async def _find_orders(self, fact: Fact, keys: set[str]) -> bool:
        cursor = ""
        while True:
            page = await self.send(fact, "GET", f"/orders/work-orders?limit=200{cursor}")
            self.orders |= {order["external_id"]: order["id"] for order in page["items"] if order["external_id"]}
            if page["next_cursor"] is None:
                return keys <= self.orders.keys()
            cursor = f"&cursor={page['next_cursor']}"

    async def move_order(self, fact: kinds.OrderFact, command: str, body: Mapping[str, Any] = {}) -> None:
        """A planner's command for an order."""
        await self.post(fact, f"/orders/work-orders/{self.orders[fact.order]}/{command}", body, timed=False)

    async def ship(self, fact: kinds.Ship) -> None:
        """What is in each lot of the order's last operation goes to the customer."""
        for lot, quantity in self.made[fact.order].items():
            body = {"customer": fact.customer, "quantity": quantity, "reference": fact.reference}
            await self.post(fact, f"/production/lots/{lot}/ship", body, timed=False)

    # operations

    async def report(self, fact: kinds.Report) -> None:
        """Pieces; those of a refused report are sent to the reviews."""
        body = {"good": fact.typed, "scrap": _scrap(fact.scrap)}
        if fact.refused:
            problem = {
                "status": 403,
                "code": "replay_refused",
                "title": "이 기기에서 이 사람의 작업을 보낼 수 없습니다",
            }
            self.ids[fact.key] = await self.review(fact, "result", "results", body, problem)
            return
        answer = await self.job_post(fact, "results", body)
        self._stored(fact, answer["id"], answer["lot"])

    def _stored(self, fact: kinds.Report, result: str, lot: str | None) -> None:
        self.ids[fact.key] = result
        if lot and fact.op == self._last_op(fact.order):
            self.finished[fact.key] = (lot, fact.typed)
            self.made[fact.order][lot] = self.made[fact.order].get(lot, 0) + fact.typed

    def _last_op(self, order: str) -> int:
        return max(op for key, op in self.jobs if key == order)

    async def correct(self, fact: kinds.Correct) -> None:
        """The report says what it should have said."""
        body = {"good": fact.good, "scrap": _scrap(fact.scrap), "reason": "C1"}
        await self.post(fact, f"/production/results/{self.ids[fact.key]}/correct", body, timed=False)
        if fact.key in self.finished:
            lot, typed = self.finished[fact.key]
            self.made[fact.order][lot] += fact.good - typed

    async def review(
        self, fact: kinds.JobFact, kind: str, path: str, body: Mapping[str, Any], problem: Mapping[str, Any]
    ) -> str:
        """A tablet hands over what it could not get done; the review's id."""
        command = {
            "id": str(uuid4()),
            "kind": kind,
            "path": f"{API}/production/jobs/{await self.job(fact)}/{path}",
            "body": body,
            "person": fact.person,
            "machine": fact.machine,
            "at": fact.at.isoformat(),
        }
        answer = await self.post(fact, "/production/reviews", {"command": command, "problem": problem}, timed=False)
        return str(answer["id"])

    async def accept(self, fact: kinds.AcceptReport) -> None:
        """The leader lets it stand."""
        path = f"/production/reviews/{self.ids[fact.key]}/accept"
        await self.post(fact, path, {"reason": fact.reason}, timed=False)

    async def send_out(self, fact: kinds.SendOut) -> None:
        """Pieces leave for the subcontractor."""
        body = {"quantity": fact.quantity, "supplier": fact.supplier, "due_at": fact.due_at.isoformat()}
        await self.job_post(fact, "send", body)

    # lots and labels

    async def receive(self, fact: kinds.Receive) -> None:
        """A lot of material."""
        names = ("lot", "item", "supplier", "supplier_lot", "location")
        body = {name: getattr(fact, name) for name in names} | {"quantity": str(fact.quantity)}
        await self.post(fact, "/production/lots", body)

    async def give(self, fact: kinds.Give) -> None:
        """A lot is hung up."""
        await self.job_post(fact, "consumptions", {"lot": fact.lot, "quantity": str(fact.quantity)})

    async def unknown_lot(self, fact: kinds.UnknownLot) -> None:
        """A label that nobody knows."""
        body = {"lot": fact.lot, "component": fact.component, "quantity": str(fact.quantity)}
        problem = {"status": 422, "code": "lot_unknown", "title": "입고되지 않은 로트입니다", "lot": fact.lot}
        await self.review(fact, "consume", "consumptions", body, problem)

    async def print_label(self, fact: kinds.PrintLabel) -> None:
        """A label on paper, by the browser."""
        lot = next(reversed(self.made[fact.order]), None)
        if lot is not None:
            body = {"lot": lot, "on_page": True}
            await self.post(fact, "/production/labels", body, timed=False)

    # people

    async def call(self, fact: kinds.Call) -> None:
        """Help is called."""
        body = {"machine": fact.machine, "kind": fact.kind, "note": fact.note}
        self.ids[fact.key] = (await self.post(fact, "/production/andon-calls", body))["id"]

    async def hand_over(self, fact: kinds.HandOver) -> None:
        """A note at a machine."""
        answer = await self.post(fact, f"/production/machines/{fact.machine}/handovers", {"note": fact.note})
        self.ids[fact.key] = answer["id"]

    async def look_at_flags(self, fact: kinds.LookAtFlags) -> None:
        """What is out of the ordinary so far was seen."""
        page = await self.send(fact, "GET", "/production/reviews/flagged?limit=200")
        if ids := [result["id"] for result in page["items"]]:
            body = {"result_ids": ids, "reason": fact.reason}
            await self.post(fact, "/production/reviews/flagged/acknowledge", body, timed=False)

    async def made_without_order(self, fact: kinds.MadeWithoutOrder) -> None:
        """Pieces without an order."""
        body = {"item": fact.item, "good": fact.good, "note": fact.note}
        await self.post(fact, f"/production/machines/{fact.machine}/unassigned", body)

    async def draft_instruction(self, fact: kinds.DraftInstruction) -> None:
        """The next revision of an instruction, with a page more, waits for approval."""
        path = f"/orders/instructions/{fact.code}"
        now = await self.send(fact, "GET", path)
        body = {name: now[name] for name in ("title", "item", "op")}
        written = await self.send(fact, "PUT", path, body | {"pages": [*now["pages"], {"text": dict(fact.remark)}]})
        await self.send(fact, "POST", f"{path}/submit", {"revision": written["revision"]})


def _scrap(scrap: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"defect": defect, "quantity": quantity} for defect, quantity in scrap.items()]


def _groups(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Facts that are entered together."""
    group: list[Fact] = []
    for fact in facts:
        if group and fact.sent_at - group[0].sent_at > TOGETHER:
            yield group
            group = []
        group.append(fact)
    if group:
        yield group


Sending = Callable[[Player, Any], Awaitable[Any]]
SENDING: Mapping[type[Fact], Sending] = {
    kinds.OrdersArrive: Player.orders_arrive,
    kinds.Release: lambda player, fact: player.move_order(fact, "release"),
    kinds.HoldOrder: lambda player, fact: player.move_order(fact, "hold", {"reason": fact.reason}),
    kinds.CloseOrder: lambda player, fact: player.move_order(fact, "close"),
    kinds.Ship: Player.ship,
    kinds.Start: lambda player, fact: player.job_post(
        fact, "start", {"machine": fact.machine, "phase": "setup" if fact.has_setup else "production"}
    ),
    kinds.Produce: lambda player, fact: player.job_post(fact, "phase", {"phase": "production"}),
    kinds.Join: lambda player, fact: player.job_post(fact, "crew", {"action": "join"}),
    kinds.ReadInstruction: lambda player, fact: player.job_post(fact, "instruction/confirm"),
    kinds.Pause: lambda player, fact: player.job_post(fact, "pause", {"reason": fact.reason}),
    kinds.Resume: lambda player, fact: player.job_post(fact, "resume"),
    kinds.Finish: lambda player, fact: player.job_post(fact, "finish"),
    kinds.Report: Player.report,
    kinds.Correct: Player.correct,
    kinds.AcceptReport: Player.accept,
    kinds.SendOut: Player.send_out,
    kinds.Receive: Player.receive,
    kinds.Give: Player.give,
    kinds.UnknownLot: Player.unknown_lot,
    kinds.HoldLot: lambda player, fact: player.post(
        fact, f"/production/lots/{fact.lot}/hold", {"reason": fact.reason}, timed=False
    ),
    kinds.PrintLabel: Player.print_label,
    kinds.Attend: lambda player, fact: player.post(
        fact, "/production/attendance", {"kind": "in" if fact.comes else "out"}
    ),
    kinds.Call: Player.call,
    kinds.Acknowledge: lambda player, fact: player.post(
        fact, f"/production/andon-calls/{player.ids[fact.key]}/acknowledge", {}, timed=False
    ),
    kinds.Resolve: lambda player, fact: player.post(
        fact, f"/production/andon-calls/{player.ids[fact.key]}/resolve", {"note": fact.note}, timed=False
    ),
    kinds.HandOver: Player.hand_over,
    kinds.ReadHandover: lambda player, fact: player.post(
        fact, f"/production/handovers/{player.ids[fact.key]}/read", {}, timed=False
    ),
    kinds.MadeWithoutOrder: Player.made_without_order,
    kinds.LookAtFlags: Player.look_at_flags,
    kinds.DraftInstruction: Player.draft_instruction,
}
"""How each kind of fact is kinds."""
