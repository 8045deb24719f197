"""The office of one history's shop: its orders by an ERP, what planners do with them, and the floor's starts and ends.

As on the floor a command may be refused: then nothing happened, and the model is not told.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import httpx

from tests.support.order_model import OPS, Order
from tests.support.shop_agreement import Agreement
from tests.support.shop_model import Line
from tests.support.world import eventually, key

WARNINGS = ["below_done", "parent_short", "operation_finished", "due_in_the_past", "operation_running"]


class Office(Agreement):
    """Orders with operations 10 and 20, or 10 alone, as ``bills`` says what each takes for a piece."""

    jobs: dict[str, dict[str, Any]]
    subcontracted: set[tuple[str, int]]
    cover: str
    report: Callable[..., Awaitable[None]]

    async def order(self, item: str, quantity: int) -> str:
        """The ERP orders something: the number of the draft that becomes of it."""
        external_id = f"E-{item}-{len(self.book.orders)}"
        assert (await self._send(external_id, item, quantity)).status_code in (200, 201)

        async def taken() -> Any:
            found = (await self.orders.get("/work-orders", params={"item": item, "limit": 200})).json()["items"]
            return [order for order in found if order["external_id"] == external_id]

        [order] = await eventually(taken, lambda found: len(found) == 1)
        number = str(order["number"])
        self.book.orders[number] = Order(number, order["id"], external_id, item, quantity)
        return number

    async def _send(self, external_id: str, item: str, quantity: int) -> httpx.Response:
        due = (datetime.now(UTC) + timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0).isoformat()
        body = {"external_id": external_id, "item": item, "quantity": quantity, "due_at": due}
        return await self.erp.post("/orders", json=body, headers=key())

    async def take_order(self, item: str, quantity: int, *, is_released: bool) -> None:
        """The ERP orders something, and perhaps it goes to the floor at once."""
        number = await self.order(item, quantity)
        if is_released:
            await self.release_order(number)

    async def make_parts(self, number: str) -> None:
        """Orders are made for what an order takes of parts, as far as none is on order for nobody."""
        order = self.book.orders[number]
        path = f"/demand/orders/{order.id}/parts"
        answer = await self.orders.post(path, headers=key())
        assert answer.status_code in (201, 409, 422), answer.text
        if answer.status_code == 409:
            return
        if answer.status_code == 201:
            for made in answer.json()["orders"]:
                self.book.orders[made["number"]] = Order(
                    made["number"], made["id"], "", made["item"], int(made["quantity"])
                )
        takes = sum(line.per_piece for line in self.bills[order.item][OPS[0]] if line.component in self.bills)
        order.promised = takes * order.quantity

    async def release_order(self, number: str) -> None:
        """A draft goes to the floor."""
        if await self._plan(number, "release"):
            await self._find_jobs([number])

    async def _find_jobs(self, numbers: list[str]) -> None:
        for number in numbers:
            order = self.book.orders[number]
            bill = self.bills[order.item]
            look = partial(self._jobs_of, order.id)
            for job in await eventually(look, partial(_are_all, bill)):
                name = f"{number}/{job['op']}"
                self.jobs[name] = job
                self.model.lines[name] = bill[job["op"]]
                if job["op"] == max(bill):
                    self.model.gives[name] = order.item
                if (order.item, job["op"]) in self.subcontracted:
                    self.book.sent[name] += 0

    async def split_order(self, number: str, kept: int, away: list[int], *, is_quiet: bool) -> None:
        """Split; where everybody knows everything it is refused when less would stay than was begun, and only then."""
        order = self.book.orders[number]
        quantities = [kept, *away, order.quantity - kept - sum(away)]
        if min(quantities) <= 0:
            return
        begun = None
        if is_quiet:
            await self.settled()
            begun = self.book.begun(number)
        answer = await self._plan(number, "split", quantities=quantities)
        if begun is not None and answer is None:
            state = (await self.orders.get(f"/work-orders/{order.id}")).json()
            closed = state["state"] in ("completed", "closed", "cancelled")
            assert closed or kept < begun, (number, kept, begun, "a split is refused")
        if answer is None:
            return
        assert begun is None or kept >= begun, (number, kept, begun, "less stays than was begun")
        parts = [
            Order(part["number"], part["id"], order.external_id, order.item, int(part["quantity"]))
            for part in answer["orders"][1:]
        ]
        self.book.divide(number, kept, parts)
        if f"{number}/{OPS[0]}" in self.jobs:
            await self._find_jobs([part.number for part in parts])

    async def merge_orders(self, number: str) -> None:
        """What an ERP's order was split into is put together again, before its release."""
        order = self.book.orders[number]
        same = [o for o in self.book.orders.values() if (o.external_id, o.item) == (order.external_id, order.item)]
        drafts = [other for other in same if not self.book.jobs(other.number)]
        body = {"work_order_ids": [order.id for order in drafts if not order.is_cancelled]}
        if len(body["work_order_ids"]) < 2:
            return
        if answer := _outcome("merge", await self.orders.post("/work-orders/merge", json=body, headers=key())):
            self.book.join(answer["number"], [order.number for order in drafts if not order.is_cancelled])

    async def work_off(self, number: str) -> None:
        """All that is lacking of an order is made: each operation is started and finished."""
        for job in (job for job in self.book.jobs(number) if not self.book.is_skipped(job)):
            lacking = self.book.orders[number].quantity - self.model.totals(job)[0]
            await self.move_job(job, "start")
            if lacking > 0:
                await self.report(job, 470, good=lacking)
            await self.move_job(job, "finish")

    def is_made(self, order: Order) -> bool:
        """True when all of an order was made, so that it may be over."""
        jobs = self.book.jobs(order.number)
        to_do = [job for job in jobs if not self.book.is_skipped(job)]
        return bool(jobs) and all(self.model.totals(job)[0] >= order.quantity for job in to_do)

    async def move_order(self, number: str, command: str) -> None:
        """Hold, resume, cancel, close, or take one of these back."""
        order = self.book.orders[number]
        if answer := await self._plan(number, command, reason="so it is"):
            order.is_cancelled = answer["state"] == "cancelled"

    async def amend(self, number: str, quantity: int, *, is_applied: bool = True) -> None:
        """A planner changes a quantity, at once in a draft and by a request after the release."""
        order = self.book.orders[number]
        if quantity < (self.book.begun(number) or 0):
            await self.settled()  # who lowers it knows what was begun
        if f"{number}/{OPS[0]}" not in self.jobs:
            answer = await self.orders.patch(f"/work-orders/{order.id}", json={"quantity": quantity}, headers=key())
            assert answer.status_code < 500, answer.text
            if answer.status_code == 200:
                self.book.set_quantity(number, quantity)
            return
        change = await self._plan(number, "changes", quantity=quantity, reason="more or less")
        if change and await self._decide(change["id"], is_applied=is_applied):
            self.book.set_quantity(number, quantity)

    async def skip_operation(self, number: str, op: int) -> None:
        """A planner leaves an operation of covers out; what has begun is refused, where everybody knows everything."""
        order = self.book.orders[number]
        if order.item != self.cover or f"{number}/{op}" not in self.jobs:
            return
        await self.settled()
        change = await self._plan(number, "changes", operations=[{"op": op, "skip": True}], reason="not needed")
        if change and await self._decide(change["id"], is_applied=True):
            order.skipped.add(op)
            jobs = await eventually(lambda: self._jobs_of(order.id), lambda jobs: _is_skipped(jobs, op))
            assert len(jobs) == len(OPS)

    async def _decide(self, change: str, *, is_applied: bool) -> bool:
        """Apply a change whatever it warns of, or refuse it; whether it is applied."""
        if is_applied:
            body = {"confirmed": WARNINGS}
            answer = await self.orders.post(f"/changes/{change}/apply", json=body, headers=key())
            assert answer.status_code < 500, answer.text
            if answer.status_code == 200:
                return True
        answer = await self.orders.post(f"/changes/{change}/refuse", json={"reason": "no"}, headers=key())
        assert answer.status_code < 500, answer.text
        return False

    async def change_by_erp(self, number: str, quantity: int, *, is_applied: bool) -> None:
        """The ERP wants another quantity: applied to what is not released, else a planner decides.

        What it has said already says nothing about what a planner has changed since.
        """
        order = self.book.orders[number]
        if not order.external_id:
            return
        await self.settled()
        known = await self._erp_order(order.external_id)
        answer = await self._send(order.external_id, order.item, quantity)
        if int(Decimal(known["quantity"])) == quantity and not known["asked"]:
            assert answer.status_code in (200, 409), answer.text
            return
        assert answer.status_code in (200, 409), answer.text
        if answer.status_code == 409 and answer.json()["code"] != "order_released":
            return

        async def heard() -> Any:
            erp_order = await self._erp_order(order.external_id)
            proposed = await self._proposed(order.external_id)
            to_make = sum(int(o["quantity"]) for o in await self._parts(order.external_id) if o["state"] != "cancelled")
            return to_make == quantity, proposed, erp_order["reason"], erp_order["asked"]

        is_made, proposed, _, _ = await eventually(heard, lambda seen: bool(seen[0] or seen[1] or seen[2]))
        for change in proposed:
            is_made = await self._decide(change["id"], is_applied=is_applied) or is_made
        parts = await self._parts(order.external_id)
        for part in parts:
            self.book.set_quantity(part["number"], int(part["quantity"]))
        if is_made:
            assert self.book.to_make(order.external_id) == quantity, "the parts make what the ERP wants"

    async def cancel_by_erp(self, number: str, *, is_applied: bool) -> None:
        """The ERP wants none of it any more: a planner decides on what is on the floor."""
        external_id = self.book.orders[number].external_id
        if not external_id:
            return
        await self.settled()
        answer = await self.erp.post(f"/orders/{external_id}/cancel", json={"reason": "gone"}, headers=key())
        assert answer.status_code in (200, 202, 409), answer.text
        if answer.status_code == 409:
            return

        async def heard() -> Any:
            parts = await self._parts(external_id)
            return parts, await self._proposed(external_id)

        def is_heard(seen: Any) -> bool:
            parts, proposed = seen
            working = [part for part in parts if part["state"] in ("released", "in_progress", "on_hold")]
            drafts = [part for part in parts if part["state"] in ("draft", "planned")]
            return not drafts and len(proposed) == len(working)

        _, proposed = await eventually(heard, is_heard)
        for change in proposed:
            await self._decide(change["id"], is_applied=is_applied)
        for part in await self._parts(external_id):
            self.book.orders[part["number"]].is_cancelled = part["state"] == "cancelled"

    async def _proposed(self, external_id: str) -> list[dict[str, Any]]:
        numbers = {o.number for o in self.book.orders.values() if o.external_id == external_id}
        found = (await self.orders.get("/changes", params={"state": "proposed", "limit": 200})).json()["items"]
        return [change for change in found if change["number"] in numbers]

    async def move_job(self, job: str, command: str, *, at: datetime | None = None) -> None:
        """Start, pause, resume, finish."""
        again = {"reason": "again"} if command in ("start", "resume") else {}
        await self._tell(f"/jobs/{self.jobs[job]['id']}/{command}", **again, **({"at": at.isoformat()} if at else {}))

    async def send(self, job: str, quantity: int, *, at: datetime | None) -> None:
        """Pieces go to the subcontractor, before all those that wait to be reworked."""
        when = {"at": at.isoformat()} if at else {}
        again = min(quantity, self.book.waiting(job) or 0)
        if await self._tell(f"/jobs/{self.jobs[job]['id']}/send", quantity=quantity, reworked=again, **when):
            self.book.sent[job] += quantity
            self.book.again[job] += again

    async def _plan(self, number: str, command: str, **body: Any) -> dict[str, Any] | None:
        path = f"/work-orders/{self.book.orders[number].id}/{command}"
        return _outcome(path, await self.orders.post(path, json=body or None, headers=key()))

    async def _tell(self, path: str, **body: Any) -> dict[str, Any] | None:
        return _outcome(path, await self.floor.post(path, json=body, headers=key()))


def _are_all(bill: dict[int, list[Line]], jobs: list[dict[str, Any]]) -> bool:
    return len(jobs) == len(bill)


def _is_skipped(jobs: list[dict[str, Any]], op: int) -> bool:
    return any(job["op"] == op and job["state"] == "skipped" for job in jobs)


def _outcome(path: str, answer: httpx.Response) -> dict[str, Any] | None:
    assert answer.status_code < 500, (path, answer.text)
    outcome: dict[str, Any] = answer.json()
    return outcome if answer.status_code < 300 else None
