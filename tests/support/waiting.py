"""Waiting for what a shop's events bring about."""

from typing import Any

import httpx

from tests.support.caller import Caller
from tests.support.world import eventually, key


async def jobs_of(caller: Caller, order: dict[str, Any]) -> list[dict[str, Any]]:
    """An order's jobs by operation, once they are on the floor."""

    async def look() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await caller.get("/production/jobs", work_order=order["id"]))["items"]
        return sorted(found, key=lambda job: int(job["op"]))

    return await eventually(look, bool)


async def receive(caller: Caller, **lot: Any) -> str:
    """A lot of an item that was defined a moment ago, received once its item is known to the floor; its number."""

    async def look() -> httpx.Response:
        return await caller.http.post("/production/lots", json=lot, headers=key())

    def is_known(answer: httpx.Response) -> bool:
        return not (answer.status_code == 422 and answer.json()["errors"][0]["code"] == "unknown_reference")

    answer = await eventually(look, is_known)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["lot"])
