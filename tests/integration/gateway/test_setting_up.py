"""The first minutes of a shop: the set-up link, used once and in time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from gateway.identity.commands.setup import issue_setup_token
from tests.support.gateway import PASSWORD, GatewayWorld, gateway_running
from tests.support.world import TestCluster

pytestmark = pytest.mark.anyio


@pytest.fixture
async def empty(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayWorld]:
    async with gateway_running(cluster, tmp_path_factory.mktemp("empty"), []) as world:
        yield world


async def set_up(world: GatewayWorld, token: str | None, **more: Any) -> Any:
    async with world.visitor() as somebody:
        body = {"token": token, "login": "Boss@hanbyeol.kr", "name": {"ko": "김사장"}, "password": PASSWORD, **more}
        return await somebody.post("/setup", json=body)


async def test_the_link_makes_the_first_admin_once(empty: GatewayWorld) -> None:
    async with empty.visitor() as somebody:
        assert (await somebody.get("/site")).json()["needs_setup"] is True
    token = await issue_setup_token(empty.gateway.state.database)
    made = await set_up(empty, token)
    assert made.status_code == 201
    assert made.json()["person"] == "boss-hanbyeol.kr"
    async with empty.visitor(made.json()["access_token"]) as boss:
        me = (await boss.get("/me")).json()
        assert me["roles"] == ["admin", "leader", "planner", "quality"]
        assert me["site"]["code"] == "test"
        assert (await boss.get("/site")).json()["needs_setup"] is False
    again = await set_up(empty, token)
    assert (again.status_code, again.json()["code"]) == (409, "already_set_up")
    assert await issue_setup_token(empty.gateway.state.database) is None


async def test_a_link_that_is_old_wrong_or_replaced_is_refused_and_changes_nothing(empty: GatewayWorld) -> None:
    replaced = await issue_setup_token(empty.gateway.state.database)
    token = await issue_setup_token(empty.gateway.state.database)
    for wrong in (replaced, "set_guessed", "x"):
        answer = await set_up(empty, wrong)
        assert (answer.status_code, answer.json()["code"]) == (403, "setup_link_invalid")
    empty.let_pass(timedelta(minutes=15))
    assert (await set_up(empty, token)).status_code == 403
    empty.now_again()
    assert (await set_up(empty, token)).status_code == 201


async def test_the_first_password_is_not_one_that_everybody_tries(empty: GatewayWorld) -> None:
    token = await issue_setup_token(empty.gateway.state.database)
    for password, code in {
        "short": "string_too_short",
        "password123": "password_weak",
        "aaaaaaaaaa": "password_weak",
        "boss@hanbyeol.kr": "password_weak",
    }.items():
        answer = await set_up(empty, token, password=password)
        assert answer.status_code == 422
        error = answer.json()["errors"][0]
        assert (error["field"], error["code"]) == ("password", code)
        assert error["message"] not in ("", code)
