"""Lists by cursor, and documents by ETag."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from shared.kit.problem import Problem

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=200, description="entries a page")]
Cursor = Annotated[str | None, Query(max_length=500, description="next_cursor of the page before")]


class Page(BaseModel, Generic[T]):
    """One page of a list; ``next_cursor`` is null on the last one."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(*parts: str) -> str:
    """An opaque cursor of the last row's sort key."""
    return base64.urlsafe_b64encode("\x1f".join(parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, parts: int) -> list[str] | None:
    """The sort key in ``cursor``; a 422 problem when it is not one of ours."""
    if cursor is None:
        return None
    try:
        found = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("\x1f")
    except ValueError as error:  # not ASCII, not base64, not UTF-8
        raise Problem(422, "cursor_invalid") from error
    if len(found) != parts:
        raise Problem(422, "cursor_invalid")
    return found


def read_cursor(cursor: str | None, *types: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The sort key in ``cursor``, each part by its type; a 422 problem when it is not one of ours."""
    parts = decode_cursor(cursor, len(types))
    try:
        return None if parts is None else tuple(type_(part) for type_, part in zip(types, parts, strict=True))
    except ValueError as error:
        raise Problem(422, "cursor_invalid") from error


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[object]]) -> Page[T]:
    """The page of ``rows``, of which one more than ``limit`` was asked for; ``key`` gives a row's sort key."""
    is_last = len(rows) <= limit
    return Page(
        items=list(rows[:limit]), next_cursor=None if is_last else encode_cursor(*map(str, key(rows[limit - 1])))
    )


def check_etag(if_match: str | None, version: int) -> None:
    """A 412 problem when the caller changes another version than the present one."""
    if if_match is not None and if_match.strip() not in {"*", etag(version)}:
        raise Problem(412, "stale", version=version)


def etag(version: int) -> str:
    """The ETag of a document's version."""
    return f'"{version}"'
