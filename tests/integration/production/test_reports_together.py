"""Reports that meet: in one transaction, or with another replica's of the same key."""

import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.production.results.api import routes
from services.production.results.commands.batch import Report
from services.production.results.commands.report import Reporting
from services.production.results.schemas import ResultIn
from shared.kit.auth import Actor
from shared.kit.problem import Problem
from tests.support.factory import new_order, release_order
from tests.support.jobs import jobs_of
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio
ANYBODY = Actor("P01", frozenset({"operator"}))


def in_one_message(app: ASGIApp) -> ASGIApp:
    """The app with each request's body in one message, as servers and the gateway send it.

    Httpx ends it by an empty second one.
    """

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        message: Message = {"type": "http.request", "body": b"", "more_body": True}
        while message["more_body"]:
            part = await receive()
            message = {
                **message,
                "body": message["body"] + part.get("body", b""),
                "more_body": part.get("more_body", False),
            }
        messages = [message]

        async def receive_again() -> Message:
            return messages.pop() if messages else await receive()

        await app(scope, receive_again, send)

    return call


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator") as client:
        transport = httpx.ASGITransport(in_one_message(world.apps["production"]), raise_app_exceptions=False)
        known = {"headers": client.headers, "auth": client.auth}
        async with httpx.AsyncClient(transport=transport, base_url=client.base_url, **known) as tablet:
            yield tablet


async def released_jobs(world: World, floor: httpx.AsyncClient) -> list[dict[str, Any]]:
    return await jobs_of(floor, await release_order(world, await new_order(world)))


async def test_a_job_is_fed_by_the_transaction_that_reports_on_it(world: World, floor: httpx.AsyncClient) -> None:
    stamping, packing = await released_jobs(world, floor)
    reporting = Reporting(world.apps["production"].state.database, ZoneInfo("Asia/Seoul"))
    body = ResultIn(good=Decimal(4))
    await reporting.store([Report(uuid4(), b"", UUID(job["id"]), body, ANYBODY) for job in (stamping, packing)])
    shown = (await floor.get(f"/jobs/{packing['id']}")).json()
    assert (shown["state"], shown["good"]) == ("ready", "4")
    events = await world.fetch(
        "production", "SELECT version, body FROM outbox WHERE aggregate = $1 ORDER BY version", f"job/{packing['id']}"
    )
    assert [event["version"] for event in events] == [1, 2, 3]
    assert '"totals":{"good":"4"' in events[2]["body"]


async def test_a_key_that_another_replica_has_just_used_is_seen(world: World, floor: httpx.AsyncClient) -> None:
    job = (await released_jobs(world, floor))[0]
    key = uuid4()

    async def waits() -> int:
        return int((await world.fetch("production", "SELECT count(*) AS n FROM pg_locks WHERE NOT granted"))[0]["n"])

    connection = await asyncpg.connect(world.urls["production"])
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM job WHERE id = $1 FOR UPDATE", job["id"])
            await connection.execute("INSERT INTO idempotency (key, fingerprint, answer) VALUES ($1, '', '{}')", key)
            report = asyncio.create_task(
                floor.post(f"/jobs/{job['id']}/results", json={"good": 1}, headers={"Idempotency-Key": str(key)})
            )
            await eventually(waits, lambda count: count > 0)
    finally:
        await connection.close()
    assert (await report).json()["code"] == "idempotency_key_reused"
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "0"


@pytest.mark.parametrize(
    "body",
    [
        {"good": 5, "scrap": [{"defect": "BURR", "quantity": 1}]},
        {"good": "2.5", "rework": 1, "at": "2026-11-21T09:00:00+09:00"},
        {"good": 0},
        {"good": -1},
        {"good": 1, "scrap": [{"defect": "NOSUCH", "quantity": 1}]},
        {"good": 1, "colour": "red"},
        {"good": 1, "machine": "NOSUCH"},
        {"good": 1, "machine": "PR1"},
    ],
    ids=str,
)
async def test_the_fast_path_of_a_report_answers_as_the_route_does(
    world: World, floor: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    answers = []
    for type_ in ("application/json", "application/json; charset=utf-8"):  # the second takes the route
        job = (await released_jobs(world, floor))[0]
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": type_}
        first, again = [
            await floor.post(f"/jobs/{job['id']}/results", content=json.dumps(body), headers=headers) for _ in range(2)
        ]
        assert (first.status_code, first.content) == (again.status_code, again.content)
        answers.append((first.status_code, without_identity(first.json())))
    assert answers[0] == answers[1]


async def test_a_plain_report_is_answered_before_its_route(
    world: World, floor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> bytes:
        raise Problem(503, "unavailable")

    monkeypatch.setattr(routes, "take_report", refuse)
    job = (await released_jobs(world, floor))[0]
    path, headers = f"/jobs/{job['id']}/results", {"Idempotency-Key": str(uuid4())}
    assert (await floor.post(path, json={"good": 1}, headers=headers)).status_code == 201
    by_route = await floor.post(
        path, content='{"good":1}', headers=headers | {"Content-Type": "application/json; charset=utf-8"}
    )
    assert by_route.status_code == 503


async def test_the_fast_path_takes_no_parameter_that_the_route_does_not_know(
    world: World, floor: httpx.AsyncClient
) -> None:
    job = (await released_jobs(world, floor))[0]
    answer = await floor.post(
        f"/jobs/{job['id']}/results?good=7", json={"good": 1}, headers={"Idempotency-Key": str(uuid4())}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parameter")
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "0"


async def test_who_may_not_report_is_refused_on_both_paths(world: World, floor: httpx.AsyncClient) -> None:
    job = (await released_jobs(world, floor))[0]
    async with world.client("production", "viewer") as viewer:
        for type_ in ("application/json", "application/json; charset=utf-8"):
            headers = {"Idempotency-Key": str(uuid4()), "Content-Type": type_}
            answer = await viewer.post(f"/jobs/{job['id']}/results", content='{"good":1}', headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_key_is_known_on_both_paths(world: World, floor: httpx.AsyncClient) -> None:
    job = (await released_jobs(world, floor))[0]
    headers = {"Idempotency-Key": str(uuid4())}
    path = f"/jobs/{job['id']}/results"
    short = await floor.post(path, json={"good": 1}, headers=headers)
    long = await floor.post(
        path, content='{"good":1}', headers=headers | {"Content-Type": "application/json; charset=utf-8"}
    )
    assert short.json() == long.json()
    assert (await floor.get(f"/jobs/{job['id']}")).json()["good"] == "1"


def without_identity(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what names the one report or order."""
    answer = {key: value for key, value in answer.items() if key not in {"id", "instance"}}
    if "job" in answer:
        answer["job"] = {k: v for k, v in answer["job"].items() if k not in {"id", "work_order_id", "number", "due_at"}}
    return answer


async def test_the_statements_of_a_report_are_planned_once(world: World, floor: httpx.AsyncClient) -> None:
    stamping, _ = await released_jobs(world, floor)
    for _ in range(8):
        answer = await floor.post(f"/jobs/{stamping['id']}/results", json={"good": 1}, headers=key())
        assert answer.status_code == 201
    pool = await world.apps["production"].state.database.pool()
    plans = "SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements"
    async with pool.acquire() as connection:
        known = [row for row in await connection.fetch(plans) if "FOR UPDATE" in row["statement"]]
    assert known
    assert {row["custom_plans"] for row in known} == {0}
    assert sum(row["generic_plans"] for row in known) >= 8
