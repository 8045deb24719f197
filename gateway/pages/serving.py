"""The web app's files, and its shell for every page address.

Files are looked at on each request, so a new build needs no restart; the compressed text stays in memory while a file is the same.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Receive, Scope, Send

from gateway.upstream.domain import Headers, header
from gateway.web.assets import KEPT, ROOT, service_worker
from shared.kit.problem import Problem

TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".mjs": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".webmanifest": b"application/manifest+json",
}
PAGES = re.compile(
    r"/(|setup|sign-in|station(/[^/]+)?|board|reviews|andon|orders(/[^/]+)?|travellers|lots(/[^/]+)?|recall(/[^/]+)?"
    r"|daily-report|labour|labels(/[^/]+)?|items(/[^/]+)?|definitions(/[^/]+)?|readiness(/evidence)?"
    r"|imports|instructions(/[^/]+)?|erp|quality|people|devices)/?"
)
SHELL = "/index.html"
WORKER = "/sw.js"


@dataclass(frozen=True)
class File:
    """One file as it is sent."""

    mark: tuple[int, int]
    etag: bytes
    type: bytes
    plain: bytes
    zipped: bytes | None


def make_file(mark: tuple[int, int], suffix: str, content: bytes) -> File:
    """A file with its ETag, and compressed where that helps."""
    type_ = TYPES[suffix]
    zipped = gzip.compress(content, 6) if suffix != ".png" else None
    return File(mark, b'"' + hashlib.sha256(content).hexdigest()[:20].encode() + b'"', type_, content, zipped)


class Pages:
    """Serves the web app below ``root``; a person at an unknown address gets the shell too, which says so in words."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._files: dict[str, File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file or the shell; a 404 problem where there is neither."""
        if scope["method"] not in ("GET", "HEAD"):
            raise Problem(405, "method_not_allowed", headers={"Allow": "GET, HEAD"})
        path: str = scope["path"]
        found = self._worker() if path == WORKER else self._find(SHELL if PAGES.fullmatch(path) else path)
        status = 200
        if found is None and "text/html" in (header(scope["headers"], b"accept") or ""):
            found, status = self._find(SHELL), 404
        if found is None:
            raise Problem(404, "not_found")
        headers: Headers = [
            (b"content-type", found.type),
            (b"etag", found.etag),
            (b"cache-control", b"no-store" if path == WORKER else b"no-cache"),
            (b"vary", b"accept-encoding"),
        ]
        if status == 200 and found.etag.decode() in (header(scope["headers"], b"if-none-match") or ""):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        body = found.plain
        if found.zipped is not None and "gzip" in (header(scope["headers"], b"accept-encoding") or ""):
            body = found.zipped
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _find(self, name: str) -> File | None:
        path = self._root / name.lstrip("/")
        if path.suffix not in KEPT or ".." in path.parts or "\0" in name:
            return None
        try:
            state = path.stat()
        except OSError:
            return None
        mark = (state.st_mtime_ns, state.st_size)
        known = self._files.get(name)
        if known is None or known.mark != mark:
            known = self._files[name] = make_file(mark, path.suffix, path.read_bytes())
        return known

    def _worker(self) -> File:
        known = self._files.get(WORKER)
        text = service_worker(PAGES.pattern, self._root).encode()
        if known is None or known.plain != text:
            known = self._files[WORKER] = make_file((0, len(text)), ".js", text)
        return known
