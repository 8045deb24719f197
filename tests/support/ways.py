"""The ways in which people look at the same screen: language, size and light."""

import os
import zlib
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
SHOWN = (
    """() => [document.documentElement.lang, matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"]"""
)


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


def ways_of(name: str) -> list[str]:
    """In which ways a screen is looked at: in one of them, and in all where the long properties are tested."""
    if "DURE_LONG_PROPERTIES" in os.environ:
        return list(WAYS)
    return [list(WAYS)[zlib.crc32(name.encode()) % len(WAYS)]]


async def faults(window: Window, name: str) -> list[str]:
    """The objections of a careful person to the screen that is open, and the grave faults that axe-core finds; it is
    left as it was looked at last."""
    found = []
    for way in ways_of(name):
        await look(window, WAYS[way])
        found += await window.inspect(f"{name}-{way}")
        found += [f"{name}-{way}: {fault}" for fault in await grave_faults(window.page)]
    return found


async def look(window: Window, way: Way) -> None:
    """Look at what is open in this way from now on."""
    shown = window.page.viewport_size, await window.page.evaluate(SHOWN)
    if shown == (way.size, [way.language, way.scheme]):
        return
    await window.page.set_viewport_size(way.size)
    await window.page.emulate_media(color_scheme=way.scheme)
    await window.page.evaluate(SPEAK, way.language)
