"""Serves an app by uvicorn, and stops in order:
not ready first, then no new requests, then the running ones are finished."""

import asyncio
import signal
import socket
import ssl
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from shared.kit.memory import settle_memory

PAUSE_S = 0.3
"""Between not being ready and refusing requests: a balancer has this long to look elsewhere."""
DRAIN_S = 5


class Server(uvicorn.Server):
    """A uvicorn server that says that it is draining before it refuses anything."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        trusted_proxies: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="on",
                access_log=False,
                log_level="warning",
                server_header=False,
                proxy_headers=trusted_proxies is not None,
                forwarded_allow_ips=trusted_proxies,
                timeout_graceful_shutdown=DRAIN_S,
                timeout_keep_alive=75,
                backlog=512,
                ssl_context_factory=None if tls is None else lambda _config, _default: tls,
            )
        )
        self._app = app
        self._draining = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what is there then stays."""
        await super().startup(sockets)
        settle_memory()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal drains; a second one ends at once."""
        if self.should_exit or self._draining:
            self.force_exit = sig == signal.SIGINT
            self.stop()
            return
        self._draining = True
        state = getattr(self._app, "state", None)
        if state is not None:
            state.draining = True
        asyncio.get_running_loop().call_later(PAUSE_S, self.stop)

    def stop(self) -> None:
        """Finish the running requests and end."""
        self.should_exit = True
