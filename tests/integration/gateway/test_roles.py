"""Every route of every app states who may use it, and is right about it."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from gateway.permissions import PUBLIC
from infra.docs.permissions import StatedRoute, routes_of
from shared.contracts.requests import EXPORTS, UPLOADS
from shared.kit.auth import ROLES
from shared.kit.routing import API
from shared.registry import SERVICE_NAMES
from tests.support.gateway import GatewayWorld, gateway_running
from tests.support.world import TestCluster, key

pytestmark = pytest.mark.anyio

LAST = ("DELETE", "/api/v1/sessions/current")
"""After it, nobody is signed in any more."""
AT_ONCE = 8


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayWorld]:
    async with gateway_running(cluster, tmp_path_factory.mktemp("roles"), SERVICE_NAMES) as world:
        await world.set_up()
        yield world


async def test_every_route_states_its_roles_or_is_on_the_public_list(world: GatewayWorld) -> None:
    counted = 0
    for name, app in world.apps.items():
        for route in routes_of(app):
            counted += 1
            if name == "gateway" and (route.method, route.path) in PUBLIC:
                assert route.permissions == (), route
            else:
                [permission] = route.permissions
                assert permission.roles, (name, route)
                assert permission.roles <= set(ROLES)
    assert counted > 60


async def test_a_misspelt_filter_is_told_with_those_that_are_known(world: GatewayWorld) -> None:
    async with world.admin() as admin:
        answer = await admin.get("/production/jobs?machine=PR1&stat=running&limit=5")
        assert answer.json()["errors"][0]["field"] == "stat"
        assert answer.json()["known"] == "cursor, finished_after, limit, machine, state, work_center, work_order"
        assert (await admin.get("/production/jobs?machine=PR1&state=running&limit=5")).status_code == 200


async def test_every_route_lets_in_whom_it_states_and_nobody_else(world: GatewayWorld) -> None:
    async with world.admin() as admin:
        made = await admin.post("/api-keys", json={"name": "ERP", "roles": ["erp"]})
    people = {role: await world.signed_in(role) for role in ROLES if role != "erp"}
    people["erp"] = world.visitor(made.json()["key"])
    routes = [route for app in world.apps.values() for route in routes_of(app)]
    closed = [route for route in routes if (route.method, route.path) not in PUBLIC]
    turns = asyncio.Semaphore(AT_ONCE)
    nobody = world.visitor()

    async def wrong_answers(route: StatedRoute) -> list[tuple[str, str, str, int]]:
        method, path, roles = route.method, route.path, route.permissions[0].roles
        address = re.sub(r"\{[^}]+\}", str(uuid4()), path)
        async with turns:
            wrong = []
            for role, person in people.items():
                status = await ask(person, world.origin, method, address)
                if (status == 403) != (role not in roles) or status == 401 or status >= 500:
                    wrong.append((method, path, role, status))
            if (status := await ask(nobody, world.origin, method, address)) != 401:
                wrong.append((method, path, "nobody", status))
            return wrong

    last = [route for route in closed if (route.method, route.path) == LAST]
    wrong = await asyncio.gather(*(wrong_answers(route) for route in closed if route not in last))
    wrong += [await wrong_answers(route) for route in last]
    for person in (*people.values(), nobody):
        await person.aclose()
    assert [answer for answers in wrong for answer in answers] == []


async def test_no_route_takes_a_parameter_that_it_does_not_know(world: GatewayWorld) -> None:
    routes = [route for app in world.apps.values() for route in routes_of(app)]
    async with world.admin() as admin:
        for route in routes:
            address = re.sub(r"\{[^}]+\}", str(uuid4()), route.path) + "?misspelt=1"
            answer = await admin.request(route.method, f"{world.origin}{address}", headers=key())
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (422, "unknown_parameter"), route
            assert [(error["field"], error["code"]) for error in problem["errors"]] == [
                ("misspelt", "unknown_parameter")
            ]


async def test_the_gateway_lets_through_what_the_routes_take(world: GatewayWorld) -> None:
    taken = {
        route.path: route.max_body_size
        for name, app in world.apps.items()
        if name != "gateway"
        for route in iter_route_contexts(app.routes)
        if (route.path or "").startswith(API) and getattr(route, "max_body_size", None)
    }
    assert taken == dict(UPLOADS)
    exports = [r.path for r in iter_route_contexts(world.apps["orders"].routes) if (r.path or "").startswith(EXPORTS)]
    assert exports == [f"{EXPORTS}{{form}}"]


async def ask(person: httpx.AsyncClient, origin: str, method: str, address: str) -> int:
    """The status of an answer; a live stream's body, which never ends, is not waited for."""
    body = {} if method in ("POST", "PUT", "PATCH") else None
    async with person.stream(method, f"{origin}{address}", json=body, headers=key()) as answer:
        if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            await answer.aread()
        return answer.status_code
