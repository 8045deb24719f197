"""Jobs of released orders, and what an operator does with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx

from tests.support.factory import new_order, release_order
from tests.support.world import World, eventually, key


async def jobs_of(floor: httpx.AsyncClient, order: dict[str, Any], *, operations: int = 2) -> list[dict[str, Any]]:
    async def look() -> list[dict[str, Any]]:
        found = (await floor.get("/jobs", params={"work_order": order["id"]})).json()["items"]
        return sorted(found, key=lambda job: job["op"])

    return await eventually(look, lambda jobs: len(jobs) == operations)


async def first_job(
    world: World, floor: httpx.AsyncClient, quantity: int = 100, *, released_d: float = 10
) -> tuple[dict[str, Any], dict[str, Any]]:
    """An order as if it had been released some days ago, and its first operation."""
    order = await release_order(world, await new_order(world, quantity=quantity))
    jobs = await jobs_of(floor, order)
    await world.fetch(
        "production",
        "UPDATE job SET released_at = released_at - $2::interval WHERE work_order = $1",
        order["id"],
        timedelta(days=released_d),
    )
    return order, jobs[0]


def ago(**time: float) -> str:
    """So long ago, as a tablet writes it."""
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


async def do(floor: httpx.AsyncClient, job: dict[str, Any], command: str, **body: Any) -> httpx.Response:
    return await floor.post(f"/jobs/{job['id']}/{command}", json=body, headers=key())


async def state_of(floor: httpx.AsyncClient, machine: str) -> tuple[str, str | None]:
    shown = (await floor.get(f"/machines/{machine}")).json()
    return shown["state"], shown["reason"] and shown["reason"]["code"]


async def idle_since(world: World, machine: str, **time: float) -> None:
    """As if the machine had been idle for so long already."""
    connection = await asyncpg.connect(world.urls["production"])
    try:
        await connection.execute("DELETE FROM machine_state WHERE machine = $1 AND ends IS NOT NULL", machine)
        since = datetime.fromisoformat(ago(**time))
        await connection.execute("UPDATE machine_state SET begins = $2 WHERE machine = $1", machine, since)
    finally:
        await connection.close()
