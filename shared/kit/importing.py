"""Imports of tables: a verdict for each row, found by really doing it; a dry run is rolled back."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import File, Form, Request, UploadFile
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.kit.database import Database, Transaction
from shared.kit.idempotency import KeyUnlessDryRun, OnceRunner, parse_key
from shared.kit.problem import FieldError, Messages, Problem, field_errors, language_of
from shared.kit.tabular import Row, Table, TableError, read_table, suggest_mapping

Verdict = Literal["created", "updated", "unchanged", "error"]
RowOutcome = Verdict | Problem
"""A problem that is returned, not raised, is the row's error, and what the row did stays."""
Mapped = dict[str, str | list[str]]
MAPPING = TypeAdapter(Mapped)
MAX_ROWS = 20_000
FILE_LIMIT = 8 * 1024 * 1024
Read = TypeVar("Read")
Report = TypeVar("Report", bound="ImportReport")


class RowError(BaseModel):
    """An error in one field of a row."""

    field: str
    code: str
    message: str


class FieldChange(BaseModel):
    """One field of a row: what was there, and what the file says."""

    field: str
    before: str | None
    after: str | None


class RowVerdict(BaseModel):
    """The import's outcome for one row; ``row`` counts as a spreadsheet shows it."""

    row: int
    key: str
    verdict: Verdict
    errors: list[RowError] = []
    changes: list[FieldChange] = []
    cells: dict[str, str] = {}
    """The cells of a row with errors, by field: a file of these rows alone can be made of them."""


class ImportReport(BaseModel):
    """The outcome of an import or of its dry run; ``samples`` are the first few texts under each column."""

    id: UUID | None = None
    """The run in the history, where there is one."""
    kind: str
    dry_run: bool
    encoding: str
    columns: list[str]
    samples: dict[str, list[str]] = {}
    mapping: Mapped
    summary: dict[Verdict, int]
    rows: list[RowVerdict]


@dataclass(frozen=True)
class RowResult:
    """The outcome for one row before it is put into words."""

    row: int
    key: str
    verdict: Verdict
    faults: Sequence[FieldError] = ()
    changes: Sequence[FieldChange] = ()
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportKind:
    """One kind of table: the fields with the headings people give them, and what to do with the rows of one key."""

    name: str
    synonyms: Mapping[str, Sequence[str | tuple[str, ...]]]
    required: tuple[str, ...]
    key: str
    apply: Callable[[Transaction, str, list[dict[str, str]]], Awaitable[RowOutcome]]
    """Gets the cells by field (empty ones left out) of the rows that share a key;
    raises ``Problem``, ``ValidationError`` or ``ValueError``."""
    store: Callable[[Transaction, str, Sequence[RowResult]], Awaitable[UUID]] | None = None
    """Gets the file's name and all rows once they are applied: stores them as a run of the history."""


@dataclass(frozen=True)
class Upload:
    """The form of an import."""

    content: bytes
    filename: str
    mapping: Mapped | None
    dry_run: bool
    key: str | None = None
    """The Idempotency-Key; a dry run needs none."""

    def fingerprint(self, kind: str) -> bytes:
        """The content by which one upload differs from another under the same Idempotency-Key."""
        rest = json.dumps([kind, self.filename, self.mapping, self.dry_run], sort_keys=True)
        return hashlib.sha256(self.content).digest() + rest.encode()


async def read_upload(
    file: Annotated[UploadFile, File(description="CSV (UTF-8, UTF-16 or CP949; comma, semicolon or tab) or XLSX")],
    mapping: Annotated[
        str | None, Form(description="JSON: field to column, or to columns joined by '-'; suggested when left out")
    ] = None,
    dry_run: Annotated[bool, Form(description="only say what would happen")] = False,
    idempotency_key: KeyUnlessDryRun = None,
) -> Upload:
    """The upload as a route parameter's dependency."""
    try:
        mapped = MAPPING.validate_json(mapping) if mapping else None
    except ValidationError as error:
        raise Problem(422, "invalid", errors=[FieldError("mapping", "mapping_invalid")]) from error
    return Upload(await file.read(), file.filename or "", mapped, dry_run, idempotency_key)


async def run_import(request: Request, kind: ImportKind, upload: Upload) -> ImportReport:
    """Import ``upload`` once for its Idempotency-Key; a dry run needs no key and changes nothing."""
    messages: Messages = request.app.state.messages
    language = language_of(request.headers.get("accept-language"))
    table = await read_uploaded(read_table, upload)
    mapping = upload.mapping or dict(suggest_mapping(table.columns, kind.synonyms))
    check_mapping(table, mapping, kind.synonyms, kind.required)

    async def apply(tx: Transaction) -> ImportReport:
        results = await _apply_rows(tx, kind, table, mapping)
        run = await kind.store(tx, upload.filename, results) if kind.store and not upload.dry_run else None
        rows = [describe_row(result, messages, language) for result in results]
        return ImportReport(
            id=run,
            kind=kind.name,
            dry_run=upload.dry_run,
            encoding=table.encoding,
            columns=table.columns,
            samples=table.samples(),
            mapping=mapping,
            summary=summary_of(rows),
            rows=rows,
        )

    return await once_or_rehearsed(request, ImportReport, upload, kind.name, apply)


async def read_uploaded(read: Callable[..., Read], upload: Upload) -> Read:
    """The file as ``read`` reads it; a 422 problem about ``file`` when it cannot."""
    try:
        return await asyncio.to_thread(read, upload.content, upload.filename, max_rows=MAX_ROWS)
    except TableError as error:
        raise Problem(422, "invalid", errors=[FieldError("file", error.code, error.params)]) from error


async def once_or_rehearsed(
    request: Request,
    answer: type[Report],
    upload: Upload,
    kind: str,
    apply: Callable[[Transaction], Awaitable[Report]],
) -> Report:
    """Apply once for the request's Idempotency-Key; or only rehearse, which needs no key."""
    if upload.dry_run:
        database: Database = request.app.state.database
        return await database.rehearse(apply, request.state.actor)
    once = OnceRunner(request, parse_key(upload.key))
    return await once.run(answer, upload.fingerprint(kind), apply)


def summary_of(rows: Iterable[RowVerdict]) -> dict[Verdict, int]:
    """The number of rows with each verdict."""
    summary: dict[Verdict, int] = {"created": 0, "updated": 0, "unchanged": 0, "error": 0}
    for row in rows:
        summary[row.verdict] += 1
    return summary


def check_mapping(table: Table, mapping: Mapped, fields: Collection[str], required: Sequence[str]) -> None:
    """A 422 problem when the mapping names what is not there, or leaves out a required field."""
    chosen = {column for columns in mapping.values() for column in ([columns] if isinstance(columns, str) else columns)}
    if not chosen <= set(table.columns) or not set(mapping) <= set(fields):
        wrong = [FieldError("mapping", "mapping_invalid")]
        raise Problem(422, "invalid", errors=wrong, columns=table.columns, samples=table.samples())
    missing = [name for name in required if name not in mapping]
    if missing:
        raise Problem(
            422,
            "invalid",
            errors=[FieldError(f"mapping.{name}", "import_column_missing", {"field": name}) for name in missing],
            columns=table.columns,
            samples=table.samples(),
            mapping=mapping,
        )


async def _apply_rows(tx: Transaction, kind: ImportKind, table: Table, mapping: Mapped) -> list[RowResult]:
    """Rows of one key stand together as one document, and get one verdict."""
    groups: dict[str, list[Row]] = {}
    for row in table.rows:
        groups.setdefault(table.cell(row, mapping[kind.key]), []).append(row)
    results: dict[int, RowResult] = {}
    for key, rows in groups.items():
        cells = [{name: cell for name, column in mapping.items() if (cell := table.cell(row, column))} for row in rows]
        outcome = await _apply_group(tx, kind, key, rows, cells)
        for row, written in zip(rows, cells, strict=True):
            shown = written if outcome.verdict == "error" else {}
            results[row.number] = replace(outcome, row=row.number, cells=shown)
    return [results[number] for number in sorted(results)]


async def _apply_group(
    tx: Transaction, kind: ImportKind, key: str, rows: list[Row], cells: list[dict[str, str]]
) -> RowResult:
    surplus = max(row.surplus for row in rows)
    if surplus:
        return RowResult(0, key, "error", [FieldError("row", "row_surplus", {"surplus": surplus})])
    if not key:
        return RowResult(0, key, "error", [FieldError(kind.key, "missing")])
    recorded, entered = len(tx.events), len(tx.entries)
    try:
        async with tx.session.begin_nested():
            outcome = await kind.apply(tx, key, cells)
    except (Problem, ValueError) as error:
        del tx.events[recorded:], tx.entries[entered:]
        return RowResult(0, key, "error", row_faults(error, kind.key))
    if isinstance(outcome, Problem):
        changes = [FieldChange(**change) for change in outcome.params.get("changes", ())]
        return RowResult(0, key, "error", row_faults(outcome, kind.key), changes)
    return RowResult(0, key, outcome)


def describe_row(result: RowResult, messages: Messages, language: str) -> RowVerdict:
    """The outcome for a row in the reader's language."""
    return RowVerdict(
        row=result.row,
        key=result.key,
        verdict=result.verdict,
        errors=[
            RowError(field=fault.field, code=fault.code, message=messages.text(language, fault.code, fault.params))
            for fault in result.faults
        ],
        changes=list(result.changes),
        cells=dict(result.cells),
    )


def row_faults(error: Problem | ValueError, key: str) -> Sequence[FieldError]:
    """The errors of a row. Cell parsers raise ``ValueError(code)``.

    Where the field is known it stands before a colon.
    """
    if isinstance(error, Problem):
        return error.errors or [FieldError("row", error.code, error.params)]
    if isinstance(error, ValidationError):
        return [replace(fault, field=key) if fault.field == "body" else fault for fault in field_errors(error.errors())]
    name, _, code = str(error).rpartition(":")
    return [FieldError(name or "row", code)]


def parsed(cells: Mapping[str, str], parsers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """The cells with ``parsers`` applied by field; raises ``ValueError("<field>:<code>")``."""
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        try:
            values[name] = parsers[name](cell) if name in parsers else cell
        except ValueError as error:
            raise ValueError(f"{name}:{error}") from error
    return values


def choices(names: Mapping[str, Sequence[str]]) -> Callable[[str], str]:
    """A parser for a choice that people write in several ways.

    An unknown one stays as it is, for the schema to refuse.
    """
    by_alias = {alias.casefold(): value for value, aliases in names.items() for alias in (value, *aliases)}
    return lambda cell: by_alias.get(cell.strip().casefold(), cell)


def take_name(values: dict[str, Any]) -> None:
    """Make one ``name`` of the columns ``name`` and ``name_en``."""
    english = values.pop("name_en", None)
    korean = values.pop("name", None)
    values["name"] = {language: text for language, text in (("ko", korean), ("en", english)) if text}
