"""Pictures that tell defects and items apart: set in the office, touched on the floor, there without a network too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Playwright, expect

from tests.support.browser import PATIENCE_MS, Window
from tests.support.caller import Caller, Shop
from tests.support.media import photo, png
from tests.support.press import MACHINE, OPERATOR, PIN, prepare, release_order
from tests.support.suite import Suite
from tests.support.tablet import Tablet
from tests.support.ways import faults
from tests.support.wire import Wire
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
TOUCH_PX = 80
KEPT = """async () => {
    const { within, answer } = await import("/js/floor/database.js");
    return (await within("media", "readonly", (store) => answer(store.getAllKeys()))).length;
}"""

STORED_BEFORE = """async () => {
    const { cacheValue, cachedValue } = await import("/js/floor/cache.js");
    await cacheValue("instruction/P/WI-1/1", { pages: [{ text: { ko: "1" }, media: "drawing" }] });
    await cacheValue("catalogue", { defects: [{ code: "BURR", picture: "burr" }], reasons: [] });
    return [await cachedValue("instruction/P/WI-1/1"), await cachedValue("catalogue")];
}"""


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        yield await prepare(shop, orders=0)


async def shows_a_picture(place: Locator) -> None:
    """It has been loaded, and has pixels."""
    picture = place.locator("img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 0


async def the_floor_shows_them(tablet: Window) -> None:
    """The item above the counts; the burr on its tile; and a tile that has none can be touched as well."""
    await shows_a_picture(tablet.find("item-picture"))
    await tablet.find("scrap-open").click()
    await shows_a_picture(tablet.find("scrap-BURR"))
    await expect(tablet.find("scrap-DENT").locator("img")).to_have_count(0)
    for defect in ("BURR", "DENT"):
        box = await tablet.find(f"scrap-{defect}").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TOUCH_PX, (defect, box)


async def test_a_defects_photo_is_set_in_the_office_and_touched_at_the_press_without_a_network(
    suite: Suite, admin: Caller, browser: Browser, playwright: Playwright, tmp_path: Path
) -> None:
    office = await Window.open(browser, suite.address, has_touch=True)
    await office.enter("/quality")
    await office.find("tab-defects").click()
    await office.page.locator("tr", has_text="BURR").click()
    no_picture = {"name": "버.jpg", "mimeType": "image/jpeg", "buffer": b"<svg onload='alert(1)'/>"}
    office.expect_refusal(422)
    await office.find("picture-file").set_input_files(no_picture)  # type: ignore[arg-type]
    await expect(office.page.get_by_role("dialog")).to_contain_text("PNG, JPEG, WebP, PDF 파일만 쓸 수 있습니다")
    taken = {"name": "버.jpg", "mimeType": "image/jpeg", "buffer": photo(640, 480)}
    await office.find("picture-camera").set_input_files(taken)  # type: ignore[arg-type]
    await shows_a_picture(office.page.get_by_role("dialog"))
    objections = await faults(office, "pictures-defect")
    await office.find("defect-save").click()
    await shows_a_picture(office.page.locator("tr", has_text="BURR"))

    sent = await admin.post("/orders/media", files={"file": ("bracket.png", png(320, 200))})
    item = await admin.get("/orders/items/HB1001")
    body = {name: value for name, value in item.items() if name not in ("code", "version", "updated_at")}
    assert (await admin.http.put("/orders/items/HB1001", json=body | {"picture_id": sent["id"]})).is_success
    order = await release_order(admin)

    async with Wire(suite.port) as wire:
        tablet = Tablet(playwright, wire.address, tmp_path / "tablet")
        await tablet.join(admin, MACHINE)
        await tablet.window.sign_in_by_pin(OPERATOR, PIN)
        await tablet.page.wait_for_function("navigator.serviceWorker.controller !== null")
        await tablet.window.find(f"job-{order['number']}-10").click()
        await tablet.window.find("job-start").click()
        await the_floor_shows_them(tablet.window)
        await tablet.until_sent()
        await eventually(lambda: tablet.page.evaluate(KEPT), lambda kept: kept == 2)

        await wire.cut()
        await tablet.lose_power()
        await tablet.switch_on(f"/station/{MACHINE}", "--disk-cache-size=1")
        await expect(tablet.window.find("connection")).to_have_attribute("data-state", "offline")
        await the_floor_shows_them(tablet.window)
        await tablet.window.find("scrap-BURR").click()
        objections += await tablet.window.inspect("pictures-scrap")
        await tablet.window.find("report-submit").click()
        await expect(tablet.window.find("queue-depth")).to_have_text("1")
        await wire.mend()
        await tablet.until_sent()
        await tablet.switch_off()

    await office.go("/quality")
    await shows_a_picture(office.page.locator(".pareto svg"))
    await office.find("pareto-table").click()
    await shows_a_picture(office.page.locator(".pareto tr", has_text="BURR"))
    objections += await faults(office, "pictures-pareto")

    await office.find("tab-defects").click()
    await office.page.locator("tr", has_text="BURR").click()
    await office.find("picture-remove").click()
    await office.find("defect-save").click()
    await expect(office.page.locator("tr", has_text="BURR").locator("img")).to_have_count(0)
    assert (await admin.get("/quality/defects/BURR"))["picture_id"] is None
    assert objections + office.complaints == []


async def test_what_a_tablet_stored_by_the_names_of_the_release_before_shows_its_pictures(
    suite: Suite, browser: Browser
) -> None:
    window = await Window.open(browser, suite.address, service_workers="allow")
    await window.go("/sign-in")
    instruction, catalogue = await window.page.evaluate(STORED_BEFORE)
    assert instruction == {"pages": [{"text": {"ko": "1"}, "media_id": "drawing"}]}
    assert catalogue == {"defects": [{"code": "BURR", "picture_id": "burr"}], "reasons": []}
    await window.context.close()
