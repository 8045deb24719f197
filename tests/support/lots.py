"""A shop that follows lots: coils and glue become brackets, motors have numbers, covers are followed by nobody."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.support.factory import define_bracket, new_order, release_order
from tests.support.working_day import SEOUL
from tests.support.world import World, eventually, key

MASTER: dict[str, dict[str, Any]] = {
    "items/COIL": {"name": {"ko": "코일", "en": "coil"}, "kind": "raw", "unit": "kg", "lot_tracked": True},
    "items/PLATE": {"name": "판재", "kind": "raw", "unit": "kg", "lot_tracked": True},
    "items/GLUE": {"name": "접착제", "kind": "purchased", "unit": "kg", "lot_tracked": True, "shelf_life_d": 30},
    "items/BR": {"name": "브라켓", "kind": "finished", "lot_tracked": True, "lot_rule": "BR{yymmdd}{shift}-{nn}"},
    "items/MOTOR": {"name": "모터", "kind": "finished", "serial_tracked": True},
    "items/PLAIN": {"name": "커버", "kind": "finished"},
    "boms/BR": {
        "lines": [
            {
                "component": "COIL",
                "quantity": "0.5",
                "scrap_pct": "10",
                "op": 10,
                "alternates": [{"component": "PLATE", "quantity": "1"}],
            },
            {"component": "GLUE", "quantity": "0.01", "op": 20},
        ]
    },
    "boms/PLAIN": {"lines": [{"component": "COIL", "quantity": "2"}]},
    "routings/BR": {
        "operations": [{"op": 10, "name": "타발", "machine": "PR1"}, {"op": 20, "name": "조립", "machine": "PK"}]
    },
    "routings/MOTOR": {"operations": [{"op": 10, "name": "조립", "machine": "PK"}]},
    "routings/PLAIN": {"operations": [{"op": 10, "name": "타발", "machine": "PR2"}]},
}


async def define_lots(world: World) -> None:
    """The bracket's machines and defects, and what is made of what."""
    await define_bracket(world)
    async with world.client("orders", "planner") as orders:
        for path, body in MASTER.items():
            answer = await orders.put(f"/{path}", json=body)
            assert answer.status_code == 201, (path, answer.text)


async def post(client: httpx.AsyncClient, path: str, status: int = 201, **body: Any) -> dict[str, Any]:
    """A command that succeeds; its answer."""
    answer = await client.post(path, json=body, headers=key())
    assert answer.status_code == status, (path, answer.text)
    answer_body: dict[str, Any] = answer.json()
    return answer_body


async def get(client: httpx.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    """Read ``path``; the answer has to be 200."""
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    answer_body: dict[str, Any] = answer.json()
    return answer_body


async def receive(floor: httpx.AsyncClient, item: str, quantity: int | str, **more: Any) -> str:
    """A delivery; its lot's number."""
    return str((await post(floor, "/lots", item=item, quantity=quantity, **more))["lot"])


async def left(floor: httpx.AsyncClient, lot: str) -> str:
    """The rest of a lot."""
    return str((await get(floor, f"/lots/{lot}"))["remaining"])


async def jobs_for(
    world: World, floor: httpx.AsyncClient, item: str = "BR", quantity: int = 100
) -> list[dict[str, Any]]:
    """The jobs of a new order, by operation."""
    order = await release_order(world, await new_order(world, item=item, quantity=quantity))

    async def look() -> list[dict[str, Any]]:
        found = (await get(floor, "/jobs", work_order=order["id"]))["items"]
        return sorted(found, key=lambda job: job["op"])

    return await eventually(look, lambda jobs: len(jobs) > 0)


async def product(
    world: World, floor: httpx.AsyncClient, lines: list[dict[str, Any]], ops: int = 1, quantity: int = 100, **item: Any
) -> list[dict[str, Any]]:
    """The jobs of an order of a new item; its components are new as well, so that no test has another one's stock."""
    code = f"P-{uuid4().hex[:6].upper()}"
    components = {other["component"] for line in lines for other in (line, *line.get("alternates", []))}
    async with world.client("orders", "planner") as orders:
        for component in sorted(components):
            raw = {"name": component, "kind": "raw", "unit": "kg", "lot_tracked": True}
            assert (await orders.put(f"/items/{code}-{component}", json=raw)).status_code == 201
        assert (await orders.put(f"/items/{code}", json={"name": code, "kind": "finished"} | item)).status_code == 201
        named = [_renamed(line, code) for line in lines]
        if named:
            answer = await orders.put(f"/boms/{code}", json={"lines": named})
            assert answer.status_code == 201, answer.text
        steps = [{"op": 10 * n, "name": f"{n}", "machine": "PK"} for n in range(1, ops + 1)]
        assert (await orders.put(f"/routings/{code}", json={"operations": steps})).status_code == 201
    order = await release_order(world, await new_order(world, item=code, quantity=quantity))

    async def look() -> list[dict[str, Any]]:
        found = (await get(floor, "/jobs", work_order=order["id"]))["items"]
        return sorted(found, key=lambda job: job["op"])

    return await eventually(look, lambda jobs: len(jobs) == ops)


def _renamed(line: dict[str, Any], code: str) -> dict[str, Any]:
    others = [_renamed(other, code) for other in line.get("alternates", [])]
    return line | {"component": f"{code}-{line['component']}"} | ({"alternates": others} if others else {})


def of(job: dict[str, Any], component: str) -> str:
    """The component's code beside this job's item."""
    return f"{job['item']}-{component}"


async def report(floor: httpx.AsyncClient, job: dict[str, Any], good: int, **more: Any) -> dict[str, Any]:
    """Good pieces of a job, and more."""
    return await post(floor, f"/jobs/{job['id']}/results", good=good, **more)


async def made_of(floor: httpx.AsyncClient, lot: str) -> dict[str, str]:
    """What went into a lot at once, by lot."""
    trace = await get(floor, f"/lots/{lot}/trace", direction="backward")
    return {edge["source"]: edge["quantity"] for edge in trace["edges"] if edge["target"] == lot}


def days_ago(days: int) -> str:
    """A moment so many days before now, as a tablet writes it."""
    return (datetime.now(SEOUL) - timedelta(days=days)).isoformat()
