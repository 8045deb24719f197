"""Compresses answers on their way out."""

import asyncio
import gzip

from starlette.types import Message, Send

from gateway.upstream.domain import Headers

LEVEL = 5
IN_THREAD_BYTES = 64 * 1024
"""More than this would keep other requests waiting."""


class Packing:
    """One answer that is sent compressed: collected, and sent when it is whole."""

    def __init__(self, start: Message, send: Send) -> None:
        self._start = start
        self._send = send
        self._parts: list[bytes] = []

    async def add(self, message: Message) -> None:
        """Take the next part of the body; after the last one send all."""
        self._parts.append(message.get("body", b""))
        if message.get("more_body", False):
            return
        body = b"".join(self._parts)
        if len(body) > IN_THREAD_BYTES:
            packed = await asyncio.to_thread(gzip.compress, body, LEVEL)
        else:
            packed = gzip.compress(body, LEVEL)
        headers: Headers = [(name, value) for name, value in self._start["headers"] if name != b"content-length"]
        headers += [(b"content-encoding", b"gzip"), (b"content-length", str(len(packed)).encode())]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": packed})
