"""What a planner and an operator do in these tests."""

from typing import Any

import httpx

from tests.support.factory import new_order, release_order
from tests.support.world import World, eventually, key


async def post(client: httpx.AsyncClient, path: str, body: Any = None, status: int = 200) -> Any:
    """The answer to a command, whose status is as expected."""
    answer = await client.post(path, json=body, headers=key())
    assert answer.status_code == status, answer.text
    return answer.json()


async def released(world: World, quantity: int = 100, **more: Any) -> dict[str, Any]:
    """A released order."""
    return await release_order(world, await new_order(world, quantity=quantity, **more))


async def jobs_of(floor: httpx.AsyncClient, number: str, **expected: Any) -> list[dict[str, Any]]:
    """An order's jobs by operation, once the first of them is as ``expected``."""

    async def look() -> list[dict[str, Any]]:
        found = (await floor.get("/jobs", params={"work_order": number})).json()["items"]
        return sorted(found, key=lambda job: int(job["op"]))

    return await eventually(look, lambda jobs: bool(jobs) and expected.items() <= jobs[0].items())


async def order_once(planner: httpx.AsyncClient, order: dict[str, Any], **expected: Any) -> dict[str, Any]:
    """The order, once it is as ``expected``; ``good_10``, ``rework_in_10`` and ``state_10`` are of its operation 10."""

    async def look() -> dict[str, Any]:
        seen: dict[str, Any] = (await planner.get(f"/work-orders/{order['id']}")).json()
        return seen | {
            f"{name}_{step['op']}": step[name] for step in seen["operations"] for name in ("good", "rework_in", "state")
        }

    return await eventually(look, lambda seen: expected.items() <= seen.items())


async def work(floor: httpx.AsyncClient, job: dict[str, Any], good: int, **more: Any) -> None:
    """Start, report and finish."""
    await post(floor, f"/jobs/{job['id']}/start")
    await post(floor, f"/jobs/{job['id']}/results", {"good": good, **more}, 201)
    await post(floor, f"/jobs/{job['id']}/finish")


async def floor_knows(world: World, order: dict[str, Any], state: str) -> None:
    """Wait until the floor has heard of the order's state: what comes now is flagged or refused by it."""

    async def look() -> set[str]:
        rows = await world.fetch("production", f"SELECT order_state FROM job WHERE work_order = '{order['id']}'")
        return {row["order_state"] for row in rows}

    await eventually(look, lambda states: states == {state})


async def once(client: httpx.AsyncClient, path: str, **expected: Any) -> dict[str, Any]:
    """The answer, once it is as ``expected``."""

    async def look() -> dict[str, Any]:
        seen: dict[str, Any] = (await client.get(path)).json()
        return seen

    return await eventually(look, lambda seen: expected.items() <= seen.items())
