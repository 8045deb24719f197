"""Files as they come in: a table of one kind, or everything as a workbook, as JSON or as an archive."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Generic

from pydantic_core import from_json

from services.orders.exchange.adapters.archive import NO_PICTURES, Pictures, open_archive
from services.orders.exchange.domain.documents import Document
from services.orders.exchange.domain.entries import ImportBatch, ImportEntry, K
from services.orders.exchange.domain.layout import is_example
from shared.kit.cells import restore
from shared.kit.importing import FILE_LIMIT, Mapped, Upload, check_mapping, read_uploaded
from shared.kit.nesting import is_shallow
from shared.kit.problem import Problem
from shared.kit.tabular import Table, TableError, read_sheets, read_table, suggest_mapping

FORMAT = "dure.master-data.v1"


@dataclass(frozen=True)
class IncomingFile(Generic[K]):
    """The content of a file, entry by entry."""

    encoding: str
    batches: Sequence[ImportBatch[K]]
    columns: list[str] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)
    mapping: Mapped = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    pictures: Pictures = NO_PICTURES

    @property
    def rows(self) -> int:
        """The number of its rows."""
        return sum(len(entry.rows) for batch in self.batches for entry in batch.entries)

    @property
    def documents(self) -> list[Document]:
        """The documents that came in whole."""
        return [entry.document for batch in self.batches for entry in batch.entries if entry.document is not None]


async def read_file(kind: K, upload: Upload, saved: Mapped | None) -> IncomingFile[K]:
    """The table of one kind in a file; ``saved`` is a saved mapping. Raises a 422 problem."""
    _check_length(upload.content)
    table = await read_uploaded(read_table, upload)
    mapping = upload.mapping or saved or dict(suggest_mapping(table.columns, kind.synonyms))
    check_mapping(table, mapping, kind.synonyms, kind.required)
    batch = await asyncio.to_thread(_batch, kind, table, mapping)
    return IncomingFile(table.encoding, [batch], table.columns, table.samples(), mapping)


async def read_whole_export(kinds: Mapping[str, K], upload: Upload) -> IncomingFile[K]:
    """Everything in a file: an archive, JSON or a workbook with a sheet for each kind. Raises a 422 problem."""
    return await read_uploaded(partial(_read_any, kinds), upload)


def _check_length(content: bytes) -> None:
    if len(content) > FILE_LIMIT:
        raise Problem(413, "too_large")


def _read_any(kinds: Mapping[str, K], content: bytes, filename: str, *, max_rows: int) -> IncomingFile[K]:
    archive = open_archive(content, filename)
    if archive is not None:
        data, pictures = archive
        return read_json(kinds, data, filename, pictures, max_rows=max_rows)
    _check_length(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_json(kinds, content, filename, max_rows=max_rows)
    return read_workbook(kinds, content, filename, max_rows=max_rows)


def _batch(kind: K, table: Table, mapping: Mapped) -> ImportBatch[K]:
    """Rows of one key stand together."""
    positions = {
        name: [table.columns.index(column) for column in ([columns] if isinstance(columns, str) else columns)]
        for name, columns in mapping.items()
    }
    entries: dict[str, ImportEntry] = {}
    for row in table.rows:
        cells = {}
        for name, columns in positions.items():
            parts = [row.cells[position] for position in columns]
            if all(parts):
                cells[name] = restore("-".join(parts))
        key = cells.get(kind.key, "")
        if is_example(key):
            continue
        entry = entries.setdefault(key, ImportEntry(key, []))
        entry.rows.append(row.number)
        entry.cells.append(cells)
        entry.surplus = max(entry.surplus, row.surplus)
    return ImportBatch(kind, tuple(mapping), list(entries.values()))


def read_workbook(kinds: Mapping[str, K], content: bytes, filename: str, *, max_rows: int) -> IncomingFile[K]:
    """A workbook with a sheet for each kind; raises TableError."""
    sheets = {name: kind for name, kind in kinds.items() if kind.in_sheets}
    by_title = {
        title.casefold(): kind for kind in sheets.values() for title in (kind.name, *kind.titles, *kind.former_titles)
    }
    found: dict[str, ImportBatch[K]] = {}
    ignored = []
    for title, table in read_sheets(content, filename, max_rows=max_rows).items():
        kind = by_title.get(title.strip().casefold())
        mapping = dict(suggest_mapping(table.columns, kind.synonyms)) if kind else {}
        if kind is None or kind.name in found or not set(kind.required) <= set(mapping):
            ignored.append(title)
        else:
            found[kind.name] = _batch(kind, table, mapping)
    if not found:
        raise TableError("sheets_unknown", file=filename)
    return IncomingFile("xlsx", [found[name] for name in sheets if name in found], ignored=ignored)


def read_json(
    kinds: Mapping[str, K], content: bytes, filename: str, pictures: Pictures = NO_PICTURES, *, max_rows: int
) -> IncomingFile[K]:
    """All documents of each kind; raises TableError."""
    try:
        export = from_json(content.decode(json.detect_encoding(content)), allow_inf_nan=False)
    except ValueError as error:
        raise TableError("not_json", file=filename) from error
    if not isinstance(export, dict):
        raise TableError("format_unknown", file=filename)
    if not is_shallow(export):
        raise TableError("too_deep", file=filename)
    by_kind, names = export.get("kinds"), export.get("media", {})
    if export.get("format") != FORMAT or not isinstance(by_kind, dict) or not isinstance(names, dict):
        raise TableError("format_unknown", file=filename)
    batches = []
    for name, kind in kinds.items():
        documents = by_kind.get(name, [])
        if not isinstance(documents, list) or not all(isinstance(document, dict) for document in documents):
            raise TableError("format_unknown", file=filename)
        if len(documents) > max_rows:
            raise TableError("too_many_rows", max_rows=max_rows, file=filename)
        entries: dict[str, ImportEntry] = {}
        for number, document in enumerate(documents, 1):
            key = str(document.get(kind.key, ""))
            body = {field: value for field, value in document.items() if field != kind.key}
            entries.setdefault(key, ImportEntry(key, [], document=body)).rows.append(number)
        if entries:
            batches.append(ImportBatch(kind, (), list(entries.values())))
    pictures = replace(pictures, names={id_: str(name) for id_, name in names.items()})
    return IncomingFile("json", batches, ignored=sorted(set(by_kind) - set(kinds)), pictures=pictures)
