"""Row 6: from ``dure up`` on a prepared folder to the first request served; from a service's end to its being ready
again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

from infra.local.child import answers
from tests.bench.harness import MODES, ROUNDS, Figure, console, furnished, spread
from tests.support.suite import Suite

LIBRARIES = "import fastapi, sqlmodel, sqlalchemy.ext.asyncio, asyncpg, nats, uvicorn"
RESTARTED = ("production", "orders", "gateway")


async def measure() -> list[Figure]:
    """Starts of the whole, then restarts of one."""
    return [*[await _starts(name, processes=processes) for name, processes in MODES.items()], await _restarts()]


def _imports() -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
    return time.monotonic() - begun


async def _starts(name: str, *, processes: bool) -> Figure:
    taken, limits = [], []
    with TemporaryDirectory(prefix="dure-bench-") as folder:
        suite = Suite(Path(folder) / "data", ("--processes",) if processes else ())
        for round_ in range(ROUNDS + 1):
            limits.append(_imports())
            taken.append(await asyncio.to_thread(_first_request_served, suite))
            suite.stop()
            if round_:
                console.print(f"  {name} {round_}/{ROUNDS}: {taken[-1]:.2f} s")
    first, taken, limits = taken[0], taken[1:], limits[1:]
    return Figure(
        f"start to the first request served: {name}",
        "≤ 5 s",
        f"{spread(taken)} s (on an empty folder {first:.2f} s)",
        f"{spread(limits)} s, a Python that imports the libraries",
        {"seconds": taken, "first": first, "limits": limits},
    )


def _first_request_served(suite: Suite) -> float:
    begun = time.monotonic()
    suite.spawn()
    while not answers(f"{suite.address}/api/v1/site"):
        time.sleep(0.01)
    served = time.monotonic() - begun
    suite.until_ready()
    return served


async def _restarts() -> Figure:
    taken, limits = [], []
    async with furnished(processes=True) as (suite, _), httpx.AsyncClient(timeout=2) as client:
        for round_ in range(ROUNDS):
            limits.append(_imports())
            name = RESTARTED[round_ % len(RESTARTED)]
            taken.append(await _restart(suite, client, name))
            console.print(f"  {name}: ready after {taken[-1]:.2f} s")
            await asyncio.sleep(1)
    return Figure(
        "a service killed to ready again",
        "≤ 2 s",
        f"{spread(taken)} s",
        f"{spread(limits)} s, a Python that imports the libraries",
        {"seconds": taken, "limits": limits},
    )


async def _restart(suite: Suite, client: httpx.AsyncClient, name: str) -> float:
    before = suite.pid_of(name)
    assert before is not None
    command = psutil.Process(before).cmdline()
    url = f"http://127.0.0.1:{command[command.index('--port') + 1]}/health/ready"
    begun = time.monotonic()
    os.kill(before, signal.SIGKILL)
    while suite.pid_of(name) in (None, before) or not await _is_ready(client, url):
        await asyncio.sleep(0.01)
    return time.monotonic() - begun


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.HTTPError:
        return False
