"""The web app's own files: what they are called, and one version for all of them.

The service worker is served with the version and the list filled in, so a changed file is a new worker and no tablet runs old code for ever.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent
KEPT = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".png", ".webmanifest"}


class Build(NamedTuple):
    """One state of the web app's files."""

    version: str
    files: tuple[str, ...]


def read_build(root: Path = ROOT) -> Build:
    """Hash every file a browser may need, by path and content."""
    digest = sha256()
    files = []
    for path in _kept(root):
        name = f"/{path.relative_to(root).as_posix()}"
        digest.update(name.encode() + b"\0" + sha256(path.read_bytes()).digest())
        if name != "/sw.js":
            files.append(name)
    return Build(digest.hexdigest()[:16], tuple(files))


def service_worker(root: Path = ROOT) -> str:
    """Answer the text of /sw.js for the files as they are now."""
    return _filled_in(
        root, tuple((path.as_posix(), path.stat().st_mtime_ns, path.stat().st_size) for path in _kept(root))
    )


@lru_cache(maxsize=4)
def _filled_in(root: Path, _marks: tuple[tuple[str, int, int], ...]) -> str:
    build = read_build(root)
    text = (root / "sw.js").read_text(encoding="utf-8")
    return text.replace("@BUILD@", build.version).replace("@FILES@", " ".join(build.files))


def _kept(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.suffix in KEPT)
