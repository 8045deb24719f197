"""Pieces that go out to a subcontractor and come back."""

from typing import Any

import httpx
import pytest

from tests.support.factory import new_order, release_order
from tests.support.jobs import do, jobs_of
from tests.support.world import World, key

pytestmark = pytest.mark.anyio


@pytest.fixture
async def plated(world: World, floor: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """An assembly of 50, and its plating outside."""
    async with world.client("orders", "planner") as orders:
        await orders.put("/work-centers/BENCH", json={"name": "수작업대"})
        await orders.put("/items/PLATED", json={"name": "도금품", "kind": "finished"})
        steps = [{"op": 10, "name": "조립", "work_center": "BENCH"}, {"op": 20, "name": "도금", "subcontract": True}]
        await orders.put("/routings/PLATED", json={"operations": steps})
    order = await release_order(world, await new_order(world, item="PLATED", quantity=50))
    assembly, plating = await jobs_of(floor, order)
    return assembly, plating


async def test_plating_goes_out_and_comes_back(
    floor: httpx.AsyncClient, plated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assembly, plating = plated
    assert plating["subcontract"]
    await do(floor, assembly, "results", good=50)
    out = await do(floor, plating, "send", quantity=30, supplier="대성도금", due_at="2026-12-04T18:00:00+09:00")
    assert (out.status_code, out.json()["state"], out.json()["sent"], out.json()["crew"]) == (200, "running", "30", [])
    assert (await do(floor, plating, "send", quantity=20)).json()["command_flags"] == []
    back = (await do(floor, plating, "results", good=45, scrap=[{"defect": "DENT", "quantity": 1}])).json()
    assert (back["job"]["sent"], back["flags"]) == ("4", [])
    more = (await do(floor, plating, "results", good=5)).json()
    assert (more["job"]["sent"], more["flags"]) == ("0", ["beyond_ready", "beyond_sent"])
    sendings = (await floor.get(f"/jobs/{plating['id']}/sendings")).json()["items"]
    assert [(sent["quantity"], sent["supplier"]) for sent in sendings] == [("30", "대성도금"), ("20", None)]
    known = (await floor.get("/subcontractors")).json()["items"]
    assert [one["supplier"] for one in known] == ["대성도금"]
    assert (await do(floor, plating, "finish")).json()["state"] == "done"


async def test_more_than_there_was_is_sent_and_flagged(
    floor: httpx.AsyncClient, plated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assembly, plating = plated
    assert (await do(floor, plating, "send", quantity=5)).status_code == 409
    await do(floor, assembly, "results", good=10)
    assert (await do(floor, plating, "send", quantity=12)).json()["command_flags"] == ["beyond_ready"]


async def test_what_comes_back_is_taken_back_and_is_out_again(
    floor: httpx.AsyncClient, plated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assembly, plating = plated
    await do(floor, assembly, "results", good=50)
    await do(floor, plating, "send", quantity=50)
    made = (await do(floor, plating, "results", good=20)).json()["id"]
    taken = await floor.post(f"/results/{made}/reverse", json={}, headers=key())
    assert taken.json()["job"]["sent"] == "50"


async def test_what_the_shop_reworks_itself_leaves_those_that_are_out_where_they_are(
    floor: httpx.AsyncClient, plated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assembly, plating = plated
    await do(floor, assembly, "results", good=50)
    await do(floor, plating, "send", quantity=30)
    await do(floor, plating, "results", good=5, rework=5)
    reworked = (await do(floor, plating, "results", good=4, reworked=True)).json()
    assert (reworked["job"]["sent"], reworked["job"]["rework_in"], reworked["flags"]) == ("20", "1", [])
    taken = await floor.post(f"/results/{reworked['id']}/reverse", json={}, headers=key())
    assert (taken.json()["job"]["sent"], taken.json()["job"]["rework_in"]) == ("20", "5")


async def test_what_goes_out_again_to_be_reworked_does_not_wait_for_it_here(
    floor: httpx.AsyncClient, plated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assembly, plating = plated
    await do(floor, assembly, "results", good=50)
    await do(floor, plating, "send", quantity=30)
    await do(floor, plating, "results", good=20, rework=10)
    too_many = await do(floor, plating, "send", quantity=3, reworked=4)
    assert (too_many.status_code, too_many.json()["errors"][0]["field"]) == (422, "reworked")
    said = (await do(floor, plating, "send", quantity=4, reworked=4)).json()
    assert (said["sent"], said["rework_in"], said["command_flags"]) == ("4", "6", [])
    unsaid = (await do(floor, plating, "send", quantity=26)).json()
    assert (unsaid["sent"], unsaid["rework_in"], unsaid["command_flags"]) == ("30", "0", [])
    sendings = (await floor.get(f"/jobs/{plating['id']}/sendings")).json()["items"]
    assert [one["reworked"] for one in sendings] == ["0", "4", "6"]
    back = (await do(floor, plating, "results", good=30)).json()
    assert (back["job"]["sent"], back["job"]["good"], back["flags"]) == ("0", "50", [])


async def test_what_was_reworked_before_the_plating_goes_out_as_other_pieces_do(
    world: World, floor: httpx.AsyncClient
) -> None:
    async with world.client("orders", "planner") as orders:
        await orders.put("/items/PLATED3", json={"name": "도금품", "kind": "finished"})
        steps = [{"op": op, "name": f"{op}", "machine": "PK"} for op in (10, 20, 30)]
        steps[1] = {"op": 20, "name": "도금", "subcontract": True}
        await orders.put("/routings/PLATED3", json={"operations": steps})
    order = await release_order(world, await new_order(world, item="PLATED3", quantity=50))
    assembly, plating, packing = await jobs_of(floor, order, operations=3)
    await do(floor, assembly, "results", good=50)
    await do(floor, plating, "send", quantity=50)
    await do(floor, plating, "results", good=48, rework=2)
    await do(floor, packing, "results", good=40, rework=3, rework_op=10)
    await do(floor, assembly, "results", good=3, reworked=True)
    out = (await do(floor, plating, "send", quantity=3)).json()
    assert (out["sent"], out["rework_in"], out["command_flags"]) == ("3", "2", [])


async def test_an_operation_of_the_shop_is_not_sent_out(
    floor: httpx.AsyncClient, plated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    refused = await do(floor, plated[0], "send", quantity=1)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_subcontracted")
