"""The whole suite on the servers given: databases, revisions, streams, keys, and the five apps' settings."""

import asyncio
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import FastAPI
from joserfc.jwk import OKPKey
from pydantic import SecretStr
from sqlalchemy import MetaData
from sqlalchemy.orm import configure_mappers

from infra.local.data_folder import DataFolder
from infra.local.errors import WrongSettingsError
from infra.local.provision import provision
from shared.kit.app import Service
from shared.kit.bus import Bus, provision_streams
from shared.kit.logs import configure_logs
from shared.kit.serve import Server
from shared.kit.settings import Settings, WrongSettings, load_settings
from shared.registry import APP_NAMES, PROVISIONING_USER, SERVICE_NAMES, package_of

if TYPE_CHECKING:
    from infra.lan.network import LocalNetwork

S = TypeVar("S", bound=Settings)


def metadata_of(app: str) -> tuple[MetaData, Path]:
    """The tables and the migrations' folder of an app."""
    importlib.import_module(f"{package_of(app)}.main")
    base = importlib.import_module(f"{package_of(app)}.base")
    return base.Base.metadata, Path(str(base.__file__)).parent / "migrations"


def settings_class(app: str) -> Any:
    """The settings class of an app."""
    module = importlib.import_module(f"{package_of(app)}.settings")
    return getattr(module, "".join(part.title() for part in app.split("_")) + "Settings")


def create_service(app: str, settings: Any) -> FastAPI:
    """The FastAPI app of a service."""
    created: FastAPI = importlib.import_module(f"{package_of(app)}.main").create_app(settings)
    return created


def preload() -> None:
    """Import what the apps will need, also what they import late, so that forks of this process share it."""
    late = (
        "sqlalchemy.dialects.postgresql.asyncpg",
        "uvicorn.lifespan.on",
        "uvicorn.loops.uvloop",
        "uvicorn.protocols.http.httptools_impl",
    )
    for module in (*late, *(f"{package_of(app)}.main" for app in APP_NAMES)):
        importlib.import_module(module)
    configure_mappers()


def serve(app: str, settings: Any, host: str, port: int, trusted_proxies: str | None = None) -> None:
    """Serve one app until a signal."""
    configure_logs(settings.log_level)
    module = importlib.import_module(f"{package_of(app)}.main")
    Server(module.create_app(settings), host, port, trusted_proxies=trusted_proxies).run()


def gateway_server(
    settings: Any, host: str, port: int, network: "LocalNetwork | None", trusted_proxies: str | None, **how: Any
) -> Server:
    """The gateway's server: over plain HTTP, or over HTTPS where this machine serves a local network."""
    from gateway.main import create_app
    from gateway.settings import LanOrigin

    if network is None:
        return Server(create_app(settings, **how), host, port, trusted_proxies=trusted_proxies)
    from infra.lan.server import LanServer

    lan = LanOrigin(lambda: network.address, lambda: network.names)
    return LanServer(create_app(settings, lan=lan, **how), host, network, trusted_proxies)


@dataclass(frozen=True)
class Servers:
    """Where PostgreSQL and NATS are, and how each app proves itself to NATS."""

    cluster_url: str
    nats_url: str
    nats_seeds: Mapping[str, Path]


def signing_key(data: DataFolder) -> OKPKey:
    """The gateway's Ed25519 key, made at the first start."""
    return OKPKey.import_key(
        json.loads(
            data.secret("token-key.json", lambda: json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
        )
    )


async def prepare(data: DataFolder, servers: Servers) -> dict[str, str]:
    """Make databases, bring them to this release's revision, declare the streams; each app's database URL."""
    from shared.kit.migrations import migrate  # alembic, for which a process that serves one app has no use

    urls, _ = await asyncio.gather(
        provision(data, servers.cluster_url),
        provision_streams(servers.nats_url, servers.nats_seeds.get(PROVISIONING_USER)),
    )
    for app in APP_NAMES:
        metadata, folder = metadata_of(app)
        await migrate(urls[app], folder, metadata)
    return urls


def settings_of(data: DataFolder, servers: Servers, urls: Mapping[str, str], **extra: Any) -> dict[str, Any]:
    """The settings of all apps; ``extra`` goes to each class that knows the name. Raises WrongSettingsError."""
    key = signing_key(data)
    settings: dict[str, Any] = {}
    for app in APP_NAMES:
        cls = settings_class(app)
        values = {
            "database_url": SecretStr(urls[app]),
            "nats_url": servers.nats_url,
            "nats_seed_file": servers.nats_seeds.get(app),
            "token_public_key": json.dumps(key.as_dict(private=False)),
            "token_private_key": SecretStr(json.dumps(key.as_dict(private=True))),
            "secret_key": SecretStr(data.secret(f"{app}-secret")),
            "pseudonym_key": SecretStr(data.secret("pseudonyms")),
            **extra,
        }
        known = {name: value for name, value in values.items() if name in cls.model_fields}
        settings[app] = settings_in(app, cls, **known)
    return settings


def services() -> dict[str, Service]:
    """The services of Dure, by name."""
    return {name: importlib.import_module(f"{package_of(name)}.main").SERVICE for name in SERVICE_NAMES}


def provisioning_bus(servers: Servers) -> Bus:
    """A connection to NATS for what prepares the servers."""
    return Bus(servers.nats_url, PROVISIONING_USER, servers.nats_seeds.get(PROVISIONING_USER))


def settings_in(whose: str, cls: type[S], **values: Any) -> S:
    """The settings of ``cls`` from the environment and ``values``. Raises WrongSettingsError."""
    try:
        return load_settings(cls, **values)
    except WrongSettings as error:
        raise WrongSettingsError(whose, str(error)) from None
