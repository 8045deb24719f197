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
READ_BY_ERP = {
    "GET /api/v1/me",
    *(f"GET /api/v1/orders/{path}" for path in ("items", "items/{code}", "units", "units/{code}", "work-orders")),
    "GET /api/v1/orders/work-orders/standings",
    "GET /api/v1/orders/work-orders/{work_order}",
    "GET /api/v1/orders/work-orders/{work_order}/reconciliation",
    *(f"GET /api/v1/erp/{path}" for path in ("orders", "summary", "confirmations", "deliveries")),
    *(f"GET /api/v1/erp/imports{path}" for path in ("", "/template.xlsx", "/{run}/rows")),
}
DONE_BY_ERP = {
    "DELETE /api/v1/sessions/current",
    "POST /api/v1/erp/imports",
    "POST /api/v1/erp/orders",
    "POST /api/v1/erp/orders/{external_id:path}/cancel",
}
CLOSED_TO_VIEWER = (
    *("audit", "people", "attendance", "labour", "handovers", "reviews", "person-skills", "label", "printers"),
    *("webhooks", "deliveries", "readers", "retention", "-events", "api-keys", "devices", "rights"),
    *("/imports", "/exchange/", "/missing"),
)
"""What the paths have in them that a guest may not read."""


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


def open_to(world: GatewayWorld, role: str) -> set[str]:
    """The routes that let somebody with this role in."""
    routes = [route for app in world.apps.values() for route in routes_of(app)]
    return {f"{one.method} {one.path}" for one in routes if one.permissions and role in one.permissions[0].roles}


async def test_an_erps_key_reads_its_orders_and_nothing_of_the_floor(world: GatewayWorld) -> None:
    assert open_to(world, "erp") == READ_BY_ERP | DONE_BY_ERP


async def test_a_guest_reads_figures_and_changes_nothing(world: GatewayWorld) -> None:
    seen = open_to(world, "viewer")
    assert {one for one in seen if not one.startswith("GET ")} == {"DELETE /api/v1/sessions/current"}
    closed = {one for one in open_to(world, "admin") - seen if one.startswith("GET ")}
    assert {one for one in closed if not any(part in one for part in CLOSED_TO_VIEWER)} == set()
    readable = [one for one in seen if any(part in one for part in CLOSED_TO_VIEWER)]
    assert readable == ["GET /api/v1/orders/instructions/{code}/readers"]


async def test_the_apps_say_themselves_who_may_do_what(world: GatewayWorld) -> None:
    async with world.admin() as admin:
        rights = (await admin.get("/rights")).json()["items"]
    routes = [(name, app, route) for name, app in world.apps.items() for route in routes_of(app)]
    stated = {
        (*app.state.rights[route.permissions[0]], frozenset(route.permissions[0].roles), route.method, path(route))
        for _, app, route in routes
        if route.permissions
    }
    told = {
        (right["of"], right["name"], frozenset(right["roles"]), route["method"], route["path"])
        for right in rights
        for route in right["routes"]
    }
    assert told == stated
    async with await world.signed_in("leader") as leader:
        assert (await leader.get("/rights")).status_code == 403


def path(route: StatedRoute) -> str:
    """The path as the description has it."""
    return route.path.replace(":path}", "}")


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
