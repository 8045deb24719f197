"""Routes of labels, their templates and printers."""

from functools import cache
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.responses import PlainTextResponse

from services.production.labels import commands
from services.production.labels.adapters.font import Font, find_font
from services.production.labels.domain.layout import USUAL_CODE
from services.production.labels.domain.zpl import Density, MissingFont, PrinterModel
from services.production.labels.queries import content, labels, templates
from services.production.labels.schemas import (
    LabelIn,
    LabelOut,
    LabelPictureOut,
    PictureOut,
    PrinterIn,
    PrinterOut,
    PrintRef,
    ReprintIn,
    TemplateIn,
    TemplateOut,
)
from services.production.labels.tables import LabelTemplate, Printer
from services.production.permissions import CanPrintLabels, CanReadLabels, CanSetUpLabels
from services.production.settings import ProductionSettings
from shared.kit.idempotency import Db, Once
from shared.kit.names import Code
from shared.kit.openapi.refusals import refuses
from shared.kit.paging import Cursor, IfMatch, Limit, Page, Short, etag
from shared.kit.problem import Messages, Problem, language_of
from shared.kit.routing import api_router

router = api_router("production", "labels")


def _messages(request: Request) -> Messages:
    messages: Messages = request.app.state.messages
    return messages


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language"))


@cache
def _font(file: Path | None) -> Font | None:
    return find_font(file)


def _print_settings(request: Request) -> commands.PrintSettings:
    settings: ProductionSettings = request.app.state.settings
    return commands.PrintSettings(settings.printer_networks, _font(settings.label_font))


Texts = Annotated[Messages, Depends(_messages)]
Language = Annotated[str, Depends(_language)]
Printing = Annotated[commands.PrintSettings, Depends(_print_settings)]


@router.get("/label-templates")
async def list_templates(actor: CanReadLabels, db: Db, paging: Short) -> Page[TemplateOut]:
    """All templates."""
    async with db.reading() as session:
        return paging.page([TemplateOut.model_validate(row) for row in await templates.list_templates(session)])


@router.get("/label-templates/{code}")
async def get_template(code: str, actor: CanReadLabels, db: Db, response: Response) -> TemplateOut:
    """One template, with its ETag."""
    async with db.reading() as session:
        row = await session.get(LabelTemplate, code)
    if row is None:
        raise Problem(404, "not_found")
    response.headers["ETag"] = etag(row.version)
    return TemplateOut.model_validate(row)


@router.put("/label-templates/{code}")
async def put_template(
    code: Code, body: TemplateIn, actor: CanSetUpLabels, db: Db, response: Response, if_match: IfMatch
) -> TemplateOut:
    """Create or replace; with If-Match only when nobody changed it meanwhile (412)."""
    outcome = await db.run(lambda tx: commands.put_template(tx, code, body, if_match), actor)
    response.status_code = 201 if outcome == "created" else 200
    return await get_template(code, actor, db, response)


@router.post("/label-previews")
async def preview_template(body: TemplateIn, actor: CanSetUpLabels, messages: Texts) -> PictureOut:
    """Show what a template would look like; nothing is stored."""
    commands.check_code(USUAL_CODE if body.with_code else None, body)
    return PictureOut(svg=content.preview(body, messages))


@router.get("/printers")
async def list_printers(actor: CanReadLabels, db: Db, paging: Short) -> Page[PrinterOut]:
    """All label printers."""
    async with db.reading() as session:
        return paging.page([PrinterOut.model_validate(row) for row in await templates.list_printers(session)])


@router.get("/printers/{code}")
async def get_printer(code: str, actor: CanReadLabels, db: Db, response: Response) -> PrinterOut:
    """One printer, with its ETag."""
    async with db.reading() as session:
        row = await session.get(Printer, code)
    if row is None:
        raise Problem(404, "not_found")
    response.headers["ETag"] = etag(row.version)
    return PrinterOut.model_validate(row)


@router.put("/printers/{code}")
async def put_printer(
    code: Code,
    body: PrinterIn,
    actor: CanSetUpLabels,
    db: Db,
    printing: Printing,
    response: Response,
    if_match: IfMatch,
) -> PrinterOut:
    """Create or replace a printer of the shop's network; with If-Match only when nobody changed it meanwhile (412)."""
    outcome = await db.run(lambda tx: commands.put_printer(tx, code, body, if_match, printing.networks), actor)
    response.status_code = 201 if outcome == "created" else 200
    return await get_printer(code, actor, db, response)


@router.post("/labels", status_code=201, responses=refuses(404))
async def make_label(
    body: LabelIn, once: Once, actor: CanPrintLabels, db: Db, printing: Printing, messages: Texts, language: Language
) -> LabelPictureOut:
    """Make a label and print it; a print that failed says why. The same key never prints twice."""
    made = await once.run(PrintRef, body, lambda tx: commands.make_label(tx, body, messages))
    await commands.send_print(db, made.print_id, printing)
    return await get_label(made.label_id, actor, db, messages, language)


@router.get("/labels")
async def list_labels(
    actor: CanReadLabels,
    db: Db,
    messages: Texts,
    language: Language,
    lot: str | None = None,
    job: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[LabelOut]:
    """Labels with all their prints, the newest first."""
    async with db.reading() as session:
        return await labels.list_labels(session, lot, job, cursor, limit, messages, language)


@router.get("/labels/{label}")
async def get_label(label: UUID, actor: CanReadLabels, db: Db, messages: Texts, language: Language) -> LabelPictureOut:
    """One label with its picture."""
    async with db.reading() as session:
        return await labels.show_label(session, label, messages, language)


@router.get("/labels/{label}/zpl", response_class=PlainTextResponse)
async def get_zpl(
    label: UUID,
    actor: CanReadLabels,
    db: Db,
    printing: Printing,
    dpi: Density = Density.DPI_203,
    font: str | None = None,
) -> Response:
    """The label's commands for a printer that is not on the network; ``font`` is one with Hangul, stored on it."""
    async with db.reading() as session:
        row = await labels.get_label(session, label)
    try:
        text = commands.zpl_of(row, PrinterModel(dpi, font), printing.font, 1)
    except MissingFont as error:
        raise Problem(422, "printer_no_font") from error
    return PlainTextResponse(text)


@router.post("/labels/{label}/reprint", status_code=201)
async def reprint_label(
    label: UUID,
    body: ReprintIn,
    once: Once,
    actor: CanPrintLabels,
    db: Db,
    printing: Printing,
    messages: Texts,
    language: Language,
) -> LabelPictureOut:
    """Print a label again: its content stays, and the reason is stored."""
    made = await once.run(PrintRef, body, lambda tx: commands.reprint_label(tx, label, body))
    await commands.send_print(db, made.print_id, printing)
    return await get_label(label, actor, db, messages, language)
