"""A shop of one history, over HTTP: its own items, two orders of an ERP, lots and tablets, and the model beside it.

The commands may be refused (the wrong state, too little of a lot): then nothing happened, and the model is not told.
"""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.support.order_model import OrderModel
from tests.support.shop_model import Given, Line, Made, Model, exactly
from tests.support.shop_orders import Office
from tests.support.world import World, eventually, key

NUMBERS = itertools.count(1)
PLENTY, MUCH = 100_000, 1_000
LONG_AGO = timedelta(days=30)


class Shop(Office):
    """The part is stamped from coil and glued, two operations, tracked by lot; a motor takes one and has a number.

    A cover is plated by a subcontractor and packed, and nobody tracks it. Glue is taken at both of the part's
    operations, at one of them a third for a piece.
    """

    def __init__(self, world: World) -> None:
        self.n = next(NUMBERS)
        self.world = world
        self.begins = datetime.now(UTC) - timedelta(hours=8)
        self.floor = world.client("production", "operator", "quality", "leader")
        self.orders = world.client("orders", "planner", "admin")
        self.erp = world.client("erp_bridge", "erp")
        names = (f"{name}{self.n}" for name in ("C", "G", "P", "M", "K"))
        self.coil, self.glue, self.part, self.motor, self.cover = names
        self.jobs = {}
        self.model = Model({})
        self.book = OrderModel(self.model)
        self.lots: dict[str, list[str]] = {name: [] for name in (self.coil, self.glue, self.part, self.motor)}
        self.half_made: set[str] = set()
        """Lots of parts that are stamped and not glued."""
        self.receipts: dict[str, tuple[str, str, Fraction]] = {}
        self.bills = {
            self.part: {
                10: [Line(self.coil, Fraction("0.55")), Line(self.glue, Fraction(1, 4))],
                20: [Line(self.glue, Fraction(1, 3))],
            },
            self.motor: {10: [Line(self.part, Fraction(1))]},
            self.cover: {10: [], 20: []},
        }
        self.subcontracted = {(self.cover, 10)}

    async def open(self) -> None:
        """Define the items, take an order of each in, release them, and receive enough of everything."""
        tracked = {"lot_tracked": True}
        press, bench = f"PR-{self.n}", f"PK-{self.n}"
        for path, body in {
            f"machines/{press}": {"name": "press", "work_center": "PRESS"},
            f"machines/{bench}": {"name": "bench", "work_center": "PACK"},
            f"items/{self.coil}": {"name": "coil", "kind": "raw", "unit": "kg"} | tracked,
            f"items/{self.glue}": {"name": "glue", "kind": "raw", "unit": "kg"} | tracked,
            f"items/{self.part}": {"name": "part", "kind": "semi"} | tracked,
            f"items/{self.motor}": {"name": "motor", "kind": "finished", "serial_tracked": True},
            f"items/{self.cover}": {"name": "cover", "kind": "finished"},
            f"boms/{self.part}": {
                "lines": [
                    {"component": self.coil, "quantity": "0.5", "scrap_pct": 10, "op": 10},
                    {"component": self.glue, "quantity": "0.25", "op": 10},
                    {"component": self.glue, "quantity": "1/3", "op": 20},
                ]
            },
            f"boms/{self.motor}": {"lines": [{"component": self.part, "quantity": 1}]},
            f"routings/{self.part}": {
                "operations": [
                    {"op": 10, "name": "stamp", "machine": press},
                    {"op": 20, "name": "glue", "machine": bench},
                ]
            },
            f"routings/{self.motor}": {"operations": [{"op": 10, "name": "assemble", "machine": bench}]},
            f"routings/{self.cover}": {
                "operations": [
                    {"op": 10, "name": "plate", "subcontract": True},
                    {"op": 20, "name": "pack", "machine": bench},
                ]
            },
        }.items():
            answer = await self.orders.put(f"/{path}", json=body)
            assert answer.status_code == 201, (path, answer.text)
        for item in self.bills:
            await self.release_order(await self.order(item, 60))
        for item, at in (
            (self.coil, self.begins - LONG_AGO),
            (self.glue, self.begins - LONG_AGO),
            (self.part, self.at(475)),  # parts that are made here go into motors first
        ):
            await self.receive(item, PLENTY, at=at)
            self.lots[item].clear()  # the lot that is never touched

    def item_of(self, job: str) -> str:
        """What a job makes."""
        return self.book.orders[job.rpartition("/")[0]].item

    def at(self, minute: int) -> datetime:
        """So many minutes after the history's beginning."""
        return self.begins + timedelta(minutes=minute)

    async def receive(self, item: str, quantity: int, *, at: datetime) -> None:
        """A delivery."""
        body = {"item": item, "quantity": quantity, "at": at.isoformat()}
        if lot := await self._post("/lots", **body):
            self.lots[item].append(lot["lot"])
            self.model.stock[item] += quantity
            movements = (await self.floor.get("/lot-movements", params={"lot": lot["lot"]})).json()["items"]
            self.receipts[lot["lot"]] = (movements[0]["id"], item, Fraction(quantity))

    async def correct_receipt(self, lot: str, quantity: int) -> None:
        """A delivery was typed wrong."""
        id_, item, known = self.receipts[lot]
        if again := await self._post(f"/lot-movements/{id_}/correct", quantity=quantity, reason="typed wrong"):
            self.receipts[lot] = (again["id"], item, Fraction(quantity))
            self.model.stock[item] += quantity - known

    async def report(self, job: str, minute: int, *, back: bool = False, **pieces: Any) -> None:
        """Pieces were made; ``back``: those to be reworked go to the operation before."""
        at = self.at(minute)
        scrap = pieces.pop("scrap", 0)
        body = {"at": at.isoformat(), **pieces} | ({"scrap": [{"defect": "BURR", "quantity": scrap}]} if scrap else {})
        number, _, op = job.rpartition("/")
        to = f"{number}/10" if back and op == "20" and pieces.get("rework") else None
        answer = await self._post(f"/jobs/{self.jobs[job]['id']}/results", **body | ({"rework_op": 10} if to else {}))
        if answer:
            made = await self._made(job, answer, at, pieces.get("reworked", False), scrap, pieces)
            self.model.report(answer["id"], made, to)
            self.book.note_waiting()
            if made.lot and answer["lot"] and made.lot not in self.lots[self.item_of(job)]:
                self.lots[self.item_of(job)].append(made.lot)
                if job not in self.model.gives:
                    self.half_made.add(made.lot)

    async def _made(
        self, job: str, answer: dict[str, Any], at: datetime, reworked: bool, scrap: int, pieces: dict[str, Any]
    ) -> Made:
        moves = (
            await self.floor.get("/lot-movements", params={"job": self.jobs[job]["id"], "kind": "produced"})
        ).json()
        lot = next((move["lot"] for move in moves["items"] if move["result_id"] == answer["id"]), None)
        good, rework = pieces.get("good", 0), pieces.get("rework", 0)
        return Made(job, good, scrap, rework, reworked, at, lot, answer["serials"])

    async def reverse(self, result: str) -> None:
        """A report is taken back."""
        if await self._post(f"/results/{result}/reverse", reason="wrong"):
            self.model.take_back(result)
            self.book.note_waiting()

    async def correct(self, result: str, good: int) -> None:
        """A report should have said something else."""
        made = self.model.made[result]
        if made.returned or made.reworked:
            return
        if answer := await self._post(f"/results/{result}/correct", good=good, reason="miscounted"):
            self.model.take_back(result)
            anew = await self._made(made.job, answer, made.at, False, 0, {"good": good})
            gone = {serial for _, serials in self.model.shipped.values() for serial in serials}
            self.model.report(answer["id"], anew)
            self.book.note_waiting()
            for serial in gone:
                self.model.where.pop(serial, None)

    async def scan(self, job: str, lot: str, quantity: int, minute: int) -> None:
        """A lot is hung up at a job; one that has little left is not: what comes after it would have to be scanned."""
        at = self.at(minute)
        if exactly((await self.floor.get(f"/lots/{lot}")).json()["remaining"]) < MUCH / 2:
            return
        body = {"lot": lot, "quantity": quantity, "at": at.isoformat(), "used": True}
        if answer := await self._post(f"/jobs/{self.jobs[job]['id']}/consumptions", **body):
            given = Given(job, lot, answer["item"], exactly(answer["quantity"]), at)
            self.model.scan(answer["id"], given)

    async def take_scan_back(self, scan: str) -> None:
        """It was the wrong lot."""
        if await self._post(f"/lot-movements/{scan}/reverse", reason="wrong lot"):
            del self.model.given[scan]

    async def give_back(self, scan: str, quantity: int) -> None:
        """What is left over goes back."""
        given = self.model.given[scan]
        body = {"lot": given.lot, "quantity": -quantity}
        if await self._post(f"/jobs/{self.jobs[given.job]['id']}/consumptions", **body):
            self.model.give_back(given.job, given.component, given.lot, Fraction(quantity))

    async def split(self, lot: str, quantity: int) -> None:
        """A part of a lot is put aside."""
        if part := await self._post(f"/lots/{lot}/split", quantity=quantity):
            self._of(lot).append(part["lot"])
            self.half_made |= {part["lot"]} if lot in self.half_made else set()
            out = (await self.floor.get("/lot-movements", params={"lot": part["lot"]})).json()["items"][-1]
            self.model.where |= dict.fromkeys(out["serials"], part["lot"])

    async def merge(self, lot: str, other: str) -> None:
        """Two lots are put together."""
        if lot != other and (merged := await self._post("/lots/merge", lots=[lot, other])):
            self._of(lot).append(merged["lot"])
            self.half_made |= {merged["lot"]} if lot in self.half_made else set()
            for serial, there in self.model.where.items():
                if there in (lot, other):
                    self.model.where[serial] = merged["lot"]

    async def count(self, lot: str, more: int) -> None:
        """A stock count finds a little more or less of what has no numbers."""
        if lot in self.lots[self.motor]:
            return
        left = exactly((await self.floor.get(f"/lots/{lot}")).json()["remaining"])
        quantity = left + more
        if quantity >= 0 and await self._post(f"/lots/{lot}/count", quantity=_written(quantity), reason="count"):
            item = next(item for item, lots in self.lots.items() if lot in lots)
            self.model.stock[item] += 0 if lot in self.half_made else more

    async def ship(self, lot: str) -> None:
        """A piece is sent to a customer."""
        serials = self.model.numbers_in(lot)[:1]
        if shipped := await self._post(f"/lots/{lot}/ship", customer="C", quantity=1, serials=serials):
            self.model.shipped[shipped["id"]] = (lot, shipped["serials"])
            for serial in shipped["serials"]:
                del self.model.where[serial]

    async def take_shipment_back(self, shipment: str) -> None:
        """It did not leave."""
        if await self._post(f"/lot-movements/{shipment}/reverse", reason="stayed"):
            lot, serials = self.model.shipped.pop(shipment)
            self.model.where |= dict.fromkeys(serials, lot)

    async def hold(self, lot: str) -> None:
        """Somebody has doubts, and somebody else decides."""
        await self._post(f"/lots/{lot}/hold", reason="doubts")

    async def release(self, lot: str) -> None:
        """It is fine after all."""
        await self._post(f"/lots/{lot}/release", reason="fine")

    def _of(self, lot: str) -> list[str]:
        return next(lots for lots in self.lots.values() if lot in lots)

    async def _post(self, path: str, **body: Any) -> dict[str, Any] | None:
        answer = await self.floor.post(path, json=body, headers=key())
        assert answer.status_code < 500, (path, body, answer.text)
        outcome: dict[str, Any] = answer.json()
        return outcome if answer.status_code < 300 else None

    async def check(self) -> None:
        """What everybody has to agree on at the end."""
        await self.settled()
        await asyncio.gather(self._check_ledgers(), self._check_stock(), self._check_recalls())

    async def _check_ledgers(self) -> None:
        """Quality counts what the floor reported."""
        totals: dict[str, list[tuple[int, int, int]]] = {}
        for job in self.jobs:
            totals.setdefault(self.item_of(job), []).append(self.model.totals(job))
        expected = {
            item: sums
            for item, each in totals.items()
            if any(sums := (sum(t[0] for t in each), sum(t[1] for t in each)))
        }

        async def counted() -> dict[str, Any]:
            rows = await self.world.fetch(
                "quality",
                "SELECT item, sum(good)::int AS good, sum(scrap)::int AS scrap FROM output_count WHERE item = ANY($1)"
                " GROUP BY item",
                list(self.bills),
            )
            return {row["item"]: (row["good"], row["scrap"]) for row in rows if row["good"] or row["scrap"]}

        await eventually(counted, lambda seen: seen == expected)

    async def _check_stock(self) -> None:
        for component in (self.coil, self.glue, self.part):
            lots = [lot for lot in await self._lots(component) if lot["lot"] not in self.half_made]
            left = sum((exactly(lot["remaining"]) for lot in lots), Fraction(0))
            rounding = Fraction(len(lots) + len(self.model.made), 10**6)
            assert abs(left - self.model.left(component)) <= rounding, (component, left, self.model.left(component))
        for lot in await self._lots(self.motor):
            serials = (await self.floor.get("/serials", params={"lot": lot["lot"], "limit": 200})).json()["items"]
            there = sorted(one["serial"] for one in serials if one["state"] == "in_stock")
            assert there == self.model.numbers_in(lot["lot"]), lot["lot"]
            assert len(there) == max(0, int(lot["remaining"])), lot["lot"]

    async def _check_recalls(self) -> None:
        """A recall reaches what was made of a lot, and whatever that went into."""
        reached: dict[str, set[str]] = {}
        for job, lines in self.model.lines.items():
            for line in lines:
                for coil, lot in self.model.truly_in(job, line.component):
                    if coil not in reached:
                        reached[coil] = await self._reached(coil)
                    assert lot in reached[coil], f"{coil} hung at {job} while pieces of {lot} were made"
        for coil, lots in list(reached.items()):
            for lot in lots:
                if lot not in reached:
                    reached[lot] = await self._reached(lot)
                assert reached[lot] <= lots, f"{coil} went into {lot}, and is in what was made of that"

    async def _reached(self, lot: str) -> set[str]:
        recall = (await self.floor.get(f"/lots/{lot}/recall")).json()
        return {one["lot"] for one in recall["lots"]}

    async def _lots(self, item: str) -> list[dict[str, Any]]:
        answer = await self.floor.get("/lots", params={"item": item, "limit": 200})
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


def _written(quantity: Fraction) -> str:
    return f"{float(quantity):.6f}"
