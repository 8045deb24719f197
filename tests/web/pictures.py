"""Take the pictures of the README and of the guide of the real screens: ``python -m tests.web.pictures``, by hand,
when the screens have changed; names after it store only these of the guide."""

import asyncio
import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops
from playwright.async_api import Browser, expect

from tests.support.browser import MOTION_ENDS, TABLET, TELEVISION, Window, chromium
from tests.support.caller import Caller, Shop
from tests.support.shop_clock import ShopClock
from tests.support.suite import running_suite
from tests.support.ways import Way, look
from tests.support.working_day import NOW, PINS, at, working_day
from tests.web.guide_day import COILS, LATER, REVIEWED, GuideDay
from tests.web.screens import MACHINE, OFFICE, OPERATOR, STATION, Step, opened, touched

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS / "pictures"
GUIDE = DOCS / "guide" / "pictures"
LANGUAGES = ("ko", "en")
COLOURS = 128
"""As many as a picture has when it is stored: screens have few, and those of small marks have a meaning too."""
DAY = "2026-12-01"
"""The day on all pictures: what has not changed on a screen does not change in its picture."""
UNSEEN = 24
"""Of 255: by so much the edges of letters differ from one time to the next."""
PAUSE_S = 0.3
PATIENCE_S = 30
SIZE = {"width": TABLET["width"], "height": TABLET["height"]}

AS_TESTED = (
    "orders",
    "order-change",
    "travellers",
    "imports-verdicts",
    "imports-changes",
    "erp",
    "erp-confirmations",
    "erp-connections",
    "labour",
    "labour-note",
    "stops-correct",
    "quality",
    "quality-reports",
    "people",
    "people-pins",
    "troubles",
    "rights",
    "trail",
    "storage",
    "daily-report",
)
"""Screens that the guide shows as the tests look at them."""


async def orders_to_release(office: Window) -> None:
    await office.visit("/orders?filter=unreleased")
    for place in range(3):
        await office.page.locator("tbody tr").nth(place).get_by_role("checkbox").check()
    await expect(office.find("bulk-release")).to_be_enabled()


async def parts_of_orders_to_release(office: Window) -> None:
    await orders_to_release(office)
    await office.find("bulk-more").click()
    await office.find("bulk-parts").click()
    await expect(office.find("parts-plan").or_(office.find("material-SAPH440-2.0")).first).to_be_visible()


async def a_label_template(office: Window) -> None:
    await office.visit("/labels")
    await office.find("tab-templates").click()
    await office.find("label-add").click()
    await office.find("template-code").fill("LOT-100")
    await office.find("template-name").fill("100 × 60")
    await expect(office.find("label-preview")).to_be_visible()


async def a_device_to_enrol(office: Window) -> None:
    await office.visit("/devices")
    await office.find("device-enrol").first.click()
    await office.find("enrol-machine").select_option("SW1")


async def a_scrap_report(tablet: Window) -> None:
    await tablet.visit(STATION)
    await tablet.find("scrap-open").click()
    for defect, digit in (("BURR", "3"), ("DENT", "1")):
        await tablet.find(f"scrap-{defect}").click()
        await tablet.page.locator(f'[data-digit="{digit}"]').click()


async def a_good_report(tablet: Window) -> None:
    await tablet.visit(STATION)
    await tablet.find("good-input").click()
    await tablet.find("report-sheet").get_by_test_id("good-input").fill("185")


async def a_report_without_a_network(tablet: Window) -> None:
    await tablet.visit(STATION)
    await tablet.context.set_offline(True)
    await expect(tablet.find("connection")).to_have_attribute("data-state", "offline")
    await tablet.find("good-plus-box").click()
    await expect(tablet.find("away")).to_be_visible()


def of_the_office(day: GuideDay) -> dict[str, Step]:
    """What the office sees, by the picture's name; each begins with the id of its page."""
    assert day.order
    return {name: OFFICE[name] for name in AS_TESTED} | {
        "orders-ticked": orders_to_release,
        "orders-parts": parts_of_orders_to_release,
        "order-waiting": opened(f"/orders/{day.order['number']}"),
        "stations": opened("/station"),
        "reviews": opened("/reviews?tab=queue"),
        "reviews-flagged": opened("/reviews?tab=flagged"),
        "label": opened(f"/labels/{day.label}"),
        "labels-template": a_label_template,
        "lots": opened("/lots"),
        "lot": opened(f"/lots/{COILS[0]}"),
        "lot-hold": touched(f"/lots/{COILS[1]}", "lot-hold"),
        "recall": opened(f"/recall/{COILS[0]}"),
        "items": opened("/items"),
        "item": touched("/items/HB2001", "tab-routing"),
        "definitions": opened("/definitions/reasons"),
        "instructions": opened("/instructions"),
        "instruction": opened(f"/instructions/{REVIEWED}"),
        "readiness": opened("/readiness"),
        "evidence": opened("/readiness/evidence"),
        "devices-enrol": a_device_to_enrol,
        "join": opened("/devices#enrol=another"),
    }


WITH_A_CALL: dict[str, Step] = {"home": opened("/"), "andon": opened("/andon"), "board": opened("/board")}
FLOOR: dict[str, Step] = {
    "station": opened(STATION),
    "station-start": opened("/station/PK"),
    "station-good": a_good_report,
    "station-scrap": a_scrap_report,
    "station-pause": touched(STATION, "job-pause"),
    "station-andon": touched(STATION, "andon-open"),
    "station-material": touched(STATION, "material-open"),
    "station-handover": touched(STATION, "more-open", "more-handover"),
    "station-person": touched(STATION, "person"),
    "station-offline": a_report_without_a_network,
    "station-log": touched(STATION, "log-open"),
}


def stored(picture: bytes, path: Path) -> None:
    """As a PNG of few colours, a third as large; one that looks as it did stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    if not (path.exists() and is_alike(few, path)):
        few.save(path, optimize=True)


def is_alike(picture: Image.Image, path: Path) -> bool:
    """True where nobody sees a difference from the picture that is stored."""
    with Image.open(path) as before:
        if before.size != picture.size:
            return False
        difference = ImageChops.difference(before.convert("RGB"), picture.convert("RGB"))
    return max(most for _, most in difference.getextrema()) <= UNSEEN


async def still(window: Window) -> bytes:
    """The picture of the screen once nothing on it changes any more."""
    await window.page.evaluate(MOTION_ENDS)
    before, shown = b"", await window.page.screenshot()
    async with asyncio.timeout(PATIENCE_S):
        while shown != before:
            await asyncio.sleep(PAUSE_S)
            before, shown = shown, await window.page.screenshot()
    return shown


class Photographer:
    """Takes the pictures of the guide into ``folder``, each in every language; all are gone to, and stored are those
    that are ``wanted``, or all."""

    def __init__(self, folder: Path, browser: Browser, wanted: frozenset[str] = frozenset()) -> None:
        self.folder, self.browser, self.wanted = folder, browser, wanted

    async def take(self, window: Window, steps: dict[str, Step]) -> None:
        """Go to each screen and take its picture; the screen is the page that the name begins with."""
        for name, step in steps.items():
            for language in LANGUAGES:
                await look(window, Way(language, SIZE, "light"))
                await step(window)
                if not self.wanted or name in self.wanted:
                    await self._shoot(window, name, language)
                await window.context.set_offline(False)

    async def _shoot(self, window: Window, name: str, language: str) -> None:
        await window.settled()
        shown = await window.page.locator("#app > .page").get_attribute("class") or ""
        page = shown.removeprefix("page page-")
        assert f"{name}-".startswith(f"{page}-"), f"the picture {name} shows the page {page}"
        stored(await still(window), self.folder / language / f"{name}.png")

    async def take_all(self, day: GuideDay) -> None:
        """The pictures of the demo factory at work."""
        office = await Window.open(self.browser, day.shop.suite.address, SIZE)
        await office.page.clock.set_fixed_time(at(LATER))
        await office.enter("/orders")
        await self.take(office, of_the_office(day))
        await self._take_floor(day)
        await day.call()
        await self.take(office, WITH_A_CALL)
        await office.context.close()

    async def _take_floor(self, day: GuideDay) -> None:
        tablet = await Window.open(self.browser, day.shop.suite.address, SIZE, has_touch=True)
        await tablet.page.clock.set_fixed_time(at(LATER))
        invitation = await day.admin.post("/device-enrolments", {"name": "1번 태블릿", "machine": MACHINE})
        await tablet.join(invitation["url"])
        await self.take(tablet, {"sign-in": touched("/sign-in")})
        await tablet.sign_in_by_pin(OPERATOR, PINS[OPERATOR])
        await self.take(tablet, FLOOR)
        await tablet.context.close()

    async def take_first_start(self, folder: Path) -> None:
        """The pictures of a shop that begins."""
        with running_suite(folder) as suite:
            link = f"/setup#token={suite.setup_token}"
            window = await Window.open(self.browser, suite.address, SIZE)
            await window.go(link)
            await self.take(window, {"first-start": opened(link)})
            await window.context.close()


async def take_guide(
    folder: Path, data: Path, shop: Shop, admin: Caller, browser: Browser, wanted: frozenset[str] = frozenset()
) -> None:
    """All pictures of the guide into ``folder``; ``data`` is where the working day was lived."""
    photographer = Photographer(folder, browser, wanted)
    await photographer.take_first_start(data / "beginning")
    ShopClock(data / "clock").set(at(LATER))
    day = GuideDay(shop, admin)
    await day.happen()
    await photographer.take_all(day)


async def take_board(shop: Shop, browser: Browser) -> None:
    """The README's television."""
    wall = await Window.open(browser, shop.suite.address, TELEVISION)
    await wall.page.clock.set_fixed_time(at(NOW))
    await wall.enter("/board")
    await expect(wall.find(f"machine-{MACHINE}")).to_have_attribute("data-state", "running")
    stored(await still(wall), README / "board.png")


async def take_tablet(shop: Shop, admin: Caller, browser: Browser) -> None:
    """The README's tablet."""
    tablet = await Window.open(browser, shop.suite.address, TABLET, has_touch=True, color_scheme="light")
    await tablet.page.clock.set_fixed_time(at(NOW))
    invitation = await admin.post("/device-enrolments", {"name": "tablet", "machine": MACHINE})
    await tablet.join(invitation["url"])
    await tablet.sign_in_by_pin(OPERATOR, PINS[OPERATOR])
    await expect(tablet.find("job-good")).to_be_visible()
    stored(await still(tablet), README / "tablet.png")


async def main(wanted: frozenset[str]) -> None:
    """The README's pictures and the guide's, or those of the guide that are wanted."""
    os.environ.setdefault("DURE_TEST_DAY", DAY)
    with tempfile.TemporaryDirectory() as folder:
        async with working_day(Path(folder)) as (shop, admin), chromium() as browser:
            if not wanted:
                await take_board(shop, browser)
                await take_tablet(shop, admin, browser)
            await take_guide(GUIDE, Path(folder), shop, admin, browser, wanted)


if __name__ == "__main__":
    asyncio.run(main(frozenset(sys.argv[1:])))
