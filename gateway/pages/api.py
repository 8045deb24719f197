"""The web app's files, and its shell for every page's address."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Receive, Scope, Send

from gateway.pages.adapters import SHELL, WEB, WORKER, WebApp
from gateway.upstream.domain import Headers, accepts_gzip, header
from shared.kit.paging import is_known
from shared.kit.problem import Problem

ALLOWED = "GET, HEAD, OPTIONS"
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


@dataclass(frozen=True)
class File:
    """One file as it is sent."""

    etag: bytes
    type: bytes
    plain: bytes
    zipped: bytes | None


def make_file(suffix: str, content: bytes) -> File:
    """A file with its ETag, and compressed where that helps."""
    zipped = gzip.compress(content, 6) if suffix != ".png" else None
    # weak: it is the same whether compressed or not
    return File(b'W/"' + hashlib.sha256(content).hexdigest()[:20].encode() + b'"', TYPES[suffix], content, zipped)


class Pages:
    """Serves the web app in ``root``; a person at an unknown address gets the shell too, which says so in words."""

    def __init__(self, root: Path = WEB) -> None:
        self._app = WebApp(root)
        self._files: dict[str, File] = {}
        """The compressed files, each for as long as its content is the same."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file or the shell; a 404 problem where there is neither."""
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", ALLOWED.encode())]})
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["method"] != "GET":
            raise Problem(405, "method_not_allowed", headers={"Allow": ALLOWED})
        path: str = scope["path"]
        build = await self._app.current()
        status = 200
        if path not in build.files:
            is_page = build.registry.addresses.fullmatch(path) is not None
            if not is_page and "text/html" not in (header(scope["headers"], b"accept") or ""):
                raise Problem(404, "not_found")
            path, status = SHELL, 200 if is_page else 404
        found = self._file(path, build.worker if path == WORKER else build.files[path])
        headers: Headers = [
            (b"content-type", found.type),
            (b"etag", found.etag),
            (b"cache-control", b"no-store" if path == WORKER else b"no-cache"),
            (b"vary", b"accept-encoding"),
        ]
        if status == 200 and is_known(header(scope["headers"], b"if-none-match"), found.etag.decode()):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        body = found.plain
        if found.zipped is not None and accepts_gzip(header(scope["headers"], b"accept-encoding")):
            body = found.zipped
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _file(self, path: str, content: bytes) -> File:
        known = self._files.get(path)
        if known is None or known.plain is not content:
            known = self._files[path] = make_file(Path(path).suffix, content)
        return known
