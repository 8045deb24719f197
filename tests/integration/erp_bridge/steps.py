"""What an ERP and a shop do in these tests."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.support.world import World, eventually, key


def erp_order(**different: Any) -> dict[str, Any]:
    """An order as an ERP sends it, with an external id of its own."""
    due = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0).isoformat()
    return {"external_id": f"SO-{uuid4().hex[:8]}-1", "item": "HB1001", "quantity": "100", "due_at": due} | different


async def seen_order(erp: httpx.AsyncClient, external_id: str, state: str, within: str = "state") -> dict[str, Any]:
    """The order as the ERP sees it, once ``within`` is ``state``."""

    async def look() -> dict[str, Any]:
        items = (await erp.get("/orders", params={"q": external_id})).json()["items"]
        found: dict[str, Any] = next(item for item in items if item["external_id"] == external_id)
        return found

    return await eventually(look, lambda order: order[within] == state)


async def accepted_order(erp: httpx.AsyncClient, **different: Any) -> dict[str, Any]:
    """An order that has become a draft work order."""
    body = erp_order(**different)
    answer = await erp.post("/orders", json=body)
    assert answer.status_code == 201, answer.text
    return await seen_order(erp, body["external_id"], "accepted")


async def released_order(world: World, erp: httpx.AsyncClient, **different: Any) -> dict[str, Any]:
    """An order that is released to the floor."""
    order = await accepted_order(erp, **different)
    async with world.client("orders", "planner") as orders:
        answer = await orders.post(f"/work-orders/{order['work_order']}/release", headers=key())
        assert answer.status_code == 200, answer.text
    return await seen_order(erp, order["external_id"], "released", "work_order_state")


async def first_job(world: World, number: str) -> dict[str, Any]:
    """The first operation's job, once it is there."""
    async with world.client("production", "operator") as production:

        async def look() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = (await production.get("/jobs", params={"work_order": number})).json()["items"]
            return found

        return min(await eventually(look, bool), key=lambda job: int(job["op"]))


async def act(world: World, path: str, **body: Any) -> dict[str, Any]:
    """What an operator does on the floor."""
    async with world.client("production", "operator") as production:
        answer = await production.post(path, json=body, headers=key())
        assert answer.status_code in (200, 201), answer.text
        done: dict[str, Any] = answer.json()
        return done


async def confirmations(erp: httpx.AsyncClient, external_id: str, count: int) -> list[dict[str, Any]]:
    """What the ERP was told about an order, once it is ``count`` rows; read page by page as an ERP does."""

    async def look() -> list[dict[str, Any]]:
        return [row for row in await read_ledger(erp) if row["external_id"] == external_id]

    return await eventually(look, lambda rows: len(rows) == count)


async def read_ledger(erp: httpx.AsyncClient, limit: int = 100) -> list[dict[str, Any]]:
    """The whole ledger, by cursor."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = "0"
    while cursor is not None:
        page = (await erp.get("/confirmations", params={"cursor": cursor, "limit": limit})).json()
        rows += page["items"]
        cursor = page["next_cursor"]
    return rows
