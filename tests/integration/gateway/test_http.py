"""The gateway speaks HTTP as RFC 9110 has it: what proxies, probes, caches and other people's clients rely on."""

import gzip
from email.utils import parsedate_to_datetime
from uuid import uuid4

import httpx
import pytest

from tests.support.gateway import GatewayWorld

pytestmark = pytest.mark.anyio


async def raw(world: GatewayWorld, method: str, path: str, **headers: str) -> httpx.Response:
    """An answer as it came, neither followed nor decoded."""
    async with httpx.AsyncClient(base_url=world.origin) as client:
        named = {"accept-encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
        request = client.build_request(method, path, headers=named)
        answer = await client.send(request, stream=True)
        answer._content = b"".join([part async for part in answer.aiter_raw()])
        return answer


def bearer(world: GatewayWorld) -> str:
    return f"Bearer {world.admin_token}"


async def many_defects(admin: httpx.AsyncClient) -> None:
    for number in range(20):
        answer = await admin.put(f"/quality/defects/HTTP{number}", json={"name": {"ko": f"불량 {number}"}})
        assert answer.status_code in (200, 201)


async def test_large_answers_are_compressed_for_who_takes_it_and_small_ones_never(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    await many_defects(admin)
    path = "/api/v1/quality/defects"
    plain = await raw(world, "GET", path, authorization=bearer(world))
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "accept-encoding"
    for accepted in ("gzip", "deflate, GZIP;q=0.5", "*", "br, gzip"):
        packed = await raw(world, "GET", path, authorization=bearer(world), accept_encoding=accepted)
        assert packed.headers["content-encoding"] == "gzip", accepted
        assert gzip.decompress(packed.content) == plain.content
        assert int(packed.headers["content-length"]) == len(packed.content) < len(plain.content) / 3
        assert packed.headers["vary"] == "accept-encoding"
    for refused in ("gzip;q=0", "gzip;q=0, *;q=0", "br", "gzip;q=never", ""):
        same = await raw(world, "GET", path, authorization=bearer(world), accept_encoding=refused)
        assert "content-encoding" not in same.headers, refused
        assert same.content == plain.content
    small = await raw(world, "GET", "/api/v1/site", accept_encoding="gzip")
    assert not {"content-encoding", "vary"} & set(small.headers)
    page = await raw(world, "GET", "/", accept_encoding="gzip;q=0")
    assert "content-encoding" not in page.headers


async def test_a_page_is_the_same_to_a_cache_whether_compressed_or_not(world: GatewayWorld) -> None:
    plain, packed = [await raw(world, "GET", "/", accept_encoding=coding) for coding in ("identity", "gzip")]
    assert plain.headers["etag"] == packed.headers["etag"]
    assert plain.headers["etag"].startswith("W/")
    for known in (plain.headers["etag"], f'"other", {plain.headers["etag"]}', "*"):
        assert (await raw(world, "GET", "/", if_none_match=known)).status_code == 304, known


async def test_head_is_get_without_the_body(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    await many_defects(admin)
    for path in ("/health/live", "/health/ready", "/metrics", "/api/v1/site", "/api/v1/quality/defects", "/", "/docs"):
        get, head = [await raw(world, method, path, authorization=bearer(world)) for method in ("GET", "HEAD")]
        assert (head.status_code, head.content) == (get.status_code, b""), path
        assert head.headers["content-type"] == get.headers["content-type"]
        if path != "/metrics":
            assert head.headers.get("content-length") == get.headers.get("content-length"), path
    live = await raw(world, "HEAD", "/api/v1/live", authorization=bearer(world))
    assert (live.status_code, live.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert (await raw(world, "HEAD", "/api/v1/quality/defects")).status_code == 401


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/quality/defects/BURR", "GET, HEAD, OPTIONS, PUT"),
        ("/api/v1/quality/imports", "OPTIONS, POST"),
        ("/api/v1/people", "GET, HEAD, OPTIONS, POST"),
        ("/api/v1/site", "GET, HEAD, OPTIONS"),
        ("/health/ready", "GET, HEAD, OPTIONS"),
        ("/orders", "GET, HEAD, OPTIONS"),
    ],
)
async def test_what_may_be_done_with_an_address_is_said_without_a_session(
    world: GatewayWorld, path: str, allowed: str
) -> None:
    options = await raw(world, "OPTIONS", path)
    assert (options.status_code, options.headers["allow"], options.content) == (204, allowed, b"")
    refused = await raw(world, "DELETE", path, authorization=bearer(world))
    assert (refused.status_code, refused.headers["allow"]) == (405, allowed)


async def test_nothing_is_said_of_addresses_that_there_are_not(world: GatewayWorld) -> None:
    for path in ("/api/v1/nothing", "/api/v1/quality/nothing"):
        assert (await raw(world, "OPTIONS", path)).status_code == 404


async def test_every_401_asks_for_a_bearer(world: GatewayWorld) -> None:
    wrong = {"login": "nobody", "password": "not the right one"}
    async with world.visitor() as visitor:
        signing_in = await visitor.post("/sessions", json=wrong)
    own, behind = await raw(world, "GET", "/api/v1/me"), await raw(world, "GET", "/api/v1/quality/defects")
    for answer in (signing_in, own, behind):
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_what_was_made_is_where_the_answer_says(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    code = f"MÖD-{uuid4().hex[:6]}"
    made = await admin.put(f"/quality/defects/{code}", json={"name": {"ko": "찍힘"}})
    assert made.status_code == 201
    there = await admin.get(f"{world.origin}{made.headers['location']}")
    assert there.json()["code"] == code, made.headers["location"]
    again = await admin.put(f"/quality/defects/{code}", json={"name": {"ko": "찍힘"}})
    assert (again.status_code, "location" in again.headers) == (200, False)


async def test_a_trailing_slash_leads_to_the_path_without_it_whatever_stands_in_between(world: GatewayWorld) -> None:
    for path in ("/api/v1/site/", "/api/v1/quality/defects/?limit=3", "/health/ready/"):
        answer = await raw(world, "GET", path, authorization=bearer(world), host="dure.example")
        assert (answer.status_code, answer.headers["location"]) == (308, path.replace("/?", "?").rstrip("/"))
    assert (await raw(world, "GET", "/api/v1/nothing/", authorization=bearer(world))).status_code == 404


async def test_every_answer_has_a_date(world: GatewayWorld) -> None:
    for path in ("/", "/api/v1/site", "/api/v1/quality/defects"):
        assert parsedate_to_datetime((await raw(world, "GET", path)).headers["date"]).tzinfo is not None


async def test_a_body_of_another_type_is_415_and_names_the_one_that_is_taken(admin: httpx.AsyncClient) -> None:
    body = b'{"name": {"ko": "x"}}'
    for type_ in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = await admin.put("/quality/defects/TYPE", content=body, headers={"Content-Type": type_})
        assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type"), type_
        assert answer.headers["accept"] == "application/json"
    merged = {"Content-Type": "application/merge-patch+json; charset=utf-8"}
    assert (await admin.put("/quality/defects/TYPE", content=body, headers=merged)).status_code in (200, 201)
    imported = await admin.post("/quality/imports", json={"file": "x"})
    assert (imported.status_code, imported.json()["expected"]) == (415, "multipart/form-data")
    assert (await admin.post("/people", content=b"")).status_code == 422


async def test_a_precondition_never_overwrites_and_never_makes_what_it_must_not(admin: httpx.AsyncClient) -> None:
    path = f"/quality/defects/COND-{uuid4().hex[:6]}"

    async def put(name: str, **headers: str) -> httpx.Response:
        named = {header.replace("_", "-"): value for header, value in headers.items()}
        return await admin.put(path, json={"name": {"ko": name}}, headers=named)

    async def is_refused(code: str, **headers: str) -> bool:
        answer = await put("다른 이름", **headers)
        return (answer.status_code, answer.json().get("code")) == (412, code)

    assert await is_refused("not_there", if_match="*")
    assert await is_refused("not_there", if_match='"1"')
    assert (await put("처음", if_none_match="*")).status_code == 201
    assert await is_refused("already_there", if_none_match="*")
    assert await is_refused("already_there", if_none_match='"1"')
    assert await is_refused("stale", if_match='"2"')
    assert await is_refused("stale", if_match='W/"1"')  # If-Match compares strongly (8.8.3.2)
    read = await admin.get(path)
    assert (read.json()["name"]["ko"], read.headers["etag"]) == ("처음", '"1"')
    assert (await put("둘째", if_match='"7", "1"')).headers["etag"] == '"2"'
    assert (await put("셋째", if_match="*")).headers["etag"] == '"3"'
    assert (await put("넷째", if_none_match='"1", "2"')).headers["etag"] == '"4"'
