"""A tablet never runs old code for ever: any changed file makes a new service worker."""

import re
import shutil
from pathlib import Path

from gateway.pages.serving import PAGES
from gateway.web.assets import ROOT, read_build, service_worker


def test_a_changed_file_is_a_new_build(tmp_path: Path) -> None:
    copy = tmp_path / "web"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = read_build(copy)
    assert before.version == read_build(ROOT).version
    screen = copy / "js" / "main.js"
    screen.write_text(screen.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert read_build(copy).version != before.version


def test_the_worker_carries_the_build_and_every_file_that_a_screen_needs() -> None:
    worker = service_worker(PAGES.pattern)
    build = read_build()
    assert f'const BUILD = "{build.version}"' in worker
    assert "@" not in re.sub(r"//.*", "", worker)
    assert {"/index.html", "/js/main.js", "/css/tokens.css", "/vendor/preact.mjs", "/i18n/ko.json"} <= set(build.files)
    assert not [name for name in build.files if name.endswith((".py", ".md")) or name == "/sw.js"]


def test_the_shell_has_nothing_inline() -> None:
    """The content security policy allows no inline script or style."""
    shell = (ROOT / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", shell) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", shell) == []


def test_no_file_of_the_app_grows_past_350_lines() -> None:
    written = [path for kind in ("*.js", "*.css") for path in ROOT.rglob(kind)]
    assert [
        f"{path.relative_to(ROOT)}" for path in written if len(path.read_text(encoding="utf-8").splitlines()) > 350
    ] == []


def test_no_line_of_the_app_is_wider_than_120_columns() -> None:
    written = [path for kind in ("*.js", "*.css", "*.html") for path in ROOT.rglob(kind)]
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for path in written
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ] == []


def test_the_other_languages_and_the_cameras_decoder_come_after_the_first_screen() -> None:
    build = read_build()
    assert {"/i18n/en.json", "/i18n/vi.json", "/vendor/qr-decode.mjs"} <= set(build.later)
    assert "/i18n/ko.json" in build.first
    assert not set(build.first) & set(build.later)
