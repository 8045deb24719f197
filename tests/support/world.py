"""A shop for a test: real PostgreSQL and NATS, fresh databases, and the services asked for in this process."""

import asyncio
import itertools
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import httpx
from fastapi import FastAPI
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from infra.local.postgres import EmbeddedPostgres
from infra.local.suite import create_service, metadata_of, settings_class
from shared.kit.auth import Actor, Role, TokenSigner
from shared.kit.bus import provision_streams
from shared.kit.migrations import migrate
from shared.kit.pseudonyms import Pseudonyms
from shared.registry import PUBLISHER_OF
from tests.support.documented import checked_by

T = TypeVar("T")
CHEAP: dict[str, Any] = {"hash_memory_kib": 64, "hash_passes": 1}
"""Settings that take time from the tests; what the product ships is checked by a test of its own."""
TRUST = ssl.create_default_context()
"""Made once: each client that makes its own takes as long as three requests."""
KEY = OKPKey.generate_key("Ed25519")
SECRET = SecretStr("of this test alone")
PEOPLE = Pseudonyms(SECRET)
"""The ids by which the worlds' events name persons."""


class TestCluster:
    """One PostgreSQL for the whole run, with a migrated template for each app's databases."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.data = DataFolder(folder).open()
        self.postgres = EmbeddedPostgres(self.data)
        self.postgres.start()
        asyncio.run(self._spare())
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}

    async def _spare(self) -> None:
        """No power cut is tested here: nothing waits for the disk; nor do hundreds of databases wait for a vacuum."""
        connection = await asyncpg.connect(self.postgres.url)
        try:
            for name in ("fsync", "full_page_writes", "autovacuum"):
                await connection.execute(f"ALTER SYSTEM SET {name} = off")
            await connection.execute("SELECT pg_reload_conf()")
        finally:
            await connection.close()

    def close(self) -> None:
        """End it."""
        self.postgres.stop()
        self.data.close()

    def url(self, database: str) -> str:
        """The superuser's URL of a database."""
        return self.postgres.url.replace("/postgres?", f"/{database}?")

    async def fresh_database(self, app: str) -> str:
        """A new database of an app at the newest revision; its URL."""
        if app not in self._templates:
            name = f"template_{app}"
            await self._execute(f'CREATE DATABASE "{name}"')
            metadata, folder = metadata_of(app)
            await migrate(self.url(name), folder, metadata)
            self._templates[app] = name
        name = f"{app}_{next(self._numbers)}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._templates[app]}" STRATEGY file_copy')
        return self.url(name)

    async def empty_database(self) -> str:
        """A new database with nothing in it; its URL."""
        name = f"empty_{next(self._numbers)}"
        await self._execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.postgres.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@dataclass
class World:
    """The running services, and how a test speaks to them."""

    apps: dict[str, FastAPI]
    nats: EmbeddedNats
    urls: dict[str, str]
    signer: TokenSigner

    def client(self, app: str, *roles: Role, person: str = "P01") -> httpx.AsyncClient:
        """A client of one service with an internal token, as the gateway would call it."""
        actor = Actor(person, frozenset(roles or ("admin",)), None, "test")

        def signed(request: httpx.Request) -> httpx.Request:
            request.headers.setdefault("Authorization", f"Bearer {self.signer.sign(actor, PUBLISHER_OF[app])}")
            return request

        transport = httpx.ASGITransport(self.apps[app], raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport,
            base_url=f"http://{app}/api/v1/{PUBLISHER_OF[app]}",
            headers={"Accept-Language": "en"},
            auth=signed,
            event_hooks={"response": [checked_by(app)]},
        )

    async def fetch(self, app: str, statement: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of an app's database."""
        connection = await asyncpg.connect(self.urls[app])
        try:
            return [dict(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()


def key() -> dict[str, str]:
    """A new Idempotency-Key, as a header."""
    return {"Idempotency-Key": str(uuid4())}


async def eventually(look: Callable[[], Awaitable[T]], satisfied: Callable[[T], bool], *, seconds: float = 20) -> T:
    """The result of ``look``, once it satisfies; fails when it still does not after ``seconds``."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        seen = await look()
        if satisfied(seen):
            return seen
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"still not so: {seen!r}")
        await asyncio.sleep(0.05)


@asynccontextmanager
async def running(cluster: TestCluster, folder: Path, services: Sequence[str], **settings: Any) -> AsyncIterator[World]:
    """A world with ``services`` on fresh databases and a NATS server of its own."""
    with DataFolder(folder) as data:
        nats = EmbeddedNats(data)
        nats.start()
        try:
            await provision_streams(nats.url, nats.seed_file("provision"))
            urls = {app: await cluster.fresh_database(app) for app in services}
            apps = {app: create_service(app, settings_for(app, nats, urls[app], settings)) for app in services}
            async with AsyncExitStack() as stack:
                for app in apps.values():
                    await stack.enter_async_context(app.router.lifespan_context(app))
                yield World(apps, nats, urls, TokenSigner(KEY))
        finally:
            nats.stop()


def settings_for(app: str, nats: EmbeddedNats, url: str, extra: dict[str, Any]) -> Any:
    """The settings of an app on a test's servers; ``extra`` goes to each class that knows the name."""
    cls = settings_class(app)
    values = {
        "site": "test",
        "database_url": SecretStr(url),
        "nats_url": nats.url,
        "nats_seed_file": nats.seed_file(app),
        "token_public_key": json.dumps(KEY.as_dict(private=False)),
        "token_private_key": SecretStr(json.dumps(KEY.as_dict(private=True))),
        "secret_key": SECRET,
        "pseudonym_key": SECRET,
        **CHEAP,
        **extra,
    }
    return cls(**{name: value for name, value in values.items() if name in cls.model_fields})
