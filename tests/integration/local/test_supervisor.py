"""What dies is started again, where it was, and the clients find it again by themselves."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import nats
import psutil
import pytest

from infra.local import supervisor as supervision
from infra.local.child import LOG_BYTES, Child, Program, answers
from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from infra.local.postgres import EmbeddedPostgres
from infra.local.supervisor import Supervisor
from tests.support.ports import own_port

pytestmark = pytest.mark.anyio


@pytest.fixture
def postgres(data: DataFolder) -> EmbeddedPostgres:
    return EmbeddedPostgres(data)


@pytest.fixture
def server(data: DataFolder) -> EmbeddedNats:
    return EmbeddedNats(data)


@pytest.fixture
def running(postgres: EmbeddedPostgres, server: EmbeddedNats, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(supervision, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(EmbeddedNats, "stop_signals", ((signal.SIGTERM, 0.2), (signal.SIGKILL, 5.0)))
    with Supervisor([postgres, server]) as running:
        yield running


async def is_back(child: Child, before: int | None, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while child.pid in {None, before} or not child.is_ready():
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("running")
async def test_clients_find_a_killed_postgresql_again_with_all_that_was_committed(postgres: EmbeddedPostgres) -> None:
    pool = await asyncpg.create_pool(postgres.url, min_size=2, max_size=4)
    await pool.execute("CREATE TABLE report (pieces int)")
    await pool.execute("INSERT INTO report VALUES (100)")
    before = postgres.pid
    os.kill(before, signal.SIGKILL)
    await is_back(postgres, before)
    assert await pool.fetchval("SELECT sum(pieces) FROM report") == 100
    await pool.close()


@pytest.mark.usefixtures("running")
async def test_clients_find_a_killed_nats_again(server: EmbeddedNats) -> None:
    client = await nats.connect(
        server.url,
        nkeys_seed=str(server.seed_file("orders")),
        inbox_prefix="_INBOX_orders",
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.1,
    )
    before, url = server.pid, server.url
    os.kill(before, signal.SIGKILL)
    await is_back(server, before)
    assert server.url == url
    async with asyncio.timeout(10):
        while not client.is_connected:
            await asyncio.sleep(0.02)
    assert (await client.jetstream().account_info()).streams == 0
    await client.close()


@pytest.mark.usefixtures("running")
async def test_a_nats_that_hangs_is_taken_down_and_started_again(server: EmbeddedNats) -> None:
    before = server.pid
    os.kill(before, signal.SIGSTOP)
    await is_back(server, before, seconds=30)
    assert not psutil.pid_exists(before)


@pytest.mark.usefixtures("running")
async def test_a_log_does_not_grow_without_bound(server: EmbeddedNats) -> None:
    with server.log.path.open("ab") as log:
        log.write(b"x" * (LOG_BYTES + 1))
    async with asyncio.timeout(5):
        while server.log.path.stat().st_size > LOG_BYTES:
            await asyncio.sleep(0.02)
    assert server.log.path.with_suffix(".log.1").stat().st_size > LOG_BYTES


async def test_a_child_that_keeps_dying_is_tried_ever_more_rarely(data: DataFolder, tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    port = own_port()
    serve_once = (
        f"import http.server as h, pathlib; p = pathlib.Path({str(tries)!r});"
        f" n = p.exists() and int(p.read_text()) or 0;"
        f"p.write_text(str(n + 1));"
        f" n or h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler).handle_request()"
    )

    class Fragile(Program):
        name = "fragile"

        def command(self) -> list[str]:
            return ["/usr/bin/env", "python3", "-c", serve_once]

        def is_ready(self) -> bool:
            return answers(f"http://127.0.0.1:{port}/")

    began = time.monotonic()
    with Supervisor([Fragile(data)]):
        while not tries.exists() or int(tries.read_text() or 0) < 4:
            await asyncio.sleep(0.02)
            assert time.monotonic() - began < 20
    assert time.monotonic() - began > 0.1 + 0.2 + 0.4


async def test_what_comes_back_and_never_gets_ready_is_taken_down_again(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "CHECK_SECONDS", 0.1)
    starts = tmp_path / "starts"
    serve_but_the_second_time = (
        f"echo >> {starts}; [ $(wc -l < {starts}) -eq 2 ] || touch {tmp_path}/ready; exec sleep 60"
    )

    class Stubborn(Program):
        name = "stubborn"

        def command(self) -> list[str]:
            (tmp_path / "ready").unlink(missing_ok=True)
            return ["/bin/sh", "-c", serve_but_the_second_time]

        def is_ready(self) -> bool:
            return (tmp_path / "ready").exists()

        def is_well(self) -> bool:
            return self.is_ready()

    child = Stubborn(data)
    with Supervisor([child]):
        child.ready_seconds = 0.5
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        async with asyncio.timeout(15):
            while starts.read_text().count("\n") != 3 or not child.is_ready():
                await asyncio.sleep(0.02)


async def test_children_stop_in_reverse_order_and_the_thread_with_them(data: DataFolder) -> None:
    stopped: list[str] = []

    class Noted(EmbeddedNats):
        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__(data)

        def stop(self) -> None:
            super().stop()
            stopped.append(self.name)

    class Second(Noted):
        @property
        def environment(self) -> dict[str, str]:
            return super().environment | {"DURE_NATS_STORE": str(data.nats / "second")}

    before = threading.active_count()
    with Supervisor([Noted("first"), Second("second")]):
        assert threading.active_count() == before + 1
    assert stopped == ["second", "first"]
    assert threading.active_count() == before
