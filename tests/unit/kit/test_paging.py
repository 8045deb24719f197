"""Cursors: what was written is read back, and nothing else is taken."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from shared.kit.moments import MOMENT
from shared.kit.paging import BIGINT, INT, encode_cursor, page_of, read_cursor
from shared.kit.problem import Problem

AT = datetime(2026, 12, 1, 9, 30, 0, 17, tzinfo=UTC)
ID = UUID("0193a1c0-0000-7000-8000-000000000001")


def test_a_sort_key_is_read_back_as_it_was() -> None:
    key = (AT, ID, 7, 2**40, "가/나", Decimal("0.10"))
    cursor = encode_cursor(*key)
    assert read_cursor(cursor, MOMENT.validate_python, UUID, INT, BIGINT, str, Decimal) == key


def test_without_a_cursor_there_is_no_key() -> None:
    assert read_cursor(None, str) is None


@pytest.mark.parametrize(
    ("cursor", "types"),
    [
        ("é", (str,)),
        ("x", (str,)),
        ("", (str, str)),
        (encode_cursor("a", "b"), (str,)),
        (encode_cursor("a"), (str, str)),
        (encode_cursor("a"), (UUID,)),
        (encode_cursor("a"), (Decimal,)),
        (encode_cursor("2026-12-01T09:30:00"), (MOMENT.validate_python,)),
        (encode_cursor(-1), (INT,)),
        (encode_cursor(2**31), (INT,)),
        (encode_cursor(2**63), (BIGINT,)),
    ],
)
def test_what_is_none_of_ours_is_refused(cursor: str, types: tuple[Callable[[str], Any], ...]) -> None:
    with pytest.raises(Problem) as refused:
        read_cursor(cursor, *types)
    assert (refused.value.status, refused.value.code) == (422, "cursor_invalid")


@pytest.mark.parametrize(("rows", "shown", "last"), [(0, 0, None), (2, 2, None), (3, 2, 1)])
def test_the_row_beyond_the_limit_says_that_there_is_another_page(rows: int, shown: int, last: int | None) -> None:
    page = page_of(range(rows), 2, lambda row: (row,))
    assert page.items == list(range(shown))
    assert page.next_cursor == (None if last is None else encode_cursor(last))
