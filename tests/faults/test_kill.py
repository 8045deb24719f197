"""Each process is killed by ``kill -9`` while tablets report: what was acknowledged is there once, and everybody
agrees on it."""

import asyncio
import json
import os
import random
import signal
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest
from rich.box import SIMPLE
from rich.table import Table

from shared.registry import APP_NAMES
from tests.faults.ledgers import compare, drain
from tests.faults.reporters import Reporters, tell
from tests.support.floor import furnish
from tests.support.suite import Suite, running_suite, until_gone

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

TABLETS = 12
PAUSE_S = 0.06
ROUNDS = 2
CUT_RELAY = """
    SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND d.datname = 'dure_production'
"""

Times = defaultdict[str, list[float]]


@pytest.fixture
def seed() -> int:
    """SEED repeats a run's choices."""
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    tell(f"\nSEED={seed}")
    return seed


async def whole(suite: Suite, changed: Callable[[], bool], seconds: float = 60) -> float:
    """Wait until ``changed`` and every app says that it is well; the seconds that it took."""
    begun = time.monotonic()
    async with httpx.AsyncClient(timeout=3) as client:
        while True:
            seen = "no answer"
            if changed():
                try:
                    seen = (await client.get(f"{suite.address}/health/ready")).text
                    if json.loads(seen)["status"] == "ready":
                        return time.monotonic() - begun
                except httpx.HTTPError as error:
                    seen = type(error).__name__
            assert time.monotonic() - begun < seconds, f"not whole after {seconds} s: {seen}"
            await asyncio.sleep(0.05)


async def kill(suite: Suite, name: str) -> float:
    """``kill -9`` of one process (of the relay: its connection, which holds the lock); the seconds until all is
    well again."""
    if name == "relay":
        await suite.execute("postgres", CUT_RELAY)
        return await whole(suite, lambda: True)
    before = suite.pid_of(name)
    assert before is not None, f"{name} does not run"
    os.kill(before, signal.SIGKILL)
    return await whole(suite, lambda: suite.pid_of(name) not in (None, before))


def show(title: str, reporters: Reporters, recovery: Times, silence: Times, drained: float) -> None:
    """The figures of a run."""
    tell(
        f"{title}: {reporters.summary()}, {sum(map(len, recovery.values()))} kills,"
        f" drained {drained:.1f} s after the last report"
    )
    table = Table("killed", "all well again (s)", "no report taken (s)", box=SIMPLE)
    for name, times in sorted(recovery.items()):
        table.add_row(name, *(" ".join(f"{t:.2f}" for t in series) for series in (times, silence[name])))
    tell(table)


async def test_any_process_may_be_killed_under_load(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    recovery, silence = Times(list), Times(list)
    with running_suite(tmp_path / "data", "--processes", durable=True) as suite:
        floor = await furnish(suite, orders=4)
        reporters = Reporters(floor, dice)
        async with reporters.at_work(TABLETS, PAUSE_S):
            await reporters.answered()
            for _ in range(ROUNDS):
                for name in dice.sample([*APP_NAMES, "relay", "postgres", "nats"], len(APP_NAMES) + 3):
                    await asyncio.sleep(dice.uniform(0.5, 2))
                    recovery[name].append(await kill(suite, name))
                    silence[name].append(await reporters.silence_until_now())
        drained = await drain(floor)
        show("a process each", reporters, recovery, silence, drained)
        assert reporters.refusals == []
        assert await compare(floor, reporters) == []


async def test_the_whole_suite_in_one_process_may_be_killed_under_load(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    recovery, silence, gone = Times(list), Times(list), []
    with running_suite(tmp_path / "data", durable=True) as suite:
        floor = await furnish(suite, orders=4)
        reporters = Reporters(floor, dice)
        async with reporters.at_work(TABLETS, PAUSE_S):
            for _ in range(3):
                await asyncio.sleep(dice.uniform(2, 5))
                everybody: list[psutil.Process] = suite.everybody()
                assert {"postgres", "nats-server"} <= {process.name() for process in everybody}
                suite.kill()
                gone.append(await until_gone(everybody))
                begun = time.monotonic()
                await asyncio.to_thread(suite.start)
                recovery["parent"].append(time.monotonic() - begun)
                silence["parent"].append(await reporters.silence_until_now())
            for name in ("postgres", "nats"):
                await asyncio.sleep(dice.uniform(1, 2))
                recovery[name].append(await kill(suite, name))
                silence[name].append(await reporters.silence_until_now())
        drained = await drain(floor)
        show("all in one process", reporters, recovery, silence, drained)
        tell(f"PostgreSQL and NATS gone {' '.join(f'{t:.2f}' for t in gone)} s after the parent")
        assert reporters.refusals == []
        assert await compare(floor, reporters) == []
