"""The quality service put together."""

from pathlib import Path

from fastapi import FastAPI

from services.quality.base import Base
from services.quality.defects import consumers as defects_consumers
from services.quality.defects import events as defects_events
from services.quality.defects.api import router as defects
from services.quality.settings import QualitySettings
from shared.kit.app import Service, create_service_app
from shared.kit.media.api import media_router

SERVICE = Service(
    name="quality",
    publisher="quality",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routers=[defects, media_router("quality")],
    consumes=defects_consumers.CONSUMES,
    projections=defects_consumers.PROJECTIONS,
    republishes=defects_events.REPUBLISHES,
)


def create_app(settings: QualitySettings) -> FastAPI:
    """The service's app."""
    return create_service_app(SERVICE, settings)
