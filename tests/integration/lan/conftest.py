"""A machine in a local network, as tablets see it: real sockets, real TLS, a clock and addresses that a test can
move."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509

from infra.lan.network import LocalNetwork
from infra.lan.server import LanServer
from infra.local.data_folder import DataFolder
from infra.local.errors import LocalError
from shared.kit.clock import utc_now
from tests.support.ports import own_port


@dataclass
class Machine:
    """What is true of the machine now."""

    data: DataFolder
    port: int = field(default_factory=own_port)
    names: list[str] = field(default_factory=lambda: ["127.0.0.2", "shop.local"])
    unplugged: LocalError | None = None
    passed: dt.timedelta = dt.timedelta()

    def now(self) -> dt.datetime:
        """The clock on the wall."""
        return utc_now() + self.passed

    def join(self) -> LocalNetwork:
        """As ``dure up --lan`` does at its start."""
        return LocalNetwork(self.data, "0.0.0.0", self.port, find_names=self._find_names, clock=self.now)

    def _find_names(self, _host: str) -> list[str]:
        if self.unplugged is not None:
            raise self.unplugged
        return list(self.names)


@dataclass
class Shop:
    """A machine that serves."""

    machine: Machine
    network: LocalNetwork

    def tablet(self, *, trusts: bool = True) -> httpx.AsyncClient:
        """A device, that has installed the authority or not."""
        trusting = self.network.trusting() if trusts else ssl.create_default_context()
        return httpx.AsyncClient(verify=trusting)

    def url(self, host: str) -> str:
        """Dure at this address."""
        return f"https://{host}:{self.machine.port}/"

    async def certificate(self, host: str) -> x509.Certificate:
        """The one that a new connection of a trusting device is shown."""
        _, writer = await asyncio.open_connection(host, self.machine.port, ssl=self.network.trusting())
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        return x509.load_der_x509_certificate(shown)


class Dure:
    """Stands in for the product behind the TLS."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Greet."""
        if scope["type"] == "lifespan":
            for part in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{part}.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": scope["scheme"].encode()})


@pytest.fixture
def machine(tmp_path: Path) -> Any:
    with DataFolder(tmp_path / "data", minimum_free=0) as data:
        yield Machine(data)


@pytest.fixture
async def shop(machine: Machine) -> AsyncIterator[Shop]:
    network = machine.join()
    server = LanServer(Dure(), "0.0.0.0", network)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    await until(lambda: server.guide.started)
    yield Shop(machine, network)
    server.stop()
    await serving


async def until(satisfied: Callable[[], bool]) -> None:
    while not satisfied():
        await asyncio.sleep(0.01)
