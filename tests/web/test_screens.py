"""Every screen, in three languages, large and small, light and dark: nothing untranslated, nothing sticking out,
nothing hard to read."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import TELEVISION, Window
from tests.support.caller import Caller, Shop
from tests.support.ways import SPEAK, faults
from tests.support.working_day import NOW, PINS, at, working_day
from tests.support.world import eventually
from tests.web.pictures import GUIDE, LANGUAGES, take_guide
from tests.web.screens import FLOOR, MACHINE, OFFICE, OPERATOR, STATION

pytestmark = pytest.mark.anyio
SPOKEN = (
    "/",
    "/orders",
    "/imports",
    "/imports?tab=history",
    "/erp",
    "/reviews",
    "/reviews?tab=flagged",
    "/reviews?tab=past",
    "/andon",
    "/labels",
    "/labour",
    "/stops",
    "/quality",
    "/lots",
    "/daily-report",
    "/items/HB1001",
    "/definitions/reasons",
    "/readiness",
    "/people",
    "/trail",
    "/storage",
    "/orders/none",
)
"""Pages on which the server's words stand, or the shop's own names."""


@dataclass(frozen=True)
class Afternoon:
    """The demo factory at work, and its administrator."""

    shop: Shop
    admin: Caller
    folder: Path
    """Where it was lived."""

    async def invitation(self) -> str:
        """A link that makes a browser a tablet at a press."""
        body = {"name": "tablet", "machine": MACHINE}
        return str((await self.admin.post("/device-enrolments", body))["url"])


@pytest.fixture(scope="module")
async def afternoon(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    folder = tmp_path_factory.mktemp("screens")
    async with working_day(folder) as (shop, admin):
        yield Afternoon(shop, admin, folder)


async def test_the_offices_screens_are_fit_to_be_seen(afternoon: Afternoon, browser: Browser) -> None:
    window = await Window.open(browser, afternoon.shop.suite.address)
    await window.page.clock.set_fixed_time(at(NOW))
    await window.go("/sign-in")
    objections = await faults(window, "sign-in")
    await window.enter("/orders")
    for name, step in OFFICE.items():
        await step(window)
        objections += await faults(window, name)
    objections += window.complaints
    assert not objections, "\n".join(objections)
    await window.context.close()


async def test_an_open_page_says_in_another_language_what_it_says_when_it_is_opened_in_it(
    afternoon: Afternoon, browser: Browser
) -> None:
    address = afternoon.shop.suite.address
    switched, opened = [await Window.open(browser, address) for _ in "12"]
    for window in (switched, opened):
        await window.page.clock.set_fixed_time(at(NOW))
        await window.enter("/rights")
    await opened.page.evaluate(SPEAK, "en")
    for path in SPOKEN if "DURE_LONG_PROPERTIES" in os.environ else SPOKEN[::3]:
        await switched.page.evaluate(SPEAK, "ko")
        await switched.visit(path)
        await switched.page.evaluate(SPEAK, "en")
        await opened.visit(path)

        async def difference() -> list[str]:
            lines = [(await window.page.inner_text("#app")).splitlines() for window in (opened, switched)]
            return list(unified_diff(*lines, lineterm="", n=0))

        assert not await eventually(difference, lambda found: not found), path
    for window in (switched, opened):
        await window.context.close()


async def test_what_is_typed_stays_when_what_the_server_says_is_read_in_another_language(
    afternoon: Afternoon, browser: Browser
) -> None:
    window = await Window.open(browser, afternoon.shop.suite.address)
    await window.enter("/readiness")
    finding = window.page.get_by_text("작업표준서가 없습니다").first
    await expect(finding).to_be_visible()
    rule = window.page.locator("input.input").last
    await rule.fill("WI-*")
    await window.page.evaluate(SPEAK, "en")
    await expect(window.page.get_by_text("has no work instruction").first).to_be_visible()
    await expect(finding).to_have_count(0)
    await expect(rule).to_have_value("WI-*")
    assert window.complaints == []
    await window.context.close()


async def test_the_operators_screens_are_fit_to_be_seen(afternoon: Afternoon, browser: Browser) -> None:
    window = await Window.open(browser, afternoon.shop.suite.address, has_touch=True)
    await window.page.clock.set_fixed_time(at(NOW))
    await window.go(await afternoon.invitation())
    objections = await faults(window, "devices-joined")
    await window.find("device-go").click()
    await expect(window.find("sign-in-person").first).to_be_visible()
    objections += await faults(window, "sign-in-crew")
    await window.page.locator(f'[data-code="{OPERATOR}"]').click()
    objections += await faults(window, "sign-in-pin")
    await window.find("sign-in-pin").fill(PINS[OPERATOR])
    await window.find("sign-in-submit").click()
    await window.page.wait_for_url(f"**{STATION}")
    window.expect_refusal(404)
    for name, step in FLOOR.items():
        await step(window)
        objections += await faults(window, name)
    objections += window.complaints
    assert not objections, "\n".join(objections)
    await window.context.close()


async def test_the_board_fills_a_television(afternoon: Afternoon, browser: Browser) -> None:
    wall = await Window.open(browser, afternoon.shop.suite.address, TELEVISION)
    await wall.page.clock.set_fixed_time(at(NOW))
    await wall.enter("/board")
    await expect(wall.find(f"machine-{MACHINE}")).to_have_attribute("data-state", "running")
    assert await wall.inspect("board-television") + wall.complaints == []
    height = await wall.page.evaluate("document.documentElement.scrollHeight")
    assert height <= TELEVISION["height"], "a board does not scroll"
    await wall.context.close()


@pytest.mark.long
async def test_the_guides_pictures_can_be_taken_anew(afternoon: Afternoon, browser: Browser, tmp_path: Path) -> None:
    await take_guide(tmp_path, afternoon.folder, afternoon.shop, afternoon.admin, browser)
    for language in LANGUAGES:
        taken = {path.name for path in (tmp_path / language).iterdir()}
        assert taken == {path.name for path in (GUIDE / language).iterdir()}
