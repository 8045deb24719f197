"""A browser for each worker, and what starts tablets."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Playwright, async_playwright

from tests.support.browser import Window, launch
from tests.support.caller import Caller
from tests.support.suite import Suite
from tests.support.ways import WAYS, look


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await launch(playwright)
    yield browser
    await browser.close()


@pytest.fixture(scope="module")
async def desk(suite: Suite, admin: Caller, browser: Browser) -> AsyncIterator[Window]:
    """The administrator's computer: they have signed in once for all tests of a module."""
    window = await Window.open(browser, suite.address)
    await window.enter("/")
    yield window
    await window.context.close()


@pytest.fixture
async def window(desk: Window) -> AsyncIterator[Window]:
    """The administrator's window, of which nothing is complained in this test."""
    await look(desk, WAYS["ko"])
    yield desk
    assert desk.take_complaints() == []
