"""Row 6: how long a start takes, and how long a service is away when it is started again."""

import asyncio
import os
import signal
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.harness import REPETITIONS, Row
from tests.support.shop import Shop, answers


async def measure() -> Row:
    """From the command to the first request served; from the end of a service to its being ready again."""
    row = Row("start", "make up to the first request served; a service killed and ready again")
    for processes in (False, True):
        name = "a process each" if processes else "one process"
        with tempfile.TemporaryDirectory(prefix="dure-bench-") as folder:
            shop = Shop(Path(folder), processes=processes)
            row.add(f"{name}: first start, databases made", shop.start(), "s")
            away = [await restarted(shop) for _ in range(REPETITIONS)] if processes else []
            shop.stop()
            again = []
            for _ in range(REPETITIONS):
                again.append(shop.start())
                shop.stop()
            row.add(f"{name}: start", again, "s", "≤ 5" if not processes else "")
            if away:
                row.add("a service killed to ready again", away, "s", "≤ 2")
    return row


async def restarted(shop: Shop) -> float:
    """Kill production; the seconds until it says that it is ready."""
    pid = shop.pid_of("production")
    assert pid is not None
    command = psutil.Process(pid).cmdline()
    port = command[command.index("--port") + 1]
    begun = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    while shop.pid_of("production") in (pid, None) or not answers(f"http://127.0.0.1:{port}/health/ready"):
        await asyncio.sleep(0.01)
    lasted = time.monotonic() - begun
    await asyncio.sleep(1)
    return lasted
