"""Routes of imports and exports."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Form, Request, Response
from fastapi.responses import StreamingResponse

from services.orders.exchange.adapters.archive import stream_file
from services.orders.exchange.adapters.reading import read_file, read_whole_export
from services.orders.exchange.adapters.workbooks import write_template, write_workbook
from services.orders.exchange.commands import mappings, run_import
from services.orders.exchange.commands.kinds.kind import ExchangeKind
from services.orders.exchange.commands.kinds.registry import EVERYTHING, KINDS, SHEETS
from services.orders.exchange.commands.outcomes import EntryOutcome
from services.orders.exchange.commands.publish_progress import RowProgress, published_progress
from services.orders.exchange.commands.undo import undo_import as take_import_back
from services.orders.exchange.domain.layout import note_of, translated
from services.orders.exchange.queries import imports
from services.orders.exchange.queries.export import export_archive, export_json, read_everything
from services.orders.exchange.queries.obstacles import describe_run
from services.orders.exchange.queries.progress import find_progress
from services.orders.exchange.schemas import (
    EntryVerdict,
    ExchangeReport,
    FieldOut,
    KindOut,
    KindsOut,
    MappingIn,
    MappingName,
    MappingOut,
    MappingsOut,
    Mode,
    ProgressOut,
    RunChange,
    RunDetail,
    RunOut,
    UndoIn,
)
from services.orders.permissions import CanExchange
from shared.contracts.requests import ARCHIVE_BYTES
from shared.kit.chunks import in_chunks
from shared.kit.database import Transaction
from shared.kit.idempotency import Db, Once, parse_key
from shared.kit.importing import FieldChange, RowError, Upload, once_or_rehearsed, read_upload, summary_of
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.problem import JSON, Messages, Problem, language_of, unprocessable
from shared.kit.routing import api_router
from shared.kit.workbook import XLSX, WorkbookResponse

router = api_router("orders", "exchange")
ZIP = "application/zip"
FILES: dict[int | str, dict[str, Any]] = {200: {"content": {type_: {} for type_ in (XLSX, JSON, ZIP)}}}
"""What an export may be."""


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language"))


Language = Annotated[str, Depends(_language)]


def _kind(name: str) -> ExchangeKind:
    if name not in SHEETS:
        raise Problem(404, "not_found")
    return SHEETS[name]


@router.get("/exchange/kinds")
async def list_kinds(actor: CanExchange, language: Language) -> KindsOut:
    """The kinds of an import and their fields, in the reader's language.

    Those that are not in sheets come in with everything alone.
    """
    titles = {kind.name: kind.titles for kind in KINDS.values()}
    return KindsOut(
        items=[
            KindOut(
                name=kind.name,
                title=translated(kind.titles, language),
                key=kind.key,
                in_sheets=kind.in_sheets,
                fields=[
                    FieldOut(
                        name=field.name,
                        heading=translated(field.headings, language),
                        required=field.required,
                        note=note_of(field, titles, language) or None,
                        refers=field.refers,
                    )
                    for field in kind.fields
                ],
            )
            for kind in KINDS.values()
        ]
    )


@router.get("/exchange/mappings/{kind}")
async def list_mappings(kind: str, actor: CanExchange, db: Db) -> MappingsOut:
    """The saved mappings for a kind."""
    async with db.reading() as session:
        return MappingsOut(items=await imports.list_mappings(session, _kind(kind).name))


@router.get("/exchange/mappings/{kind}/{name}")
async def get_mapping(kind: str, name: str, actor: CanExchange, db: Db) -> MappingOut:
    """One mapping."""
    async with db.reading() as session:
        return await imports.get_mapping(session, _kind(kind).name, name)


@router.put("/exchange/mappings/{kind}/{name}")
async def put_mapping(kind: str, name: MappingName, body: MappingIn, actor: CanExchange, db: Db) -> MappingOut:
    """Save a mapping by name, or replace the one of this name."""
    chosen = _kind(kind)
    if not set(body.mapping) <= set(chosen.synonyms):
        raise unprocessable("mapping", "mapping_invalid")
    row = await db.run(lambda tx: mappings.save_mapping(tx, chosen.name, name, body.mapping), actor)
    return MappingOut.model_validate(row)


@router.delete("/exchange/mappings/{kind}/{name}", status_code=204)
async def delete_mapping(kind: str, name: str, actor: CanExchange, db: Db) -> None:
    """Delete a mapping."""
    await db.run(lambda tx: mappings.delete_mapping(tx, _kind(kind).name, name), actor)


@router.post("/imports", max_body_size=ARCHIVE_BYTES)
async def import_file(
    request: Request,
    actor: CanExchange,
    db: Db,
    language: Language,
    kind: Annotated[str, Form(description="a kind, or everything for a whole export")],
    upload: Annotated[Upload, Depends(read_upload)],
    mapping_name: Annotated[str | None, Form(description="a saved mapping")] = None,
    mode: Annotated[Mode, Form(description="what to do when some rows have errors")] = "good_rows",
) -> ExchangeReport:
    """Import a CSV or XLSX file, or a whole export (XLSX, JSON, ZIP): a verdict for each row, and what it changes.

    A dry run only says so.
    """
    if kind not in SHEETS and kind != EVERYTHING:
        raise unprocessable("kind", "choice_invalid", expected=", ".join([*SHEETS, EVERYTHING]))
    saved = None
    if mapping_name and not upload.mapping:
        async with db.reading() as session:
            saved = await imports.find_mapping(session, kind, mapping_name)
    if kind == EVERYTHING:
        incoming = await read_whole_export(KINDS, upload)
    else:
        incoming = await read_file(SHEETS[kind], upload, saved)
    messages: Messages = request.app.state.messages
    progress = RowProgress(incoming.rows)

    async def apply(tx: Transaction) -> ExchangeReport:
        outcomes, run = await run_import.import_entries(
            tx, incoming, file=upload.filename, mode=mode, dry_run=upload.dry_run, progress=progress
        )
        rows = await _verdicts(outcomes, messages, language)
        return ExchangeReport(
            id=run,
            kind=kind,
            mode=mode,
            dry_run=upload.dry_run,
            applied=run is not None,
            encoding=incoming.encoding,
            columns=incoming.columns,
            samples=incoming.samples,
            mapping=incoming.mapping,
            ignored=incoming.ignored,
            summary=summary_of(rows),
            rows=rows,
        )

    async with published_progress(db, parse_key(upload.key) if upload.key else None, progress):
        return await once_or_rehearsed(request, ExchangeReport, upload, f"{kind} {mode} {mapping_name or ''}", apply)


async def _verdicts(outcomes: list[EntryOutcome], messages: Messages, language: str) -> list[EntryVerdict]:
    verdicts = []
    async for some in in_chunks(outcomes):
        verdicts += [verdict for outcome in some for verdict in _verdicts_of(outcome, messages, language)]
    return verdicts if len({outcome.kind.name for outcome in outcomes}) > 1 else sorted(verdicts, key=lambda v: v.row)


def _verdicts_of(outcome: EntryOutcome, messages: Messages, language: str) -> Iterator[EntryVerdict]:
    for index, row in enumerate(outcome.entry.rows):
        faults = outcome.faults[index] if outcome.faults else []
        changes = outcome.changes[index] if index < len(outcome.changes) else []
        yield EntryVerdict(
            kind=outcome.kind.name,
            row=row,
            key=outcome.entry.key,
            verdict=outcome.verdict,
            errors=[
                RowError(field=f.field, code=f.code, message=messages.text(language, f.code, f.params)) for f in faults
            ],
            changes=[FieldChange(field=name, before=before, after=after) for name, before, after in changes],
        )


@router.get("/imports")
async def list_imports(actor: CanExchange, db: Db, cursor: Cursor = None, limit: Limit = 50) -> Page[RunOut]:
    """The imports, newest first."""
    async with db.reading() as session:
        return await imports.list_runs(session, cursor, limit)


@router.get("/imports/progress/{key}")
async def get_progress(key: UUID, actor: CanExchange, db: Db) -> ProgressOut:
    """The progress of the import with this Idempotency-Key, while it runs."""
    async with db.reading() as session:
        return await find_progress(session, key)


@router.get("/imports/{run}")
async def get_import(run: UUID, actor: CanExchange, db: Db) -> RunDetail:
    """One run, and whether it can be undone, or else what stands in the way."""
    return await db.rehearse(lambda tx: describe_run(tx, run))


@router.get("/imports/{run}/changes")
async def list_import_changes(
    run: UUID, actor: CanExchange, db: Db, cursor: Cursor = None, limit: Limit = 50
) -> Page[RunChange]:
    """The changes of a run to each entry, old and new."""
    async with db.reading() as session:
        return await imports.list_changes(session, run, cursor, limit)


@router.post("/imports/{run}/undo")
async def undo_import(run: UUID, once: Once, actor: CanExchange, body: UndoIn | None = None) -> RunOut:
    """Take a whole import back: former values return, what it made goes out of use; 409 with what has used it."""
    reason = body.reason if body else None

    async def take_back(tx: Transaction) -> RunOut:
        return RunOut.model_validate(await take_import_back(tx, run, reason))

    return await once.run(RunOut, body, take_back)


@router.get("/exchange/templates/{kind}.xlsx", response_class=WorkbookResponse)
async def get_template(kind: str, actor: CanExchange, language: Language) -> Response:
    """An empty workbook of a kind: headings in the reader's language, an example row, and notes."""
    content = await asyncio.to_thread(write_template, _kind(kind), list(SHEETS.values()), language)
    return WorkbookResponse(content, f"{kind}.xlsx")


@router.get("/exchange/export.{form}", response_class=Response, responses=FILES)
async def export_master_data(
    form: Literal["xlsx", "json", "zip"], request: Request, actor: CanExchange, db: Db, language: Language
) -> Response:
    """All master data: a workbook of what is in force, a sheet for each kind.

    As JSON, with every revision; or as a ZIP, with the pictures too.

    Each is taken back by an import of ``everything``.
    """
    site = request.app.state.settings.site
    name = f"dure-{site}-{db.today:%Y-%m-%d}.{form}"
    if form == "xlsx":
        found = await db.rehearse(lambda tx: read_everything(tx, SHEETS.values()))
        return WorkbookResponse(await asyncio.to_thread(write_workbook, found, language), name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "json":
        content, _ = await db.rehearse(lambda tx: export_json(tx, site))
        return Response(content, media_type=JSON, headers=headers)
    archive = await db.rehearse(lambda tx: export_archive(tx, site))
    return StreamingResponse(stream_file(archive), media_type=ZIP, headers=headers)
