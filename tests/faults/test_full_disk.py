"""A disk that runs full, and has room again: no report that was acknowledged is lost, everybody sees that something is
wrong while it is, and all comes alive again without a hand."""

import asyncio
import os
import random
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.ledgers import compare, drain
from tests.faults.reporters import Reporters, tell
from tests.faults.small_disk import SmallDisk, small_disk
from tests.support.floor import Floor, furnish
from tests.support.suite import Suite, running_suite

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

TABLETS = 6
PAUSE_S = 0.1
UNPUBLISHED = "SELECT count(*) AS depth FROM outbox WHERE published_at IS NULL"


@pytest.fixture
def dice() -> random.Random:
    """SEED repeats a run's choices."""
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    tell(f"\nSEED={seed}")
    return random.Random(seed)


async def health_is(suite: Suite, *wanted: str, seconds: float) -> float:
    """Wait until the suite says that it is so; the seconds that it took."""
    begun = time.monotonic()
    async with httpx.AsyncClient(base_url=suite.address, timeout=5) as client:
        while True:
            seen: Any = None
            try:
                seen = (await client.get("/health/ready")).json()
                if seen["status"] in wanted:
                    return time.monotonic() - begun
            except (httpx.HTTPError, ValueError) as error:
                seen = repr(error)
            assert time.monotonic() - begun < seconds, f"not {wanted} after {seconds} s: {seen}"
            await asyncio.sleep(0.2)


async def agree(floor: Floor, reporters: Reporters, seconds: float = 180) -> float:
    """Wait until all ledgers say the same, and see that they do; the seconds that it took."""
    drained = await drain(floor, seconds)
    assert await compare(floor, reporters) == []
    assert reporters.refusals == []
    return drained


async def test_after_a_full_store_events_come_alive_again_without_a_hand(tmp_path: Path, dice: random.Random) -> None:
    data = tmp_path / "data"
    with small_disk(data / "nats", 24) as disk, running_suite(data, durable=True) as suite:
        floor = await furnish(suite, orders=3)
        reporters = Reporters(floor, dice)
        async with reporters.at_work(TABLETS, PAUSE_S):
            await reporters.answered()
            disk.fill()
            seen = await health_is(suite, "degraded", seconds=60)
            await asyncio.sleep(90)  # it is not started again and again meanwhile, nor given up
            waiting = (await suite.execute("dure_production", UNPUBLISHED))[0]["depth"]
            disk.leave(16 * 2**20)
            begun = time.monotonic()
        assert not reporters.failures, "reports need no NATS"
        assert waiting > 100
        drained = await agree(floor, reporters)
        well = await health_is(suite, "ready", seconds=60)
        tell(
            f"full store: degraded after {seen:.1f} s, {waiting} events waited,"
            f" all well {time.monotonic() - begun:.1f} s after there was room ({drained:.1f} s, {well:.1f} s)"
        )


async def test_a_store_that_was_restarted_while_it_was_full_comes_back_by_itself(
    tmp_path: Path, dice: random.Random
) -> None:
    data = tmp_path / "data"
    with small_disk(data / "nats", 24) as disk, running_suite(data, durable=True) as suite:
        floor = await furnish(suite, orders=3)
        reporters = Reporters(floor, dice)
        async with reporters.at_work(TABLETS, PAUSE_S):
            await reporters.answered()
            disk.fill()
            await health_is(suite, "degraded", seconds=60)
            server = suite.pid_of("nats")
            assert server is not None
            os.kill(server, 9)
            await asyncio.sleep(75)
            disk.leave(16 * 2**20)
            begun = time.monotonic()
        await agree(floor, reporters, seconds=240)
        tell(f"restarted while full: all ledgers agree {time.monotonic() - begun:.1f} s after there was room")


async def fill_up(suite: Suite, disk: SmallDisk, dice: random.Random) -> float:
    """Leave nothing, or almost nothing, so that now one server fails and now the other; the seconds until the suite
    says that it is not ready."""
    begun = time.monotonic()
    filling = asyncio.create_task(_keep_full(disk, dice))
    try:
        await health_is(suite, "not_ready", seconds=60)
        seen = time.monotonic() - begun
        await asyncio.sleep(20)
    finally:
        filling.cancel()
    return seen


async def _keep_full(disk: SmallDisk, dice: random.Random) -> None:
    while True:
        await asyncio.to_thread(disk.fill)
        await asyncio.sleep(dice.uniform(0.05, 1))
        disk.leave(dice.randrange(2**18))
        await asyncio.sleep(dice.uniform(0, 0.5))


async def test_after_a_full_disk_everything_comes_alive_again_with_little_room(
    tmp_path: Path, dice: random.Random
) -> None:
    data = tmp_path / "data"
    with small_disk(data, 900) as disk, running_suite(data, durable=True) as suite:
        floor = await furnish(suite, orders=3)
        reporters = Reporters(floor, dice)
        async with reporters.at_work(TABLETS, PAUSE_S):
            await reporters.answered()
            seen = await fill_up(suite, disk, dice)
            disk.leave(200 * 2**20)
            begun = time.monotonic()
            taken = await reporters.answered(seconds=120)
            await asyncio.sleep(5)
        drained = await agree(floor, reporters)
        await health_is(suite, "ready", seconds=60)
        tell(
            f"full disk: not ready after {seen:.1f} s; with 200 MiB free a report was taken {taken:.1f} s later,"
            f" all well after {time.monotonic() - begun:.1f} s (drained {drained:.1f} s after the last report)"
        )
        assert suite.stop() == 0, suite.log
        await asyncio.to_thread(suite.start)
        await health_is(suite, "ready", seconds=60)
        assert disk.free < 500_000_000
        await agree(floor, reporters)
