"""The ERP bridge put together."""

from pathlib import Path

from fastapi import FastAPI

from services.erp_bridge.base import Base
from services.erp_bridge.inbound import consumers as inbound_consumers
from services.erp_bridge.inbound.api import router as inbound
from services.erp_bridge.outbound import consumers as outbound_consumers
from services.erp_bridge.outbound.api import router as outbound
from services.erp_bridge.outbound.api import sent
from services.erp_bridge.outbound.workers import run_dispatcher
from services.erp_bridge.settings import ErpBridgeSettings
from shared.kit.app import Service, create_service_app

SERVICE = Service(
    name="erp_bridge",
    publisher="erp",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routers=[inbound, outbound],
    consumes=[*inbound_consumers.CONSUMES, *outbound_consumers.CONSUMES],
    settles=outbound_consumers.SETTLES,
    lifespans=[run_dispatcher],
    webhooks=sent,
)


def create_app(settings: ErpBridgeSettings) -> FastAPI:
    """The service's app."""
    return create_service_app(SERVICE, settings)
