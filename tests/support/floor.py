"""A furnished shop: people, master data and released orders, all made through the public API."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx

from tests.support.world import TRUST, eventually, key

PASSWORD = "a long pass phrase 4711"
DEFECTS = ("BURR", "DENT", "SCRATCH")


class SetUp(Protocol):
    """A suite that runs and has no person yet."""

    @property
    def address(self) -> str: ...
    @property
    def setup_token(self) -> str: ...


@dataclass(frozen=True)
class Job:
    """One operation of a released order."""

    id: str
    work_order: str
    external_id: str
    op: int


@dataclass(frozen=True)
class Floor:
    """Where to report to, and as whom."""

    origin: str
    token: str
    """A session of somebody who reports, plans and looks."""
    jobs: tuple[Job, ...]

    def client(self, **more: Any) -> httpx.AsyncClient:
        """A client with the session."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        return httpx.AsyncClient(base_url=f"{self.origin}/api/v1", headers=headers, timeout=20, verify=TRUST, **more)


async def furnish(suite: SetUp, *, orders: int, quantity: int = 1_000_000) -> Floor:
    """Set the shop up, define a bracket of two operations, take the ERP's orders in and release them."""
    async with httpx.AsyncClient(base_url=f"{suite.address}/api/v1", timeout=20) as client:
        body = {"token": suite.setup_token, "login": "boss", "name": "Boss", "password": PASSWORD}
        client.headers["Authorization"] = f"Bearer {(await _post(client, '/setup', body))['access_token']}"
        roles = ["operator", "planner", "quality", "admin"]
        person = {"code": "P01", "name": "Kim", "roles": roles, "login": "kim", "password": PASSWORD}
        await _post(client, "/people", person)
        erp_key = (await _post(client, "/api-keys", {"name": "erp", "roles": ["erp"]}))["key"]
        session = await _post(client, "/sessions", {"login": "kim", "password": PASSWORD})
    floor = Floor(suite.address, session["access_token"], ())
    async with floor.client() as client:
        await _define(client)
        await _take_orders(client, erp_key, orders, quantity)
        return Floor(floor.origin, floor.token, await _release(client, orders))


async def _define(client: httpx.AsyncClient) -> None:
    operations = [
        {"op": 10, "name": "stamping", "machine": "PR1", "cycle_s": "1.5"},
        {"op": 20, "name": "packing", "machine": "PK1", "cycle_s": "3"},
    ]
    things: dict[str, dict[str, Any]] = {
        "orders/work-centers/PRESS": {"name": "press"},
        "orders/machines/PR1": {"name": "press 1", "work_center": "PRESS"},
        "orders/machines/PK1": {"name": "packing 1", "work_center": "PRESS"},
        "orders/shifts/D": {"name": "day", "starts": "08:30", "ends": "20:30"},
        "orders/shifts/N": {"name": "night", "starts": "20:30", "ends": "08:30"},
        "orders/items/HB1001": {"name": "bracket", "kind": "finished"},
        "orders/routings/HB1001": {"operations": operations},
        **{f"quality/defects/{code}": {"name": code.lower()} for code in DEFECTS},
    }
    for path, body in things.items():
        answer = await client.put(f"/{path}", json=body)
        assert answer.status_code in (200, 201), (path, answer.text)


async def _take_orders(client: httpx.AsyncClient, erp_key: str, orders: int, quantity: int) -> None:
    due = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    headers = {"Authorization": f"Bearer {erp_key}"}

    async def items() -> list[Any]:
        found: list[Any] = (await client.get("/erp/orders")).json()["items"]
        return found

    for number in range(orders):
        body = {"external_id": f"SO-{number:03}", "item": "HB1001", "quantity": str(quantity), "due_at": due}
        await _post(client, "/erp/orders", body, headers)
    await eventually(items, lambda found: len([o for o in found if o["state"] == "accepted"]) == orders)


async def _release(client: httpx.AsyncClient, orders: int) -> tuple[Job, ...]:
    made = (await client.get("/orders/work-orders", params={"limit": 200})).json()["items"]
    external = {order["id"]: order["external_id"] for order in made}
    for order in made:
        await _post(client, f"/orders/work-orders/{order['id']}/release", None)

    async def items() -> list[Any]:
        found: list[Any] = (await client.get("/production/jobs", params={"limit": 200})).json()["items"]
        return found

    jobs = await eventually(items, lambda found: len(found) == 2 * orders)
    first = next(job for job in jobs if job["op"] == 10)  # a machine runs one job at a time
    await _post(client, f"/production/jobs/{first['id']}/start", {})
    return tuple(Job(job["id"], job["work_order_id"], external[job["work_order_id"]], job["op"]) for job in jobs)


async def _post(client: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    answer = await client.post(path, json=body, headers={**key(), **(headers or {})})
    assert answer.status_code in (200, 201), (path, answer.text)
    return answer.json()
