"""The page that leads a device in: how it learns to trust this machine's authority, and how it becomes a tablet of the
shop.

A device that does not trust the authority yet cannot read it over HTTPS, so this is plain HTTP; nothing secret is here
and nothing can be sent here. The page is only as honest as the network it came through: the fingerprint is compared
with the one in the terminal.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from gateway.pages.adapters import WEB
from gateway.upstream.domain import ALWAYS, Headers, header
from infra.lan.guide_page import choose_language, guide_page
from infra.lan.network import LocalNetwork

FOLDER = Path(__file__).parent / "guide"
FILES = {
    "/guide.css": (FOLDER / "guide.css", b"text/css; charset=utf-8"),
    "/figures.css": (FOLDER / "figures.css", b"text/css; charset=utf-8"),
    "/guide.js": (FOLDER / "guide.js", b"text/javascript; charset=utf-8"),
    "/tokens.css": (WEB / "css" / "tokens.css", b"text/css; charset=utf-8"),
    "/mark.svg": (WEB / "icons" / "mark.svg", b"image/svg+xml"),
}
"""The page's own parts; the colours and the mark are the web app's."""


class Reply(NamedTuple):
    """A response before it is sent."""

    status: int
    body: bytes
    headers: Headers


class Guide:
    """Answers with the page, its parts and the authority; whatever else is asked leads to the page."""

    def __init__(self, network: LocalNetwork) -> None:
        self._network = network
        self._downloads: dict[str, Callable[[], Reply]] = {
            "/dure.crt": lambda: _download(network.authority.der, b"application/x-x509-ca-cert", b"dure.crt"),
            "/dure.mobileconfig": lambda: _download(
                network.authority.profile, b"application/x-apple-aspen-config", b"dure.mobileconfig"
            ),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        reply = self._reply(scope)
        length = (b"content-length", str(len(reply.body)).encode())
        headers = [*ALWAYS, (b"cache-control", b"no-store"), *reply.headers, length]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})

    def _reply(self, scope: Scope) -> Reply:
        if scope["method"] not in ("GET", "HEAD"):
            return Reply(405, b"", [(b"allow", b"GET, HEAD")])
        path: str = scope["path"]
        name = (header(scope["headers"], b"host") or "").rpartition(":")[0].lower()
        if name not in (*self._network.names, "localhost", "127.0.0.1"):
            return Reply(302, b"", [(b"location", f"{self._network.guide_address}/".encode())])
        if path in self._downloads:
            return self._downloads[path]()
        if path in FILES:
            file, type_ = FILES[path]
            return Reply(200, file.read_bytes(), [(b"content-type", type_)])
        if path != "/":
            return Reply(302, b"", [(b"location", b"/")])
        return self._page(scope, f"https://{name}:{self._network.port}")

    def _page(self, scope: Scope, address: str) -> Reply:
        requested = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        language = choose_language(requested, header(scope["headers"], b"accept-language") or "")
        policy = (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {address};"
            " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-security-policy", policy.encode()),
        ]
        return Reply(200, guide_page(language, address, self._network.authority).encode(), headers)


def _download(body: bytes, type_: bytes, name: bytes) -> Reply:
    return Reply(
        200,
        body,
        [
            (b"content-type", type_),
            (b"content-disposition", b'attachment; filename="' + name + b'"'),
        ],
    )
