"""What a device is given over plain HTTP before it trusts anything: the page, the authority, and nothing else."""

import plistlib

import httpx
import pytest
from cryptography import x509

from tests.integration.lan.conftest import Shop

pytestmark = pytest.mark.anyio


def guide(shop: Shop, **more: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.2:{shop.machine.port + 1}", headers=more)


async def test_the_page_shows_the_fingerprint_of_the_authority(shop: Shop) -> None:
    async with guide(shop, **{"accept-language": "en"}) as device:
        page = await device.get("/")
    assert page.status_code == 200
    for part in range(0, 96, 24):
        assert shop.network.authority.sha256[part : part + 24] in page.text
    assert shop.network.authority.sha1 in page.text
    assert "Let this device trust Dure" in page.text
    # it runs no script but its own, and speaks to Dure alone
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert f"connect-src https://127.0.0.2:{shop.machine.port};" in policy


async def test_android_and_windows_get_the_certificate(shop: Shop) -> None:
    async with guide(shop) as device:
        answer = await device.get("/dure.crt")
    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(answer.content) == shop.network.authority.certificate


async def test_an_ipad_gets_a_profile_that_replaces_an_earlier_copy(shop: Shop) -> None:
    async with guide(shop) as device:
        answer = await device.get("/dure.mobileconfig")
        again = await device.get("/dure.mobileconfig")
    assert answer.headers["content-type"] == "application/x-apple-aspen-config"
    profile = plistlib.loads(answer.content)
    (payload,) = profile["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(payload["PayloadContent"]) == shop.network.authority.certificate
    assert answer.content == again.content


@pytest.mark.parametrize("path", ["/api/v1/site", "/sign-in", "/health/ready", "/%2e%2e/ko.json", "/ko.json"])
async def test_everything_else_leads_to_the_page(shop: Shop, path: str) -> None:
    async with guide(shop) as device:
        answer = await device.get(path)
    assert (answer.status_code, answer.headers["location"], answer.content) == (302, "/", b"")


async def test_nothing_can_be_sent_here(shop: Shop) -> None:
    async with guide(shop) as device:
        answer = await device.post("/api/v1/sessions", json={"login": "boss", "password": "…"})
    assert answer.status_code == 405


async def test_a_name_that_is_not_this_machines_leads_to_its_address(shop: Shop) -> None:
    async with guide(shop, host="rebound.example.com") as device:
        answer = await device.get("/dure.crt")
    assert (answer.status_code, answer.headers["location"]) == (302, f"http://127.0.0.2:{shop.machine.port + 1}/")
