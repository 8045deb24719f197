"""Row 5: the memory of the whole suite, PostgreSQL and NATS included, at rest and under load."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from tests.bench.harness import Row
from tests.bench.reports import reported
from tests.support.floor import furnish
from tests.support.shop import Shop

MIB = 1024 * 1024
LOAD_S = 600 if os.environ.get("LONG") else 120
REST_S = 15


async def measure() -> Row:
    """Proportional set size, in which shared pages count once."""
    row = Row("memory", f"PSS of all processes at rest, and after {LOAD_S} s of reports at saturation")
    for processes, goal in ((False, "≤ 250"), (True, "≤ 450")):
        name = "a process each" if processes else "one process"
        with (
            tempfile.TemporaryDirectory(prefix="dure-bench-") as folder,
            Shop(Path(folder), processes=processes) as shop,
        ):
            await asyncio.sleep(REST_S)
            fresh = pss(shop)
            floor = await furnish(shop, orders=8, quantity=100_000_000)
            await asyncio.sleep(REST_S)
            rest = pss(shop)
            points = []
            begun = time.monotonic()
            while time.monotonic() - begun < LOAD_S:
                await reported(shop, floor, 10)
                points.append(((time.monotonic() - begun) / 60, pss(shop)))
            row.add(f"{name}: at rest, empty", fresh, "MiB", goal)
            row.add(f"{name}: at rest, furnished", rest, "MiB", goal)
            row.add(f"{name}: after load", points[-1][1], "MiB")
            row.add(f"{name}: after load against rest", points[-1][1] / rest, "×", "≤ 1.5")
            row.add(f"{name}: slope in the second half", slope(points[len(points) // 2 :]), "MiB/min", "< 1")
    return row


def pss(shop: Shop) -> float:
    """MiB of all processes of the shop."""
    return sum(process.memory_full_info().pss for process in shop.everybody()) / MIB


def slope(points: list[tuple[float, float]]) -> float:
    """The least-squares slope."""
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
