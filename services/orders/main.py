"""The orders service put together."""

from pathlib import Path

from fastapi import FastAPI

from services.orders.base import Base
from services.orders.changes import consumers as changes_consumers
from services.orders.changes.api import router as changes
from services.orders.definitions import events as definitions_events
from services.orders.definitions.api import router as definitions
from services.orders.demand.api import router as demand
from services.orders.exchange.api import router as exchange
from services.orders.instructions import commands as instructions_commands
from services.orders.instructions import consumers as instructions_consumers
from services.orders.instructions.api import router as instructions
from services.orders.products.api import router as products
from services.orders.readiness import consumers as readiness_consumers
from services.orders.readiness.api import router as readiness
from services.orders.settings import OrdersSettings
from services.orders.work_orders import consumers as work_orders_consumers
from services.orders.work_orders.api import instruction_uses
from services.orders.work_orders.api import router as work_orders
from services.orders.work_orders.commands import republish as republish_orders
from shared.kit.app import Service, create_service_app
from shared.kit.media.api import media_router

SERVICE = Service(
    name="orders",
    publisher="orders",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routers=[
        *(definitions, media_router("orders"), products, instructions, instruction_uses),
        *(work_orders, demand, changes, exchange, readiness),
    ],
    consumes=[
        *changes_consumers.CONSUMES,
        *work_orders_consumers.CONSUMES,
        *instructions_consumers.CONSUMES,
        *readiness_consumers.CONSUMES,
    ],
    projections=[*work_orders_consumers.PROJECTIONS, *readiness_consumers.PROJECTIONS],
    republishes=[
        *definitions_events.REPUBLISHES,
        *instructions_commands.REPUBLISHES,
        *republish_orders.REPUBLISHES,
    ],
)


def create_app(settings: OrdersSettings) -> FastAPI:
    """The service's app."""
    return create_service_app(SERVICE, settings)
