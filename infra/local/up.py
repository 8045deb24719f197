"""``dure up``: the whole shop on this machine, by one command."""

import asyncio
import datetime as dt
import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import uvloop
from rich.console import Console
from rich.progress import Progress

from gateway.identity.commands.api_keys import create_api_key, revoke_api_key
from gateway.identity.commands.setup import issue_setup_token
from gateway.identity.queries import list_api_keys
from gateway.identity.schemas import ApiKeyIn, NewApiKey
from gateway.settings import GatewaySettings
from infra.agreement.agree import bring_to_agreement
from infra.demo.filled import DemoFolder, require_no_facts
from infra.demo.source import DemoError, Factory, load_factory
from infra.local.apps import app_processes, run_until_a_signal
from infra.local.child import answers
from infra.local.data_folder import DataFolder
from infra.local.errors import DamagedSiteError, LocalError, OtherSiteError, PortTakenError, WrongSettingsError
from infra.local.forks import Job
from infra.local.nats import EmbeddedNats, is_taken
from infra.local.postgres import EmbeddedPostgres
from infra.local.provision import database_urls
from infra.local.suite import (
    Servers,
    create_service,
    gateway_server,
    preload,
    prepare,
    provisioning_bus,
    services,
    settings_of,
)
from infra.local.supervisor import Supervisor
from shared.kit.auth import Actor
from shared.kit.clock import PlayedClock, utc_now
from shared.kit.database import Database, Transaction
from shared.kit.serve import Server
from shared.kit.settings import Settings, WrongSettings, load_settings
from shared.registry import NATS_USERS, SERVICE_NAMES

if TYPE_CHECKING:
    from httpx import AsyncClient

    from infra.demo.importer import DemoSummary
    from infra.lan.network import LocalNetwork
    from infra.learning_factory.model import History

ROOT = Actor("dure-up", frozenset({"admin"}))
"""On whose behalf the command line acts."""
DEMO_KEY = "demo import"


@dataclass(frozen=True)
class Options:
    """The options of the command line."""

    data: Path
    host: str
    port: int
    demo: str | None
    processes: bool
    lan: bool = False
    demo_days: int = 0
    """So many days of history the demo has, where its factory has one."""
    trusted_proxies: str | None = None
    """Addresses whose X-Forwarded headers are believed, with commas."""

    @property
    def address(self) -> str:
        """The origin that a person opens, on this machine alone."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  compared, not bound
        return f"http://{host}:{self.port}"


def up(options: Options, console: Console) -> None:
    """Start everything, say where it is, and run until a signal. Raises LocalError."""
    if options.demo is not None:
        load_factory(options.demo)
    with DataFolder(options.data) as data, Supervisor() as supervisor:
        embedded = not {"DURE_DATABASE_URL", "DURE_NATS_URL"} & os.environ.keys()
        is_to_be_filled = DemoFolder(data).open(options.demo, is_embedded=embedded)
        network = _network(options, data) if options.lan else None
        data.announce(network.address if network else options.address)
        for port in (options.port, network.guide_port) if network else (options.port,):
            if is_taken(port):
                raise PortTakenError("dure", port)
        servers = _servers(data, supervisor, console)
        console.print("Preparing the databases …")
        preload()
        Job(lambda: asyncio.run(prepare(data, servers))).outcome()  # and alembic's memory is gone with it
        urls = database_urls(data, servers.cluster_url)
        # a browser that was made to insist on HTTPS would do so at the guide's port too, and a lost authority would
        # lock it out
        extra = site_of(options, data, urls["gateway"]) | ({"hsts": False} if network else {})
        settings = settings_of(data, servers, urls, **extra)
        Job(lambda: asyncio.run(_agree(servers, settings, console))).outcome()
        filling = _filling(options, data, urls) if is_to_be_filled else None
        announcement = _Announcement(options, data, settings, console, network, filling)
        if options.processes:
            supervisor.launch(
                *app_processes(data, settings, options.host, options.port, network, options.trusted_proxies)
            )
            run_until_a_signal(supervisor, Job(announcement.make_now))
        else:
            filler = Job(announcement.make_once_served) if filling else None  # before there is a second thread
            supervisor.watch_in_background()
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_serve(_all_in_one(options, settings, network), announcement, filler))
    console.print("Dure has stopped; the data is kept.")


async def _agree(servers: Servers, settings: dict[str, Any], console: Console) -> None:
    await bring_to_agreement(services(), settings, provisioning_bus(servers), console.print)


@dataclass(frozen=True)
class _Filling:
    """A demo that is still to be filled in; with a history there is a clock, which all apps started from now on see."""

    factory: Factory
    folder: DemoFolder
    now: dt.datetime
    history: "History | None"
    clock: PlayedClock | None


def _filling(options: Options, data: DataFolder, urls: dict[str, str]) -> _Filling:
    """The demo of a folder without any fact; the clock is put back to its beginning. Raises LocalError."""
    from infra.learning_factory.fill import history_of  # a shop of its own needs nothing of it

    asyncio.run(require_no_facts(data, urls))
    factory, folder, now = load_factory(options.demo or ""), DemoFolder(data), utc_now()
    has_history = factory.history is not None and options.demo_days > 0
    folder.begin(factory.key, options.demo_days if has_history else 0)
    history = history_of(factory, options.demo_days, now) if has_history else None
    return _Filling(factory, folder, now, history, PlayedClock(history.begins) if history else None)


def _network(options: Options, data: DataFolder) -> "LocalNetwork":
    """This machine in the local network. Raises LocalError."""
    from infra.lan.network import (
        LocalNetwork,  # certificates and interfaces, for which only the local network has a use
    )

    return LocalNetwork(data, options.host, options.port)


def _servers(data: DataFolder, supervisor: Supervisor, console: Console) -> Servers:
    """PostgreSQL and NATS: those that the environment names, or our own."""
    database_url, nats_url = os.environ.get("DURE_DATABASE_URL"), os.environ.get("DURE_NATS_URL")
    postgres = None if database_url else EmbeddedPostgres(data)
    nats = None if nats_url else EmbeddedNats(data)
    own = [child for child in (postgres, nats) if child is not None]
    if own:
        console.print(f"Starting {' and '.join(child.name for child in own)} …")
        supervisor.launch(*own)
    seeds = {user: nats.seed_file(user) for user in NATS_USERS} if nats else {}
    return Servers(database_url or (postgres.url if postgres else ""), nats_url or (nats.url if nats else ""), seeds)


def site_of(options: Options, data: DataFolder, gateway_url: str) -> dict[str, Any]:
    """The site of this data folder: a demo's own, or that of the environment at the first start; it never changes."""
    stored = data.path / "site.json"
    site_settings: dict[str, Any] | None = None
    if options.demo is not None:
        site = load_factory(options.demo).site
        site_settings = {"site": site.code, "site_name": site.name, "time_zone": site.timezone.key}
    found = _stored_site(stored, gateway_url) if stored.exists() else None
    if found is not None:
        if site_settings is not None and found != site_settings:
            raise OtherSiteError(data.path, found["site"])
        return found
    if site_settings is None:
        defaults = GatewaySettings.model_fields
        site_settings = {
            name: os.environ.get(f"DURE_{name.upper()}", defaults[name].default) for name in ("site", "time_zone")
        }
    try:
        load_settings(Settings, **site_settings)
    except WrongSettings as error:
        raise WrongSettingsError("the site", str(error)) from None
    data.write(stored, json.dumps(site_settings, ensure_ascii=False))
    return site_settings


def _stored_site(stored: Path, gateway_url: str) -> dict[str, Any] | None:
    """The site in a file; None for half a file of a shop that nobody has begun to use. Raises LocalError."""
    try:
        found: dict[str, Any] = json.loads(stored.read_text())
        load_settings(Settings, **found)
    except (ValueError, TypeError, WrongSettings):
        if not asyncio.run(_is_in_use(gateway_url)):
            return None
        raise DamagedSiteError(stored) from None
    return found


async def _is_in_use(gateway_url: str) -> bool:
    connection = await asyncpg.connect(gateway_url, timeout=10)
    try:
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM person)"))
    finally:
        await connection.close()


class _Announcement:
    """The work and the messages once the gateway answers."""

    def __init__(
        self,
        options: Options,
        data: DataFolder,
        settings: Mapping[str, Any],
        console: Console,
        network: "LocalNetwork | None",
        filling: _Filling | None,
    ) -> None:
        self._filling = filling
        self._options = options
        self._data = data
        self._settings = settings
        self._console = console
        self._network = network
        self._address = network.address if network else options.address

    def make_now(self) -> None:
        """``make``, where no event loop runs. Raises LocalError."""
        try:
            uvloop.run(self.make())
        except DemoError as error:
            raise LocalError(str(error)) from None

    def make_once_served(self) -> None:
        """``make_now``, beside the process that serves, once that answers. Raises LocalError."""
        trusting = self._network.trusting() if self._network else None
        while not answers(f"{self._own_address}/health/live", trusting):
            time.sleep(0.05)
        self.make_now()

    @property
    def _own_address(self) -> str:
        return self._network.own_address if self._network else self._address

    async def make(self) -> None:
        """Import the demo, if one was requested, and print the address and the set-up link."""
        database = Database(self._settings["gateway"].database_url.get_secret_value(), pool_size=1)
        try:
            if self._filling is not None:
                await self._fill(database, self._filling)
            token = await issue_setup_token(database)
        finally:
            await database.close()
        self._console.print(f"\n[bold]Dure runs at {self._address}[/bold]")
        if token:
            self._console.print(f"Set it up within 15 minutes: {self._address}/setup#token={token}", soft_wrap=True)
        if self._network is not None:
            from infra.lan.announcement import announce_guide

            announce_guide(self._network, self._console)
        self._console.print("Ctrl-C stops it.")

    async def _fill(self, database: Database, filling: _Filling) -> None:
        """Once only: what people change from then on is theirs."""
        demo_key = await database.run(_create_demo_key, ROOT)
        headers = {"Authorization": f"Bearer {demo_key.key}", "Accept-Language": "en"}
        trusting = self._network.trusting() if self._network else True
        try:
            import httpx  # takes 6 MiB of every shop's memory, for a demo's filling

            async with httpx.AsyncClient(
                base_url=self._own_address, headers=headers, timeout=60, verify=trusting
            ) as client:
                with Progress(console=self._console, transient=True) as progress:
                    summary = await _filled(client, filling, progress)
        finally:
            if filling.clock is not None:
                filling.clock.release()
            await database.run(lambda tx: revoke_api_key(tx, demo_key.id), ROOT)
        filling.folder.done(filling.now, summary.facts)
        for line in summary.lines():
            self._console.print(line, soft_wrap=True)


async def _filled(client: "AsyncClient", filling: _Filling, progress: Progress) -> "DemoSummary":
    from infra.demo.importer import import_factory
    from infra.learning_factory.fill import fill

    if filling.history is not None and filling.clock is not None:
        return await fill(client, filling.history, filling.clock, filling.folder.path, progress)
    today = filling.now.astimezone(filling.factory.site.timezone).date()
    return await import_factory(client, filling.factory.key, filling.folder.path, today, progress)


async def _create_demo_key(tx: Transaction) -> NewApiKey:
    """A key with more rights than the API gives to one, only until the import is done.

    One that a killed import left is ended.
    """
    for left in await list_api_keys(tx.session):
        if left.name == DEMO_KEY and left.revoked_at is None:
            await revoke_api_key(tx, left.id)
    rights: list[Any] = ["admin", "planner", "quality"]
    return await create_api_key(tx, ApiKeyIn.model_construct(name=DEMO_KEY, roles=rights))


def _all_in_one(options: Options, settings: Mapping[str, Any], network: "LocalNetwork | None") -> Server:
    """All apps in this process."""
    services = {app: create_service(app, settings[app]) for app in SERVICE_NAMES}
    return gateway_server(
        settings["gateway"], options.host, options.port, network, options.trusted_proxies, in_process=services
    )


async def _serve(server: Server, announcement: _Announcement, filler: Job | None) -> None:
    """Serve, and announce it once the gateway answers; a failure of that ends the serving."""
    serving = asyncio.create_task(server.serve())
    announcing = asyncio.create_task(_announce(server, announcement) if filler is None else _watch(filler))
    await asyncio.wait([serving, announcing], return_when=asyncio.FIRST_COMPLETED)
    failed = announcing.done() and not announcing.cancelled() and announcing.exception() is not None
    if failed:
        server.stop()
    await asyncio.wait([serving])
    announcing.cancel()
    if filler is not None:
        filler.send_signal(signal.SIGTERM)
    serving.result()
    if failed:
        announcing.result()


async def _announce(server: Server, announcement: _Announcement) -> None:
    while not server.started:
        await asyncio.sleep(0.02)
    await announcement.make()


async def _watch(filler: Job) -> None:
    while filler.poll() is None:
        await asyncio.sleep(0.1)
    filler.outcome()
