"""A tablet never runs old code for ever: any changed file makes a new service worker."""

import re
import shutil
import time
from pathlib import Path

from gateway.pages.adapters import LOOK_EVERY_S, WEB, WebApp, read_build


def test_a_changed_file_is_a_new_build_without_a_restart(tmp_path: Path) -> None:
    copy = tmp_path / "web"
    shutil.copytree(WEB, copy)
    app = WebApp(copy)
    before = app.build()
    assert before.version == read_build(WEB).version
    assert app.build() is before
    script = copy / "js" / "main.js"
    script.write_text(script.read_text(encoding="utf-8") + "\n// changed\nconst changed = 1;\n", encoding="utf-8")
    time.sleep(LOOK_EVERY_S * 1.5)
    assert app.build().version != before.version
    assert "const changed = 1;" in app.build().files["/js/main.js"].decode()


def test_the_worker_carries_the_build_and_what_a_tablet_stores() -> None:
    build = read_build()
    worker = build.worker.decode()
    assert f'const BUILD = "{build.version}"' in worker
    assert "@" not in re.sub(r"//.*", "", worker)
    assert {"/index.html", "/js/main.js", "/css/start.css", "/vendor/preact.mjs", "/texts/ko.json"} <= set(build.first)
    assert {*build.first, *build.later} <= set(build.files)
    assert not [name for name in build.files if name.endswith((".py", ".md")) or name == "/pages.json"]


def test_the_shell_has_nothing_inline() -> None:
    """The content security policy allows no inline script or style."""
    shell = (WEB / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", shell) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", shell) == []


def test_no_file_of_the_app_grows_past_350_lines() -> None:
    written = [path for kind in ("*.js", "*.css") for path in WEB.rglob(kind)]
    assert [
        f"{path.relative_to(WEB)}" for path in written if len(path.read_text(encoding="utf-8").splitlines()) > 350
    ] == []


def test_no_line_of_the_app_is_wider_than_120_columns() -> None:
    written = [path for kind in ("*.js", "*.css", "*.html") for path in WEB.rglob(kind)]
    assert [
        f"{path.relative_to(WEB)}:{number}"
        for path in written
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ] == []


def test_the_other_languages_the_board_and_the_cameras_decoder_come_after_the_first_page() -> None:
    build = read_build()
    station, board = "/pages/floor/station", "/pages/machines/board"
    assert {"/texts/en.json", "/vendor/qr-decode.mjs", f"{board}/index.js", f"{station}/texts/vi.json"} <= set(
        build.later
    )
    assert {"/texts/ko.json", f"{station}/index.js", f"{station}/station.css", f"{station}/texts/ko.json"} <= set(
        build.first
    )
    assert not set(build.first) & set(build.later)


STATIC_IMPORT = re.compile(r"(?:^|[;}\s])(?:import|from)\s*[\"'](/[^\"']+)[\"']")


def test_a_tablet_that_has_seen_one_page_lacks_no_module_that_a_stored_one_imports() -> None:
    build = read_build()
    imported = {
        path: STATIC_IMPORT.findall(build.files[path].decode())
        for path in (*build.first, *build.later)
        if path.endswith((".js", ".mjs"))
    }
    assert "/vendor/signals-core.mjs" in imported["/vendor/signals.mjs"], "also one that only another of them imports"
    assert [(path, one) for path in build.first for one in imported.get(path, ()) if one not in build.first] == []
    stored = {*build.first, *build.later}
    assert [(path, one) for path in build.later for one in imported.get(path, ()) if one not in stored] == []


def test_what_a_style_sheet_imports_is_sent_in_it_and_once() -> None:
    build = read_build()
    for path, content in build.files.items():
        if path.endswith(".css"):
            assert "@import" not in content.decode(), path
    assert build.files["/css/start.css"].decode().count("/* Raw colours first") == 1


TOP = re.compile(
    r"^(?:@(?:import|page|keyframes)\b|@scope \(|@media print \{$|@media .*\{$|(?:html|body|#app|:root)\b|/\*|\}|$)"
)


def test_the_styles_of_a_page_reach_no_other_page() -> None:
    """Every rule stands in the scope of pages that are registered, but for what is said of the whole document."""
    known = {page.id for page in read_build().registry.pages}
    astray = []
    for path in WEB.glob("pages/**/*.css"):
        text = path.read_text(encoding="utf-8")
        scopes = re.findall(r"^@scope \(([^)]*)\)", text, re.MULTILINE)
        astray += [
            f"{path.name}: {name}"
            for scope in scopes
            for name in re.findall(r"\.page-([\w-]+)", scope)
            if name not in known
        ]
        for line in re.sub(r"/\*[\s\S]*?\*/", "", text).splitlines():
            if not line.startswith((" ", "\t")) and not TOP.match(line):
                astray.append(f"{path.relative_to(WEB)}: {line}")
    assert astray == []
