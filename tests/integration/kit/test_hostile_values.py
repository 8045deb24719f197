"""Values at the ends of what there is, from a client by mistake or on purpose: refused as such, and never an error
of ours."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.kit.paging import encode_cursor
from tests.support.factory import define_bracket, new_order, release_order
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio
FIRST, LAST = "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-05:00"


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("hostile"), ["orders", "production"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner") as client:
        yield client


@pytest.fixture
async def operator(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator") as client:
        yield client


@pytest.mark.parametrize("due", [FIRST, LAST])
async def test_no_order_is_due_outside_of_the_calendar(planner: httpx.AsyncClient, due: str) -> None:
    order = {"item": "HB1001", "quantity": 1, "due_at": due}
    answer = await planner.post("/work-orders", json=order, headers=key())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "due_at"), answer.text


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/results", {"from": FIRST}),
        ("/results", {"to": LAST}),
        ("/machines/PR1/states", {"to": "0001-01-01T00:00:00Z"}),
    ],
)
async def test_nothing_is_looked_for_outside_of_it(
    operator: httpx.AsyncClient, path: str, query: dict[str, str]
) -> None:
    answer = await operator.get(path, params=query)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("due", ["2026-12-01T18:00:00", FIRST, "soon"])
async def test_a_cursor_of_somebodys_own_is_refused(
    planner: httpx.AsyncClient, operator: httpx.AsyncClient, due: str
) -> None:
    orders = await planner.get("/work-orders", params={"cursor": encode_cursor(due, "W-1")})
    jobs = await operator.get("/jobs", params={"cursor": encode_cursor("1", "1", due, "0" * 32)})
    many = await operator.get(
        "/jobs", params={"cursor": encode_cursor("9" * 30, "1", "2026-12-01T18:00:00Z", "0" * 32)}
    )
    assert [answer.status_code for answer in (orders, jobs, many)] == [422] * 3


async def test_no_pieces_are_made_outside_of_it(world: World, operator: httpx.AsyncClient) -> None:
    order = await release_order(world, await new_order(world))

    async def jobs() -> list[Any]:
        found: list[Any] = (await operator.get("/jobs", params={"work_order": order["id"]})).json()["items"]
        return found

    job = (await eventually(jobs, bool))[0]
    for at in (FIRST, LAST, "0001-01-01T00:00:00Z"):
        answer = await operator.post(f"/jobs/{job['id']}/results", json={"good": 1, "at": at}, headers=key())
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "at"), answer.text


def archived(data: bytes) -> bytes:
    """An export as an archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("master-data.json", data)
    return file.getvalue()


@pytest.mark.parametrize("wrapped", [False, True], ids=["json", "archive"])
@pytest.mark.parametrize(
    "data",
    [b'{"kinds":' + b"[" * depth + b"]" * depth + b"}" for depth in (40, 300, 900, 100_000)]
    + [b"[]", b'"a text"', b"7", b"null", b'{"format":"dure.master-data.v1","kinds":{"items":[{"code":NaN}]}}'],
    ids=lambda data: data[:12].decode() + str(len(data)),
)
async def test_an_export_of_no_shape_that_we_know_is_refused(world: World, data: bytes, wrapped: bool) -> None:
    content = archived(data) if wrapped else data
    async with world.client("orders", "admin") as admin:
        answer = await admin.post(
            "/imports", data={"kind": "everything"}, files={"file": ("master-data", content)}, headers=key()
        )
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "file"


@pytest.mark.parametrize("depth", [40, 300, 900, 100_000])
@pytest.mark.parametrize("place", ["command", "problem", "correction"])
async def test_a_body_that_is_nested_too_deeply_is_refused(world: World, depth: int, place: str) -> None:
    deep = "[" * depth + "]" * depth
    command = {"id": str(uuid4()), "kind": "report", "path": "/x", "at": "2026-11-25T08:00:00Z", "body": {}}
    body: dict[str, Any] = {"command": command, "problem": {"status": 409, "code": "x"}}
    path = "/reviews"
    if place == "correction":
        path, body = f"/reviews/{uuid4()}/correct", {"reason": "x", "body": {"deep": "DEEP"}}
    elif place == "command":
        command["body"] = {"deep": "DEEP"}
    else:
        body["problem"]["deep"] = "DEEP"
    content = json.dumps(body).replace('"DEEP"', deep)
    async with world.client("production", "operator", "leader") as client:
        answer = await client.post(path, content=content, headers=key() | {"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
