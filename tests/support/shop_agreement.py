"""What the services say of one history's orders, compared with the model and with each other."""

import asyncio
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import httpx

from tests.support.order_model import OPS, Order, OrderModel
from tests.support.shop_model import Line, Model, exactly
from tests.support.world import World, eventually

ENDED = ("done", "skipped", "cancelled")
OVER = ("completed", "closed", "cancelled")
ROUNDED = Fraction(1, 10**6)


class Agreement:
    """Everybody knows the same of the orders, and it is what the model says."""

    world: World
    floor: httpx.AsyncClient
    orders: httpx.AsyncClient
    erp: httpx.AsyncClient
    model: Model
    book: OrderModel
    bills: dict[str, dict[int, list[Line]]]

    async def settled(self) -> None:
        """Everybody knows everything, and it is what the model says."""

        async def look() -> list[str]:
            found = await asyncio.gather(*(self._complaints(number) for number in list(self.book.orders)))
            of_erp = await asyncio.gather(
                *(self._complaints_of_erp(id_) for id_ in {o.external_id for o in self.book.orders.values()} if id_)
            )
            return [complaint for complaints in (*found, *of_erp) for complaint in complaints]

        await eventually(look, lambda complaints: not complaints)

    async def _complaints(self, number: str) -> list[str]:
        order = self.book.orders[number]
        shown = await _read(self.orders, f"/work-orders/{order.id}")
        jobs = {f"{number}/{job['op']}": job for job in await self._jobs_of(order.id)}
        rows = await self.world.fetch(
            "production", "SELECT op, sent::int, order_state FROM job WHERE work_order = $1::uuid", order.id
        )
        sent = {f"{number}/{row['op']}": row["sent"] for row in rows}
        told = {row["order_state"] for row in rows}
        pegs = await _read(self.orders, f"/demand/orders/{order.id}")
        balance = await _read(self.orders, f"/work-orders/{order.id}/reconciliation")
        return [
            f"{number}: {complaint}"
            for complaint in (
                *_differ("quantity", int(shown["quantity"]), order.quantity),
                *_differ("is cancelled", shown["state"] == "cancelled", order.is_cancelled),
                *(_differ("state on the floor", told, {shown["state"]}) if told else ()),
                *_differ("jobs", sorted(jobs), self.book.jobs(number)),
                *self._complaints_of_pegs(order, pegs, is_over=shown["state"] in OVER),
                *self._complaints_of_jobs(shown, jobs, sent),
                *self._complaints_of_state(shown, jobs),
                *self._complaints_of_balance(order, balance),
            )
        ]

    def _complaints_of_pegs(self, order: Order, pegs: dict[str, Any], *, is_over: bool) -> Iterator[str]:
        """Others make for it what it needs of parts, as far as somebody planned them, and no more.

        When it is over that is what it took for the pieces that were begun, in whole parts.
        """
        promised = sum((exactly(peg["quantity"]) for peg in pegs["supplies"]), Fraction(0))
        begun = self.book.begun(order.number)
        if is_over and begun is None:
            return
        expected = order.promised * min(Fraction(1), Fraction(begun or 0, order.quantity) if is_over else Fraction(1))
        if not -ROUNDED * len(self.book.orders) <= promised - expected <= ROUNDED * len(self.book.orders) + is_over:
            yield f"is promised {promised}, should be {expected}"

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
        good = self.book.good(order.number)
        if good is None:
            return
        sums = (good, sum(t[1] for t in totals), sum(t[2] for t in totals))
        rows = [job for job, made in zip(jobs, totals, strict=True) if not self.book.is_skipped(job) or any(made)]
        yield from _differ("lines", [f"{order.number}/{line['op']}" for line in balance["operations"]], rows)
        yield from _differ("balance", tuple(int(balance[w]) for w in ("good", "scrap", "rework")), sums)
        yield from _differ("balance's quantity", int(balance["quantity"]), order.quantity)
        yield from _differ("difference", int(balance["difference"]), good - order.quantity)
        lines = balance["operations"]
        there = sum(exactly(line[w]) for line in lines for w in ("not_begun", "in_process", "scrap"))
        there += exactly(balance["good"])
        lacking = sum(exactly(line["unreported"]) for line in lines)
        yield from _differ("pieces that are accounted for", there - lacking, Fraction(order.quantity))
        begun = self.book.begun(order.number)
        for material in balance["materials"]:
            of_op = self.bills[order.item][material["op"] or OPS[0]]
            [per] = [line.per_piece for line in of_op if line.component == material["component"]]
            standard = per / (1 + exactly(material["scrap_pct"]) / 100)
            for what, expected in (
                ("planned", per * order.quantity),
                ("standard", None if begun is None else standard * begun),
            ):
                if expected is not None and abs(exactly(material[what]) - expected) > Fraction(1, 10**6):
                    yield f"{material['component']} {what} is {material[what]}, should be {expected}"

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
                "production",
                "SELECT op, CASE WHEN state = 'skipped' AND (good, scrap, rework) <> (0, 0, 0) THEN 'done'"
                " ELSE state END"
                " AS state FROM job WHERE number = ANY($1)",
                list(known),
            )
        ]
        for op in sorted({op for op, _ in states}):
            own = [row for row in rows if row["op"] == op]
            sums = self.book.sums(external_id, op)
            added = tuple(sum(row[what] for row in own) for what in ("good", "scrap", "rework"))
            found += _differ(f"confirmed {op}", added, sums)
            if own:
                last = own[-1]
                found += _differ(f"totals {op}", (last["total_good"], last["total_scrap"], last["total_rework"]), sums)
            ends = [row for row in own if row["final"] or row["reopens"]]
            of_op = [state for each, state in states if each == op]
            has_ended = set(of_op) <= set(ENDED) and "done" in of_op
            found += _differ(f"final {op}", bool(ends and ends[-1]["final"]), has_ended)
        return [f"{external_id}: {complaint}" for complaint in found]

    async def _jobs_of(self, order: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await _read(self.floor, "/jobs", work_order=order))["items"]
        return found

    async def _erp_order(self, external_id: str) -> dict[str, Any]:
        found = (await _read(self.erp, "/orders", q=external_id, limit=200))["items"]
        return next(order for order in found if order["external_id"] == external_id)

    async def _parts(self, external_id: str) -> list[dict[str, Any]]:
        ids = [order.id for order in self.book.orders.values() if order.external_id == external_id]
        found: list[dict[str, Any]] = (await _read(self.orders, "/work-orders", id=",".join(ids), limit=200))["items"]
        return found


async def _read(service: httpx.AsyncClient, path: str, **parameters: Any) -> dict[str, Any]:
    """What a service says, once it is not too busy to say it."""
    answer = await eventually(lambda: service.get(path, params=parameters), lambda answer: answer.status_code != 503)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


def _differ(what: str, seen: Any, expected: Any) -> list[str]:
    return [] if seen == expected else [f"{what} is {seen!r}, should be {expected!r}"]
