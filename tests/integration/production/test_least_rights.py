"""What an operator, a guest and an ERP's key may not do or see on the floor."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.kit.tabular import read_table
from tests.support.jobs import do
from tests.support.lots import define_lots, get, jobs_for, post, receive
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio
PERSON = "1101"


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("rights"), ["orders", "production", "quality"]) as world:
        await define_lots(world)
        yield world


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator", person=PERSON) as client:
        yield client


@pytest.fixture
async def leader(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "leader", person="L1") as client:
        yield client


@pytest.fixture
async def viewer(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "viewer", person="GUEST") as client:
        yield client


async def refused(client: httpx.AsyncClient, path: str, **body: Any) -> bool:
    """True for a command that is not this role's."""
    return (await client.post(path, json=body, headers=key())).status_code == 403


async def test_an_operator_books_no_goods_in_or_out_and_corrects_no_receipt(
    floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    assert await refused(floor, "/lots", item="COIL", quantity=100)
    lot = await receive(leader, "COIL", 100)
    assert await refused(floor, f"/lots/{lot}/ship", customer="대성", quantity=1)
    assert await refused(floor, f"/lots/{lot}/count", quantity=90, reason="실사")
    [receipt] = (await get(floor, f"/lots/{lot}"))["movements"]
    assert await refused(floor, f"/lot-movements/{receipt['id']}/reverse", reason="수량 오입력")
    assert await refused(floor, f"/lot-movements/{receipt['id']}/correct", quantity=90, reason="수량 오입력")
    shipped = await post(leader, f"/lots/{lot}/ship", customer="대성", quantity=10)
    assert await refused(floor, f"/lot-movements/{shipped['id']}/reverse", reason="수량 오입력")
    assert (await get(floor, f"/lots/{lot}"))["remaining"] == "90"
    await post(leader, f"/lot-movements/{shipped['id']}/reverse", reason="수량 오입력")


async def test_an_operator_takes_his_scan_back(
    world: World, floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    lot = await receive(leader, "COIL", 100)
    [job] = await jobs_for(world, floor, "PLAIN")
    taken = await post(floor, f"/jobs/{job['id']}/consumptions", lot=lot, quantity=30)
    await post(floor, f"/lot-movements/{taken['id']}/reverse", reason="잘못 찍음")
    assert (await get(floor, f"/lots/{lot}"))["remaining"] == "100"


async def test_an_operator_stops_any_lot_at_once_and_a_leader_lets_it_go_on(
    floor: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    lot = await receive(leader, "COIL", 100)
    held = await post(floor, f"/lots/{lot}/hold", 200, reason="녹")
    assert held["state"] == "on_hold"
    assert await refused(floor, f"/lots/{lot}/release", reason="괜찮음")
    assert (await post(leader, f"/lots/{lot}/release", 200, reason="닦음"))["state"] == "available"


async def test_an_operator_says_that_another_joins_a_crew_and_the_entry_names_who_said_it(
    world: World, floor: httpx.AsyncClient
) -> None:
    [job] = await jobs_for(world, floor, "PLAIN")
    await do(floor, job, "start", machine="PR1")
    joined = await do(floor, job, "crew", action="join", person="1102")
    assert {one["person"] for one in joined.json()["crew"]} >= {"1102"}
    touches = await world.fetch("production", "SELECT recorded_by FROM crew_touch WHERE person = '1102'")
    assert [one["recorded_by"] for one in touches] == [PERSON]


async def test_a_guest_reads_figures_without_the_people_in_them(
    world: World, floor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    [job] = await jobs_for(world, floor, "PLAIN")
    await do(floor, job, "start", machine="PR2")
    await post(floor, f"/jobs/{job['id']}/results", good=7)
    await post(floor, "/andon-calls", machine="PR2", kind="material")
    for client, seen in ((floor, PERSON), (viewer, None)):
        [result] = (await get(client, "/results", job=job["id"]))["items"]
        assert (result["good"], result["person"]) == ("7", seen)
        assert [one["person"] for one in (await get(client, f"/jobs/{job['id']}"))["crew"]] == [seen]
        assert (await get(client, "/andon-calls", machine="PR2"))["items"][0]["person"] == seen
        report = await get(client, "/daily-report", machine="PR2")
        assert seen in report["people"]
        assert report["items"][0]["crew"] == [seen]
    for path in ("/results", "/jobs", "/lot-movements", "/andon-calls", "/daily-report", "/machines"):
        assert f'"{PERSON}"' not in (await viewer.get(path)).text, path


async def test_a_guests_workbook_names_nobody_and_his_report_asks_for_nobody(
    floor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    crews = []
    for client in (floor, viewer):
        content = (await client.get("/daily-report.xlsx", params={"machine": "PR2"})).content
        table = read_table(content, "daily-report.xlsx", max_rows=500)
        crews.append(table.cell(table.rows[0], "Crew"))
    assert crews == [PERSON, ""]
    assert (await viewer.get("/daily-report", params={"person": PERSON})).status_code == 403
    assert (await floor.get("/daily-report", params={"person": PERSON})).status_code == 200


async def test_a_printers_address_is_for_the_administrator_alone(world: World, floor: httpx.AsyncClient) -> None:
    body = {"name": "창고", "host": "192.168.0.77", "machines": ["PR1"]}
    async with world.client("production", "admin") as admin, world.client("production", "leader") as leader:
        assert (await admin.put("/printers/Z1", json=body)).json()["host"] == "192.168.0.77"
        for client in (floor, leader):
            [printer] = (await get(client, "/printers"))["items"]
            assert (printer["code"], printer["host"], printer["port"]) == ("Z1", None, None)
            assert (await get(client, "/printers/Z1"))["host"] is None


async def test_what_people_wrote_is_closed_to_guests_and_the_floor_to_erps(
    world: World, viewer: httpx.AsyncClient
) -> None:
    for path in ("/reviews", "/reviews/flagged", "/handovers", "/machines/PR1/handovers", "/labels", "/printers"):
        assert (await viewer.get(path)).status_code == 403, path
    assert (await viewer.get("/audit", params={"subject": "lot/X"})).status_code == 403
    async with world.client("production", "erp") as erp:
        for path in ("/results", "/jobs", "/machines", "/lots", "/daily-report", "/reviews"):
            assert (await erp.get(path)).status_code == 403, path
