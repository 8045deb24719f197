"""Health and metrics of the gateway and the services behind it."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.types import ASGIApp

from gateway.permissions import READ_METRICS
from gateway.upstream.adapters.service import ServiceDown, get
from gateway.upstream.domain import is_inside
from shared.kit.app import Health, check_health
from shared.kit.auth import actor_of
from shared.kit.metrics import Metrics

PATIENCE_S = 2.0


class AllMetrics(Collector):
    """The metrics of several services of one process, each family once."""

    def __init__(self, parts: Iterable[Metrics]) -> None:
        self._parts = list(parts)

    def collect(self) -> Iterable[Metric]:
        """Every family, with the samples of all services."""
        families: dict[str, Metric] = {}
        for part in self._parts:
            for family in part.registry.collect():
                known = families.setdefault(family.name, family)
                if known is not family:
                    known.samples.extend(family.samples)
        return families.values()


async def check_service(service: ASGIApp) -> str:
    """The service's own status: ok, degraded, not_ready or not there."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, body = await get(service, "/health/ready")
        status = str(json.loads(body)["status"])
    except (ServiceDown, OSError, TimeoutError, ValueError, KeyError):
        return "not there"
    return "ok" if status == "ready" else status


def add_health_routes(
    app: FastAPI,
    folder: Path,
    metrics: Metrics,
    services: Mapping[str, ASGIApp],
    in_process: Mapping[str, FastAPI],
    metrics_from: Sequence[IPv4Network | IPv6Network],
) -> None:
    """``/health/live``, ``/health/ready`` (degraded when a service is not well) and ``/metrics`` of all that lives in
    this process: for whoever asks from ``metrics_from`` itself, and for an administrator.
    """
    registry = CollectorRegistry()
    registry.register(AllMetrics([metrics, *(service.state.metrics for service in in_process.values())]))

    @app.get("/health/live", include_in_schema=False)
    async def live(response: Response) -> dict[str, str]:
        # also for the page that a tablet reads before it trusts the certificate: its origin is another one
        response.headers["access-control-allow-origin"] = "*"
        return {"status": "live"}

    @app.get("/health/ready", include_in_schema=False)
    async def ready() -> Response:
        own = await check_health(app, folder)
        others = await asyncio.gather(*map(check_service, services.values()))
        checks = own.checks | dict(zip(services, others, strict=True))
        all_ok = all(status == "ok" for status in others)
        health = Health(status="degraded" if own.status == "ready" and not all_ok else own.status, checks=checks)
        return JSONResponse(health.model_dump(), 503 if health.status == "not_ready" else 200)

    @app.get("/metrics", include_in_schema=False)
    async def prometheus(request: Request) -> Response:
        client = request.client.host if request.client else None
        if not is_inside(client, request.headers.keys(), metrics_from):
            actor_of(request.app.state.authenticate, request.headers.get("authorization", ""), READ_METRICS.roles)
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")
