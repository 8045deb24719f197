"""The web app's own files: what they are called, and one version for all of them.

The service worker is served with the version and the list filled in, so a changed file is a new worker and no tablet runs old code for ever.
"""

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import NamedTuple

ROOT = Path(__file__).parent
FIRST_SCREENS = {"devices", "sign-in", "station"}
"""What a tablet is enrolled by and works with."""
LATER_SCREENS = {"board"}
TABLET_STYLES = {
    "base",
    "board",
    "board-side",
    "components",
    "controls",
    "instruction",
    "office",
    "overlays",
    "shell",
    "sign-in",
    "station",
    "station-modes",
    "station-sheets",
    "station-side",
    "station-tasks",
    "tables",
    "tablet",
    "tokens",
}
FIRST_TEXTS = "ko"
"""The texts that a tablet starts with."""
TABLET_LIBRARIES = {"qr", "qr-decode"}
"""Loaded when a camera is first used; by then there may be no network."""
IMPORT = re.compile(r"""(?:from|import)\s*"(/[^"]+)\"""")
KEPT = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".png", ".webmanifest"}


class Build(NamedTuple):
    """One state of the web app's files."""

    version: str
    files: tuple[str, ...]
    first: tuple[str, ...]
    """What a tablet keeps from its first visit on; what the office alone uses is kept once somebody has opened it."""
    later: tuple[str, ...]
    """What it keeps too, as soon as its first screen is there."""


def read_build(root: Path = ROOT) -> Build:
    """Hash every file a browser may need, by path and content."""
    digest = sha256()
    files = []
    for path in _kept(root):
        name = f"/{path.relative_to(root).as_posix()}"
        digest.update(name.encode() + b"\0" + sha256(path.read_bytes()).digest())
        if name != "/sw.js":
            files.append(name)
    soon = _scripts_of(FIRST_SCREENS, root)
    needed = soon | _scripts_of(LATER_SCREENS, root)
    kept = [name for name in files if _is_for_tablets(PurePosixPath(name), needed)]
    later = [name for name in kept if _can_wait(PurePosixPath(name), soon)]
    return Build(digest.hexdigest()[:16], tuple(files), tuple(name for name in kept if name not in later), tuple(later))


def _scripts_of(screens: set[str], root: Path) -> set[str]:
    """The start, the screens, and all that they import."""
    left = [
        "/js/main.js",
        *(f"/js/screens/{name}/index.js" for name in screens),
        "/js/screens/station/choose.js",
    ]
    found: set[str] = set()
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += IMPORT.findall((root / name[1:]).read_text(encoding="utf-8"))
    return found


def _is_for_tablets(path: PurePosixPath, scripts: set[str]) -> bool:
    if path.suffix in (".js", ".mjs"):
        return str(path) in scripts or path.stem in TABLET_LIBRARIES
    return path.suffix != ".css" or path.stem in TABLET_STYLES


def _can_wait(path: PurePosixPath, soon: set[str]) -> bool:
    if path.suffix in (".js", ".mjs"):
        return str(path) not in soon
    return path.stem.removesuffix("-side") in LATER_SCREENS or (path.parent.name == "i18n" and path.stem != FIRST_TEXTS)


def service_worker(pages: str, root: Path = ROOT) -> str:
    """Answer the text of /sw.js for the files as they are now; ``pages`` is the pattern of the addresses that show the app."""
    return _filled_in(
        root, pages, tuple((path.as_posix(), path.stat().st_mtime_ns, path.stat().st_size) for path in _kept(root))
    )


@lru_cache(maxsize=4)
def _filled_in(root: Path, pages: str, _marks: tuple[tuple[str, int, int], ...]) -> str:
    build = read_build(root)
    text = (root / "sw.js").read_text(encoding="utf-8")
    lists = {
        "@FILES@": " ".join(build.files),
        "@FIRST@": " ".join(build.first),
        "@LATER@": " ".join(build.later),
        "@PAGES@": pages,
    }
    for mark, files in lists.items():
        text = text.replace(mark, files)
    return text.replace("@BUILD@", build.version)


def _kept(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.suffix in KEPT)
