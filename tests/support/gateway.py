"""A gateway as tablets and offices reach it: over a socket, with the services asked for behind it in the same
process."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from gateway.identity.commands.setup import issue_setup_token
from gateway.main import Gateway, create_app
from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from infra.local.suite import create_service
from shared.kit.auth import TokenSigner
from shared.kit.bus import provision_streams
from shared.kit.clock import utc_now
from shared.kit.serve import Server
from shared.registry import SERVICE_NAMES
from tests.support.documented import checked_by
from tests.support.ports import own_port
from tests.support.world import KEY, TRUST, TestCluster, World, settings_for

PASSWORD = "correct horse battery"
NUMBERS = itertools.count(1)


@asynccontextmanager
async def served(app: Any, *, is_running: bool = False) -> AsyncIterator[str]:
    """``app`` on a port of its own; its origin. Its lifespan is left alone when it is running already."""
    port = own_port()
    server = Server(app, "127.0.0.1", port)
    server.config.lifespan = "off" if is_running else "on"
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        if serving.done():
            serving.result()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        app.state.draining = True
        server.stop()
        await serving


@dataclass
class GatewayWorld(World):
    """The gateway and the services behind it."""

    gateway: Gateway
    origin: str
    admin_token: str = field(default="")

    def visitor(self, token: str | None = None, language: str = "en") -> httpx.AsyncClient:
        """Somebody with this token, or with none."""
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})
        hooks = {"response": [checked_by("gateway", *SERVICE_NAMES)]}
        return httpx.AsyncClient(base_url=f"{self.origin}/api/v1", headers=headers, verify=TRUST, event_hooks=hooks)

    def admin(self) -> httpx.AsyncClient:
        """The first admin."""
        return self.visitor(self.admin_token)

    async def set_up(self) -> None:
        """Make the first admin, by the link."""
        token = await issue_setup_token(self.gateway.state.database)
        async with self.visitor() as somebody:
            body = {"token": token, "login": "boss", "name": "사장", "password": PASSWORD}
            answer = await somebody.post("/setup", json=body)
        assert answer.status_code == 201, answer.text
        self.admin_token = answer.json()["access_token"]

    async def add_person(self, *roles: str, **more: Any) -> dict[str, Any]:
        """A new person with a password, who has these roles."""
        code = f"P{next(NUMBERS):03}"
        body = {"code": code, "name": f"사람 {code}", "roles": roles, "login": code, "password": PASSWORD, **more}
        async with self.admin() as admin:
            answer = await admin.post("/people", json=body)
        assert answer.status_code == 201, answer.text
        person: dict[str, Any] = answer.json()
        return person

    async def signed_in(self, *roles: str) -> httpx.AsyncClient:
        """A new person with these roles, signed in by password."""
        person = await self.add_person(*roles)
        async with self.visitor() as somebody:
            answer = await somebody.post("/sessions", json={"login": person["login"], "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return self.visitor(answer.json()["access_token"])

    async def enrol(self, name: str = "프레스 태블릿", machine: str | None = "PR1") -> dict[str, Any]:
        """A new tablet: its id and token."""
        async with self.admin() as admin:
            invitation = await admin.post("/device-enrolments", json={"name": name, "machine": machine})
        assert invitation.status_code == 201, invitation.text
        async with self.visitor() as tablet:
            answer = await tablet.post("/devices", json={"code": invitation.json()["code"]})
        assert answer.status_code == 201, answer.text
        device: dict[str, Any] = answer.json()
        return device

    def let_pass(self, time: timedelta) -> None:
        """It is later now, for the gateway."""
        before = self.gateway.state.database.clock
        self.gateway.state.database.clock = lambda: before() + time
        self.gateway.state.sessions.forget()

    def now_again(self) -> None:
        """The gateway's clock goes right again."""
        self.gateway.state.database.clock = utc_now
        self.gateway.state.sessions.forget()


@asynccontextmanager
async def gateway_running(
    cluster: TestCluster, folder: Path, services: Sequence[str], **settings: Any
) -> AsyncIterator[GatewayWorld]:
    """A gateway with ``services`` in its process, on fresh databases and a NATS server of its own; nobody
    administers it yet."""
    async with AsyncExitStack() as stack:
        data = stack.enter_context(DataFolder(folder))
        nats = EmbeddedNats(data)
        nats.start()
        stack.callback(nats.stop)
        await provision_streams(nats.url, nats.seed_file("provision"))
        names = [*services, "gateway"]
        urls = {app: await cluster.fresh_database(app) for app in names}
        apps = {app: create_service(app, settings_for(app, nats, urls[app], settings)) for app in services}
        gateway = create_app(settings_for("gateway", nats, urls["gateway"], settings), in_process=apps)
        origin = await stack.enter_async_context(served(gateway))
        yield GatewayWorld({**apps, "gateway": gateway}, nats, urls, TokenSigner(KEY), gateway, origin)
