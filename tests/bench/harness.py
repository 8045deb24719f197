"""What all rows share: repetitions, the limits that they are held against, and the results that are kept."""

import asyncio
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local.postgres import find_binaries
from tests.support.shop import Shop

RESULTS = Path(__file__).parent / "results"
REPETITIONS = int(os.environ.get("REPETITIONS", "5"))
INSERT = "INSERT INTO result (job, good, at) VALUES (gen_random_uuid(), 1, now());\n"


@dataclass
class Figure:
    """One measured figure; ``samples`` are its repetitions, ``goal`` what it should be."""

    name: str
    samples: list[float]
    unit: str
    goal: str = ""

    @property
    def median(self) -> float:
        """The middle of the repetitions."""
        return statistics.median(self.samples)

    def shown(self) -> str:
        """Median with minimum and maximum."""
        spread = f" ({min(self.samples):.4g} to {max(self.samples):.4g})" if len(self.samples) > 1 else ""
        return f"{self.median:.4g} {self.unit}{spread}"


@dataclass
class Row:
    """One row of the table."""

    name: str
    what: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, samples: Sequence[float] | float, unit: str, goal: str = "") -> None:
        """Keep a figure."""
        self.figures.append(Figure(name, [samples] if isinstance(samples, float | int) else list(samples), unit, goal))

    def save(self) -> Path:
        """Write the row as JSON, with the commit and the machine."""
        RESULTS.mkdir(exist_ok=True)
        commit = (
            subprocess.run(
                ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
            ).stdout.strip()
            or "none"
        )
        now = datetime.now(UTC)
        machine = {
            "cpus": os.cpu_count(),
            "machine": platform.machine(),
            "kernel": platform.release(),
            "python": platform.python_version(),
        }
        figures = [asdict(figure) | {"median": figure.median} for figure in self.figures]
        body = {
            "row": self.name,
            "what": self.what,
            "commit": commit,
            "at": now.isoformat(timespec="seconds"),
            "machine": machine,
            "figures": figures,
        }
        path = RESULTS / f"{now:%Y-%m-%d}-{commit}-{self.name}.json"
        path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n")
        return path


async def generate(order: dict[str, Any]) -> dict[str, Any]:
    """Run the load generator in a process of its own; what it measured."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate(json.dumps(order).encode())
    assert process.returncode == 0, output
    measured: dict[str, Any] = json.loads(output)
    return measured


class Pgbench:
    """Single-row inserts into the shop's own cluster: what this disk and this PostgreSQL can do."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._script = shop.data / "insert.sql"
        self._script.write_text(INSERT)

    async def prepare(self) -> None:
        """Make the table."""
        await self._shop.execute("postgres", "CREATE DATABASE bench")
        await self._shop.execute(
            "bench",
            "CREATE TABLE result (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job uuid, good numeric, at timestamptz)",
        )

    async def run(self, clients: int, seconds: int) -> tuple[float, float]:
        """Transactions per second, and the mean latency in milliseconds."""
        command = [
            str(find_binaries() / "pgbench"),
            "-n",
            "-c",
            str(clients),
            "-j",
            "2",
            "-T",
            str(seconds),
            "-M",
            "prepared",
            "-f",
            str(self._script),
        ]
        process = await asyncio.create_subprocess_exec(
            *command, self._shop.database_url("bench"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        output, errors = await process.communicate()
        text = output.decode()
        rate, latency = re.search(r"tps = ([\d.]+)", text), re.search(r"latency average = ([\d.]+)", text)
        assert rate is not None, errors.decode()
        assert latency is not None, errors.decode()
        return float(rate[1]), float(latency[1])


async def projected(
    shop: Shop, services: Sequence[str] = ("orders", "quality", "erp_bridge"), seconds: float = 120
) -> float:
    """Wait until the services have applied all that production has told of its jobs; the seconds that it took."""
    begun = time.monotonic()
    while True:
        told = (await shop.execute("dure_production", "SELECT coalesce(sum(version), 0) AS n FROM job"))[0]["n"]
        counts = (
            "SELECT coalesce(sum(version), 0) AS n FROM inbox WHERE stream = 'PRODUCTION' AND aggregate LIKE 'job/%'"
        )
        applied = [(await shop.execute(f"dure_{service}", counts))[0]["n"] for service in services]
        if all(count == told for count in applied):
            return time.monotonic() - begun
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"told {told}, applied {applied}")
        await asyncio.sleep(0.02)
