"""Real windows of a real Chromium, and what a careful person would notice in them."""

import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    async_playwright,
    expect,
)

from tests.support.caller import LOGIN, PASSWORD

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
)
SCRIPT = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
MOTION_ENDS = """() => Promise.all(
    document.getAnimations()
        .filter((motion) => motion.effect.getComputedTiming().endTime !== Infinity)
        .map((motion) => motion.finished.catch(() => null))
).then(() => null)"""
WEB = Path(__file__).parents[2] / "gateway" / "web"
LOT_RULE = "{item}-{yymmdd}-{nnn}"
"""The example of a rule for lot numbers, whose braces are to be read."""
TABLET = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
TELEVISION = {"width": 1920, "height": 1080}
VISIT = """async path => {
    const { navigate } = await import("/js/lib/router.js");
    const leave = async address => {
        document.querySelector("#app > .page, #app > .empty")?.setAttribute("data-left", "");
        navigate(address);
        while (document.querySelector("[data-left]")) await new Promise(requestAnimationFrame);
    };
    if (new URL(path, location.href).pathname === location.pathname) await leave("/-");
    await leave(path);
}"""
ENTERED = """(() => {
    if (location.href === "about:blank" || localStorage.getItem("dure.token.given")) return;
    localStorage.setItem("dure.token.given", "true");
    localStorage.setItem("dure.token", JSON.stringify(TOKEN));
})()"""
SHIFTED_DATE = """globalThis.Date = new Proxy(Date, {
    construct: (date, values) => (values.length ? new date(...values) : new date(date.now() + OFFSET)),
    apply: (date) => new date(date.now() + OFFSET).toString(),
    get: (date, name) => (name === "now" ? () => date.now() + OFFSET : Reflect.get(date, name)),
})"""
SETTLED = """() => document.querySelector("#app > * > *") && !document.querySelector("[data-left], .skeleton")"""
NO_WORKER = "Service Worker registration blocked by Playwright"
PATIENCE_MS = 60_000
"""Matters only where something fails: all waits end with what they wait for."""
expect.set_options(timeout=PATIENCE_MS)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium without a window: the same engine as a tablet's, in half the time."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        try:
            yield browser
        finally:
            await browser.close()


async def launch(playwright: Playwright) -> Browser:
    """Start it."""
    path = shutil.which("chromium-headless-shell")
    assert path, "the browser tests need Chromium: infra/browser.sh installs it"
    return await playwright.chromium.launch(executable_path=path, args=FLAGS, env=true_time())


def true_time() -> dict[str, str | float | bool]:
    """The environment without a shifted clock, which Chromium does not bear; its pages are told the date."""
    return {
        name: value for name, value in os.environ.items() if name != "LD_PRELOAD" and not name.startswith("FAKETIME")
    }


async def tell_the_date(context: BrowserContext) -> None:
    """Pages have the date of the tests, where that is another one than the machine's.

    Playwright's clock begins anew with each page that is loaded: a tablet's would be behind the shop's.
    """
    if offset := os.environ.get("DURE_TEST_OFFSET_S"):
        await context.add_init_script(SHIFTED_DATE.replace("OFFSET", f"{offset}000"))


class Window:
    """One browser profile with one page: somebody's computer, a tablet, the television on the wall."""

    def __init__(self, context: BrowserContext, page: Page, address: str) -> None:
        self.context = context
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self._expected: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    @classmethod
    async def open(cls, browser: Browser, address: str, size: dict[str, int] = TABLET, **options: Any) -> "Window":
        """A new profile that nobody has used; its pages come from the server, where ``service_workers`` does not say
        ``"allow"``."""
        quiet = {"reduced_motion": "reduce", "service_workers": "block"} | options
        context = await browser.new_context(viewport=size, locale="ko-KR", timezone_id="Asia/Seoul", **quiet)
        context.set_default_timeout(PATIENCE_MS)
        await tell_the_date(context)
        return cls(context, await context.new_page(), address)

    async def go(self, path: str) -> None:
        """Open a page of the shop, and wait until it has settled."""
        await self.page.goto(path if path.startswith("http") else self.address + path)
        await self.settled()

    async def settled(self) -> None:
        """Nothing is being loaded any more: texts and figures are there."""
        await self.page.wait_for_function(SETTLED)

    async def visit(self, path: str) -> None:
        """Go to a page of the shop as by a link, without loading the app again; the one that is open begins anew."""
        await self.page.evaluate(VISIT, path)
        await self.settled()

    async def enter(self, following: str = "/", login: str = LOGIN, password: str = PASSWORD) -> None:
        """As somebody of the office who has signed in before; to the page that is wanted."""
        answer = await self.context.request.post(
            f"{self.address}/api/v1/sessions", data={"login": login, "password": password}
        )
        assert answer.ok, await answer.text()
        token = json.dumps((await answer.json())["access_token"])
        await self.context.add_init_script(ENTERED.replace("TOKEN", token))
        await self.go(following)

    async def sign_in(self, following: str = "/", login: str = LOGIN, password: str = PASSWORD) -> None:
        """In the office, by login and password; then the page that was wanted."""
        await self.go(f"/sign-in?next={following}")
        await self.find("sign-in-person").fill(login)
        await self.find("sign-in-pin").fill(password)
        await self.find("sign-in-submit").click()
        await self.page.wait_for_url(lambda url: "/sign-in" not in url)
        await self.settled()

    async def join(self, link: str) -> None:
        """Become a tablet of the shop, by the link that an administrator gave."""
        await self.go(link)
        await self.enrol()

    async def enrol(self) -> None:
        """Accept the invitation that is open."""
        await self.find("device-go").click()
        await expect(self.find("sign-in-person").first).to_be_visible()

    async def sign_in_by_pin(self, person: str, pin: str) -> None:
        """On a tablet: one's name, then the PIN."""
        await self.page.locator(f'[data-testid="sign-in-person"][data-code="{person}"]').click()
        await self.find("sign-in-pin").fill(pin)
        await self.find("sign-in-submit").click()
        await self.page.wait_for_url("**/station/*")
        await self.settled()

    def find(self, name: str) -> Locator:
        """The element that scripts find by its stable hook."""
        return self.page.get_by_test_id(name)

    def expect_refusal(self, status: int) -> None:
        """The next complaint of the console about this status is what the test wants to see."""
        self._expected.append(f"status of {status}")

    async def speak(self, language: str) -> None:
        """From now on this browser speaks another language."""
        await self.page.evaluate(
            "language => localStorage.setItem('dure.language', JSON.stringify(language))", language
        )

    def take_complaints(self) -> list[str]:
        """What was complained of since they were taken last; from now on no refusal is expected."""
        taken, self.complaints = self.complaints, []
        self._expected.clear()
        return taken

    async def untranslated(self) -> list[str]:
        """Keys of texts, and placeholders without a value, where a person should read words."""
        files = [*WEB.glob("texts/ko.json"), *WEB.glob("pages/*/*/texts/ko.json")]
        families = {key.partition(".")[0] for file in files for key in json.loads(file.read_text(encoding="utf-8"))}
        words: list[str] = (await self.look("words"))["words"]
        keys = re.compile(rf"(?:{'|'.join(sorted(families))})\.[a-z_-]+(?:\.[a-z_]+)*")
        words = [word for word in words if not word.endswith((".csv", ".txt", ".xlsx", ".json", ".zip"))]
        words = [word for word in words if word.strip(",") != LOT_RULE]
        return [word for word in words if keys.fullmatch(word) or re.search(r"\{\w+\}|undefined|\[object|NaN", word)]

    async def inspect(self, name: str) -> list[str]:
        """The objections of a careful person to this screen; its picture goes to the folder DURE_SCREENSHOTS, if there
        is one."""
        await self.settled()
        await self.page.evaluate(MOTION_ENDS)
        if folder := os.environ.get("DURE_SCREENSHOTS"):
            await self.page.screenshot(path=Path(folder) / f"{name}.png")
        overflow = await self.look("overflow")
        objections = [f"no text: {word}" for word in await self.untranslated()]
        objections += [f"sticks out: {one}" for one in overflow["out"]]
        objections += [f"hides a part at its side: {one} px" for one in overflow["pushed"]]
        objections += [f"scrolls sideways by {overflow['page']} px"] if overflow["page"] > 0 else []
        objections += [f"hard to read: {one}" for one in (await self.look("contrast"))["faint"]]
        return [f"{name}: {one}" for one in objections]

    async def look(self, what: str) -> Any:
        """The findings of ``look.js``: ``words``, ``overflow`` or ``contrast``."""
        return await self.page.evaluate(SCRIPT, what)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or message.text == NO_WORKER:
            return
        for expected in self._expected:
            if expected in message.text:
                self._expected.remove(expected)
                return
        self.complaints.append(f"{self.page.url}: {message.text} {message.location['url']}")
