"""The office of one history's shop: its orders by an ERP, what planners do with them, and the floor's starts and ends.

As on the floor a command may be refused: then nothing happened, and the model is not told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import httpx

from tests.support.order_model import OPS, Order, OrderModel
from tests.support.shop_model import Line, Model, exactly
from tests.support.world import World, eventually, key

ENDED = ("done", "skipped", "cancelled")
WARNINGS = ["below_done", "parent_short", "operation_finished", "due_in_the_past", "operation_running"]


class Office:
    """Orders with operations 10 and 20, or 10 alone, as ``bills`` says what each takes for a piece."""

    world: World
    floor: httpx.AsyncClient
    orders: httpx.AsyncClient
    erp: httpx.AsyncClient
    model: Model
    book: OrderModel
    jobs: dict[str, dict[str, Any]]
    bills: dict[str, dict[int, list[Line]]]
    subcontracted: set[tuple[str, int]]
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

    async def release_order(self, number: str) -> None:
        """A draft goes to the floor."""
        if await self._plan(number, "release"):
            await self._find_jobs([number])

    async def _find_jobs(self, numbers: list[str]) -> None:
        for number in numbers:
            order = self.book.orders[number]
            bill = self.bills[order.item]

            async def jobs(id_: str = order.id) -> Any:
                return (await self.floor.get("/jobs", params={"work_order": id_})).json()["items"]

            for job in await eventually(jobs, lambda found, ops=len(bill): len(found) == ops):
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
        external_id = self.book.orders[number].external_id
        drafts = [o for o in self.book.orders.values() if o.external_id == external_id and not self.book.jobs(o.number)]
        body = {"work_order_ids": [order.id for order in drafts if not order.is_cancelled]}
        if len(body["work_order_ids"]) < 2:
            return
        if answer := _outcome("merge", await self.orders.post("/work-orders/merge", json=body, headers=key())):
            self.book.join(answer["number"], [order.number for order in drafts if not order.is_cancelled])

    async def work_off(self, number: str) -> None:
        """All that is lacking of an order is made: each operation is started and finished."""
        for job in self.book.jobs(number):
            lacking = self.book.orders[number].quantity - self.model.totals(job)[0]
            await self.move_job(job, "start", None)
            if lacking > 0:
                await self.report(job, 470, good=lacking)
            await self.move_job(job, "finish", None)

    async def move_order(self, number: str, command: str) -> None:
        """Hold, resume, cancel, close, or take one of these back."""
        order = self.book.orders[number]
        if answer := await self._plan(number, command, reason="so it is"):
            order.is_cancelled = answer["state"] == "cancelled"

    async def amend(self, number: str, quantity: int, *, is_applied: bool = True) -> None:
        """A planner changes a quantity, at once in a draft and by a request after the release."""
        order = self.book.orders[number]
        if f"{number}/{OPS[0]}" not in self.jobs:
            answer = await self.orders.patch(f"/work-orders/{order.id}", json={"quantity": quantity}, headers=key())
            assert answer.status_code < 500, answer.text
            order.quantity = quantity if answer.status_code == 200 else order.quantity
        elif change := await self._plan(number, "changes", quantity=quantity, reason="more or less"):
            if await self._decide(change["id"], is_applied=is_applied):
                order.quantity = quantity

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
        """The ERP wants another quantity: applied to what is not released, else a planner decides."""
        order = self.book.orders[number]
        await self.settled()
        answer = await self._send(order.external_id, order.item, quantity)
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
            self.book.orders[part["number"]].quantity = int(part["quantity"])
        if is_made:
            assert self.book.to_make(order.external_id) == quantity, "the parts make what the ERP wants"

    async def cancel_by_erp(self, number: str, *, is_applied: bool) -> None:
        """The ERP wants none of it any more: a planner decides on what is on the floor."""
        external_id = self.book.orders[number].external_id
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

    async def _erp_order(self, external_id: str) -> dict[str, Any]:
        found = (await self.erp.get("/orders", params={"q": external_id, "limit": 200})).json()["items"]
        return next(order for order in found if order["external_id"] == external_id)

    async def _parts(self, external_id: str) -> list[dict[str, Any]]:
        ids = [order.id for order in self.book.orders.values() if order.external_id == external_id]
        found: list[dict[str, Any]] = (
            await self.orders.get("/work-orders", params={"id": ",".join(ids), "limit": 200})
        ).json()["items"]
        return found

    async def move_job(self, job: str, command: str, at: datetime | None) -> None:
        """Start, pause, resume, finish."""
        again = {"reason": "again"} if command in ("start", "resume") else {}
        await self._tell(f"/jobs/{self.jobs[job]['id']}/{command}", **again, **({"at": at.isoformat()} if at else {}))

    async def send(self, job: str, quantity: int, at: datetime | None) -> None:
        """Pieces go to the subcontractor."""
        when = {"at": at.isoformat()} if at else {}
        if await self._tell(f"/jobs/{self.jobs[job]['id']}/send", quantity=quantity, **when):
            self.book.sent[job] += quantity

    async def _plan(self, number: str, command: str, **body: Any) -> dict[str, Any] | None:
        path = f"/work-orders/{self.book.orders[number].id}/{command}"
        return _outcome(path, await self.orders.post(path, json=body or None, headers=key()))

    async def _tell(self, path: str, **body: Any) -> dict[str, Any] | None:
        return _outcome(path, await self.floor.post(path, json=body, headers=key()))

    async def settled(self) -> None:
        """Everybody knows everything, and it is what the model says."""

        async def look() -> list[str]:
            found = await asyncio.gather(*(self._complaints(number) for number in list(self.book.orders)))
            of_erp = await asyncio.gather(
                *(self._complaints_of_erp(id_) for id_ in {o.external_id for o in self.book.orders.values()})
            )
            return [complaint for complaints in (*found, *of_erp) for complaint in complaints]

        await eventually(look, lambda complaints: not complaints)

    async def _complaints(self, number: str) -> list[str]:
        order = self.book.orders[number]
        shown = (await self.orders.get(f"/work-orders/{order.id}")).json()
        jobs = {
            f"{number}/{job['op']}": job
            for job in (await self.floor.get("/jobs", params={"work_order": order.id})).json()["items"]
        }
        rows = await self.world.fetch(
            "production", "SELECT op, sent::int, order_state FROM job WHERE work_order = $1::uuid", order.id
        )
        sent = {f"{number}/{row['op']}": row["sent"] for row in rows}
        told = {row["order_state"] for row in rows}
        balance = (await self.orders.get(f"/work-orders/{order.id}/reconciliation")).json()
        return [
            f"{number}: {complaint}"
            for complaint in (
                *_differ("quantity", int(shown["quantity"]), order.quantity),
                *_differ("is cancelled", shown["state"] == "cancelled", order.is_cancelled),
                *(_differ("state on the floor", told, {shown["state"]}) if told else ()),
                *_differ("jobs", sorted(jobs), self.book.jobs(number)),
                *self._complaints_of_jobs(shown, jobs, sent),
                *self._complaints_of_state(shown, jobs),
                *self._complaints_of_balance(order, balance),
            )
        ]

    def _complaints_of_jobs(
        self, shown: dict[str, Any], jobs: dict[str, dict[str, Any]], sent: dict[str, int]
    ) -> Iterator[str]:
        for operation in shown["operations"]:
            name = f"{shown['number']}/{operation['op']}"
            if name not in jobs:
                continue
            job, order = jobs[name], self.book.orders[shown["number"]]
            for what in ("state", "good", "scrap", "rework", "rework_in", "planned"):
                yield from _differ(f"{name} {what} in orders", operation[what], job[what])
            yield from _differ(f"{name} pieces", tuple(int(job[w]) for w in ("good", "scrap", "rework")),
                               self.model.totals(name))  # fmt: skip
            yield from _differ(f"{name} planned", int(job["planned"]), order.quantity)
            yield from _differ(f"{name} ready", int(job["ready"]), self.book.ready(name))
            yield from _differ(f"{name} sent", sent.get(name), self.book.away(name))
            waits = self.book.waiting(name)
            if waits is not None:
                yield from _differ(f"{name} waits for rework", int(job["rework_in"]), waits)

    def _complaints_of_state(self, shown: dict[str, Any], jobs: dict[str, dict[str, Any]]) -> Iterator[str]:
        states = {job["state"] for job in jobs.values()}
        has_pieces = any(job[name] != "0" for job in jobs.values() for name in ("good", "scrap", "rework"))
        match shown["state"]:
            case "cancelled" if not states <= set(ENDED):
                yield f"is cancelled, and goes on: {states}"
            case "completed" | "closed" if not states <= {"done", "skipped"}:
                yield f"is {shown['state']}, and goes on: {states}"
            case "released" | "in_progress" if states <= {"done", "skipped"}:
                yield f"is {shown['state']}, and all its operations are {states}"
            case "released" if has_pieces:
                yield "is only released, and has pieces"
            case "released" | "in_progress" if states & {"blocked", "cancelled"}:
                yield f"is {shown['state']}, and stands still: {states}"
            case "on_hold" if states & {"waiting", "ready"}:
                yield f"is held, and goes on: {states}"

    def _complaints_of_balance(self, order: Order, balance: dict[str, Any]) -> Iterator[str]:
        """What was planned is not begun, in process, scrapped or good: nothing is lost on the way."""
        jobs = self.book.jobs(order.number)
        if not jobs:
            return
        totals = [self.model.totals(job) for job in jobs]
        sums = (totals[-1][0], sum(t[1] for t in totals), sum(t[2] for t in totals))
        yield from _differ("balance", tuple(int(balance[w]) for w in ("good", "scrap", "rework")), sums)
        yield from _differ("balance's quantity", int(balance["quantity"]), order.quantity)
        yield from _differ("difference", int(balance["difference"]), totals[-1][0] - order.quantity)
        lines = balance["operations"]
        there = sum(exactly(line[w]) for line in lines for w in ("not_begun", "in_process", "scrap"))
        there += lines[-1]["good"] and exactly(lines[-1]["good"])
        lacking = sum(exactly(line["unreported"]) for line in lines)
        yield from _differ("pieces that are accounted for", there - lacking, Fraction(order.quantity))
        begun = self.book.begun(order.number)
        for material in balance["materials"]:
            [line] = [x for x in self.bills[order.item][material["op"] or OPS[0]] if x.component == material["component"]]
            planned, loss = exactly(material["planned"]), 1 + exactly(material["scrap_pct"]) / 100
            if abs(planned - line.per_piece * order.quantity) > Fraction(1, 10**6):
                yield f"{line.component} planned: {planned}"
            if begun is not None and abs(exactly(material["standard"]) - line.per_piece / loss * begun) > Fraction(1, 10**6):
                yield f"{line.component} standard: {material['standard']}"

    async def _complaints_of_erp(self, external_id: str) -> list[str]:
        """The ERP knows what is to be made, what was made of it, and what is finished."""
        found = []
        erp_order = await self._erp_order(external_id)
        parts = {part["number"]: part for part in erp_order["parts"]}
        known = {o.number: o for o in self.book.orders.values() if o.external_id == external_id}
        for part in await self._parts(external_id):
            seen = parts.get(part["number"], {"state": None, "quantity": None})
            found += _differ(part["number"], (seen["state"], seen["quantity"]), (part["state"], part["quantity"]))
        rows = await self.world.fetch(
            "erp_bridge",
            "SELECT op, id, good::int, rework::int, final, reopens, total_good::int, total_scrap::int,"
            " total_rework::int, order_quantity::int, (SELECT coalesce(sum((s->>'quantity')::int), 0)::int"
            " FROM jsonb_array_elements(scrap) s) AS scrap FROM confirmation WHERE external_id = $1 ORDER BY position",
            external_id,
        )
        told = rows[-1]["order_quantity"] if rows else int(erp_order["quantity"])
        if erp_order["state"] != "cancelled":
            found += _differ("to be made", told, self.book.to_make(external_id))
        states = [
            (row["op"], row["state"])
            for row in await self.world.fetch(
                "production", "SELECT op, state FROM job WHERE number = ANY($1)", list(known)
            )
        ]
        for op in sorted({op for op, _ in states}):
            own = [row for row in rows if row["op"] == op]
            sums = self.book.sums(external_id, op)
            added = tuple(sum(row[what] for row in own) for what in ("good", "scrap", "rework"))
            found += _differ(f"confirmed {op}", added, sums)
            if own:
                last = own[-1]
                found += _differ(
                    f"totals {op}", (last["total_good"], last["total_scrap"], last["total_rework"]), sums
                )
            ends = [row for row in own if row["final"] or row["reopens"]]
            of_op = [state for each, state in states if each == op]
            has_ended = set(of_op) <= set(ENDED) and "done" in of_op
            found += _differ(f"final {op}", bool(ends and ends[-1]["final"]), has_ended)
        return [f"{external_id}: {complaint}" for complaint in found]


def _differ(what: str, seen: Any, expected: Any) -> list[str]:
    return [] if seen == expected else [f"{what} is {seen!r}, should be {expected!r}"]


def _outcome(path: str, answer: httpx.Response) -> dict[str, Any] | None:
    assert answer.status_code < 500, (path, answer.text)
    outcome: dict[str, Any] = answer.json()
    return outcome if answer.status_code < 300 else None
