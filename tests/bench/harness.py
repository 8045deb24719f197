"""What the rows share: a furnished suite, the load as a process, PostgreSQL's own limit, figures and their file."""

import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
from rich.console import Console

from infra.local.postgres import find_binaries
from tests.bench.load import Load, Outcome
from tests.support.floor import Floor, furnish
from tests.support.suite import Suite, running_suite
from tests.support.world import eventually, key

RESULTS = Path(__file__).parent / "results"
ROUNDS = 5
REPORT = json.dumps({"good": 10, "scrap": [{"defect": "BURR", "quantity": 1}]}, separators=(",", ":"))
"""As most reports of a suite are: good pieces, and some scrap."""
FIRST_OP, AHEAD = 10, 20
"""The operation that gives the next one its pieces, and so many reports of it before that begins."""
MODES = {"one process": False, "a process each": True}

console = Console(highlight=False)


@dataclass(frozen=True)
class Figure:
    """One line of the table: the goal, what was measured, and the limit of the same run."""

    what: str
    goal: str
    measured: str
    limit: str
    values: dict[str, Any] = field(default_factory=dict)
    """Everything behind it, for the file."""


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Median (min-max)."""
    return f"{statistics.median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


@asynccontextmanager
async def furnished(*, processes: bool, orders: int = 4) -> AsyncIterator[tuple[Suite, Floor]]:
    """A running suite with released orders, on a folder of its own."""
    flags = ("--processes",) if processes else ()
    with TemporaryDirectory(prefix="dure-bench-") as folder, running_suite(Path(folder) / "data", *flags) as suite:
        yield suite, await furnish(suite, orders=orders)


async def start_all(floor: Floor) -> None:
    """Have every job run, on a machine of its own and with pieces to work on: its reports are flagged for nothing."""
    async with floor.client() as client:

        async def post(path: str, body: Any) -> httpx.Response:
            return await client.post(path, json=body, headers=key())

        for place, job in enumerate(sorted(floor.jobs, key=lambda job: job.op)):
            machine = f"M{place}"
            await client.put(f"/orders/machines/{machine}", json={"name": machine, "work_center": "PRESS"})
            if (await client.get(f"/production/jobs/{job.id}")).json()["state"] != "running":
                start = partial(post, f"/production/jobs/{job.id}/start", {"machine": machine})
                await eventually(start, lambda answer: answer.is_success)
            for _ in range(AHEAD if job.op == FIRST_OP else 0):
                (await post(f"/production/jobs/{job.id}/results", json.loads(REPORT))).raise_for_status()


def load_of(floor: Floor, *, seconds: float, **more: Any) -> Load:
    """Reports to all jobs in turn, through the gateway."""
    paths = [f"/api/v1/production/jobs/{job.id}/results" for job in floor.jobs]
    port = int(floor.origin.rpartition(":")[2])
    return Load(**{"port": port, "token": floor.token, "paths": paths, "body": REPORT, "seconds": seconds} | more)


async def run_load(load: Load) -> Outcome:
    """Run a load in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(json.dumps(asdict(load)).encode()), load.seconds + 60)
    outcome = Outcome(**json.loads(output))
    if outcome.failed or not outcome.latencies:
        raise RuntimeError(f"{outcome.failed} reports failed, {len(outcome.latencies)} were taken")
    return outcome


async def pgbench(suite: Suite, *, clients: int, seconds: float) -> tuple[float, float]:
    """Single-row INSERTs on the suite's own cluster: how many a second, and the seconds that one takes."""
    await suite.execute(
        "postgres", "CREATE TABLE IF NOT EXISTS bench (id uuid PRIMARY KEY, job uuid, good numeric, at timestamptz)"
    )
    script = suite.data / "insert.sql"
    script.write_text("INSERT INTO bench VALUES (gen_random_uuid(), gen_random_uuid(), 10, now());\n")
    process = await asyncio.create_subprocess_exec(
        *(str(find_binaries() / "pgbench"), "-h", str(suite.data / "run"), "-U", "dure", "-n", "-M", "prepared"),
        *(
            "-c",
            str(clients),
            "-j",
            "2" if clients > 1 else "1",
            "-T",
            str(int(seconds)),
            "-f",
            str(script),
            "postgres",
        ),
        env=os.environ | {"PGPASSWORD": suite.secret("postgres-superuser")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    output, wrong = await process.communicate()
    lines = [line for line in output.decode().splitlines() if line.startswith("tps = ")]
    if process.returncode or not lines:
        raise RuntimeError(f"pgbench: {wrong.decode()}")
    tps = float(lines[0].split()[2])
    return tps, clients / tps


PROJECTED = {
    "production": "SELECT count(*) FROM result",
    "orders": "SELECT coalesce(sum(good), 0) / 10 FROM work_order_operation",
    "quality": "SELECT coalesce(sum(good), 0) / 10 FROM output_count",
    "erp_bridge": "SELECT count(*) FROM confirmation",
}
"""How many reports (of 10 good pieces each) a service has counted."""


class Projections:
    """Tells when orders, quality and the ERP bridge have counted what production has."""

    def __init__(self, suite: Suite) -> None:
        self._shop = suite

    async def complete(self, seconds: float = 120) -> int:
        """Wait for it; how many reports there are."""
        connections = {
            app: await asyncpg.connect(self._shop.database_url(f"dure_{app}"), timeout=5) for app in PROJECTED
        }
        try:
            deadline = time.monotonic() + seconds
            while True:
                counts = {app: int(await connections[app].fetchval(query)) for app, query in PROJECTED.items()}
                if len(set(counts.values())) == 1:
                    return counts["production"]
                if time.monotonic() > deadline:
                    raise RuntimeError(f"not projected after {seconds} s: {counts}")
                await asyncio.sleep(0.02)
        finally:
            for connection in connections.values():
                await connection.close()


def machine() -> dict[str, Any]:
    """Where this was measured."""
    info = Path("/proc/cpuinfo").read_text()
    models = [line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")]
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "memory_mib": int(memory.split()[1]) // 1024,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_average": os.getloadavg(),
    }


def commit() -> str:
    """The commit that was measured; ``+`` when files had been changed."""
    git = ["git", "-C", str(Path(__file__).parent)]
    revision = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run([*git, "diff", "--quiet", "HEAD"], capture_output=True, check=False)
    return (revision.stdout.strip() or "unknown") + ("+" if changed.returncode else "")


def keep(row: str, figures: Sequence[Figure], **more: Any) -> Path:
    """Write a row's figures, and what ``more`` is to be said of them, to its file."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = RESULTS / f"{now:%Y-%m-%d}-{commit().rstrip('+')}-{row}.json"
    content = {"row": row, "at": now.isoformat(timespec="seconds"), "commit": commit(), "machine": machine()}
    path.write_text(
        json.dumps(content | more | {"figures": [asdict(figure) for figure in figures]}, indent=1, ensure_ascii=False)
        + "\n"
    )
    return path
