"""The gateway's composition root."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import permissions
from gateway.documents.adapters import MergedOpenApi
from gateway.documents.api import rights
from gateway.documents.api import router as documents
from gateway.identity.adapters.hashing import Hasher
from gateway.identity.adapters.sessions import Sessions
from gateway.identity.api import router as identity
from gateway.live.adapters.hub import Hub
from gateway.live.api import router as live
from gateway.pages.api import Pages
from gateway.settings import GatewaySettings, LanOrigin
from gateway.upstream.api.front import Front
from gateway.upstream.api.health import add_health_routes
from shared.kit.answering import complete_answers
from shared.kit.app import App
from shared.kit.auth import TokenSigner, stated_rights
from shared.kit.bus import Bus
from shared.kit.database import Database
from shared.kit.metrics import Metrics
from shared.kit.problem import Messages, install_problem_handlers
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.routing import add_routes
from shared.kit.vitals import TrialWrite
from shared.registry import PUBLISHER_OF

FOLDER = Path(__file__).parent
DESCRIPTION = """\
Tablets, office pages, ERPs and scripts use this one API. `Authorization: Bearer` carries a session's token or an API
key. Quantities are decimals: a number or a string in, a string out. Times have an offset, durations are seconds.
A POST that records a fact takes an `Idempotency-Key`, a UUID of the client: sent again it gives the stored answer.
A document is changed by its `ETag`. Lists are read by `cursor` until `next_cursor` is null. Errors are problems
(RFC 9457) with a stable `code`, in the language of `Accept-Language`: ko, en or vi."""


class Gateway(App):
    """The gateway's own routes; in front of them stands what all requests go through."""

    front: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or run the lifespan."""
        if self.front is not None and scope["type"] == "http":
            await self.front(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def answer_own(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to one of the gateway's own routes."""
        await super().__call__(scope, receive, send)


def release() -> str:
    """The version of this release."""
    try:
        return version("dure")
    except PackageNotFoundError:
        return "0.0.0"


def create_app(
    settings: GatewaySettings,
    *,
    in_process: Mapping[str, FastAPI] | None = None,
    lan: LanOrigin | None = None,
) -> Gateway:
    """The gateway. ``in_process`` are the services' apps by their names in the registry.

    It calls them directly and runs their lifespans; without them the services are at the URLs of the settings.
    ``lan`` says by which origin and names tablets reach this machine now.
    """
    database = Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool,
        pseudonyms=Pseudonyms(settings.pseudonym_key),
    )
    bus = Bus(settings.nats_url, "gateway", settings.nats_seed_file)
    metrics = Metrics("gateway")
    messages = Messages(FOLDER / "messages")
    sessions = Sessions(database, settings.site, fresh_s=settings.session_fresh_s)
    closing = AsyncExitStack()
    local = {PUBLISHER_OF[name]: service for name, service in (in_process or {}).items()}
    services: Mapping[str, ASGIApp] = local
    if in_process is None:
        from gateway.upstream.adapters.remote import HttpServices  # 8 MiB, for gateways that are a process of their own

        remote = HttpServices({publisher: getattr(settings, f"{name}_url") for name, publisher in PUBLISHER_OF.items()})
        closing.push_async_callback(remote.close)
        services = remote.apps

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for service in local.values():
                await stack.enter_async_context(service.router.lifespan_context(service))
            bus.start()
            hub.start()
            yield
            await hub.stop()
            await bus.close()
            await closing.aclose()
            await database.close()

    app = Gateway(
        title="Dure",
        version=release(),
        summary="What a shop makes, from its orders to their confirmations.",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/", "description": "this Dure"}],
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an absolute address would be that of the server, not of what stands before it
    )
    hub = Hub(bus, metrics, lambda: getattr(app.state, "draining", False))
    app.state.settings = settings
    app.state.rights = stated_rights(gateway=permissions)
    app.state.database = database
    app.state.bus = bus
    app.state.trial_write = TrialWrite(database)
    app.state.metrics = metrics
    app.state.consumers = hub.followers
    app.state.hub = hub
    app.state.sessions = sessions
    app.state.hasher = Hasher(
        settings.secret_for_hashes, memory_kib=settings.hash_memory_kib, passes=settings.hash_passes
    )
    app.state.authenticate = sessions.require
    app.state.lan = lan
    install_problem_handlers(app, messages)
    for router in (identity, live, documents, rights):
        add_routes(app, router)
    add_health_routes(app, FOLDER, metrics, services, local, settings.metrics_from)
    complete_answers(app)
    app.state.openapi = MergedOpenApi(app.openapi, services)
    app.front = Front(
        app.answer_own,
        Pages(),
        services,
        sessions,
        TokenSigner(settings.private_key),
        messages,
        metrics,
        https=settings.public_url.startswith("https://"),
        hsts=settings.hsts,
    )
    return app
