"""However a shop's Dure ends, the next start has everything again; what prevents a start is told."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from shared.registry import APP_NAMES
from tests.support.caller import Shop
from tests.support.factory import furnish
from tests.support.nursery import python_path
from tests.support.suite import REPOSITORY, Suite
from tests.support.waiting import jobs_of
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
PATH = {"PYTHONPATH": python_path(REPOSITORY), "COLUMNS": "200"}


@dataclass(frozen=True)
class Reported:
    """What stays, whatever happens to the processes."""

    suite: Suite
    erp_key: str
    order: dict[str, Any]
    confirmed: list[dict[str, Any]]


@pytest.fixture(scope="module")
async def reported(suite: Suite) -> AsyncIterator[Reported]:
    """A shop in which 100 good and 3 scrap were reported and confirmed."""
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        await furnish(admin)
        erp_key = (await admin.post("/api-keys", {"name": "ERP", "roles": ["erp"]}))["key"]
        erp = shop.caller(erp_key)
        sent = {"external_id": "SO-1-1", "item": "HB1001", "quantity": 200, "due_at": "2026-12-24T18:00:00+09:00"}
        await erp.post("/erp/orders", sent)

        async def arrived() -> list[Any]:
            return await admin.every("/orders/work-orders")

        (order,) = await eventually(arrived, bool)
        await admin.post(f"/orders/work-orders/{order['id']}/release")
        job = (await jobs_of(admin, order))[0]
        await admin.post(f"/production/jobs/{job['id']}/start")
        body = {"good": 100, "scrap": [{"defect": "BURR", "quantity": 3}]}
        await admin.post(f"/production/jobs/{job['id']}/results", body)

        async def confirmed() -> list[Any]:
            return await erp.every("/erp/confirmations")

        yield Reported(suite, erp_key, order, await eventually(confirmed, bool))


@pytest.fixture(autouse=True)
def started(reported: Reported) -> None:
    """Each test begins with a running shop."""
    if not reported.suite.is_running:
        reported.suite.start()


async def everything_is_there(reported: Reported) -> None:
    """The numbers, the people, the sessions' owners and the ERP's key."""
    async with Shop(reported.suite) as shop:
        admin = await shop.sign_in()
        erp = shop.caller(reported.erp_key)
        assert await erp.every("/erp/confirmations") == reported.confirmed
        assert reported.confirmed[0]["totals"] == {"good": "100", "scrap": "3", "rework": "0"}
        operation = (await admin.get(f"/orders/work-orders/{reported.order['number']}"))["operations"][0]
        assert (operation["good"], operation["scrap"]) == ("100", "3")
        assert (await admin.get("/site"))["needs_setup"] is False


async def test_ctrl_c_stops_in_order_and_the_next_start_has_all_data(reported: Reported) -> None:
    children = reported.suite.everybody()[1:]
    assert {"postgres", "nats-server"} <= {child.name() for child in children}
    assert reported.suite.stop(signal.SIGINT) == 0
    assert "the data is kept" in reported.suite.log
    assert not any(child.is_running() for child in children)
    reported.suite.start()
    assert "#token=" not in reported.suite.log, "a shop that is set up gets no set-up link"
    await everything_is_there(reported)


async def test_a_service_manager_stops_it_likewise(reported: Reported) -> None:
    assert reported.suite.stop(signal.SIGTERM) == 0


async def test_an_open_board_does_not_hold_up_the_stop(reported: Reported) -> None:
    async with Shop(reported.suite) as shop:
        admin = await shop.sign_in()
        async with admin.http.stream("GET", "/live", timeout=None) as board:
            assert board.status_code == 200
            begun = time.monotonic()
            assert reported.suite.stop() == 0
            assert time.monotonic() - begun < 10


async def test_after_a_kill_no_server_is_left_and_the_next_start_recovers(reported: Reported) -> None:
    children = reported.suite.everybody()[1:]
    reported.suite.kill()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
    reported.suite.start()
    await everything_is_there(reported)


@pytest.mark.faults
async def test_a_kill_of_one_process_each_leaves_none_either(reported: Reported) -> None:
    reported.suite.stop()
    apart = Suite(reported.suite.data, ("--processes",), port=reported.suite.port).start()
    children = apart.everybody()[1:]
    try:
        assert all(apart.pid_of(app) for app in APP_NAMES)
    finally:
        apart.kill()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
    reported.suite.start()
    await everything_is_there(reported)


async def test_a_second_start_on_the_same_data_says_who_runs_there(reported: Reported) -> None:
    second = Suite(reported.suite.data, log_name="second.log", is_warm=True)
    second.spawn()
    assert second.wait() == 1
    assert f"Dure already runs on {reported.suite.data}" in second.log
    assert reported.suite.address in second.log
    await everything_is_there(reported)


async def test_a_taken_port_is_told_before_anything_is_made(reported: Reported) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        suite = Suite(reported.suite.data.with_name("elsewhere"), port=port, log_name="elsewhere.log", is_warm=True)
        suite.spawn()
        assert suite.wait() == 1
    assert f"port {port}: another program listens there" in suite.log
    assert "choose another port" in suite.log
    assert not (suite.data / "postgres").exists()


async def test_an_unknown_demo_and_a_wrong_port_are_told(reported: Reported) -> None:
    for flags, status, reason in ((("--demo", "nowhere"), 1, "nowhere"), (("--port", "0"), 2, "--port")):
        suite = Suite(reported.suite.data.with_name("refused"), flags, log_name="refused.log", is_warm=True)
        suite.spawn()
        assert suite.wait() == status, suite.log
        assert reason in suite.log
        assert not suite.data.exists()


def verify(suite: Suite) -> subprocess.CompletedProcess[str]:
    """``dure verify`` on the suite's data."""
    return dure(suite, "verify")


def dure(suite: Suite, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command on the suite's data."""
    command = [sys.executable, "-m", "infra.cli", *arguments, "--data", str(suite.data)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=os.environ | PATH)


async def test_a_shop_that_has_an_administrator_gets_no_new_set_up_link(reported: Reported) -> None:
    refused = dure(reported.suite, "setup-link")
    assert refused.returncode == 1
    assert "somebody administers this shop already" in refused.stderr + refused.stdout


async def test_a_counter_that_differs_from_the_ledger_is_found(reported: Reported) -> None:
    sound = verify(reported.suite)
    assert (sound.returncode, "equal the ledger" in sound.stdout) == (0, True), sound.stdout
    change = "UPDATE work_order_operation SET good = good {} 1 WHERE good > 0"
    await reported.suite.execute("dure_orders", change.format("+"))
    try:
        altered = verify(reported.suite)
        assert altered.returncode == 1
        assert "counts 101 / 3 / 0, the ledger says 100 / 3 / 0" in altered.stdout
    finally:
        await reported.suite.execute("dure_orders", change.format("-"))


async def test_present_states_are_published_again_by_the_command_line(reported: Reported) -> None:
    published = dure(reported.suite, "republish", "orders", "work_center")
    assert (published.returncode, "of work_center published again" in published.stdout) == (0, True), published.stderr
    unknown = dure(reported.suite, "republish", "orders", "wish")
    assert (unknown.returncode, "one of calendar, instruction, item, machine" in unknown.stderr) == (1, True), (
        unknown.stderr
    )
    late = (
        "SELECT count(*) FROM outbox WHERE aggregate LIKE 'work_center/%' AND version = 2 AND published_at IS NOT NULL"
    )

    async def sent() -> int:
        return int((await reported.suite.execute("dure_orders", late))[0]["count"])

    assert f"orders: {await eventually(sent, bool)} of work_center" in published.stdout


async def test_read_models_are_made_anew_beside_the_running_services(reported: Reported) -> None:
    counts = "SELECT sum(good) AS good, sum(scrap) AS scrap FROM output_count"
    for change in ("UPDATE output_count SET good = good + 1", "DELETE FROM defect_count"):
        await reported.suite.execute("dure_quality", change)
    rebuilt = dure(reported.suite, "rebuild", "quality")
    assert (rebuilt.returncode, "quality: made anew of" in rebuilt.stdout) == (0, True), rebuilt.stderr
    [row] = await reported.suite.execute("dure_quality", counts)
    assert (row["good"], row["scrap"]) == (100, 3)
    [defects] = await reported.suite.execute("dure_quality", "SELECT sum(quantity) AS burrs FROM defect_count")
    assert defects["burrs"] == 3


async def test_a_backup_is_one_moment_and_is_restored_when_it_is_whole(reported: Reported, tmp_path: Path) -> None:
    copy, shop = tmp_path / "backup", tmp_path / "shop"
    made = dure(reported.suite, "backup", str(copy))
    assert (made.returncode, "keep it where nobody else can read it" in made.stdout) == (0, True), made.stderr
    again = dure(reported.suite, "backup", str(copy))
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)
    command = [sys.executable, "-m", "infra.cli", "restore", str(copy), "--data", str(shop)]

    def restore() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=os.environ | PATH)

    secret = copy / "files" / "secrets" / "pseudonyms"
    whole = secret.read_text()
    secret.write_text("another")
    changed = restore()
    assert (changed.returncode, "secrets/pseudonyms was changed or lost" in changed.stderr) == (1, True)
    assert not shop.exists()
    secret.write_text(whole)
    assert restore().returncode == 0
    assert dure(Suite(shop), "verify").returncode == 0
    (copy / "manifest.json").unlink()
    assert "there is no whole backup in it" in restore().stderr


async def test_an_altered_audit_trail_is_found_also_while_dure_stands_still(reported: Reported) -> None:
    for statement in (
        "ALTER TABLE audit DISABLE TRIGGER audit_is_append_only",
        "UPDATE audit SET person = 'P99' WHERE position = 1",
        "ALTER TABLE audit ENABLE TRIGGER audit_is_append_only",
    ):
        await reported.suite.execute("dure_orders", statement)
    reported.suite.stop()
    found = verify(reported.suite)
    assert (found.returncode, "orders: the audit trail was altered or cut at entry 1" in found.stdout) == (1, True)
