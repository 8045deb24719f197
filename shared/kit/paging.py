"""Lists by cursor, and documents by ETag."""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Header, Query
from pydantic import BaseModel, Field, TypeAdapter

from shared.kit.problem import Problem

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=200, description="entries a page")]
Cursor = Annotated[str | None, Query(max_length=500, description="next_cursor of the page before")]
INT = TypeAdapter(Annotated[int, Field(ge=0, lt=2**31)]).validate_python
"""Reads a number of an ``integer`` column from a cursor; raises ValueError."""
BIGINT = TypeAdapter(Annotated[int, Field(ge=0, lt=2**63)]).validate_python
"""Reads a number of a ``bigint`` column from a cursor; raises ValueError."""


class Page(BaseModel, Generic[T]):
    """One page of a list; ``next_cursor`` is null on the last one."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(*parts: object) -> str:
    """An opaque cursor of the last row's sort key."""
    texts = (part.isoformat() if isinstance(part, datetime) else str(part) for part in parts)
    return base64.urlsafe_b64encode("\x1f".join(texts).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *types: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The sort key in ``cursor``, each part by its type; a 422 problem when it is not one of ours."""
    if cursor is None:
        return None
    try:
        parts = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("\x1f")
        return tuple(type_(part) for type_, part in zip(types, parts, strict=True))
    except (ValueError, ArithmeticError) as error:  # not ASCII, base64, UTF-8, too few parts, or not of its type
        raise Problem(422, "cursor_invalid") from error


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[object]]) -> Page[T]:
    """The page of ``rows``, of which one more than ``limit`` was asked for; ``key`` gives a row's sort key."""
    next_cursor = encode_cursor(*key(rows[limit - 1])) if len(rows) > limit else None
    return Page(items=list(rows[:limit]), next_cursor=next_cursor)


class ShortList:
    """``cursor`` and ``limit`` of a list that is short enough to be told whole, as it is where no limit is given."""

    def __init__(
        self,
        cursor: Cursor = None,
        limit: Annotated[
            int | None, Query(ge=1, le=200, description="entries a page; all of them when left out")
        ] = None,
    ) -> None:
        self._begin = (read_cursor(cursor, INT) or (0,))[0]
        self._limit = limit

    def page(self, items: Sequence[T]) -> Page[T]:
        """The page of all ``items`` that was asked for; its cursor is a position among them."""
        end = len(items) if self._limit is None else self._begin + self._limit
        return Page(items=list(items[self._begin : end]), next_cursor=encode_cursor(end) if end < len(items) else None)


Short = Annotated[ShortList, Depends()]
"""The parameters of a short list, in a route's signature."""


TAG = re.compile(r'(W/)?("[^"]*")')
ANY = "*"


@dataclass(frozen=True)
class Precondition:
    """What a caller expects of a document before it is changed (RFC 9110 13.1)."""

    if_match: str | None = None
    if_none_match: str | None = None

    def fault(self, version: int) -> str | None:
        """The code of what stands against changing a document of this version; version 0 is not there yet."""
        if self.if_match is not None:
            strong = {tag for weak, tag in TAG.findall(self.if_match) if not weak}
            is_any = self.if_match.strip() == ANY
            if not (version if is_any else etag(version) in strong):
                return "stale" if version else "not_there"
        return "already_there" if version and is_known(self.if_none_match, etag(version)) else None


def is_known(if_none_match: str | None, tag: str) -> bool:
    """True if a reader has the document with this ETag already, by its ``If-None-Match``: compared weakly."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == ANY or tag.removeprefix("W/") in {found for _, found in TAG.findall(if_none_match)}


def precondition(
    if_match: Annotated[
        str | None, Header(description="the ETag on which the change is based, or several; * for whatever is there")
    ] = None,
    if_none_match: Annotated[str | None, Header(description="* to make it only when it is not there yet")] = None,
) -> Precondition:
    """The precondition of a request."""
    return Precondition(if_match, if_none_match)


IfMatch = Annotated[Precondition, Depends(precondition)]
"""A route parameter: what the caller expects of the document, for ``check_etag``."""


def check_etag(expected: Precondition | None, version: int) -> None:
    """A 412 problem when the caller expects another version than the present one; version 0 is not there yet."""
    if expected is not None and (fault := expected.fault(version)) is not None:
        raise Problem(412, fault, version=version)


def etag(version: int) -> str:
    """The ETag of a document's version."""
    return f'"{version}"'
