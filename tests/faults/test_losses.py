"""What a shop loses at worst: its event store, or databases that are set back, each to another moment.

After the next start all ledgers agree without a hand, and go on agreeing.
"""

import asyncio
import os
import random
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest
from rich.console import Console

from infra.local.data_folder import DataFolder
from infra.local.databases import databases_of
from infra.local.postgres import EmbeddedPostgres, find_binaries
from shared.registry import APP_NAMES
from tests.faults.ledgers import Made, drain, made_of, read_all
from tests.faults.reporters import Reporters, tell
from tests.support.floor import Floor, furnish
from tests.support.suite import REPOSITORY, Suite, running_suite

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

TABLETS = 6
PAUSE_S = 0.1
ORDERS = ("erp_bridge gateway orders production quality", "production quality erp_bridge orders gateway")
"""In which the databases are dumped: some know less than the others, or more."""
QUIET = Console(quiet=True)


@dataclass
class Lost:
    """A shop in full work, whose data is copied or lost in the middle of it."""

    suite: Suite
    floor: Floor
    seed: int

    @asynccontextmanager
    async def at_work(self, suite: Suite | None = None) -> AsyncIterator[Reporters]:
        floor = replace(self.floor, origin=(suite or self.suite).address)
        reporters = Reporters(floor, random.Random(self.seed))
        async with reporters.at_work(TABLETS, PAUSE_S):
            await reporters.answered()
            yield reporters

    async def agree(self, suite: Suite) -> None:
        """All ledgers say the same, and go on so with what is reported now."""
        floor = replace(self.floor, origin=suite.address)
        before = await drain(floor)
        await _confirmed_once(floor)
        async with self.at_work(suite):
            await asyncio.sleep(2)
        tell(f"agreed after {before:.1f} s, and after new reports in {await drain(floor):.1f} s")
        await _confirmed_once(floor)


async def _confirmed_once(floor: Floor) -> None:
    """What the ERP was told adds up to the ledger, operation by operation."""
    async with floor.client() as client:
        confirmed: dict[tuple[str, int], Made] = {}
        for row in await read_all(client, "/erp/confirmations", "0"):
            key = (row["work_order_id"], row["op"])
            confirmed[key] = confirmed.get(key, Made()) + made_of(row)
        jobs = await read_all(client, "/production/jobs")
    made = {(job["work_order_id"], job["op"]): made_of(job) for job in jobs}
    assert {key: sums for key, sums in confirmed.items() if sums != Made()} == {
        key: sums for key, sums in made.items() if sums != Made()
    }


@pytest.fixture
async def lost(tmp_path: Path) -> AsyncIterator[Lost]:
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    tell(f"\nSEED={seed}")
    with running_suite(tmp_path / "shop" / "data", durable=True) as suite:
        yield Lost(suite, await furnish(suite, orders=2), seed)


@asynccontextmanager
async def deaf(suite: Suite, *apps: str) -> AsyncIterator[None]:
    """Meanwhile these apps cannot apply any event: so many are on their way when the power goes."""
    connections = [await asyncpg.connect(suite.database_url(f"dure_{app}")) for app in apps]
    for connection in connections:
        await connection.execute("BEGIN; LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        for connection in connections:
            connection.terminate()


async def test_the_event_store_is_lost(lost: Lost) -> None:
    async with lost.at_work() as reporters, deaf(lost.suite, "orders", "erp_bridge"):
        await asyncio.sleep(3)
        lost.suite.kill()
    shutil.rmtree(lost.suite.data / "nats")
    lost.suite.start()
    assert "published again" in lost.suite.log
    tell(f"event store lost: {reporters.summary()}")
    await lost.agree(lost.suite)


async def test_a_backup_is_restored_beside_an_event_store_of_another_moment(lost: Lost, tmp_path: Path) -> None:
    async with lost.at_work():
        await asyncio.sleep(2)
        shutil.copytree(lost.suite.data / "nats", tmp_path / "earlier")
        await asyncio.sleep(2)
        async with deaf(lost.suite, "quality"):
            await asyncio.sleep(1)
            _dure("backup", str(tmp_path / "backup"), "--data", str(lost.suite.data))
        await asyncio.sleep(2)
        shutil.copytree(lost.suite.data / "nats", tmp_path / "later")
    for store in ("earlier", "later"):
        data = tmp_path / f"shop-{store}" / "data"
        _dure("restore", str(tmp_path / "backup"), "--data", str(data))
        shutil.copytree(tmp_path / store, data / "nats")
        with running_suite(data, durable=True) as suite:
            tell(f"restored beside the {store} event store")
            await lost.agree(suite)


@pytest.mark.parametrize("order", ORDERS)
async def test_every_database_is_set_back_to_a_moment_of_its_own(lost: Lost, tmp_path: Path, order: str) -> None:
    async with lost.at_work():
        for app in order.split():
            await asyncio.sleep(1.5)
            await asyncio.to_thread(_dump, lost.suite.data, app, tmp_path / f"{app}.dump")
        await asyncio.sleep(1.5)
    lost.suite.stop()
    data = tmp_path / "restored" / "data"
    shutil.copytree(lost.suite.data, data, ignore=shutil.ignore_patterns("nats", "run", "logs"))
    _restore(data, tmp_path)
    with running_suite(data, durable=True) as suite:
        assert "published again" in suite.log or "unknown" in suite.log
        tell(f"{order}: {[line for line in suite.log.splitlines() if 'again' in line or 'unknown' in line]}")
        await lost.agree(suite)


def _dure(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "infra.cli", *arguments], check=True, cwd=REPOSITORY)


def _dump(data: Path, app: str, target: Path) -> None:
    _client("pg_dump", EmbeddedPostgres(DataFolder(data)), "--format=custom", f"--file={target}", f"dure_{app}")


def _restore(data: Path, dumps: Path) -> None:
    with databases_of(data, QUIET):
        postgres = EmbeddedPostgres(DataFolder(data))
        for app in APP_NAMES:
            _client(
                "pg_restore", postgres, "--clean", "--if-exists", f"--dbname=dure_{app}", str(dumps / f"{app}.dump")
            )


def _client(program: str, postgres: EmbeddedPostgres, *arguments: str) -> None:
    command = [str(find_binaries() / program), f"--host={postgres.sockets}", "--username=dure", *arguments]
    secret = {"PGPASSWORD": postgres.data.secret("postgres-superuser")}
    subprocess.run(command, check=True, env=os.environ | secret)
