"""Take the README's pictures of the real screens: ``python -m tests.web.pictures``, by hand, when the screens have
changed."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.support.browser import TABLET, TELEVISION, Window, chromium
from tests.support.caller import Caller, Shop
from tests.support.working_day import NOW, PINS, at, working_day

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
MACHINE = "PR200P"


async def take_board(shop: Shop, browser: Browser) -> None:
    wall = await Window.open(browser, shop.suite.address, TELEVISION)
    await wall.page.clock.set_fixed_time(at(NOW))
    await wall.enter("/board")
    await expect(wall.find(f"machine-{MACHINE}")).to_have_attribute("data-state", "running")
    await wall.page.screenshot(path=PICTURES / "board.png")


async def take_tablet(shop: Shop, admin: Caller, browser: Browser) -> None:
    tablet = await Window.open(browser, shop.suite.address, TABLET, has_touch=True, color_scheme="light")
    await tablet.page.clock.set_fixed_time(at(NOW))
    invitation = await admin.post("/device-enrolments", {"name": "tablet", "machine": MACHINE})
    await tablet.join(invitation["url"])
    await tablet.sign_in_by_pin("1101", PINS["1101"])
    await expect(tablet.find("job-good")).to_be_visible()
    await tablet.page.screenshot(path=PICTURES / "tablet.png")


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with working_day(Path(folder)) as (shop, admin), chromium() as browser:
            await take_board(shop, browser)
            await take_tablet(shop, admin, browser)


if __name__ == "__main__":
    asyncio.run(main())
