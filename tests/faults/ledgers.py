"""What every part of the suite says was made, read through the public API, and whether they agree."""

import asyncio
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx

from tests.faults.reporters import Reporters
from tests.support.floor import Floor

Row = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """Pieces of an operation."""

    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)

    def __add__(self, other: "Made") -> "Made":
        return Made(self.good + other.good, self.scrap + other.scrap, self.rework + other.rework)


def made_of(row: Row) -> Made:
    """The pieces of a row, in which scrap is a sum or a list by defect."""
    scrap = row["scrap"]
    total = sum((Decimal(s["quantity"]) for s in scrap), Decimal(0)) if isinstance(scrap, list) else Decimal(scrap)
    return Made(Decimal(row["good"]), total, Decimal(row["rework"]))


async def read_all(client: httpx.AsyncClient, path: str, start: str | None = None, **query: Any) -> list[Row]:
    """All rows of a list, page by page."""
    rows: list[Row] = []
    cursor = start
    while True:
        page = await client.get(path, params={**query, "limit": 200, **({"cursor": cursor} if cursor else {})})
        assert page.status_code == 200, page.text
        rows += page.json()["items"]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            return rows


async def drain(floor: Floor, seconds: float = 180) -> float:
    """Wait until orders, quality and the ERP bridge have counted all that production has; the seconds that it took."""
    begun = time.monotonic()
    async with floor.client() as client:
        while True:
            jobs = await read_all(client, "/production/jobs")
            made = {(job["work_order_id"], job["op"]): made_of(job) for job in jobs}
            counts = [await _by_orders(client), await _by_confirmations(client)]
            scrap = sum((job.scrap for job in made.values()), Decimal(0))
            pareto = Decimal((await client.get("/quality/pareto")).json()["total"])
            if all(count == made for count in counts) and pareto == scrap:
                return time.monotonic() - begun
            assert time.monotonic() - begun < seconds, (
                f"not drained after {seconds} s: {made} {counts} {scrap} {pareto}"
            )
            await asyncio.sleep(0.1)


async def _by_orders(client: httpx.AsyncClient) -> dict[tuple[str, int], Made]:
    orders = await read_all(client, "/orders/work-orders")
    return {(order["id"], op["op"]): made_of(op) for order in orders for op in order["operations"]}


async def _by_confirmations(client: httpx.AsyncClient) -> dict[tuple[str, int], Made]:
    """The ERP's view: the last totals that it was told of each operation."""
    last = {
        (row["work_order_id"], row["op"]): made_of(row["totals"])
        for row in await read_all(client, "/erp/confirmations", "0")
    }
    jobs = await read_all(client, "/production/jobs")
    return {(job["work_order_id"], job["op"]): last.get((job["work_order_id"], job["op"]), Made()) for job in jobs}


async def compare(floor: Floor, reporters: Reporters) -> list[str]:
    """Every way in which the ledger, the counters and what tablets were told differ; none is right."""
    async with floor.client() as client:
        ledger = await read_all(client, "/production/results")
        jobs = await read_all(client, "/production/jobs")
        confirmations = await read_all(client, "/erp/confirmations", "0")
        bars = (await client.get("/quality/pareto", params={"by": "defect"})).json()["items"]
        orders = await _by_orders(client)
    wrong = [*_against_tablets(ledger, reporters), *_against_confirmations(ledger, confirmations)]
    sums: defaultdict[str, Made] = defaultdict(Made)
    defects: Counter[str] = Counter()
    for row in ledger:
        sums[row["job_id"]] += made_of(row)
        for scrapped in row["scrap"]:
            defects[scrapped["defect"]] += int(scrapped["quantity"])
    for job in jobs:
        if made_of(job) != sums[job["id"]]:
            wrong.append(f"job {job['number']}/{job['op']} counts {made_of(job)}, its ledger {sums[job['id']]}")
        if orders[job["work_order_id"], job["op"]] != sums[job["id"]]:
            wrong.append(
                f"order {job['number']}/{job['op']} counts {orders[job['work_order_id'], job['op']]},"
                f" the ledger {sums[job['id']]}"
            )
    counted = {bar["key"]: int(bar["quantity"]) for bar in bars}
    if counted != {defect: count for defect, count in defects.items() if count}:
        wrong.append(f"quality counts {counted}, the ledger {dict(defects)}")
    return wrong


def _against_tablets(ledger: list[Row], reporters: Reporters) -> list[str]:
    wrong = []
    found: defaultdict[datetime, list[Row]] = defaultdict(list)
    for row in ledger:
        if row["reverses_id"] is None:
            found[datetime.fromisoformat(row["at"])].append(row)
    for report in reporters.reports:
        rows = found.pop(report.at, [])
        if len(rows) > 1:
            wrong.append(f"report {report.key} is there {len(rows)} times")
        if report.result is not None and report.result not in [row["id"] for row in rows]:
            wrong.append(f"report {report.key} was acknowledged and is lost")
        sent = Made(Decimal(report.good), Decimal(sum(report.scrap.values())))
        wrong += [
            f"report {report.key} is there as {row}"
            for row in rows
            if made_of(row) != sent or row["job_id"] != report.job
        ]
    wrong += [f"{row} was never sent" for rows in found.values() for row in rows]
    taken_back = Counter(row["reverses_id"] for row in ledger if row["reverses_id"] is not None)
    for result, is_acknowledged in reporters.reversed.items():
        times = taken_back.pop(result, 0)
        if times != 1 and (is_acknowledged or times):
            wrong.append(f"result {result} was taken back {times} times")
    return wrong + [f"result {result} was taken back by nobody" for result in taken_back]


def _against_confirmations(ledger: list[Row], confirmations: list[Row]) -> list[str]:
    """Each result once, in the order of its operation: the totals told are those of the rows so far."""
    wrong = []
    positions = [row["position"] for row in confirmations]
    if positions != list(range(1, len(positions) + 1)):
        wrong.append("the positions of the confirmations have holes, doubles or another order")
    if len({row["id"] for row in confirmations}) != len(confirmations):
        wrong.append("a confirmation is there twice")
    if len(ledger) != len([row for row in confirmations if not row["final"]]):
        wrong.append(f"{len(ledger)} results, {len(confirmations)} confirmations")
    running: defaultdict[tuple[str, int], Made] = defaultdict(Made)
    for row in confirmations:
        operation = (row["external_id"], row["op"])
        running[operation] += made_of(row)
        if running[operation] != made_of(row["totals"]):
            wrong.append(f"confirmation {row['position']} says {row['totals']}, the sum is {running[operation]}")
    sums: defaultdict[tuple[str, int], Made] = defaultdict(Made)
    numbers = {row["work_order_id"]: row["external_id"] for row in confirmations}
    for row in ledger:
        sums[numbers.get(row["work_order_id"], row["number"]), row["op"]] += made_of(row)
    if dict(sums) != dict(running):
        wrong.append(f"confirmed {dict(running)}, made {dict(sums)}")
    return wrong
