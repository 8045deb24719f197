"""Row 5: the whole suite's memory (proportional set size of all processes, PostgreSQL and NATS included), idle and
under load."""

import asyncio
import os
import statistics
import time
from collections import Counter
from contextlib import suppress
from itertools import combinations
from pathlib import Path

import psutil

from tests.bench.harness import MODES, Figure, console, furnished, load_of, run_load
from tests.support.suite import Suite

LOAD_S = 60 * int(os.environ.get("MINUTES", "2"))
"""MINUTES=60: as long as the goal says."""
WARM_S = min(600, LOAD_S / 2)
"""So long what is used for the first time may grow."""
RATE = 200
SAMPLE_S = 5.0
SETTLE_S = 45.0
"""Connections of a moment ago close within half a minute."""
GOALS = {"one process": 250, "a process each": 450}


def pss(suite: Suite) -> Counter[str]:
    """MiB by kind of process."""
    sizes: Counter[str] = Counter()
    for process in suite.everybody():
        with suppress(OSError, psutil.Error):
            command = process.cmdline()
            name = command[command.index("serve") + 1] if "serve" in command else process.name()
            lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
            kib = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            sizes["parent" if process.pid == suite.pid else name] += kib / 1024
    return sizes


async def measure() -> list[Figure]:
    """Idle, then load; both ways of running."""
    figures = []
    for name, processes in MODES.items():
        figures += await _mode(name, processes=processes)
    return figures


async def _mode(name: str, *, processes: bool) -> list[Figure]:
    async with furnished(processes=processes) as (suite, floor):
        await asyncio.sleep(SETTLE_S)
        idle = pss(suite)
        parts = ", ".join(f"{part} {size:.0f}" for part, size in idle.most_common())
        console.print(f"  {name}: idle {idle.total():.0f} MiB ({parts})")
        samples: list[tuple[float, Counter[str]]] = []
        begun = time.monotonic()
        loading = asyncio.create_task(run_load(load_of(floor, seconds=LOAD_S, rate=RATE, connections=32)))
        while not loading.done():
            await asyncio.wait([loading], timeout=SAMPLE_S)
            samples.append((time.monotonic() - begun, pss(suite)))
        reports = len((await loading).latencies)
        after = pss(suite)
    later = [sample for sample in samples if sample[0] > WARM_S]
    # the median of all pairs' slopes: an ANALYZE of a second is no growth
    pairs = combinations([(at / 60, size.total()) for at, size in later], 2)
    slope = statistics.median((size - before) / (at - since) for (since, before), (at, size) in pairs)
    growth = after.total() / idle.total()
    console.print(
        f"  {name}: {after.total():.0f} MiB after {reports} reports,"
        f" {slope:+.1f} MiB/min after the first {WARM_S / 60:.0f} min"
    )
    values = {
        "idle_mib": dict(idle),
        "after_mib": dict(after),
        "samples": [(at, dict(size)) for at, size in samples],
        "reports": reports,
        "load_s": LOAD_S,
    }
    return [
        Figure(f"memory, idle: {name}", f"≤ {GOALS[name]} MiB", f"{idle.total():.0f} MiB", parts, values),
        Figure(
            f"memory, {LOAD_S // 60} min at {RATE}/s: {name}",
            "≤ 1.5 ×, < 1 MiB/min",
            f"{growth:.2f} × = {after.total():.0f} MiB, {slope:+.1f} MiB/min",
            "idle",
            {"growth": growth, "slope_mib_per_min": slope},
        ),
    ]
