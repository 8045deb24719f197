"""What a browser gets."""

import gzip
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.pages.adapters import WORKER, read_build
from tests.support.gateway import GatewayWorld

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(world: GatewayWorld) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Accept-Encoding": "gzip", "Accept-Language": "ko"}
    async with httpx.AsyncClient(base_url=world.origin, headers=headers) as browser:
        yield browser


ADDRESSES = [re.sub(r"\{\w+\??\}", "W-1", page.path) for page in read_build().registry.pages]


@pytest.mark.parametrize("path", [*ADDRESSES, "/definitions", "/recall", "/orders/"])
async def test_every_page_address_answers_with_the_app(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert "/js/main.js" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in answer.headers


async def test_every_file_of_the_app_is_served_revalidated_and_compressed(browser: httpx.AsyncClient) -> None:
    for path in read_build().files:
        if path == WORKER:
            continue
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "no-cache"
        same = await browser.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        if path.endswith((".mjs", ".js")):
            assert answer.headers["content-type"].startswith("text/javascript")
            assert answer.headers["content-encoding"] == "gzip"


async def test_the_first_load_of_the_tablet_is_small(browser: httpx.AsyncClient) -> None:
    sizes = [len(gzip.compress((await browser.get(path)).content)) for path in read_build().first if ".png" not in path]
    assert sum(sizes) < 120 * 1024
    assert len(sizes) <= 60


async def test_the_service_worker_is_never_kept_and_knows_its_build(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/sw.js")
    assert answer.headers["cache-control"] == "no-store"
    assert read_build().version in answer.text
    assert "@BUILD@" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/README.md",
        "/pages.json",
        "/pages/plan/orders",
        "/js/../../main.py",
        "/%2e%2e/main.py",
        "/js/%2e%2e/%2e%2e/messages/en.json",
        "//etc/passwd",
        "/station/a/b",
        "/index.html/x",
    ],
)
async def test_what_is_not_there_is_a_problem_in_the_readers_language(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(httpx.URL(str(browser.base_url)).copy_with(raw_path=path.encode()))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "ko"
    assert (await browser.post("/")).status_code == 405


async def test_the_reference_needs_no_other_host(browser: httpx.AsyncClient) -> None:
    for path in ("/docs", "/docs/reference.js", "/docs/reference.css"):
        answer = await browser.get(path)
        assert answer.status_code == 200
        assert "//" not in answer.text.replace("// ", "")
        assert " style=" not in answer.text
        assert "<script>" not in answer.text
