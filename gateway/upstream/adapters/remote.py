"""Services of other processes as ASGI apps that hand the request on by HTTP."""

from collections.abc import Mapping

import aiohttp
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from yarl import URL

from gateway.upstream.adapters.service import BODY_LIMIT, BodyTooLarge, ServiceDown
from gateway.upstream.domain import HOP_BY_HOP, Headers

CONNECT_S = 3.0
KEEP_ALIVE_S = 30.0
"""Less than the services keep an idle connection (75 s), so that none is used just when it is closed."""
CHUNKED = 1024 * 1024
AUTOMATIC = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


class HttpServices:
    """The services by URL, over one pool of connections."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.apps: dict[str, ASGIApp] = {publisher: HttpService(url, self) for publisher, url in urls.items()}
        self._client: aiohttp.ClientSession | None = None

    @property
    def client(self) -> aiohttp.ClientSession:
        """The pool; made at the first request."""
        if self._client is None:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
                timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=AUTOMATIC,
                auto_decompress=False,
            )
        return self._client

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.close()


class HttpService:
    """Hands requests on to the service at ``url``. Raises ServiceDown, BodyTooLarge."""

    def __init__(self, url: str, services: HttpServices) -> None:
        self._url = url.rstrip("/")
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request on, and its answer back."""
        body = await read_body(receive, scope[BODY_LIMIT])
        query = scope["query_string"].decode("latin-1")
        url = URL(f"{self._url}{scope['raw_path'].decode('latin-1')}{'?' if query else ''}{query}", encoded=True)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
            if name not in (b"content-length", b"transfer-encoding")
        ]
        try:
            async with self._services.client.request(
                scope["method"], url, data=body or None, headers=headers, allow_redirects=False
            ) as response:
                await _answer(response, send)
        except (aiohttp.ClientError, OSError) as error:
            raise ServiceDown(f"{self._url}: {error or type(error).__name__}") from error


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body of a request. Raises BodyTooLarge, ServiceDown when the client left."""
    parts: list[bytes] = []
    size = 0
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise ServiceDown("the client has left")
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise BodyTooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def _answer(response: aiohttp.ClientResponse, send: Send) -> None:
    headers: Headers = [(name.lower(), value) for name, value in response.raw_headers if name.lower() not in HOP_BY_HOP]
    start = {"type": "http.response.start", "status": response.status, "headers": headers}
    length = response.content_length
    if length is not None and length <= CHUNKED:
        body = await response.read()
        await send(start)
        await send({"type": "http.response.body", "body": body})
        return
    await send(start)
    async for chunk in response.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
