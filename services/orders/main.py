"""The orders service put together."""

from pathlib import Path

from fastapi import FastAPI

from services.orders.base import Base
from services.orders.changes.api import router as changes
from services.orders.changes.consumers import erp_handlers
from services.orders.definitions.api import router as definitions
from services.orders.demand.api import router as demand
from services.orders.exchange.api import router as exchange
from services.orders.instructions.api import router as instructions
from services.orders.instructions.consumers import PRODUCTION_HANDLERS as READING_HANDLERS
from services.orders.products.api import router as products
from services.orders.readiness.api import router as readiness
from services.orders.readiness.consumers import PRODUCTION_HANDLERS as READINESS_HANDLERS
from services.orders.settings import OrdersSettings
from services.orders.work_orders.api import router as work_orders
from services.orders.work_orders.commands import Rules
from services.orders.work_orders.consumers import PRODUCTION_HANDLERS as ORDER_HANDLERS
from shared.kit.app import Service, create_service_app
from shared.kit.consumer import together
from shared.kit.media.api import router as media


def create_app(settings: OrdersSettings) -> FastAPI:
    """The service's app."""
    service = Service(
        name="orders",
        publisher="orders",
        folder=Path(__file__).parent,
        metadata=Base.metadata,
        routers=[definitions, media, instructions, products, exchange, demand, work_orders, changes, readiness],
        consumes={
            "erp": erp_handlers(Rules(settings)),
            "production": together(ORDER_HANDLERS, READING_HANDLERS, READINESS_HANDLERS),
        },
    )
    return create_service_app(service, settings)
