"""The web app's folder, and what of it browsers are sent: one version for all of it.

The service worker is sent with the version and its lists filled in, so a changed file is a new worker and no tablet
runs old code for ever.
"""

import asyncio
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from gateway.pages.domain.modules import Module, closure, homes, join, read_module
from gateway.pages.domain.registry import Page, Registry
from gateway.pages.domain.styles import inline
from gateway.pages.domain.texts import LANGUAGES, read_uses, uses_of

WEB = Path(__file__).parents[1] / "web"
START = "/js/main.js"
SHELL = "/index.html"
WORKER = "/sw.js"
FRAME = "/js/shell/shell.js"
"""The module that draws the office's frame; the next is its style sheet."""
FRAME_STYLE = "/css/shell.css"
FIRST_LANGUAGE = "ko"
"""The texts that a tablet starts with."""
CAMERA = ("/vendor/qr.mjs", "/vendor/qr-decode.mjs")
"""Loaded when a camera is first used; by then there may be no network."""
SENT = {".html", ".css", ".js", ".mjs", ".svg", ".png", ".webmanifest"}
READ = {*SENT, ".json"}
LOOK_EVERY_S = 0.25

State = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Build:
    """One state of the web app."""

    registry: Registry
    files: Mapping[str, bytes]
    """The files that are sent, by address."""
    first: tuple[str, ...]
    """The files that a tablet stores from its first visit on; those of the office alone are stored once somebody has
    opened them."""
    later: tuple[str, ...]
    """The files that it stores too, as soon as its first screen is there."""

    @cached_property
    def version(self) -> str:
        """The hash of all addresses and contents."""
        digest = sha256()
        for address in sorted(self.files):
            digest.update(address.encode() + b"\0" + sha256(self.files[address]).digest())
        return digest.hexdigest()[:16]

    @cached_property
    def worker(self) -> bytes:
        """The service worker with its lists filled in."""
        text = self.files[WORKER].decode()
        for mark, value in {
            "BUILD": self.version,
            "FIRST": " ".join(self.first),
            "LATER": " ".join(self.later),
        }.items():
            text = text.replace(f"@{mark}@", value)
        return text.encode()


class WebApp:
    """The web app's folder; a changed file is a new build without a restart."""

    def __init__(self, root: Path = WEB) -> None:
        self._root = root
        self._looked = 0.0
        self._build: Build | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> Build:
        """The build of the files as they are now; reading them keeps no other request waiting."""
        if self._build is not None and time.monotonic() - self._looked <= LOOK_EVERY_S:
            return self._build
        async with self._lock:
            return await asyncio.to_thread(self.build)

    def build(self) -> Build:
        """The build of the files as they are now."""
        now = time.monotonic()
        if self._build is None or now - self._looked > LOOK_EVERY_S:
            self._looked = now
            self._build = read_build(self._root)
        return self._build


def _state(root: Path) -> Iterator[tuple[str, int, int]]:
    for folder, _, names in os.walk(root):
        for name in names:
            found = os.stat(f"{folder}/{name}")
            yield f"{folder}/{name}", found.st_mtime_ns, found.st_size


def read_build(root: Path = WEB) -> Build:
    """Read the folder and prepare everything that is sent; a folder in the same state is not read again."""
    return _read(root, tuple(sorted(_state(root))))


@lru_cache(maxsize=2)
def _read(root: Path, _: State) -> Build:
    sources = {
        f"/{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.suffix in READ
    }
    return _Builder(sources).build()


class _Builder:
    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self._sources = sources
        self._registry = Registry.model_validate_json(sources["/pages.json"])
        scripts = {
            path: content.decode() for path, content in sources.items() if path.endswith(".js") and path != WORKER
        }
        self._modules: dict[str, Module] = {path: read_module(path, text) for path, text in scripts.items()}
        self._uses = {path: read_uses(text) for path, text in scripts.items()}
        pages = self._registry.pages
        first = [page.module for page in pages if page.offline == "first"]
        self._homes = homes(self._modules, START, first, [page.module for page in pages])
        self._started = [path for path, home in self._homes.items() if home == START]

    def build(self) -> Build:
        sent = {path: content for path, content in self._sources.items() if Path(path).suffix in SENT}
        sent |= {path: join(self._modules, self._homes, path).encode() for path in self._modules}
        sent |= {path: inline(path, self._sources).encode() for path in self._sources if path.endswith(".css")}
        styles = {page.id: self._styles(page) for page in self._registry.pages}
        for name, office in (("tablet", False), ("office", True)):
            sent[f"/pages/{name}.json"] = _json(self._registry.for_browsers(styles, office=office))
        for language in LANGUAGES:
            sent |= self._texts(language)
        first = {path for path in sent if path == SHELL or path.startswith("/icons/") or path.endswith(".webmanifest")}
        first |= {"/pages/tablet.json", f"/texts/{FIRST_LANGUAGE}.json", *self._linked(), *self._scripts(START)}
        later = {*CAMERA, *(f"/texts/{language}.json" for language in LANGUAGES)}
        for page in self._registry.pages:
            needed = {*self._scripts(page.module), *styles[page.id]}
            texts = {f"{page.folder}/texts/{language}.json" for language in LANGUAGES}
            if page.offline == "first":
                first |= needed | {f"{page.folder}/texts/{FIRST_LANGUAGE}.json"}
            if page.offline != "no":
                later |= needed | texts
        return Build(self._registry, sent, tuple(sorted(first)), tuple(sorted(later - first)))

    def _styles(self, page: Page) -> list[str]:
        """The style sheets of a page, in their order."""
        framed = FRAME in closure(self._modules, [page.module])
        return [*([FRAME_STYLE] if framed else []), *([page.style] if page.style in self._sources else [])]

    def _linked(self) -> list[str]:
        """What the shell loads beside the start: its style sheets, and each module of other hands."""
        return re.findall(r'href="(/(?:css|vendor)/[^"]+)"', self._sources[SHELL].decode())

    def _scripts(self, entry: str) -> set[str]:
        """The files in which a module and all that it imports are sent."""
        return {self._homes.get(path, path) for path in closure(self._modules, [entry])}

    def _texts(self, language: str) -> Iterator[tuple[str, bytes]]:
        """The texts of the start, and for each page what else it shows: its own, shared ones, another page's with
        its parts."""
        folders = ["", *(page.folder for page in self._registry.pages)]
        files = [self._sources.get(f"{folder}/texts/{language}.json", b"{}") for folder in folders]
        texts: dict[str, str] = {key: text for file in files for key, text in json.loads(file).items()}
        started = uses_of(self._started, self._uses).among(texts)
        yield f"/texts/{language}.json", _json({key: texts[key] for key in sorted(started)})
        for page in self._registry.pages:
            shown = uses_of(closure(self._modules, [page.module]), self._uses).among(texts) | page.text_keys
            needed = {key: texts[key] for key in sorted(shown - started) if key in texts}
            yield f"{page.folder}/texts/{language}.json", _json(needed)


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
