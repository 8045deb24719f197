"""Row 3: from the shop floor to a screen: a report's moment → its event in a live stream, against what must happen
in between at least."""

import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import nats
from nats.js import JetStreamContext

from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from shared.kit.bus import provision_streams
from tests.bench.harness import (
    MODES,
    ROUNDS,
    Figure,
    console,
    furnished,
    load_of,
    percentile,
    pgbench,
    run_load,
    spread,
)

RATES = {200: 6, 1000: 6}
"""Reports a second, and for how many seconds."""


async def measure() -> list[Figure]:
    """Alternate the limits and both rates."""
    figures = []
    for name, processes in MODES.items():
        figures += await _mode(name, processes=processes)
    return figures


async def _mode(name: str, *, processes: bool) -> list[Figure]:
    limits: list[float] = []
    p50: dict[int, list[float]] = {rate: [] for rate in RATES}
    p99: dict[int, list[float]] = {rate: [] for rate in RATES}
    async with furnished(processes=processes) as (shop, floor), _jetstream() as js:
        await run_load(load_of(floor, seconds=2))
        for round_ in range(ROUNDS):
            insert = (await pgbench(shop, clients=1, seconds=2))[1]
            limits.append(insert + await _ack(js))
            for rate, seconds in RATES.items():
                outcome = await run_load(load_of(floor, seconds=seconds, rate=rate, connections=64, listen=True))
                lost = len(outcome.latencies) - len(outcome.shown)
                if lost:
                    console.print(
                        f"  {lost} of {len(outcome.latencies)} reports had not appeared after 2 s: they count as 2 s"
                    )
                shown = outcome.shown + [2.0] * lost
                p50[rate].append(statistics.median(shown))
                p99[rate].append(percentile(shown, 0.99))
            delays = ", ".join(
                f"{rate}/s p50 {p50[rate][-1] * 1e3:.1f} ms p99 {p99[rate][-1] * 1e3:.1f} ms" for rate in RATES
            )
            console.print(f"  {name} {round_ + 1}/{ROUNDS}: {delays}; limit {limits[-1] * 1e3:.2f} ms")
    figures = []
    for rate in RATES:
        ratios = [seconds / limit for seconds, limit in zip(p99[rate], limits, strict=True)]
        figures.append(
            Figure(
                f"floor → screen at {rate}/s: {name}",
                "p99 ≤ 30 ×" if rate == 200 else "p99 ≤ 90 ×",
                f"{spread(ratios, '.1f')} × = p99 {statistics.median(p99[rate]) * 1e3:.1f} ms,"
                f" p50 {statistics.median(p50[rate]) * 1e3:.1f} ms",
                f"{spread([limit * 1e3 for limit in limits])} ms, one INSERT and one JetStream ack",
                {"ratios": ratios, "p99_s": p99[rate], "p50_s": p50[rate], "limits_s": limits},
            )
        )
    return figures


@asynccontextmanager
async def _jetstream() -> AsyncIterator[JetStreamContext]:
    """A server with the suite's configuration and streams, and nobody else on it."""
    with TemporaryDirectory(prefix="dure-bench-") as folder, DataFolder(Path(folder)) as data:
        server = EmbeddedNats(data)
        server.start()
        try:
            await provision_streams(server.url, server.seed_file("provision"))
            client = await nats.connect(
                server.url, nkeys_seed=str(server.seed_file("production")), inbox_prefix="_INBOX_production"
            )
            yield client.jetstream()
            await client.close()
        finally:
            server.stop()


async def _ack(js: JetStreamContext, times: int = 300) -> float:
    """Seconds from a publish to its acknowledgement, one after the other."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        await js.publish("dure.bench.production.limit.v1", b"x" * 700)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
