"""The floor and its orders are published again: whoever listens learns nothing new, and the ERP hears nothing twice."""

from typing import Any

import httpx
import pytest

from tests.integration.erp_bridge.steps import act, confirmations, first_job, read_ledger, released_order
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio
LAST_PUBLISHED = "SELECT aggregate, max(version) AS version FROM outbox GROUP BY aggregate"
LAST_APPLIED = "SELECT aggregate, version FROM inbox WHERE stream = $1"
FLOOR_KINDS = ("job", "machine", "andon", "review", "unassigned")


async def publish_again(world: World, app: str, kind: str) -> int:
    async with world.client(app, "admin") as admin:  # type: ignore[arg-type]
        answer = await admin.post("/republish", json={"kind": kind}, headers=key())
        assert answer.status_code == 200, answer.text
        return int(answer.json()["published"])


async def applied_everywhere(world: World, publisher: str, readers: tuple[str, ...]) -> None:
    last = {row["aggregate"]: row["version"] for row in await world.fetch(publisher, LAST_PUBLISHED)}
    for reader in readers:

        async def behind(reader: str = reader) -> dict[str, int]:
            rows = await world.fetch(reader, LAST_APPLIED, publisher.upper())
            applied = {row["aggregate"]: row["version"] for row in rows}
            return {aggregate: version for aggregate, version in last.items() if applied.get(aggregate, 0) < version}

        assert await eventually(behind, lambda left: not left) == {}


async def seen(world: World, erp: httpx.AsyncClient, number: str) -> dict[str, Any]:
    async with world.client("orders", "planner") as orders, world.client("production", "leader") as floor:
        return {
            "order": (await orders.get(f"/work-orders/{number}")).json()["operations"],
            "state": (await orders.get(f"/work-orders/{number}")).json()["state"],
            "history": len((await orders.get(f"/work-orders/{number}/history")).json()["items"]),
            "jobs": (await floor.get("/jobs", params={"work_order": number})).json(),
            "machines": await world.fetch(
                "production", "SELECT id, machine, state, begins, ends FROM machine_state ORDER BY id"
            ),
            "measured": await world.fetch("orders", "SELECT job, round(seconds) AS seconds, pieces FROM measured_run"),
            "confirmed": await read_ledger(erp),
        }


async def test_the_floor_and_its_orders_are_published_again(world: World, erp: httpx.AsyncClient) -> None:
    order = await released_order(world, erp)
    job = await first_job(world, order["number"])
    await act(world, f"/jobs/{job['id']}/start")
    await act(world, f"/jobs/{job['id']}/results", good=60, scrap=[{"defect": "BURR", "quantity": 2}])
    await act(world, f"/jobs/{job['id']}/finish")
    await act(world, "/andon-calls", machine=job["machine"], kind="material")
    await act(world, f"/machines/{job['machine']}/unassigned", good=5)
    await confirmations(erp, order["external_id"], 2)
    await applied_everywhere(world, "production", ("orders", "quality", "erp_bridge"))
    before = await seen(world, erp, order["number"])

    published = {kind: await publish_again(world, "production", kind) for kind in FLOOR_KINDS}
    assert published["job"] >= 2
    assert (published["andon"], published["review"], published["unassigned"]) == (1, 0, 1)
    assert published["machine"] >= 1
    assert await publish_again(world, "orders", "work_order") >= 1

    await applied_everywhere(world, "production", ("orders", "quality", "erp_bridge"))
    await applied_everywhere(world, "orders", ("production", "quality", "erp_bridge"))
    assert await seen(world, erp, order["number"]) == before
