"""Files as they come in: a table of one kind, or everything as a workbook, as JSON or as an archive. What they say is told by kind, key and row."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.orders.exchange.archive import NO_PICTURES, Pictures, open_archive
from services.orders.exchange.domain import Document, is_example
from services.orders.exchange.kind import Kind
from services.orders.exchange.kinds import EVERYTHING, KINDS, SHEETS
from shared.kit.cells import restore
from shared.kit.importing import FILE_LIMIT, Mapped, Upload, check_mapping, read_uploaded
from shared.kit.problem import Problem
from shared.kit.tabular import Table, TableError, read_sheets, read_table, suggest_mapping

FORMAT = "dure.master-data.v1"
ARCHIVE_LIMIT = 64 * 1024 * 1024
"""Bytes of an archive, which has pictures in it; all other files are as in ``FILE_LIMIT``."""


@dataclass
class Entry:
    """What a file says of one key: cells by field for each row, or a whole document."""

    key: str
    rows: list[int]
    cells: list[Mapping[str, str]] = field(default_factory=list)
    document: Document | None = None
    surplus: int = 0


@dataclass(frozen=True)
class Batch:
    """The entries of one kind, and the fields that the file has."""

    kind: Kind
    mapped: tuple[str, ...]
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Incoming:
    """A file that was understood."""

    encoding: str
    batches: Sequence[Batch]
    columns: list[str] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)
    mapping: Mapped = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    pictures: Pictures = NO_PICTURES

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(len(entry.rows) for batch in self.batches for entry in batch.entries)

    @property
    def documents(self) -> list[Document]:
        """What came in whole."""
        return [entry.document for batch in self.batches for entry in batch.entries if entry.document is not None]


async def read_incoming(kind: str, upload: Upload, saved: Mapped | None) -> Incoming:
    """What the file says; ``saved`` is a mapping that was kept. Raises a 422 problem."""
    if kind == EVERYTHING:
        return await read_uploaded(_read_whole, upload)
    chosen = SHEETS[kind]
    _check_length(upload.content)
    table = await read_uploaded(read_table, upload)
    mapping = upload.mapping or saved or dict(suggest_mapping(table.columns, chosen.synonyms))
    check_mapping(table, mapping, chosen.synonyms, chosen.required)
    batch = await asyncio.to_thread(_batch, chosen, table, mapping)
    return Incoming(table.encoding, [batch], table.columns, table.samples(), mapping)


def _check_length(content: bytes) -> None:
    if len(content) > FILE_LIMIT:
        raise Problem(413, "too_large")


def _read_whole(content: bytes, filename: str, *, max_rows: int) -> Incoming:
    archive = open_archive(content, filename)
    if archive is not None:
        data, pictures = archive
        return _read_json(data, filename, pictures, max_rows=max_rows)
    _check_length(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json(content, filename, max_rows=max_rows)
    return _read_workbook(content, filename, max_rows=max_rows)


def _batch(kind: Kind, table: Table, mapping: Mapped) -> Batch:
    """Rows of one key stand together."""
    places = {
        name: [table.columns.index(column) for column in ([columns] if isinstance(columns, str) else columns)]
        for name, columns in mapping.items()
    }
    entries: dict[str, Entry] = {}
    for row in table.rows:
        cells = {}
        for name, columns in places.items():
            parts = [row.cells[place] for place in columns]
            if all(parts):
                cells[name] = restore("-".join(parts))
        key = cells.get(kind.key, "")
        if is_example(key):
            continue
        entry = entries.setdefault(key, Entry(key, []))
        entry.rows.append(row.number)
        entry.cells.append(cells)
        entry.surplus = max(entry.surplus, row.surplus)
    return Batch(kind, tuple(mapping), list(entries.values()))


def _read_workbook(content: bytes, filename: str, *, max_rows: int) -> Incoming:
    tables = read_sheets(content, filename, max_rows=max_rows)
    by_title = {title.casefold(): kind for kind in SHEETS.values() for title in (kind.name, *kind.titles)}
    found: dict[str, Batch] = {}
    ignored = []
    for title, table in tables.items():
        kind = by_title.get(title.strip().casefold())
        mapping = dict(suggest_mapping(table.columns, kind.synonyms)) if kind else {}
        if kind is None or kind.name in found or not set(kind.required) <= set(mapping):
            ignored.append(title)
        else:
            found[kind.name] = _batch(kind, table, mapping)
    if not found:
        raise TableError("sheets_unknown", file=filename)
    return Incoming("xlsx", [found[name] for name in SHEETS if name in found], ignored=ignored)


def _read_json(content: bytes, filename: str, pictures: Pictures = NO_PICTURES, *, max_rows: int) -> Incoming:
    try:
        told = json.loads(content)
    except ValueError as error:
        raise TableError("not_json", file=filename) from error
    kinds, names = told.get("kinds"), told.get("media", {})
    if told.get("format") != FORMAT or not isinstance(kinds, dict) or not isinstance(names, dict):
        raise TableError("format_unknown", file=filename)
    batches = []
    for name, kind in KINDS.items():
        documents = kinds.get(name, [])
        if not isinstance(documents, list) or not all(isinstance(document, dict) for document in documents):
            raise TableError("format_unknown", file=filename)
        if len(documents) > max_rows:
            raise TableError("too_many_rows", max_rows=max_rows, file=filename)
        entries: dict[str, Entry] = {}
        for number, document in enumerate(documents, 1):
            key = str(document.get(kind.key, ""))
            body = {field: value for field, value in document.items() if field != kind.key}
            entries.setdefault(key, Entry(key, [], document=body)).rows.append(number)
        if entries:
            batches.append(Batch(kind, (), list(entries.values())))
    pictures = replace(pictures, names={id_: str(name) for id_, name in names.items()})
    return Incoming("json", batches, ignored=sorted(set(kinds) - set(KINDS)), pictures=pictures)
