"""A shop that follows lots: coils and glue become brackets, motors have numbers, covers are followed by nobody."""

from typing import Any

import httpx

from tests.support.factory import define_bracket, new_order, release_order
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
