"""Every route of every app states who may use it, and is right about it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from gateway.identity.api import PUBLIC
from infra.local.suite import SERVICES
from shared.kit.auth import ROLES
from tests.support.gateway import GatewayWorld, gateway_running
from tests.support.world import TestCluster, key

pytestmark = pytest.mark.anyio

OUTSIDE = ("/health/", "/metrics", "/openapi.json", "/asyncapi.json", "/docs")
"""Not of the API: how the apps are, and what they can do."""
LAST = ("DELETE", "/api/v1/sessions/current")
"""After it, nobody is signed in any more."""
AT_ONCE = 8


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayWorld]:
    async with gateway_running(cluster, tmp_path_factory.mktemp("roles"), SERVICES) as world:
        await world.set_up()
        yield world


def roles_stated(dependant: Any) -> list[frozenset[str]]:
    """What the route and all that it depends on ask for."""
    own = [dependant.call.roles] if hasattr(dependant.call, "roles") else []
    return own + [roles for part in dependant.dependencies for roles in roles_stated(part)]


def routes_of(app: FastAPI) -> Iterator[tuple[str, str, list[frozenset[str]]]]:
    """Method, path and stated roles of every API route."""
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        if path.startswith(OUTSIDE):
            continue
        for method in sorted(route.methods or ()):
            yield method, path, roles_stated(route.dependant)


async def test_every_route_states_its_roles_or_is_on_the_public_list(world: GatewayWorld) -> None:
    counted = 0
    for name, app in world.apps.items():
        for method, path, stated in routes_of(app):
            counted += 1
            if name == "gateway" and (method, path) in PUBLIC:
                assert stated == [], (method, path)
            else:
                assert len(stated) == 1, (name, method, path)
                assert stated[0] <= set(ROLES)
                assert stated[0], (name, method, path)
    assert counted > 60


async def test_every_route_lets_in_whom_it_states_and_nobody_else(world: GatewayWorld) -> None:
    async with world.admin() as admin:
        made = await admin.post("/api-keys", json={"name": "ERP", "roles": ["erp"]})
    people = {role: await world.signed_in(role) for role in ROLES if role != "erp"}
    people["erp"] = world.visitor(made.json()["key"])
    routes = [route for app in world.apps.values() for route in routes_of(app) if route[:2] not in PUBLIC]
    turns = asyncio.Semaphore(AT_ONCE)
    nobody = world.visitor()

    async def wrong_answers(method: str, path: str, stated: list[frozenset[str]]) -> list[tuple[str, str, str, int]]:
        address = re.sub(r"\{[^}]+\}", str(uuid4()), path)
        async with turns:
            wrong = []
            for role, person in people.items():
                status = await ask(person, world.origin, method, address)
                if (status == 403) != (role not in stated[0]) or status == 401 or status >= 500:
                    wrong.append((method, path, role, status))
            if (status := await ask(nobody, world.origin, method, address)) != 401:
                wrong.append((method, path, "nobody", status))
            return wrong

    first = [route for route in routes if route[:2] != LAST]
    wrong = await asyncio.gather(*(wrong_answers(*route) for route in first))
    wrong += [await wrong_answers(*route) for route in routes if route[:2] == LAST]
    for person in (*people.values(), nobody):
        await person.aclose()
    assert [answer for answers in wrong for answer in answers] == []


async def ask(person: httpx.AsyncClient, origin: str, method: str, address: str) -> int:
    """The status of an answer whose body is not waited for: one of them never ends."""
    body = {} if method in ("POST", "PUT", "PATCH") else None
    async with person.stream(method, f"{origin}{address}", json=body, headers=key()) as answer:
        return answer.status_code
