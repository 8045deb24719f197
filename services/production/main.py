"""The production service put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from services.production.andon import events as andon_events
from services.production.andon.api import router as andon
from services.production.base import Base
from services.production.board.api import router as board
from services.production.definitions import consumers as definitions_consumers
from services.production.definitions.api import router as definitions
from services.production.genealogy.api import router as genealogy
from services.production.handover.api import router as handover
from services.production.instructions import consumers as instructions_consumers
from services.production.instructions.api import router as instructions
from services.production.jobs import consumers as jobs_consumers
from services.production.jobs import events as jobs_events
from services.production.jobs.api import router as jobs
from services.production.labels.api import router as labels
from services.production.labour.api import router as labour
from services.production.machines import commands as machines_commands
from services.production.machines import consumers as machines_consumers
from services.production.machines.api import router as machines
from services.production.performance.api import router as performance
from services.production.results.api.fast_path import FastPath
from services.production.results.api.routes import router as results
from services.production.results.commands.report import Reporting
from services.production.review import events as review_events
from services.production.review.api import router as review
from services.production.settings import ProductionSettings
from services.production.unassigned import events as unassigned_events
from services.production.unassigned.api import router as unassigned
from shared.kit.app import Service, create_service_app
from shared.kit.batching import Batcher

ROUTERS = [
    *(definitions, machines, jobs, instructions, genealogy, labour, results, labels, board, performance),
    *(review, unassigned, handover, andon),
]

CONSUMES = [
    *definitions_consumers.CONSUMES,
    *machines_consumers.CONSUMES,
    *instructions_consumers.CONSUMES,  # before the jobs, which name their instruction
    *jobs_consumers.CONSUMES,
]

REPUBLISHES = [
    *machines_commands.REPUBLISHES,
    *jobs_events.REPUBLISHES,
    *andon_events.REPUBLISHES,
    *review_events.REPUBLISHES,
    *unassigned_events.REPUBLISHES,
]


@asynccontextmanager
async def reporting(app: FastAPI) -> AsyncIterator[None]:
    """Reports that arrive together share a transaction."""
    settings: ProductionSettings = app.state.settings
    app.state.reporting = Batcher(
        Reporting(app.state.database, ZoneInfo(settings.time_zone)).store, settings.report_batch
    )
    app.state.known_references = set()
    yield


SERVICE = Service(
    name="production",
    publisher="production",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routers=ROUTERS,
    consumes=CONSUMES,
    republishes=REPUBLISHES,
    lifespans=[reporting],
    middleware=[FastPath],
)


def create_app(settings: ProductionSettings) -> FastAPI:
    """The service's app."""
    return create_service_app(SERVICE, settings)
