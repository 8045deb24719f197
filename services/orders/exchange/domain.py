"""How a document and the rows of a table stand for each other: pure, and the same for every kind.

A document is what a PUT takes, as JSON has it. A kind's fields say under which headings its values stand and how they are written;
a kind with ``lines`` takes a row for each line, and rows of one key stand together.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from services.orders.exchange.cells import TEXT, Codec, Words
from shared.kit.quantities import plain

Document = dict[str, Any]
EXAMPLE_MARKS = {"ko": "예) ", "en": "e.g. ", "vi": "VD: "}
"""Before the key of a template's example row; a row that begins so is left out."""


AS_IT_IS = {str, int, bool, type(None)}


@dataclass(frozen=True)
class Field:
    """A column of a kind: its headings, the other names that people give it, and how its cells are written."""

    name: str
    headings: Words
    also: tuple[str, ...] = ()
    codec: Codec = TEXT
    required: bool = False
    path: tuple[str, ...] = ()
    """Where the value stands in the document (in the line); the name itself when left out."""
    refers: str | None = None
    """The kind whose key stands here, or whose keys."""
    example: str = ""
    note: Words | None = None
    whole: bool = False
    """Of the document even where the kind has lines: told by the first row."""
    blank: str | None = None
    """What a new document has until a cell says it."""

    @property
    def place(self) -> tuple[str, ...]:
        """Where the value stands."""
        return self.path or (self.name,)


@dataclass(frozen=True)
class Lines:
    """Where the lines of a kind stand in its document, and which fields tell one from another."""

    name: str
    by: tuple[str, ...]
    model: type[BaseModel]


class Shape(Protocol):
    """What these functions need to know of a kind."""

    @property
    def key(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...
    @property
    def lines(self) -> Lines | None: ...
    @property
    def body(self) -> type[BaseModel]: ...


def freeze(value: Any) -> Any:
    """A value as JSON has it, equal for equal values: quantities without trailing zeros, times and dates in ISO 8601."""
    if type(value) in AS_IT_IS:
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
    shape: Shape, mapped: Iterable[str], rows: Sequence[Mapping[str, str]], present: Document | None
) -> Document:
    """The document that these rows make of the present one; raises ``ValueError("<field>:<code>")``.

    A field that is not among ``mapped`` keeps its value, and so does one that may not be empty where its cell is.
    """
    told = {*mapped} - {shape.key}
    fields = [field for field in shape.fields if field.name in told]
    document = dict(present or {field.name: field.blank for field in shape.fields if field.blank is not None})
    if shape.lines is None:
        _write(document, fields, rows[0], shape.body)
        return document
    _write(document, [field for field in fields if field.whole], rows[0], shape.body)
    own = [field for field in fields if not field.whole]
    if not own:
        return document
    told_by = [field for field in own if field.name in shape.lines.by]
    known = {_identity(told_by, line): line for line in reversed(document.get(shape.lines.name, ()))}
    lines = []
    for place, cells in enumerate(rows):
        if not any(cells.get(field.name) for field in own):
            continue
        try:
            named: Document = {}
            _write(named, told_by, cells, shape.lines.model)
            line = dict(known.get(_identity(told_by, freeze(named)), {}))
            _write(line, own, cells, shape.lines.model)
        except ValueError as error:
            raise ValueError(f"{shape.lines.name}.{place}.{error}") from error
        lines.append(line)
    return document | {shape.lines.name: lines}


def _identity(told_by: Iterable[Field], line: Document) -> tuple[Any, ...]:
    return tuple(line.get(field.name) for field in told_by)


def _write(document: Document, fields: Iterable[Field], cells: Mapping[str, str], model: type[BaseModel]) -> None:
    for field in fields:
        cell = cells.get(field.name, "")
        try:
            value = field.codec.parse(cell) if cell else None
        except ValueError as error:
            raise ValueError(f"{field.name}:{error}") from error
        name, *rest = field.place
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
    """What stands where nothing was said; not None where something has to be said."""
    default = model.model_fields[name].get_default(call_default_factory=True)
    return {} if default is PydanticUndefined else default


def show_rows(
    shape: Shape, key: str, document: Document, fields: Iterable[Field] | None = None
) -> list[dict[str, str]]:
    """The cells by field (of ``fields``, or all) of the rows that stand for a document."""
    shown = [field for field in (shape.fields if fields is None else fields) if field.name != shape.key]
    lines = [document] if shape.lines is None else document.get(shape.lines.name) or [{}]
    return [
        {shape.key: key} | {field.name: _show(field, document, line, first=place == 0) for field in shown}
        for place, line in enumerate(lines)
    ]


def _show(field: Field, document: Document, line: Document, *, first: bool) -> str:
    value: Any = document if field.whole else line
    for part in field.place:
        value = value.get(part) if isinstance(value, Mapping) else None
    return "" if value is None or (field.whole and not first) else field.codec.show(value)


Change = tuple[str, str | None, str | None]


def row_changes(shape: Shape, key: str, before: Document, after: Document) -> list[list[Change]]:
    """For each row of ``after`` the fields that differ, as (field, before, after); lines that are gone stand with the first row."""
    if shape.lines is None:
        differ = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        fields = [field for field in shape.fields if field.place[0] in differ]
        return [_differences(*(show_rows(shape, key, document, fields)[0] for document in (before, after)))]
    rows = show_rows(shape, key, after)
    shown = show_rows(shape, key, before)
    by = shape.lines.by
    known = {tuple(cells[name] for name in by): cells for cells in shown}
    changes = [_differences(known.pop(tuple(cells[name] for name in by), {}), cells) for cells in rows]
    changes[0] += [(by[0], " ".join(gone), None) for gone in known if any(gone)]
    return changes


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    return [
        (name, before.get(name) or None, cell or None)
        for name, cell in after.items()
        if (before.get(name) or "") != (cell or "")
    ]


def references(shape: Shape, key: str, document: Document) -> Iterable[tuple[str, str, str]]:
    """What a document refers to, as (where, kind, key)."""
    for field in shape.fields:
        if field.refers is None:
            continue
        if field.name == shape.key:
            yield field.name, field.refers, key
            continue
        for where, value in _values(shape, field, document):
            for referred in [value] if isinstance(value, str) else field.codec.keys(value):
                yield where, field.refers, referred


def _values(shape: Shape, field: Field, document: Document) -> Iterable[tuple[str, Any]]:
    places: list[tuple[str, Any]] = [("", document)]
    if shape.lines is not None and not field.whole:
        lines = document.get(shape.lines.name) or []
        places = [(f"{shape.lines.name}.{place}.", line) for place, line in enumerate(lines)]
    for where, value in places:
        for part in field.place:
            value = value.get(part) if isinstance(value, Mapping) else None
        if value:
            yield f"{where}{field.name}", value


def is_example(key: str) -> bool:
    """Whether this is the key of a template's example row."""
    return key.startswith(tuple(mark.strip() for mark in EXAMPLE_MARKS.values()))
