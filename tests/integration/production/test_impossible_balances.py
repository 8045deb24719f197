"""What cannot be and is said all the same: it is taken, it is flagged so that somebody looks, and no trace is lost."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.lots import define_lots, get, left, made_of, of, post, product, receive, report
from tests.support.world import TestCluster, World, eventually, running

pytestmark = pytest.mark.anyio
COIL = {"component": "COIL", "quantity": 1}


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("impossible"), ["orders", "production", "quality"]) as world:
        await define_lots(world)
        yield world


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator", "quality", "leader") as client:
        yield client


def flags(shown: dict[str, Any]) -> list[str]:
    """What is unusual beside that nobody has started the job."""
    return [flag for flag in shown["flags"] if flag != "not_started"]


async def to_look_at(floor: httpx.AsyncClient, job: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The flagged results of a job that nobody has looked at: good pieces and flags."""
    found = (await get(floor, "/reviews/flagged", limit=200))["items"]
    return [(one["good"], flags(one)) for one in found if one["job_id"] == job["id"] and flags(one)]


async def take_back(floor: httpx.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    return await post(floor, f"/results/{made['id']}/reverse", reason="오입력")


async def reached(floor: httpx.AsyncClient, lot: str) -> list[tuple[str, str]]:
    """The lots and the quantities of the shipments that a recall of a lot finds."""
    return [(one["lot"], one["quantity"]) for one in (await get(floor, f"/lots/{lot}/recall"))["shipments"]]


async def test_a_report_that_is_taken_back_after_its_pieces_were_shipped_is_looked_at_and_recalled(
    world: World, floor: httpx.AsyncClient
) -> None:
    stamping, packing = await product(world, floor, [COIL | {"op": 10}], ops=2, lot_tracked=True)
    coil = await receive(floor, of(stamping, "COIL"), 100)
    stamped, packed = await report(floor, stamping, 30), await report(floor, packing, 30, lot="FG-SHIPPED")
    await post(floor, "/lots/FG-SHIPPED/ship", customer="대성", quantity=30)
    assert flags(await take_back(floor, packed)) == ["shipped"]
    assert await left(floor, "FG-SHIPPED") == "-30"
    assert await to_look_at(floor, packing) == [("-30", ["shipped"])]
    movement = (await get(floor, "/lot-movements", lot="FG-SHIPPED", flagged=True))["items"][0]
    assert (movement["kind"], movement["quantity"], movement["flags"]) == ("produced", "-30", ["shipped"])
    assert flags(await take_back(floor, stamped)) == []
    assert await reached(floor, coil) == [("FG-SHIPPED", "30")]
    await report(floor, stamping, 30)
    assert flags(await report(floor, packing, 30, lot="FG-SHIPPED")) == []
    assert (await left(floor, "FG-SHIPPED"), await reached(floor, coil)) == ("0", [("FG-SHIPPED", "30")])


async def test_a_report_is_taken_back_of_which_a_part_was_shipped(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await product(world, floor, [COIL], lot_tracked=True)
    coil = await receive(floor, of(job, "COIL"), 100)
    made = await report(floor, job, 30, lot="FG-WHOLE")
    await post(floor, "/lots/FG-WHOLE/split", quantity=20, lot="FG-PART")
    await post(floor, "/lots/FG-PART/ship", customer="대성", quantity=15)
    assert flags(await take_back(floor, made)) == ["shipped"]
    assert [await left(floor, lot) for lot in ("FG-WHOLE", "FG-PART")] == ["-15", "0"]
    assert await reached(floor, coil) == [("FG-PART", "15")]


async def test_a_correction_to_less_than_was_shipped_is_looked_at_and_one_to_more_is_not(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [COIL], lot_tracked=True)
    await receive(floor, of(job, "COIL"), 100)
    made = await report(floor, job, 30, lot="FG-CORRECTED")
    await post(floor, "/lots/FG-CORRECTED/ship", customer="대성", quantity=25)
    more = await post(floor, f"/results/{made['id']}/correct", good=28, reason="다시 셈")
    assert (flags(more), await to_look_at(floor, job)) == ([], [])
    fewer = await post(floor, f"/results/{more['id']}/correct", good=20, reason="다시 셈")
    assert (flags(fewer), await to_look_at(floor, job)) == (["shipped"], [("20", ["shipped"])])


async def test_a_receipt_that_was_none_is_flagged_when_its_lot_is_used_up(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [COIL])
    coil = await receive(floor, of(job, "COIL"), 50)
    await post(floor, f"/jobs/{job['id']}/consumptions", lot=coil, quantity=50)
    receipt = (await get(floor, "/lot-movements", lot=coil, kind="received"))["items"][0]
    fewer = await post(floor, f"/lot-movements/{receipt['id']}/correct", quantity=40, reason="오타")
    assert (flags(fewer), await left(floor, coil)) == (["lot_short"], "-10")
    gone = await post(floor, f"/lot-movements/{fewer['id']}/reverse", reason="없는 입고")
    assert (flags(gone), await left(floor, coil)) == (["lot_short"], "-50")


async def test_pieces_after_the_scanned_lot_was_used_up_are_seen_to_have_no_material(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [COIL])
    first, other = [await receive(floor, of(job, "COIL"), 100) for _ in range(2)]
    await post(floor, f"/jobs/{job['id']}/consumptions", lot=first, quantity=10)
    await post(floor, f"/lots/{first}/count", 200, quantity=5, reason="실사")
    assert flags(await report(floor, job, 15, lot="FG-A")) == []
    assert await left(floor, other) == "100"
    assert flags(await report(floor, job, 8, lot="FG-B")) == ["without_material"]
    assert await to_look_at(floor, job) == [("8", ["without_material"])]
    await post(floor, f"/jobs/{job['id']}/consumptions", lot=other, quantity=20)
    assert flags(await report(floor, job, 12, lot="FG-C")) == []
    assert (await made_of(floor, "FG-B"), await made_of(floor, "FG-C")) == ({first: "0", other: "8"}, {other: "12"})
    materials = (await get(floor, f"/jobs/{job['id']}/materials"))["items"]
    assert [(one["consumed"], one["without_material"]) for one in materials] == [("35", "0")]


async def test_only_pieces_of_what_is_followed_are_seen_to_have_no_material(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [COIL], lot_tracked=True)
    made = await report(floor, job, 4)
    assert flags(made) == ["without_material"]
    assert flags(await report(floor, job, 3, reworked=True)) == ["beyond_rework"]
    materials = (await get(floor, f"/jobs/{job['id']}/materials"))["items"]
    assert [one["without_material"] for one in materials] == ["4"]
    async with world.client("orders", "planner") as orders:
        untracked = {"name": "코일", "kind": "raw", "unit": "kg"}
        assert (await orders.put(f"/items/{of(job, 'COIL')}", json=untracked)).status_code == 200

    async def is_tracked() -> bool:
        return bool((await get(floor, f"/jobs/{job['id']}/materials"))["items"][0]["is_lot_tracked"])

    await eventually(is_tracked, lambda seen: not seen)
    assert flags(await report(floor, job, 4)) == []
