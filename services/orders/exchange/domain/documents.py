"""Documents as the rows of a table, and rows as documents.

A document is what a PUT takes, as JSON has it. A kind's fields give the headings of its values and how they are
written; a kind with ``lines`` takes a row for each line, and rows of one key stand together.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from services.orders.exchange.domain.layout import KindField, KindLayout
from shared.kit.quantities import plain

Document = dict[str, Any]
PLAIN_TYPES = {str, int, bool, type(None)}


def freeze(value: Any) -> Any:
    """A value as JSON has it, equal for equal values.

    Quantities are without trailing zeros, times and dates in ISO 8601.
    """
    if type(value) in PLAIN_TYPES:
        return value
    match value:
        case dict():
            return {key: freeze(part) for key, part in value.items()}
        case list() | tuple():
            return [freeze(part) for part in value]
        case Enum():
            return value.value
        case Decimal():
            return plain(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def frozen(body: BaseModel) -> Document:
    """The document of what a PUT takes."""
    document: Document = freeze(body.model_dump())
    return document


def read_rows(
    kind: KindLayout, mapped: Iterable[str], rows: Sequence[Mapping[str, str]], present: Document | None
) -> Document:
    """The document that these rows make of the present one; raises ``ValueError("<field>:<code>")``.

    A field that is not among ``mapped`` keeps its value, and so does one that may not be empty where its cell is.
    """
    given = {*mapped} - {kind.key}
    fields = [field for field in kind.fields if field.name in given]
    document = dict(present or {field.name: field.blank for field in kind.fields if field.blank is not None})
    if kind.lines is None:
        _write_fields(document, fields, rows[0], kind.body)
        return document
    _write_fields(document, [field for field in fields if field.whole], rows[0], kind.body)
    own = [field for field in fields if not field.whole]
    if not own:
        return document
    identifying = [field for field in own if field.name in kind.lines.by]
    known = {_identity(identifying, line): line for line in reversed(document.get(kind.lines.name, ()))}
    lines = []
    for index, cells in enumerate(rows):
        if not any(cells.get(field.name) for field in own):
            continue
        try:
            identity: Document = {}
            _write_fields(identity, identifying, cells, kind.lines.model)
            line = dict(known.get(_identity(identifying, freeze(identity)), {}))
            _write_fields(line, own, cells, kind.lines.model)
        except ValueError as error:
            raise ValueError(f"{kind.lines.name}.{index}.{error}") from error
        lines.append(line)
    return document | {kind.lines.name: lines}


def _identity(identifying: Iterable[KindField], line: Document) -> tuple[Any, ...]:
    return tuple(line.get(field.name) for field in identifying)


def _write_fields(
    document: Document, fields: Iterable[KindField], cells: Mapping[str, str], model: type[BaseModel]
) -> None:
    for field in fields:
        cell = cells.get(field.name, "")
        try:
            value = field.codec.parse(cell) if cell else None
        except ValueError as error:
            raise ValueError(f"{field.name}:{error}") from error
        name, *rest = field.location
        if rest:
            inner = {part: known for part, known in (document.get(name) or {}).items() if part != rest[0]}
            if value is not None:
                inner[rest[0]] = value
            elif field.required:
                continue
            document[name] = inner or _default(model, name)
        elif value is not None:
            document[name] = value
        elif (default := _default(model, name)) in (None, []):
            document[name] = default


def _default(model: type[BaseModel], name: str) -> Any:
    """The value of an empty cell; not None where a value is required."""
    default = model.model_fields[name].get_default(call_default_factory=True)
    return {} if default is PydanticUndefined else default


def show_rows(
    kind: KindLayout, key: str, document: Document, fields: Iterable[KindField] | None = None
) -> list[dict[str, str]]:
    """The cells by field (of ``fields``, or all) of the rows that stand for a document."""
    shown = [field for field in (kind.fields if fields is None else fields) if field.name != kind.key]
    lines = [document] if kind.lines is None else document.get(kind.lines.name) or [{}]
    return [
        {kind.key: key} | {field.name: _show(field, document, line, first=index == 0) for field in shown}
        for index, line in enumerate(lines)
    ]


def _show(field: KindField, document: Document, line: Document, *, first: bool) -> str:
    value: Any = document if field.whole else line
    for part in field.location:
        value = value.get(part) if isinstance(value, Mapping) else None
    return "" if value is None or (field.whole and not first) else field.codec.show(value)


CellChange = tuple[str, str | None, str | None]


def row_changes(kind: KindLayout, key: str, before: Document, after: Document) -> list[list[CellChange]]:
    """For each row of ``after`` the fields that differ, as (field, before, after).

    Lines that are gone stand with the first row.
    """
    if kind.lines is None:
        differ = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        fields = [field for field in kind.fields if field.location[0] in differ]
        return [_differences(*(show_rows(kind, key, document, fields)[0] for document in (before, after)))]
    rows = show_rows(kind, key, after)
    shown = show_rows(kind, key, before)
    by = kind.lines.by
    known = {tuple(cells[name] for name in by): cells for cells in shown}
    changes = [_differences(known.pop(tuple(cells[name] for name in by), {}), cells) for cells in rows]
    changes[0] += [(by[0], " ".join(gone), None) for gone in known if any(gone)]
    return changes


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[CellChange]:
    return [
        (name, before.get(name) or None, cell or None)
        for name, cell in after.items()
        if (before.get(name) or "") != (cell or "")
    ]


def references(kind: KindLayout, key: str, document: Document) -> Iterable[tuple[str, str, str]]:
    """The references of a document, as (location, kind, key)."""
    for field in kind.fields:
        if field.refers is None:
            continue
        if field.name == kind.key:
            yield field.name, field.refers, key
            continue
        for location, value in _values(kind, field, document):
            for referred in [value] if isinstance(value, str) else field.codec.keys(value):
                yield location, field.refers, referred


def _values(kind: KindLayout, field: KindField, document: Document) -> Iterable[tuple[str, Any]]:
    holders: list[tuple[str, Any]] = [("", document)]
    if kind.lines is not None and not field.whole:
        lines = document.get(kind.lines.name) or []
        holders = [(f"{kind.lines.name}.{index}.", line) for index, line in enumerate(lines)]
    for prefix, value in holders:
        for part in field.location:
            value = value.get(part) if isinstance(value, Mapping) else None
        if value:
            yield f"{prefix}{field.name}", value
