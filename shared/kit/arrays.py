"""Rows as arrays: a statement that takes many rows gets one array a column, and ``unnest`` makes rows of them again."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic_core import to_json

Row = TypeVar("Row", bound=tuple[Any, ...])


def _json_text(value: Any) -> str:
    return to_json(value).decode()


class _Kind(NamedTuple):
    """The form in which values of a type travel in an array."""

    type: str
    read: str = "{}"
    """The SQL that makes the column of what has travelled."""
    write: Callable[[Any], Any] | None = None


KINDS: dict[Any, _Kind] = {
    UUID: _Kind("uuid"),
    bytes: _Kind("bytea"),
    str: _Kind("text"),
    Decimal: _Kind("numeric"),
    int: _Kind("int"),
    bool: _Kind("bool"),
    datetime: _Kind("timestamptz"),
    date: _Kind("date"),
    # arrays cannot hold arrays of several lengths: lists travel as texts
    list[str]: _Kind("text", "string_to_array({}, ',')", ",".join),
    list[dict[str, str]]: _Kind("text", "{}::jsonb", _json_text),
}


class Arrays(Generic[Row]):
    """The columns of a kind of row, a named tuple: its fields name them, in their order.

    A list of texts must hold none with a comma.
    """

    def __init__(self, row: type[Row]) -> None:
        hints = get_type_hints(row)
        self._kinds = {name: KINDS[_without_none(hint)] for name, hint in hints.items()}
        self.columns = ", ".join(self._kinds)
        """The names of the columns, for an INSERT."""
        self.width = len(self._kinds)
        """The number of parameters that the rows take."""

    def select(self, first: int) -> str:
        """The SELECT that gives the rows; their arrays are the parameters from number ``first`` on."""
        arrays = ", ".join(f"${first + n}::{kind.type}[]" for n, kind in enumerate(self._kinds.values()))
        read = ", ".join(
            name if kind.write is None else f"{kind.read.format(name)} AS {name}" for name, kind in self._kinds.items()
        )
        return f"SELECT {read} FROM unnest({arrays}) AS rows ({self.columns})"  # noqa: S608  the fields of a class

    def of(self, rows: Sequence[Row]) -> list[list[Any]]:
        """The arrays of the rows, one a column."""
        columns = zip(*rows, strict=True) if rows else [()] * self.width
        return [
            list(column) if kind.write is None else [kind.write(value) for value in column]
            for column, kind in zip(columns, self._kinds.values(), strict=True)
        ]


def _without_none(hint: Any) -> Any:
    if get_origin(hint) is not UnionType:
        return hint
    [kind] = [each for each in get_args(hint) if each is not type(None)]
    return kind
