"""The cable between the tablets and the shop's server: it can be cut at any moment, in the middle of an answer too."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Wire:
    """A TCP relay to ``port`` on this machine; what was open when it is cut ends at once."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._own = 0
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self.cuts = 0
        self.build: bytes | None = None
        """Another build of the app than the server's, as far as its service worker says; 16 characters."""

    @property
    def address(self) -> str:
        """The origin that the tablets open; it stays the same when the cable is mended."""
        return f"http://127.0.0.1:{self._own}"

    async def cut(self) -> None:
        """From now on nobody answers, and nobody listens."""
        assert self._server is not None
        self.cuts += 1
        self._server.close()
        self._server = None
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def mend(self) -> None:
        """The server can be reached again."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._own)
        self._own = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._ends.add(back)
        await asyncio.gather(_flow(reader, back, self._to_server), _flow(there, writer, self._to_tablet))
        self._ends -= {writer, back}

    def _to_server(self, data: bytes) -> bytes:
        """Asked for plain text, so that it can be read on the way."""
        return re.sub(rb"(?i)\naccept-encoding:", b"\nx-ccept-encoding:", data) if self.build else data

    def _to_tablet(self, data: bytes) -> bytes:
        return re.sub(rb'(?<=const BUILD = ")\w{16}', self.build, data) if self.build else data

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            await self.cut()


async def _flow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, change: Callable[[bytes], bytes]) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(change(data))
            await writer.drain()
    writer.close()
