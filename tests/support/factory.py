"""Small factories of shop-floor things."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.caller import Caller
from tests.support.world import World, eventually, key

BRACKET: dict[str, dict[str, Any]] = {
    "work-centers/PRESS": {"name": {"ko": "프레스", "en": "press"}},
    "work-centers/PACK": {"name": "포장"},
    "machines/PR1": {"name": {"ko": "1호기", "en": "press 1"}, "work_center": "PRESS"},
    "machines/PR2": {"name": {"ko": "2호기", "en": "press 2"}, "work_center": "PRESS"},
    "machines/PK": {"name": "포장대", "work_center": "PACK"},
    "reasons/U2": {"name": {"ko": "설비고장", "en": "machine failure"}, "kind": "unplanned"},
    "reasons/S1": {"name": {"ko": "금형교체", "en": "die change"}, "kind": "setup"},
    "shifts/D": {"name": "주간", "starts": "08:30", "ends": "19:30"},
    "shifts/N": {"name": "야간", "starts": "19:30", "ends": "08:30"},
    "items/HB1001": {
        "name": {"ko": "마운팅 브라켓", "en": "mounting bracket"},
        "kind": "finished",
        "box_quantity": 200,
    },
    "routings/HB1001": {
        "operations": [
            {"op": 10, "name": {"ko": "프로그레시브", "en": "stamping"}, "machine": "PR1", "cycle_s": "1.5"},
            {
                "op": 20,
                "name": {"ko": "검사·포장", "en": "inspect and pack"},
                "machine": "PK",
                "cycle_s": 3,
                "crew": 2,
            },
        ]
    },
}
"""The definitions of a mounting bracket, by path: stamped on a press, then packed; one shift and the night, two
reasons."""
DEFECTS = {"BURR": "버", "DENT": "찍힘"}


COPIED = ("machine", "shift", "item", "reason")
"""What the floor copies of the definitions, by its tables."""


async def define_bracket(world: World) -> None:
    """The bracket's definitions and the defects, known to the services that run."""
    async with world.client("orders", "planner") as orders:
        for path, body in BRACKET.items():
            answer = await orders.put(f"/{path}", json=body)
            assert answer.status_code == 201, (path, answer.text)
    if "quality" in world.apps:
        async with world.client("quality", "quality") as quality:
            for code, name in DEFECTS.items():
                answer = await quality.put(f"/defects/{code}", json={"name": name})
                assert answer.status_code in (200, 201), answer.text
    if "production" in world.apps:
        due = {table: sum(path.startswith(f"{table}s/") for path in BRACKET) for table in COPIED}
        counts = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in COPIED)

        async def lacking() -> set[str]:
            [found] = await world.fetch("production", f"SELECT {counts}")
            return {table for table in COPIED if found[table] < due[table]}

        await eventually(lacking, lambda tables: not tables)


async def furnish(admin: Caller) -> None:
    """The same through the public API, until the floor and the ERP bridge know it."""
    for path, body in BRACKET.items():
        await admin.put(f"/orders/{path}", body)
    for code, name in DEFECTS.items():
        await admin.put(f"/quality/defects/{code}", {"name": name})

    async def machines() -> list[Any]:
        return await admin.every("/production/machines")

    async def reasons() -> int:
        return len((await admin.get("/production/reasons"))["items"])

    await eventually(machines, lambda found: len(found) == 3)
    await eventually(reasons, lambda count: count == 2)


async def new_order(world: World, *, item: str = "HB1001", quantity: int | str = 100, **more: Any) -> dict[str, Any]:
    """A draft, due in three days."""
    due = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    async with world.client("orders", "planner") as orders:
        answer = await orders.post(
            "/work-orders", json={"item": item, "quantity": quantity, "due_at": due} | more, headers=key()
        )
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created


async def release_order(world: World, order: dict[str, Any]) -> dict[str, Any]:
    """The order, released."""
    async with world.client("orders", "planner") as orders:
        answer = await orders.post(f"/work-orders/{order['id']}/release", headers=key())
        assert answer.status_code == 200, answer.text
        released: dict[str, Any] = answer.json()
        return released
