"""A tablet comes into the shop's network: it trusts nothing at first, follows the guide, and then has all that HTTPS
gives a browser.

Chromium's own certificate store is used, as `certutil` fills it; no flag tells it to look away. A running Chromium on
Linux does not notice a change of that store, so "somebody installed the authority" is a new start of the browser with
the same profile folder.
"""

import filecmp
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Error, expect

from tests.support.browser import PATIENCE_MS, Window
from tests.support.lan import tablet_browser
from tests.support.ports import own_port
from tests.support.suite import Suite, running_suite
from tests.support.ways import WAYS

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
by_true_time = pytest.mark.skipif(
    "DURE_TEST_OFFSET_S" in os.environ, reason="Chromium looks at a certificate's dates by the machine's own clock"
)
SIZES = [(1280, 800), (800, 1280), (390, 844)]
AGENTS = {
    "android": "Mozilla/5.0 (Linux; Android 14; SM-X210) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
    "ipad": "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
    "windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
    "other": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    data = tmp_path_factory.mktemp("lan") / "data"
    with running_suite(data, "--lan", "--host", "127.0.0.1", port=own_port()) as suite:
        yield suite


@pytest.fixture(scope="module")
def guide(suite: Suite) -> str:
    return f"http://127.0.0.1:{suite.port + 1}"


@pytest.fixture(scope="module")
def authority(guide: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file as a tablet downloads it."""
    path = tmp_path_factory.mktemp("downloads") / "dure.crt"
    path.write_bytes(httpx.get(f"{guide}/dure.crt").content)
    return path


@by_true_time
async def test_a_tablet_follows_the_guide_and_then_has_camera_keys_and_a_service_worker(
    suite: Suite, guide: str, authority: Path, tmp_path: Path
) -> None:
    async with tablet_browser(tmp_path, authority=None) as browser:
        stranger = await Window.open(browser, guide)
        await stranger.page.goto(guide)
        await expect(stranger.page.locator("[data-trust=no] .state .no")).to_be_visible()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            await stranger.page.goto(suite.address)

    async with tablet_browser(tmp_path, authority) as browser:
        tablet = await Window.open(browser, suite.address, service_workers="allow")
        await tablet.page.goto(guide)
        await expect(tablet.page.locator("[data-trust=yes] .state .yes")).to_be_visible()
        await expect(tablet.page.locator("#trust")).not_to_have_attribute("open", "")
        await tablet.page.locator("#open").click()
        await tablet.page.wait_for_url(f"{suite.address}/**")
        await tablet.settled()
        has = await tablet.page.evaluate("""async () => ({
            secure: isSecureContext,
            key: (await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"])).type,
            worker: (await navigator.serviceWorker.ready).active !== null,
            camera: (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks().length,
        })""")
        assert has == {"secure": True, "key": "secret", "worker": True, "camera": 1}
        assert tablet.complaints == []


def trusting(authority: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority.read_bytes())


@by_true_time
async def test_a_tablet_is_enrolled_by_the_link_that_the_office_shows(
    suite: Suite, authority: Path, tmp_path: Path
) -> None:
    async with httpx.AsyncClient(base_url=f"{suite.address}/api/v1", verify=trusting(authority)) as office:
        body = {"token": suite.setup_token, "login": "boss", "name": "사장", "password": "correct horse battery"}
        bearer = (await office.post("/setup", json=body)).json()["access_token"]
        office.headers["authorization"] = f"Bearer {bearer}"
        person = {"code": "OP1", "name": "응웬", "roles": ["operator"], "pin": "482917"}
        assert (await office.post("/people", json=person)).status_code == 201
        link = (await office.post("/device-enrolments", json={"name": "프레스 태블릿"})).json()["url"]
    async with tablet_browser(tmp_path, authority) as browser:
        tablet = await Window.open(browser, suite.address, has_touch=True)
        await tablet.page.goto(link)
        await expect(tablet.find("sign-in-person").first).to_be_visible()
        assert tablet.complaints == []


async def test_the_guide_is_readable_on_every_device_and_shows_its_own_steps(guide: str, browser: Browser) -> None:
    for platform, agent in AGENTS.items():
        device = await Window.open(browser, guide, user_agent=agent)
        for way in WAYS.values():
            await device.page.emulate_media(color_scheme=way.scheme)
            await device.page.goto(f"{guide}/?lang={way.language}")
            await expect(device.page.locator("[data-trust=no] .state .no")).to_be_visible()
            await expect(device.page.locator(f".panel[data-platform={platform}]")).to_be_visible()
            await expect(device.page.locator(".panel:visible")).to_have_count(1)
            for width, height in SIZES:
                await device.page.set_viewport_size({"width": width, "height": height})
                overflow = await device.look("overflow")
                assert (overflow["out"], overflow["page"]) == ([], 0), (platform, way, width)
                assert (await device.look("contrast"))["faint"] == [], (platform, way, width)
        await device.context.close()


async def test_a_step_downloads_the_authority(guide: str, browser: Browser, authority: Path) -> None:
    device = await Window.open(browser, guide, user_agent=AGENTS["android"])
    await device.page.goto(guide)
    async with device.page.expect_download() as downloading:
        await device.page.locator(".panel:visible a.button").click()
    download = await downloading.value
    assert download.suggested_filename == "dure.crt"
    assert filecmp.cmp(await download.path(), authority, shallow=False)
