"""A data folder that an earlier release has made: this one starts on it, everything is there, and work goes on."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.past.make import ARCHIVE, RELEASE, TOTALS
from tests.past.totals import read_totals
from tests.support.caller import Shop
from tests.support.nursery import python_path
from tests.support.suite import REPOSITORY, Suite, running_suite
from tests.support.waiting import jobs_of
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
EXTERNAL_ID, OPERATION = "SO-PAST-1", 10
LAST_PUBLISHED = "SELECT aggregate, max(version) FROM outbox GROUP BY aggregate"
LAST_APPLIED = "SELECT aggregate, version FROM inbox WHERE stream = '{}'"
SUBSCRIBERS = {
    "ORDERS": ("orders", ("production", "quality", "erp_bridge")),
    "PRODUCTION": ("production", ("orders", "quality", "erp_bridge")),
    "QUALITY": ("quality", ("production",)),
    "ERP": ("erp_bridge", ("orders",)),
}
"""Publisher and consumers by stream."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The present code on the folder of the earlier release."""
    folder = tmp_path_factory.mktemp(RELEASE)
    with tarfile.open(ARCHIVE) as packed:
        packed.extractall(folder, filter="tar")
    with running_suite(folder / "data") as suite:
        yield suite


async def test_what_an_earlier_release_stored_is_there_and_work_goes_on(suite: Suite) -> None:
    async with Shop(suite) as shop:
        admin = await shop.sign_in()
        stored = json.loads(TOTALS.read_text(encoding="utf-8"))
        del stored["commit"]
        assert await read_totals(suite, admin) == stored
        assert_verified(suite)

        order = next(one for one in await admin.every("/orders/work-orders") if one["external_id"] == EXTERNAL_ID)
        press = next(job for job in await jobs_of(admin, order) if job["op"] == OPERATION)
        assert press["state"] == "running"
        await admin.post(f"/production/jobs/{press['id']}/results", {"good": 7})
        await admin.post(f"/production/jobs/{press['id']}/finish")
        good = int(press["good"]) + 7

        async def counted() -> Any:
            return (await admin.get(f"/orders/work-orders/{order['number']}"))["operations"][0]["good"]

        async def confirmed() -> list[Any]:
            rows = await admin.every("/erp/confirmations", cursor="0")
            return [row for row in rows if row["external_id"] == EXTERNAL_ID and row["op"] == OPERATION]

        await eventually(counted, lambda printed: printed == str(good))
        rows = await eventually(confirmed, lambda rows: rows[-1]["final"])
        assert rows[-1]["totals"]["good"] == str(good)
        assert_verified(suite)


async def test_no_consumer_has_a_gap_after_the_upgrade(suite: Suite) -> None:
    for stream, (publisher, subscribers) in SUBSCRIBERS.items():
        published = dict(await suite.execute(f"dure_{publisher}", LAST_PUBLISHED))
        assert published
        for subscriber in subscribers:

            async def behind(
                subscriber: str = subscriber, stream: str = stream, published: dict[str, int] = published
            ) -> dict[str, int]:
                applied = dict(await suite.execute(f"dure_{subscriber}", LAST_APPLIED.format(stream)))
                return {one: last for one, last in published.items() if applied.get(one, 0) < last}

            assert await eventually(behind, lambda left: not left) == {}
            parked = "SELECT * FROM parked_event WHERE replayed_at IS NULL"
            assert await suite.execute(f"dure_{subscriber}", parked) == []


def assert_verified(suite: Suite) -> None:
    """``dure verify`` finds nothing wrong."""
    command = [sys.executable, "-m", "infra.cli", "verify", "--data", str(suite.data)]
    environment = os.environ | {"PYTHONPATH": python_path(REPOSITORY)}
    verified = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert verified.returncode == 0, verified.stdout + verified.stderr
