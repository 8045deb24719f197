"""A press with orders for some days and two operators: what a tablet needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.caller import Caller, Shop
from tests.support.factory import furnish
from tests.support.world import eventually

MACHINE = "PR1"
OPERATOR = "OP7"
SECOND = "OP8"
PIN = "482917"
BOX = 200


async def prepare(shop: Shop, orders: int) -> Caller:
    """The shop's administrator, once everything is there."""
    admin = await shop.set_up()
    await furnish(admin)
    for code, name in ((OPERATOR, "박작업"), (SECOND, "김교대")):
        await admin.post("/people", {"code": code, "name": name, "roles": ["operator"], "pin": PIN})
    for _ in range(orders):
        await release_order(admin)
    return admin


async def release_order(admin: Caller, quantity: int = 20_000, item: str = "HB1001") -> dict[str, Any]:
    """A released order that the press knows, due after those before it."""
    before = await admin.every("/production/jobs", machine=MACHINE)
    due = (datetime.now(UTC) + timedelta(days=len(before) + 1)).isoformat()
    order: dict[str, Any] = await admin.post("/orders/work-orders", {"item": item, "quantity": quantity, "due_at": due})
    await admin.post(f"/orders/work-orders/{order['id']}/release")
    await eventually(lambda: job_of(admin, order), lambda job: job is not None)
    return order


async def job_of(admin: Caller, order: dict[str, Any]) -> dict[str, Any] | None:
    """The order's job at the press, as the server has it."""
    found = await admin.every("/production/jobs", work_order=order["id"])
    return next((job for job in found if job["op"] == 10), None)


async def until(admin: Caller, order: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The order's job at the press, once it is like that."""
    job = await eventually(lambda: job_of(admin, order), lambda job: job is not None and facts.items() <= job.items())
    assert job is not None
    return job
