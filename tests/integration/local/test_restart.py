"""What was stored is there again, however Dure ended."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import nats
import psutil
import pytest

from infra.local.data_folder import DataFolder
from infra.local.errors import AlreadyRunningError
from infra.local.identity import MYSELF, Identity
from infra.local.nats import EmbeddedNats
from infra.local.postgres import EmbeddedPostgres
from shared.kit.bus import provision_streams

pytestmark = pytest.mark.anyio


async def report(url: str, pieces: int) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE IF NOT EXISTS report (pieces int)")
    await connection.execute("INSERT INTO report VALUES ($1)", pieces)
    await connection.close()


async def reported(url: str) -> list[int]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT pieces FROM report ORDER BY pieces")
    await connection.close()
    return [row["pieces"] for row in rows]


async def test_a_report_and_its_event_are_there_after_a_restart(data: DataFolder) -> None:
    postgres, server = EmbeddedPostgres(data), EmbeddedNats(data)
    postgres.start()
    server.start()
    await report(postgres.url, 100)
    await provision_streams(server.url, server.seed_file("provision"))
    client = await nats.connect(
        server.url, nkeys_seed=str(server.seed_file("production")), inbox_prefix="_INBOX_production"
    )
    await client.jetstream().publish("dure.gunsan.production.result.reported.v1", b"{}")
    await client.close()
    server.stop()
    postgres.stop()

    postgres, server = EmbeddedPostgres(data), EmbeddedNats(data)
    postgres.start()
    server.start()
    client = await nats.connect(
        server.url, nkeys_seed=str(server.seed_file("production")), inbox_prefix="_INBOX_production"
    )
    kept = await client.jetstream().stream_info("PRODUCTION")
    await client.close()
    assert kept.state.messages == 1
    assert await reported(postgres.url) == [100]
    server.stop()
    postgres.stop()


async def test_nothing_is_left_after_a_kill_and_the_next_start_recovers(
    tmp_path: Path, start_parent: Callable[..., Any], somebody: Identity
) -> None:
    parent = start_parent(tmp_path / "data", somebody)
    if somebody.how != "self":
        assert parent.facts["uid"] != 0
    await report(parent.facts["database"], 100)
    assert {"postgres", "nats-server"} <= parent.programs()
    servers = parent.servers()

    parent.kill()
    _, alive = psutil.wait_procs(servers, timeout=10)
    assert alive == []

    again = start_parent(tmp_path / "data", somebody)
    await report(again.facts["database"], 3)
    assert await reported(again.facts["database"]) == [3, 100]


async def test_a_start_right_after_a_kill_waits_for_the_servers_that_are_still_ending(
    tmp_path: Path, start_parent: Callable[..., Any]
) -> None:
    parent = start_parent(tmp_path / "data", MYSELF)
    await report(parent.facts["database"], 100)
    parent.kill()
    again = start_parent(tmp_path / "data", MYSELF)
    assert await reported(again.facts["database"]) == [100]


async def test_a_pid_file_that_a_power_cut_left_behind_does_not_prevent_the_start(data: DataFolder) -> None:
    postgres = EmbeddedPostgres(data)
    postgres.start()
    await report(postgres.url, 100)
    left_behind = (data.postgres / "postmaster.pid").read_text()
    postgres.stop()
    data.close()
    # its number now belongs to a process that has nothing to do with it
    (data.postgres / "postmaster.pid").write_text(
        left_behind.replace(left_behind.splitlines()[0], str(psutil.Process().ppid()), 1)
    )

    data.open()
    postgres = EmbeddedPostgres(data)
    postgres.start()
    assert await reported(postgres.url) == [100]
    postgres.stop()


async def test_a_second_start_on_the_same_data_is_told_who_runs_it_and_where(
    tmp_path: Path, start_parent: Callable[..., Any]
) -> None:
    parent = start_parent(tmp_path / "data", MYSELF)
    with pytest.raises(AlreadyRunningError) as refused:
        DataFolder(tmp_path / "data").open()
    assert parent.facts["address"] in str(refused.value)
    assert f"process {parent.process.pid}" in str(refused.value)
    assert "--data" in str(refused.value)


async def test_ctrl_c_reaches_the_servers_through_their_parent_alone(
    tmp_path: Path, start_parent: Callable[..., Any]
) -> None:
    parent = start_parent(tmp_path / "data", MYSELF)
    assert all(server.terminal() is None for server in parent.servers())
    servers = parent.servers()
    parent.process.terminate()
    assert parent.process.wait(20) == 0
    assert not any(server.is_running() for server in servers)


async def test_an_interrupted_first_start_leaves_no_half_database(data: DataFolder) -> None:
    half = data.path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    postgres = EmbeddedPostgres(data)
    postgres.start()
    assert not half.exists()
    postgres.stop()


async def test_root_leaves_a_data_folder_to_the_user_who_owns_it(tmp_path: Path) -> None:
    if MYSELF.uid != 0:
        pytest.skip("only root can start for somebody else")
    folder = tmp_path / "data"
    folder.mkdir()
    for path in (folder, tmp_path, tmp_path.parent, tmp_path.parent.parent):
        path.chmod(0o711)
    os.chown(folder, 59_000, 59_000)
    with DataFolder(folder, minimum_free=0) as data:
        postgres, server = EmbeddedPostgres(data), EmbeddedNats(data)
        postgres.start()
        server.start()
        await report(postgres.url, 100)
        uids = {psutil.Process(child.pid).uids().real for child in (postgres, server)}
        server.stop()
        postgres.stop()
    assert uids == {59_000}
    assert {path.stat().st_uid for path in folder.rglob("*")} == {59_000}
