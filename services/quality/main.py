"""The quality service put together."""

from pathlib import Path

from fastapi import FastAPI

from services.quality.base import Base
from services.quality.nonconformance import consumers as nonconformance_consumers
from services.quality.nonconformance.api import router as nonconformance
from services.quality.settings import QualitySettings
from shared.kit.app import Service, create_service_app
from shared.kit.media.api import router as media


def create_app(settings: QualitySettings) -> FastAPI:
    """The service's app."""
    service = Service(
        name="quality",
        publisher="quality",
        folder=Path(__file__).parent,
        metadata=Base.metadata,
        routers=[nonconformance, media],
        consumes=nonconformance_consumers.CONSUMES,
    )
    return create_service_app(service, settings)
