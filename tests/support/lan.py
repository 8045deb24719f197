"""The needs of tests of the local network: a browser that trusts the shop's authority."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.support.browser import FLAGS

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@asynccontextmanager
async def tablet_browser(home: Path, authority: Path | None) -> AsyncIterator[Browser]:
    """Chromium with a certificate store of its own, in which somebody has installed ``authority``, or nothing."""
    store = home / ".pki" / "nssdb"
    if not store.exists():
        store.mkdir(parents=True)
        certutil(store, "-N", "--empty-password")
    if authority is not None:
        certutil(store, "-A", "-t", "C,,", "-n", "dure", "-i", str(authority))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*FLAGS, *CAMERA], env={**os.environ, "HOME": str(home)}
        )
        try:
            yield browser
        finally:
            await browser.close()


def certutil(store: Path, *words: str) -> None:
    """Change the certificate store of Chromium on Linux."""
    path = shutil.which("certutil")
    assert path, "the tests of trust need certutil: infra/browser.sh installs it"
    subprocess.run([path, "-d", f"sql:{store}", *words], check=True, capture_output=True)
