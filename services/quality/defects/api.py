"""Routes of the defect catalogue and the Pareto."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Form, Query, Request, Response

from services.quality.defects import queries
from services.quality.defects.commands import catalogue
from services.quality.defects.commands.import_file import DEFECTS
from services.quality.defects.domain import By
from services.quality.defects.schemas import DefectIn, DefectOut, ParetoOut
from services.quality.permissions import CanDefineDefects, CanRead
from services.quality.settings import QualitySettings
from shared.contracts.requests import FILE_BYTES
from shared.kit.idempotency import Db
from shared.kit.importing import ImportReport, Upload, read_upload, run_import
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.paging import Cursor, IfMatch, Limit, Page, etag
from shared.kit.problem import unprocessable
from shared.kit.routing import api_router

router = api_router("quality", "defects")
Day = Moment | date


def _settings(request: Request) -> QualitySettings:
    settings: QualitySettings = request.app.state.settings
    return settings


ServiceSettings = Annotated[QualitySettings, Depends(_settings)]


@router.get("/defects")
async def list_defects(actor: CanRead, db: Db, cursor: Cursor = None, limit: Limit = 200) -> Page[DefectOut]:
    """The defect catalogue by code."""
    async with db.reading() as session:
        page = await queries.list_defects(session, cursor, limit)
    return Page(items=[DefectOut.model_validate(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/defects/{code}")
async def get_defect(code: str, actor: CanRead, db: Db, response: Response) -> DefectOut:
    """One defect, with its ETag."""
    async with db.reading() as session:
        row = await queries.get_defect(session, code)
    response.headers["ETag"] = etag(row.version)
    return DefectOut.model_validate(row)


@router.put("/defects/{code}")
async def put_defect(
    code: Code,
    body: DefectIn,
    actor: CanDefineDefects,
    db: Db,
    response: Response,
    if_match: IfMatch,
) -> DefectOut:
    """Create or replace; with If-Match only when nobody changed it meanwhile (412)."""
    verdict = await db.run(lambda tx: catalogue.put_defect(tx, code, body, if_match), actor)
    async with db.reading() as session:
        row = await queries.get_defect(session, code)
    response.status_code = 201 if verdict == "created" else 200
    response.headers["ETag"] = etag(row.version)
    return DefectOut.model_validate(row)


@router.get("/pareto")
async def draw_pareto(
    actor: CanRead,
    db: Db,
    settings: ServiceSettings,
    by: By = By.DEFECT,
    from_: Annotated[Day | None, Query(alias="from", description="first business date, or a moment of it")] = None,
    to: Annotated[Day | None, Query(description="last business date, included, or a moment of it")] = None,
) -> ParetoOut:
    """Scrapped pieces by defect, item or machine, the largest part first."""
    zone = ZoneInfo(settings.time_zone)
    first, last = _day(from_, zone), _day(to, zone)
    if first and last and first > last:
        raise unprocessable("to", "period_reversed")
    async with db.reading() as session:
        return await queries.draw_pareto(session, by, first, last)


def _day(when: Day | None, zone: ZoneInfo) -> date | None:
    """The day of a moment, in the shop's time zone."""
    return when.astimezone(zone).date() if isinstance(when, datetime) else when


@router.post("/imports", max_body_size=FILE_BYTES)
async def import_defects(
    request: Request,
    actor: CanDefineDefects,
    upload: Annotated[Upload, Depends(read_upload)],
    kind: Annotated[str, Form()] = DEFECTS.name,
) -> ImportReport:
    """Import the defect catalogue from a CSV or XLSX file: a verdict for each row."""
    if kind != DEFECTS.name:
        raise unprocessable("kind", "choice_invalid", expected=DEFECTS.name)
    return await run_import(request, DEFECTS, upload)
