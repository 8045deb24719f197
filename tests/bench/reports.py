"""Row 1: durable production reports through the gateway, until they are projected, against single-row inserts."""

import tempfile
import time
from pathlib import Path

from tests.bench.harness import REPETITIONS, Pgbench, Row, generate, projected
from tests.support.floor import Floor, furnish
from tests.support.shop import Shop

SECONDS = 5


async def measure() -> Row:
    """Eight connections report as fast as they are answered; so do eight clients of pgbench."""
    row = Row(
        "reports", "durable reports through the gateway, 8 connections, against pgbench single-row INSERT, 8 clients"
    )
    for processes in (False, True):
        name = "a process each" if processes else "one process"
        with (
            tempfile.TemporaryDirectory(prefix="dure-bench-") as folder,
            Shop(Path(folder), processes=processes) as shop,
        ):
            floor = await furnish(shop, orders=8, quantity=10_000_000)
            pgbench = Pgbench(shop)
            await pgbench.prepare()
            await reported(shop, floor, 2)
            rates, answered, limits, p99 = [], [], [], []
            for _ in range(REPETITIONS):
                limits.append((await pgbench.run(8, SECONDS))[0])
                rate, whole, slowest = await reported(shop, floor, SECONDS)
                answered.append(rate)
                rates.append(whole)
                p99.append(slowest)
            row.add(f"{name}: inserts", limits, "/s")
            row.add(f"{name}: reports answered", answered, "/s")
            row.add(f"{name}: reports answered and projected", rates, "/s")
            row.add(f"{name}: p99 of the POST", p99, "ms")
            row.add(
                f"{name}: ratio",
                [rate / limit for rate, limit in zip(rates, limits, strict=True)],
                "×",
                "≥ 0.15, stretch 0.25",
            )
    return row


async def reported(shop: Shop, floor: Floor, seconds: int) -> tuple[float, float, float]:
    """Reports answered a second, the same until all services have applied them, and the p99 of an answer in ms."""
    paths = [f"/api/v1/production/jobs/{job.id}/results" for job in floor.jobs if job.op == 10]
    order = {
        "mode": "closed",
        "origin": floor.origin,
        "token": floor.token,
        "method": "POST",
        "paths": paths,
        "connections": 8,
        "seconds": seconds,
    }
    begun = time.monotonic()
    measured = await generate(order)
    startup = time.monotonic() - begun - measured["seconds"]
    assert not measured["failures"], measured
    await projected(shop)
    whole = time.monotonic() - begun - startup
    return measured["rate"], measured["count"] / whole, measured["p99"]
