"""Row 3: from the POST to the event in a browser's live stream, against one insert and one acknowledged publish."""

import tempfile
import time
from pathlib import Path

import nats

from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from shared.kit.bus import provision_streams
from tests.bench.harness import REPETITIONS, Pgbench, Row, generate
from tests.support.floor import furnish
from tests.support.shop import Shop

SECONDS = 5


async def measure() -> Row:
    """A fixed rate of reports, one listener; latency counts from when a report was due."""
    row = Row(
        "live", "POST due to event in the live stream, open loop, against one INSERT plus one JetStream acknowledgement"
    )
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as folder, Shop(Path(folder), processes=False) as shop:
        floor = await furnish(shop, orders=8, quantity=10_000_000)
        pgbench = Pgbench(shop)
        await pgbench.prepare()
        paths = [f"/api/v1/production/jobs/{job.id}/results" for job in floor.jobs if job.op == 10]
        limits = []
        found: dict[int, dict[str, list[float]]] = {
            200: {"live_p50": [], "live_p99": []},
            1000: {"live_p50": [], "live_p99": []},
        }
        for _ in range(REPETITIONS):
            limits.append((await pgbench.run(1, 2))[1] + await acknowledged())
            for rate, series in found.items():
                order = {
                    "mode": "open",
                    "origin": floor.origin,
                    "token": floor.token,
                    "method": "POST",
                    "paths": paths,
                    "connections": 64,
                }
                measured = await generate(order | {"seconds": SECONDS, "rate": rate, "live": True})
                assert not measured["failures"], measured
                for name, values in series.items():
                    values.append(measured[name])
        row.add("one insert + one acknowledgement", limits, "ms")
        for rate, series in found.items():
            row.add(f"p50 at {rate}/s", series["live_p50"], "ms")
            row.add(f"p99 at {rate}/s", series["live_p99"], "ms")
        ratios = [p99 / limit for p99, limit in zip(found[200]["live_p99"], limits, strict=True)]
        row.add("ratio of the p99 at 200/s", ratios, "×", "≤ 30")
        slower = [fast / slow for fast, slow in zip(found[1000]["live_p99"], found[200]["live_p99"], strict=True)]
        row.add("p99 at 1,000/s against 200/s", slower, "×", "≤ 3")
    return row


async def acknowledged(count: int = 300) -> float:
    """Milliseconds for one acknowledged publish, one after the other, to a server of its own with our configuration."""
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as folder, DataFolder(Path(folder)) as data:
        server = EmbeddedNats(data)
        server.start()
        try:
            await provision_streams(server.url, server.seed_file("provision"))
            client = await nats.connect(
                server.url, nkeys_seed=str(server.seed_file("quality")), inbox_prefix="_INBOX_quality"
            )
            js = client.jetstream()
            begun = time.perf_counter()
            for _ in range(count):
                await js.publish("dure.bench.quality.defect.defined.v1", b"{}")
            lasted = time.perf_counter() - begun
            await client.close()
            return lasted / count * 1000
        finally:
            server.stop()
