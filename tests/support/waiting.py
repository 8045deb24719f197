"""Waiting for what a shop's events bring about."""

from typing import Any

from tests.support.caller import Caller
from tests.support.world import eventually


async def jobs_of(caller: Caller, order: dict[str, Any]) -> list[dict[str, Any]]:
    """An order's jobs by operation, once they are on the floor."""

    async def look() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await caller.get("/production/jobs", work_order=order["id"]))["items"]
        return sorted(found, key=lambda job: int(job["op"]))

    return await eventually(look, bool)
