"""The way of a request through the gateway to a service, in the same process and over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from gateway.main import create_app
from shared.kit.auth import Actor, TokenSigner
from tests.support.gateway import GatewayWorld, served
from tests.support.ports import own_port
from tests.support.world import KEY, eventually, settings_for

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def apart(world: GatewayWorld) -> AsyncIterator[GatewayWorld]:
    """A second gateway on the same database, which reaches the service over HTTP and finds the others gone."""
    async with served(world.apps["quality"], is_running=True) as quality:
        nowhere = f"http://127.0.0.1:{own_port()}"
        urls = {"quality_url": quality, "orders_url": nowhere, "production_url": nowhere, "erp_bridge_url": nowhere}
        gateway = create_app(settings_for("gateway", world.nats, world.urls["gateway"], urls))
        async with served(gateway) as origin:
            yield GatewayWorld(world.apps, world.nats, world.urls, world.signer, gateway, origin, world.admin_token)


@pytest.fixture(params=["in process", "over http"])
async def way(request: pytest.FixtureRequest, world: GatewayWorld, apart: GatewayWorld) -> GatewayWorld:
    return world if request.param == "in process" else apart


async def test_a_request_reaches_the_service_with_its_headers_and_comes_back_with_the_services(
    way: GatewayWorld,
) -> None:
    async with way.admin() as admin:
        first = await admin.put("/quality/defects/BURR%2B1", json={"name": {"ko": "버"}})
        assert first.status_code in (200, 201), first.text
        read = await admin.get("/quality/defects")
        assert read.headers["content-type"] == "application/json"
        assert "BURR+1" in [defect["code"] for defect in read.json()["items"]]
        wrong = await admin.put("/quality/defects/DENT", json={"nom": "찍힘"}, headers={"Accept-Language": "vi"})
        assert wrong.status_code == 422
        assert wrong.headers["content-language"] == "vi"
        gone = await admin.get("/quality/nothing?x=1")
        assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


async def test_without_a_session_nothing_gets_through(way: GatewayWorld) -> None:
    internal = TokenSigner(KEY).sign(Actor("P01", frozenset({"admin"}), None, "test"), "quality")
    async with way.visitor() as nobody:
        for authorization in ("", "Bearer", "Bearer ses_guessed", "Basic Ym9zczpib3Nz", f"Bearer {internal}"):
            answer = await nobody.get("/quality/defects", headers={"Authorization": authorization})
            assert (answer.status_code, answer.json()["code"]) == (401, "no_session"), authorization


async def test_a_token_of_the_gateway_for_one_service_is_refused_by_another(world: GatewayWorld) -> None:
    foreign = world.signer.sign(Actor("P01", frozenset({"admin"}), None, "test"), "orders")
    transport = httpx.ASGITransport(world.apps["quality"])
    async with httpx.AsyncClient(transport=transport, base_url="http://quality/api/v1/quality") as direct:
        for token in (foreign, world.admin_token, "nonsense"):
            answer = await direct.get("/defects", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 401


async def test_an_oversized_body_is_refused_however_it_comes(way: GatewayWorld) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 8192

    async with way.admin() as admin:
        answer = await admin.put("/quality/defects/BIG", content=b"x" * 300_000)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        streamed = await admin.put("/quality/defects/BIG", content=drip(), headers={"Content-Type": "application/json"})
        assert (streamed.status_code, streamed.json()["code"]) == (413, "too_large")
        assert (await admin.get("/quality/defects")).status_code == 200


async def test_a_service_that_is_gone_is_a_503_that_says_when_to_come_back(apart: GatewayWorld) -> None:
    async with apart.admin() as admin:
        answer = await admin.get("/orders/items")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"] == "2"
        ready = await admin.get(f"{apart.origin}/health/ready")
        assert ready.status_code == 200
        assert ready.json()["status"] == "degraded"
        assert ready.json()["checks"]["orders"] == "not there"
        assert ready.json()["checks"]["quality"] == "ok"


async def test_a_service_sees_the_person_and_nothing_that_a_client_pretends(world: GatewayWorld) -> None:
    seen: dict[str, Any] = {}

    async def spy(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update({name.decode(): value.decode() for name, value in scope["headers"]})
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    front = world.gateway.front
    services = front._services  # type: ignore[union-attr]  # the only place where a spy can stand
    real = services["quality"]
    services["quality"] = spy
    try:
        async with world.admin() as admin:
            pretended = {
                "X-Dure-Person": "root",
                "Forwarded": "for=1.2.3.4",
                "Cookie": "a=b",
                "Idempotency-Key": "k",
                "If-Match": '"3"',
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            }
            admin.event_hooks = {}  # the spy is no operation
            await admin.post("/quality/anything", json={}, headers=pretended)
    finally:
        services["quality"] = real
    assert {"idempotency-key", "if-match", "traceparent", "accept-language", "content-type"} <= set(seen)
    assert not {"x-dure-person", "forwarded", "cookie"} & set(seen)
    assert seen["traceparent"] == pretended["traceparent"]
    assert world.admin_token not in seen["authorization"]


async def test_another_replica_hears_of_a_revoked_session_within_seconds(
    world: GatewayWorld, apart: GatewayWorld
) -> None:
    async with await world.signed_in("quality") as here, apart.visitor(here.headers["authorization"][7:]) as there:
        assert (await there.get("/quality/defects")).status_code == 200
        await here.delete("/sessions/current")

        async def status() -> int:
            return (await there.get("/quality/defects")).status_code

        assert await eventually(status, lambda code: code == 401, seconds=10) == 401


async def test_the_floor_does_not_notice_that_the_gateways_database_restarts(world: GatewayWorld) -> None:
    async with await world.signed_in("quality") as person:
        assert (await person.get("/quality/defects")).status_code == 200
        database = world.gateway.state.database
        pool, database._pool = database._pool, None
        url, database.url = database.url, f"postgresql://nobody@127.0.0.1:{own_port()}/gone"
        try:
            await asyncio.sleep(5.2)
            assert (await person.get("/quality/defects")).status_code == 200
            async with world.visitor("ses_never_seen_before") as stranger:
                assert (await stranger.get("/quality/defects")).status_code == 503
        finally:
            database._pool, database.url = pool, url


async def test_metrics_of_all_services_of_the_process_come_in_one_text(world: GatewayWorld) -> None:
    async with world.visitor() as scraper:
        text = (await scraper.get(f"{world.origin}/metrics")).text
    lines = [line for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(lines) == len(set(lines))
    for service in ("gateway", "quality"):
        assert f'dure_outbox_depth{{service="{service}"}}' in text


async def test_metrics_are_for_this_machine_itself_and_for_an_admin(world: GatewayWorld) -> None:
    async def asked(visitor: httpx.AsyncClient, **headers: str) -> int:
        async with visitor:
            return (await visitor.get(f"{world.origin}/metrics", headers=headers)).status_code

    handed_on = {"X-Forwarded-For": "127.0.0.1"}
    assert await asked(world.visitor()) == 200
    assert await asked(world.visitor(), **handed_on) == 401
    assert await asked(await world.signed_in("leader"), **handed_on) == 403
    assert await asked(world.admin(), **handed_on) == 200


async def test_one_document_describes_everything(world: GatewayWorld, apart: GatewayWorld) -> None:
    for way in (world, apart):
        async with way.visitor() as reader:
            document = (await reader.get(f"{way.origin}/openapi.json")).json()
        text = json.dumps(document)
        for path in ("/api/v1/sessions", "/api/v1/live", "/api/v1/quality/defects/{code}"):
            assert path in document["paths"]
        names = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
        assert names <= set(document["components"]["schemas"])
        operations = [o["operationId"] for path in document["paths"].values() for o in path.values()]
        assert len(operations) == len(set(operations))
    async with world.visitor() as reader:
        events = (await reader.get(f"{world.origin}/asyncapi.json")).json()
    assert events["channels"]["production_result_reported_v2"]["address"] == "dure.test.production.result.reported.v2"
