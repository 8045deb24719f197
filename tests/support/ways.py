"""The ways in which people look at the same screen: language, size and light."""

from dataclasses import dataclass
from typing import Literal

from playwright.async_api import ViewportSize

from tests.support.accessible import grave_faults
from tests.support.browser import Window

SPEAK = """async code => {
    const { setLanguage } = await import("/js/lib/i18n.js");
    await setLanguage(code);
    for (const _ of "12") await new Promise(requestAnimationFrame);
}"""
"""In another language; two frames later colours have changed, too."""


@dataclass(frozen=True)
class Way:
    """A language, a size of the window, and light or dark."""

    language: str
    size: ViewportSize
    scheme: Literal["light", "dark"]


PHONE = ViewportSize(width=390, height=844)
WAYS = {
    "vi-phone-dark": Way("vi", PHONE, "dark"),
    "en-upright-dark": Way("en", ViewportSize(width=800, height=1280), "dark"),
    "ko": Way("ko", ViewportSize(width=1280, height=800), "light"),
}
"""The last one is the way in which a screen is opened, and in which it is left."""


async def faults_in_all_ways(window: Window, name: str) -> list[str]:
    """The objections of a careful person to the screen that is open, in any of the ways, and the grave faults that
    axe-core finds."""
    faults = []
    for key, way in WAYS.items():
        await window.page.set_viewport_size(way.size)
        await window.page.emulate_media(color_scheme=way.scheme)
        await window.page.evaluate(SPEAK, way.language)
        faults += await window.inspect(f"{name}-{key}")
    return faults + [f"{name}: {fault}" for fault in await grave_faults(window.page)]
