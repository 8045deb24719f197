"""A tablet at a machine; with a disk of its own it can be switched off in the middle of anything, and started again."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import Browser, BrowserContext, Page, Playwright, expect

from tests.support.browser import FLAGS, PATIENCE_MS, TABLET, Window, tell_the_date, true_time
from tests.support.caller import Caller
from tests.support.press import OPERATOR, PIN
from tests.support.suite import Suite
from tests.support.world import eventually

QUEUE = """async () => {
    const { $js_floor_queue_js: { commands, ready } } = await import("/js/main.js"); // it is there without a network
    await ready();
    return commands.value.map(({ id, kind, state, flags, problem }) => ({ id, kind, state, flags, problem }));
}"""
DEVICE: dict[str, Any] = {
    "viewport": TABLET,
    "locale": "ko-KR",
    "timezone_id": "Asia/Seoul",
    "reduced_motion": "reduce",
    "has_touch": True,
}
FINAL = {"done", "flagged", "review", "undone"}


async def scan(window: Window, text: str) -> None:
    """As a scanner does: a very fast keyboard, then Enter; nothing on the screen has the focus."""
    await window.page.evaluate(
        """text => [...text, "Enter"].forEach((key) => {
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        })""",
        text,
    )


@asynccontextmanager
async def tablet_at(machine: str, suite: Suite, admin: Caller, browser: Browser) -> AsyncIterator[Window]:
    """A tablet that is enrolled at a machine, with its operator signed in; in the end it has nothing to complain of."""
    window = await Window.open(browser, suite.address, has_touch=True)
    invited = await admin.post("/device-enrolments", {"name": "tablet", "machine": machine})
    await window.join(f"{suite.address}/devices#enrol={invited['code']}")
    await window.sign_in_by_pin(OPERATOR, PIN)
    yield window
    assert window.complaints == []
    await window.context.close()


class Tablet:
    """A profile of ``browser``, or a Chromium of its own on a ``profile`` that outlives it."""

    def __init__(self, engine: Browser | Playwright, address: str, profile: Path | None = None) -> None:
        self._engine = engine
        self._profile = profile
        self.address = address
        self.context: BrowserContext | None = None
        self.window: Window

    async def switch_on(self, path: str, *flags: str) -> Window:
        """Start it, and open a page; what was on its disk is there."""
        if isinstance(self._engine, Browser):
            self.context = await self._engine.new_context(**DEVICE)
        else:
            assert self._profile is not None
            self.context = await self._engine.chromium.launch_persistent_context(
                self._profile,
                executable_path=shutil.which("chromium-headless-shell"),
                args=[*FLAGS, *flags],
                env=true_time(),
                **DEVICE,
            )
        self.context.set_default_timeout(PATIENCE_MS)
        await tell_the_date(self.context)
        page = self.context.pages[0] if self.context.pages else await self.context.new_page()
        self.window = Window(self.context, page, self.address)
        await self.window.go(path)
        return self.window

    @property
    def page(self) -> Page:
        """The page on the screen."""
        return self.window.page

    async def lose_power(self) -> None:
        """The battery of one with a disk of its own is out: no page, no worker and no process may do anything more."""
        mark = f"--user-data-dir={self._profile}"
        for process in psutil.process_iter(["cmdline"]):
            command = process.info["cmdline"] or []
            if mark in command and not any(word.startswith("--type=") for word in command):
                process.kill()
                process.wait(10)
        self.context = None

    async def switch_off(self) -> None:
        """In order."""
        if self.context is not None:
            await self.context.close()
            self.context = None

    async def join(self, admin: Caller, machine: str, *flags: str) -> Window:
        """Start it for the first time, and become the shop's tablet at a machine."""
        invited = await admin.post("/device-enrolments", {"name": f"tablet at {machine}", "machine": machine})
        window = await self.switch_on(f"/devices#enrol={invited['code']}", *flags)
        await window.enrol()
        return window

    async def queue(self) -> list[dict[str, Any]]:
        """Every command that it has, and what became of it."""
        commands: list[dict[str, Any]] = await self.page.evaluate(QUEUE)
        return commands

    async def until_sent(self, seconds: float = 120) -> list[dict[str, Any]]:
        """Wait until nothing waits to be sent; every command then has a final state."""
        with suppress(AssertionError):
            await expect(self.window.find("queue-depth")).to_have_text("0", timeout=seconds * 1000)
        return await eventually(self.queue, lambda commands: all(one["state"] in FINAL for one in commands))
