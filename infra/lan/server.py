"""Serves an app over HTTPS in the local network, with the guide beside it and a certificate that stays good."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from infra.lan.guide_app import Guide
from infra.lan.network import LocalNetwork
from shared.kit.serve import Server


class GuideServer(uvicorn.Server):
    """Plain HTTP; it leaves the signals to the server that it stands beside."""

    def __init__(self, network: LocalNetwork, host: str) -> None:
        super().__init__(
            uvicorn.Config(
                Guide(network),
                host=host,
                port=network.guide_port,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="off",
                access_log=False,
                log_level="warning",
                server_header=False,
                limit_concurrency=200,
                timeout_graceful_shutdown=1,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None."""
        yield


class LanServer(Server):
    """The server that a shop's tablets reach."""

    def __init__(self, app: ASGIApp, host: str, network: LocalNetwork, trusted_proxies: str | None = None) -> None:
        super().__init__(app, host, network.port, trusted_proxies=trusted_proxies, tls=network.context)
        self._network = network
        self.guide = GuideServer(network, host)
        self._background: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; from then on the certificate is renewed when needed."""
        await super().startup(sockets)
        self._background = [
            asyncio.create_task(self.guide.serve()),
            asyncio.create_task(self._network.refresh_forever()),
        ]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """The guide goes first: who comes now would be sent to a server that is leaving."""
        serving, refreshing = self._background
        refreshing.cancel()
        self.guide.should_exit = True
        await asyncio.wait([serving, refreshing])
        await super().shutdown(sockets)
