"""The findings of axe-core, the usual judge of accessibility, on a screen."""

import os
from pathlib import Path

from playwright.async_api import Page

AXE = (Path(__file__).parents[1] / "web" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
RUN = """async (rules) => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, rules });
    return violations.map(({ id, impact, help, nodes }) => ({
        id, impact, help, where: nodes.map((node) => node.target.join(" ")),
    }));
}"""


RULES = {"color-contrast": {"enabled": "DURE_LONG_PROPERTIES" in os.environ}}
"""Contrast takes axe half of its time, and ``look.js`` asks for more of it on every screen."""


async def grave_faults(page: Page) -> list[str]:
    """Serious and critical faults, with the places where they are."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(AXE)
    found = await page.evaluate(RUN, RULES)
    return [
        f"{fault['id']}: {fault['help']} ({', '.join(fault['where'][:3])})"
        for fault in found
        if fault["impact"] in GRAVE
    ]
