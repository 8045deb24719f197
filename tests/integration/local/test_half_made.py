"""A power cut at a bad moment: what it leaves behind does not keep the shop from starting."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from infra.local.data_folder import DataFolder
from infra.local.errors import DamagedSiteError
from infra.local.postgres import SOCKET, EmbeddedPostgres, socket_folder
from infra.local.up import Options, site_of
from tests.support.world import TestCluster

SOMEBODY = """
    INSERT INTO person (code, name, roles, languages, active, created_at, updated_at)
    VALUES ('BOSS', '{"ko": "사장"}', '{admin}', '{ko}', true, now(), now())
"""


@pytest.fixture
def innocent() -> Iterator[int]:
    """The number of a process that has nothing to do with us."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process.pid
        process.kill()


def test_postgresql_starts_though_its_number_of_before_is_somebody_else_s_by_now(
    data: DataFolder, innocent: int
) -> None:
    postgres = EmbeddedPostgres(data)
    postgres.start()
    lines = (data.postgres / "postmaster.pid").read_text().splitlines()
    lock = socket_folder(data.path) / f"{SOCKET}.lock"
    locked = lock.read_text().splitlines()
    postgres.stop()
    for file, found in ((data.postgres / "postmaster.pid", lines), (lock, locked)):
        file.write_text("\n".join([str(innocent), *found[1:]]) + "\n")
        postgres.identity.own(file)
    again = EmbeddedPostgres(data)
    again.start()
    try:
        assert again.pid != innocent
    finally:
        again.stop()
    os.kill(innocent, 0)


@pytest.mark.parametrize("half", ["", "{", '{"site": "gun', "[]", '{"site": "gunsan 1"}'])
def test_a_site_that_a_power_cut_took_back_is_written_again_while_nobody_uses_the_shop(
    cluster: TestCluster, data: DataFolder, half: str
) -> None:
    url = asyncio.run(cluster.fresh_database("gateway"))
    options = Options(data.path, "127.0.0.1", 8000, None, processes=False)
    stored = data.path / "site.json"
    stored.write_text(half)
    assert site_of(options, data, url)["site"] == "main"
    assert json.loads(stored.read_text()) == {"site": "main", "time_zone": "Asia/Seoul"}


def test_the_site_of_a_shop_in_use_is_not_guessed(cluster: TestCluster, data: DataFolder) -> None:
    url = asyncio.run(cluster.fresh_database("gateway"))

    async def hire() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(SOMEBODY)
        await connection.close()

    asyncio.run(hire())
    stored: Path = data.path / "site.json"
    stored.write_text("")
    options = Options(data.path, "127.0.0.1", 8000, None, processes=False)
    with pytest.raises(DamagedSiteError, match=r"site\.json is damaged.*\"site\": \"main\""):
        site_of(options, data, url)
    assert stored.read_text() == ""
