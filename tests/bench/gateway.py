"""Row 4: what the gateway adds to a report, and the share of the service's throughput that it lets through."""

import asyncio
import json
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from joserfc.jwk import OKPKey

from shared.kit.auth import Actor, TokenSigner
from tests.bench.harness import ROUNDS, Figure, console, furnished, load_of, run_load, spread
from tests.support.floor import Floor, furnish

RATE = 200
SECONDS = 4
REST_S = 3
"""After a load at saturation: the read models catch up."""
GOALS = {"one process": "≤ 0.2 ms", "a process each": "≤ 0.5 ms"}


@dataclass(frozen=True)
class Doors:
    """The same service behind the gateway and without it."""

    floor: Floor
    port: int
    """The service's own."""
    key: OKPKey

    def own(self) -> dict[str, Any]:
        """The service's own door, with a token as the gateway would give it; it lives for a minute."""
        actor = Actor("P01", frozenset({"operator"}), None, "main")
        return {"port": self.port, "token": TokenSigner(self.key).sign(actor, "production")}


@dataclass(frozen=True)
class NewSuite:
    """A suite that has no person yet."""

    address: str
    setup_token: str


def _key(data: Path) -> OKPKey:
    return OKPKey.import_key(json.loads((data / "secrets" / "token-key.json").read_text()))


@asynccontextmanager
async def _one_process() -> AsyncIterator[Doors]:
    with TemporaryDirectory(prefix="dure-bench-") as folder:
        command = [sys.executable, "-m", "tests.bench.two_doors", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            started = json.loads(await asyncio.to_thread(process.stdout.readline))
            floor = await furnish(NewSuite(f"http://127.0.0.1:{started['gateway']}", started["token"]), orders=4)
            yield Doors(floor, started["production"], _key(Path(folder)))
        finally:
            process.send_signal(2)
            await asyncio.to_thread(process.wait)


@asynccontextmanager
async def _process_each() -> AsyncIterator[Doors]:
    async with furnished(processes=True) as (shop, floor):
        command = psutil.Process(shop.pid_of("production")).cmdline()
        yield Doors(floor, int(command[command.index("--port") + 1]), _key(shop.data))


async def measure() -> list[Figure]:
    """Alternate direct calls and calls through the gateway."""
    figures = []
    for name, doors in {"one process": _one_process, "a process each": _process_each}.items():
        async with doors() as open_doors:
            figures += await _mode(name, open_doors)
    return figures


async def _mode(name: str, doors: Doors) -> list[Figure]:
    direct: dict[str, list[float]] = {"p50": [], "per_s": []}
    through: dict[str, list[float]] = {"p50": [], "per_s": []}
    await run_load(load_of(doors.floor, seconds=2))
    await asyncio.sleep(REST_S)
    for round_ in range(ROUNDS):
        for figures, door in ((direct, doors.own()), (through, {})):
            slow = await run_load(load_of(doors.floor, seconds=SECONDS, rate=RATE, connections=32, **door))
            figures["p50"].append(statistics.median(slow.latencies))
        console.print(
            f"  {name} {round_ + 1}/{ROUNDS}: p50 {direct['p50'][-1] * 1e3:.2f} → {through['p50'][-1] * 1e3:.2f} ms"
        )
    for round_ in range(ROUNDS):
        for figures, door in ((direct, doors.own()), (through, {})):
            fast = await run_load(load_of(doors.floor, seconds=SECONDS, **door))
            figures["per_s"].append(len(fast.latencies) / fast.seconds)
            await asyncio.sleep(REST_S)
        console.print(f"  {name} {round_ + 1}/{ROUNDS}: {direct['per_s'][-1]:.0f} → {through['per_s'][-1]:.0f}/s")
    added = [(b - a) * 1e3 for a, b in zip(direct["p50"], through["p50"], strict=True)]
    shares = [(1 - b / a) * 100 for a, b in zip(direct["per_s"], through["per_s"], strict=True)]
    values = {"direct": direct, "through": through}
    return [
        Figure(
            f"the gateway adds, p50 at {RATE}/s: {name}",
            GOALS[name],
            f"{spread(added)} ms",
            f"{spread([p * 1e3 for p in direct['p50']])} ms without it",
            values,
        ),
        Figure(
            f"the gateway's share of saturation: {name}",
            "≤ 40 %",
            f"{spread(shares, '.0f')} %",
            f"{spread(direct['per_s'], '.0f')}/s without it",
            values,
        ),
    ]
