"""The composition that all apps share: database, bus, relay, consumers, health, metrics and problems."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Literal
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import Counter
from pydantic import BaseModel
from sqlalchemy import MetaData, text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.requests import BODY_BYTES
from shared.kit import permissions
from shared.kit.answering import complete_answers
from shared.kit.auth import TokenVerifier, stated_rights
from shared.kit.bus import Bus
from shared.kit.consumer import Consumer, Subscription, handlers_by_publisher
from shared.kit.database import Database
from shared.kit.metrics import Metrics
from shared.kit.openapi.document import describe
from shared.kit.parked_events import parking_router
from shared.kit.problem import Messages, install_problem_handlers
from shared.kit.projection import Projection, Settlement
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.relay import Relay
from shared.kit.republish import Republishable, Republisher, republish_router
from shared.kit.retention import Housekeeping, Periods, retention_router
from shared.kit.revisions import is_current
from shared.kit.routing import add_routes
from shared.kit.settings import Settings
from shared.kit.tracing import TraceRequests
from shared.kit.trail import audit_router
from shared.kit.vitals import TrialWrite, Vitals, name_of_cause
from shared.kit.withheld_events import withheld_router

log = structlog.get_logger(__name__)

KIT_ROUTERS = (parking_router, withheld_router, republish_router, audit_router, retention_router)
PROBED = ["GET", "HEAD"]
"""Probes ask by either."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Service:
    """The parts of one service; ``publisher`` is its name in subjects, routes and token audiences."""

    name: str
    publisher: str
    folder: Path
    """The service's package folder, with ``migrations/`` and ``messages/``."""
    metadata: MetaData
    rights: ModuleType
    """Its ``permissions``."""
    routers: Sequence[APIRouter]
    consumes: Sequence[Subscription] = ()
    """The slices' subscriptions, one list after the other;
    of two handlers of an event the first one applies it first."""
    republishes: Sequence[Republishable] = ()
    """The kinds of aggregate that can be published again, one slice's list after the other."""
    projections: Sequence[Projection] = ()
    """What can be made anew of other services' events, one slice's list after the other."""
    settles: Sequence[Settlement] = ()
    """What has to be brought to what other services know, where they lost some of it."""
    lifespans: Sequence[Lifespan] = ()
    """Background work of the service's own, started after the plumbing and stopped before it."""
    middleware: Sequence[Callable[[ASGIApp], ASGIApp]] = ()
    """Middleware in front of the framework."""
    webhooks: APIRouter = field(default_factory=APIRouter)
    """What the service calls at others, described as if it were routes of theirs."""

    @property
    def listens_to(self) -> set[str]:
        """The publishers of the events that it applies."""
        return {subscription.publisher for subscription in self.consumes}


class Health(BaseModel):
    """The app's ability to do its work, and the checks behind it."""

    status: Literal["ready", "degraded", "not_ready"]
    checks: dict[str, str]


class App(FastAPI):
    """An app that describes itself by what its routes ask for.

    ``in_front`` stands before the whole of the framework, the last one outermost: whoever answers there spares a
    request its layers.
    """

    def __init__(self, *, in_front: Sequence[Callable[[ASGIApp], ASGIApp]] = (), **options: Any) -> None:
        super().__init__(**options)
        self._entrance: ASGIApp = super().__call__
        for middleware in in_front:
            self._entrance = middleware(self._entrance)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or follow the server's life."""
        scope["app"] = self
        await self._entrance(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = describe(self, super().openapi())
        return self.openapi_schema


class RequestMetrics:
    """Counts requests and their time; does no more, as it stands in the hot path."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics
        self._counters: dict[tuple[str, int], Counter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, observed)
        finally:
            counter = self._counters.get((scope["method"], status))
            if counter is None:
                counter = self.metrics.requests.labels(self.metrics.service, scope["method"], str(status))
                self._counters[scope["method"], status] = counter
            counter.inc()
            self.metrics.request_latency.observe(time.perf_counter() - begun)


async def check_health(app: FastAPI, folder: Path) -> Health:
    """Ready needs a database that is at this release's revision and takes a write.

    Degraded, and still ready, without NATS, while events wait for long, and while some need a person.
    """
    checks: dict[str, str] = {}
    if getattr(app.state, "draining", False):
        return Health(status="not_ready", checks={"shutdown": "draining"})
    database: Database = app.state.database
    trouble: dict[str, str] = {}
    checking = "database"
    try:
        async with asyncio.timeout(3), database.connection() as connection:
            await connection.execute(text("SELECT 1"))
        checks["database"] = "ok"
        checks["migrations"] = (
            "ok" if await is_current(database, folder / "migrations") else "not the revision of this release"
        )
        checking = "writes"
        async with asyncio.timeout(3):
            await app.state.trial_write.require()
        checks["writes"] = "ok"
        if hasattr(app.state, "vitals"):
            trouble = (await app.state.vitals.read()).checks()
    except Exception as error:
        checks[checking] = f"not available: {name_of_cause(error)}"
    ready = all(value == "ok" for value in checks.values())
    checks["nats"] = "ok" if app.state.bus.is_connected else "not connected"
    for consumer in app.state.consumers.values():
        if not consumer.is_running:
            checks[f"consumer {consumer.stream}"] = "not running"
    checks |= trouble
    whole = all(value == "ok" for value in checks.values())
    return Health(status="not_ready" if not ready else "ready" if whole else "degraded", checks=checks)


def add_health_routes(app: FastAPI, folder: Path, metrics: Metrics) -> None:
    """``/health/live``, ``/health/ready`` and ``/metrics``."""

    @app.api_route("/health/live", methods=PROBED, include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.api_route("/health/ready", methods=PROBED, include_in_schema=False)
    async def ready() -> Response:
        health = await check_health(app, folder)
        return JSONResponse(health.model_dump(), 503 if health.status == "not_ready" else 200)

    @app.api_route("/metrics", methods=PROBED, include_in_schema=False)
    async def prometheus() -> Response:
        return Response(metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")


def add_description_route(app: App) -> None:
    """``/openapi.json``; making it takes a second, in which other requests go on."""

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return JSONResponse(await asyncio.to_thread(app.openapi))


def database_of(settings: Settings) -> Database:
    """A service's database, as its settings say."""
    return Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool,
        zone=ZoneInfo(settings.time_zone),
        pseudonyms=Pseudonyms(settings.pseudonym_key),
        believed_back=timedelta(days=settings.believed_days),
    )


def create_service_app(service: Service, settings: Settings) -> FastAPI:
    """The FastAPI app of ``service``; its routes stand under ``/api/v1/<publisher>``."""
    metrics = Metrics(service.name)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database: Database = app.state.database
        bus: Bus = app.state.bus
        bus.start()
        relay = Relay(database, bus, settings.site, service.publisher, metrics)
        relay.start()
        for consumer in app.state.consumers.values():
            consumer.start()
        republisher: Republisher = app.state.republisher
        republisher.start()
        app.state.vitals.start()
        housekeeping = Housekeeping(
            database, Periods(timedelta(days=settings.outbox_days), timedelta(days=settings.idempotency_days))
        )
        housekeeping.start()
        try:
            async with AsyncExitStack() as stack:
                for background in service.lifespans:
                    await stack.enter_async_context(background(app))
                yield
        finally:
            await housekeeping.stop()
            await app.state.vitals.stop()
            await republisher.stop()
            for consumer in app.state.consumers.values():
                await consumer.stop()
            await relay.stop()
            await bus.close()
            await database.close()

    app = App(
        in_front=[*service.middleware, partial(RequestMetrics, metrics=metrics), TraceRequests],
        title=f"Dure {service.name}",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an absolute address would be that of the server, not of what stands before it
        max_body_size=BODY_BYTES,
    )
    database = database_of(settings)
    bus = Bus(settings.nats_url, service.name, settings.nats_seed_file)
    app.state.settings = settings
    app.state.rights = stated_rights(**{service.publisher: service.rights, "all": permissions})
    app.state.database = database
    app.state.pseudonyms = database.people
    app.state.bus = bus
    app.state.metrics = metrics
    app.state.authenticate = TokenVerifier(settings.token_public_key, service.publisher).verify
    app.state.consumers = {}
    for publisher, handlers in handlers_by_publisher(service.consumes).items():
        consumer = Consumer(database, bus, service.name, publisher, handlers, database.people, metrics)
        app.state.consumers[consumer.stream] = consumer
    app.state.trial_write = TrialWrite(database)
    app.state.vitals = Vitals(database, app.state.consumers.values(), metrics)
    app.state.republisher = Republisher(database, service.republishes)
    app.state.messages = Messages(service.folder / "messages")
    install_problem_handlers(app, app.state.messages)
    add_health_routes(app, service.folder, metrics)
    add_description_route(app)
    plumbing = (kit_router(service.publisher) for kit_router in KIT_ROUTERS)
    for router in (*service.routers, *plumbing):
        add_routes(app, router)
    app.webhooks.routes.extend(service.webhooks.routes)
    complete_answers(app)
    return app
