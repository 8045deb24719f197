"""The outbox on its way to NATS: what is too large is withheld and seen, and nothing else waits for it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from shared.contracts.event import MAX_BYTES
from shared.kit import relay
from tests.support.factory import define_bracket, new_order, release_order
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio
TELL = """
    INSERT INTO outbox (id, type, aggregate, version, time, body)
    VALUES ($1, $2, $3, $4, now() - make_interval(secs => $5), $6::json)
"""
REASON = "orders.reason.defined.v1"


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("relay"), ["orders", "production"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "admin", "planner", person="BOSS") as client:
        yield client


async def tell(world: World, code: str, version: int, name: str, *, type_: str = REASON, age_s: float = 0) -> str:
    """An event of a reason in the outbox, as if the service had recorded it; its id."""
    id_ = str(uuid4())
    body = {"code": code, "name": {"ko": name}, "kind": "unplanned", "note_required": False, "active": True}
    await world.fetch("orders", TELL, id_, type_, f"reason/{code}", version, age_s, json.dumps(body))
    return id_


@asynccontextmanager
async def asyncpg_transaction(world: World) -> AsyncIterator[Any]:
    """A connection to the orders' database; what is done on it is committed together."""
    connection = await asyncpg.connect(world.urls["orders"])
    try:
        async with connection.transaction():
            yield connection
    finally:
        await connection.close()


async def name_of(world: World, code: str) -> str | None:
    rows = await world.fetch("production", "SELECT name->>'ko' AS name FROM reason WHERE code = $1", code)
    return rows[0]["name"] if rows else None


async def health(client: httpx.AsyncClient) -> dict[str, Any]:
    told: dict[str, Any] = (await client.get("http://orders/health/ready")).json()
    return told


async def metric(client: httpx.AsyncClient, name: str) -> float:
    lines = (await client.get("http://orders/metrics")).text.splitlines()
    return float(next(line for line in lines if line.startswith(f"{name}{{")).rpartition(" ")[2])


async def test_an_event_too_large_for_nats_is_withheld_and_the_others_go_on(
    world: World, admin: httpx.AsyncClient
) -> None:
    large = await tell(world, "HUGE", 1, "가" * 100_000)
    await tell(world, "HUGE", 2, "둘째")
    await tell(world, "SMALL", 1, "작다")
    await eventually(lambda: name_of(world, "SMALL"), lambda name: name == "작다")

    async def withheld() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await admin.get("/withheld-events")).json()["items"]
        return found

    (seen,) = await eventually(withheld, bool)
    assert (seen["id"], seen["aggregate"], seen["behind"]) == (large, "reason/HUGE", 1)
    assert seen["bytes"] > 300_000
    assert "too large" in seen["reason"]
    told = await health(admin)
    assert (told["status"], told["checks"]["events"]) == ("degraded", "1 withheld")
    await eventually(lambda: metric(admin, "dure_outbox_withheld"), lambda count: count == 1)
    assert await metric(admin, "dure_outbox_depth") == 2, "what is withheld is not published"
    assert await name_of(world, "HUGE") is None, "what follows on its aggregate does not overtake it"
    again = await admin.post(f"/withheld-events/{large}/publish", headers=key())
    assert again.status_code == 200, again.text
    await eventually(withheld, lambda found: [event["id"] for event in found] == [large])
    await world.fetch(
        "orders", "UPDATE outbox SET body = jsonb_set(body::jsonb, '{name,ko}', '\"첫째\"')::json WHERE id = $1", large
    )
    await admin.post(f"/withheld-events/{large}/publish", headers=key())
    await eventually(lambda: name_of(world, "HUGE"), lambda name: name == "둘째")
    assert (await withheld(), (await health(admin))["status"]) == ([], "ready")
    trail = (await admin.get("/audit", params={"subject": f"withheld_event/{large}"})).json()["items"]
    assert [(entry["action"], entry["person"]) for entry in trail] == [("publish", "BOSS")] * 2


async def test_neighbours_that_are_too_large_together_go_each_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "MESSAGE_BYTES", 10**6)
    async with asyncpg_transaction(world) as connection:
        for code in ("WIDE", "BROAD"):
            body = {"code": code, "name": {"ko": "가" * 60_000}, "kind": "unplanned"}
            more = {"note_required": False, "active": True}
            values = (str(uuid4()), REASON, f"reason/{code}", 1, 0, json.dumps(body | more, ensure_ascii=False))
            await connection.execute(TELL, *values)
    for code in ("WIDE", "BROAD"):
        assert await eventually(partial(name_of, world, code), bool) == "가" * 60_000


async def test_an_event_that_no_stream_takes_holds_up_no_other_and_shows(
    world: World, admin: httpx.AsyncClient
) -> None:
    lost = await tell(world, "LOST", 1, "미아", type_="nowhere.reason.defined.v1", age_s=60)
    await tell(world, "FOUND", 1, "찾음")
    await eventually(lambda: name_of(world, "FOUND"), lambda name: name == "찾음")

    async def checks() -> dict[str, str]:
        found: dict[str, str] = (await health(admin))["checks"]
        return found

    told = await eventually(checks, lambda found: "outbox" in found)
    assert "oldest event waits" in told["outbox"]
    await eventually(lambda: metric(admin, "dure_outbox_age_seconds"), lambda age: age > 59)
    await world.fetch("orders", "DELETE FROM outbox WHERE id = $1", lost)
    await eventually(checks, lambda found: "outbox" not in found)


async def approve(world: World, code: str, pages: list[dict[str, Any]]) -> None:
    async with world.client("orders", "planner", person="AUTHOR") as author:
        written = await author.put(f"/instructions/{code}", json={"title": "작업", "pages": pages})
        assert written.is_success, written.text
        assert (await author.post(f"/instructions/{code}/submit", json={}, headers=key())).is_success
    async with world.client("orders", "leader", person="LEADER") as leader:
        approved = await leader.post(f"/instructions/{code}/approve", json={}, headers=key())
        assert approved.is_success, approved.text


async def define_parts(planner: httpx.AsyncClient, count: int) -> list[str]:
    """Bought parts with names in three languages."""
    names = {
        "ko": "육각머리 볼트 아연도금",
        "en": "hexagon head bolt, zinc plated",
        "vi": "bu lông đầu lục giác mạ kẽm",
    }

    async def put(number: int) -> str:
        code = f"BOLT-M8x{number}-ZN"
        answer = await planner.put(f"/items/{code}", json={"name": names, "kind": "purchased"})
        assert answer.status_code == 201, answer.text
        return code

    return [code for first in range(0, count, 8) for code in await asyncio.gather(*map(put, range(first, first + 8)))]


@pytest.mark.long
async def test_a_release_of_nine_long_instructions_and_a_bom_of_480_lines_reaches_the_floor(
    world: World, admin: httpx.AsyncClient
) -> None:
    assert (await admin.put("/items/BIG", json={"name": "큰 조립품", "kind": "finished"})).is_success
    parts = await define_parts(admin, 480)
    lines = [{"component": code, "quantity": 4, "op": 10} for code in parts]
    assert (await admin.put("/boms/BIG", json={"lines": lines})).is_success
    for number in range(1, 10):
        await approve(world, f"WI-BIG-{number}", [{"text": "가" * 600}] * 13)
    operations = [
        {"op": 10 * n, "name": {"ko": "조립", "en": "assembly"}, "machine": "PR1", "instruction": f"WI-BIG-{n}"}
        for n in range(1, 10)
    ]
    assert (await admin.put("/routings/BIG", json={"operations": operations})).is_success
    order = await release_order(world, await new_order(world, item="BIG"))

    async def jobs() -> list[dict[str, Any]]:
        async with world.client("production", "operator") as floor:
            found = (await floor.get("/jobs", params={"work_order": order["number"]})).json()["items"]
        return sorted(found, key=lambda job: job["op"])

    made = await eventually(jobs, lambda found: len(found) == 9)
    async with world.client("production", "operator") as floor:
        first = (await floor.get(f"/jobs/{made[0]['id']}")).json()
        assert len(first["materials"]) == 480
        assert first["materials"][0]["name"]["en"] == "hexagon head bolt, zinc plated"
        last = (await floor.get(f"/jobs/{made[8]['id']}/instruction")).json()
    assert (last["code"], last["title"], len(last["pages"])) == ("WI-BIG-9", {"ko": "작업"}, 13)
    sizes = await world.fetch("orders", "SELECT max(octet_length(body::text)) AS most FROM outbox")
    assert sizes[0]["most"] < MAX_BYTES


@pytest.mark.long
async def test_a_routing_or_bom_too_large_for_a_release_is_refused_where_it_is_typed(
    world: World, admin: httpx.AsyncClient
) -> None:
    assert (await admin.put("/items/WIDE", json={"name": "넓다", "kind": "finished"})).is_success
    long = {"ko": "가" * 200, "en": "a" * 200, "vi": "đ" * 200}
    operations = [{"op": op, "name": long, "machine": "PR1"} for op in range(1, 100)]
    refused = await admin.put("/routings/WIDE", json={"operations": operations})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "operations")
    assert refused.json()["errors"][0]["code"] == "routing_too_large"
    assert refused.json()["errors"][0]["params"]["limit"] == 80
    alternates = [{"component": f"BOLT-M8x{n}-ZN", "quantity": 1} for n in range(20, 40)]
    lines = [{"component": f"BOLT-M8x{n}-ZN", "quantity": 1, "alternates": alternates} for n in range(100, 300)]
    refused = await admin.put("/boms/WIDE", json={"lines": lines})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "bom_too_large")
