"""Searching a list for a part of a text, whatever its case, by an index that says at once when nothing has it.

``search_letters`` are all letters of a text and all pairs of neighbours: rare enough for a word like 금형, and for a
longer one together. Trigrams of PostgreSQL's own (pg_trgm 1.6) know no Hangul in a database whose LC_CTYPE is C.
"""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, String, and_, func, literal, literal_column
from sqlalchemy.dialects.postgresql import array

from shared.kit.problem import Problem

SOON_MERGED = {"gin_pending_list_limit": 64}
"""The storage of such an index, in kB: what was written and has no place in it yet is read whole by each search.

By PostgreSQL's default that is 4 MB, a hundred times as much as a search that finds nothing has to read.
"""


def letters_of(text: str) -> str:
    """The letters and pairs of a text, as SQL, for the index and for those who search by it."""
    return f"search_letters({text})"


def contains(text: str, q: str) -> ColumnElement[bool]:
    """The condition that ``text``, an expression in SQL that is indexed by its letters, has ``q`` in it.

    It is planned for these letters: a plan for any is one for rare ones, and sorts all that have frequent ones.
    Raises Problem for what no text can have.
    """
    if "\0" in q:
        raise Problem(422, "text_unstorable")
    searched: ColumnElement[str] = literal_column(text, String)
    letters: ColumnElement[Any] = literal_column(letters_of(text), ARRAY(String))
    parts = {q[start : start + 2] for start in range(len(q) - 1)} or {q}
    # a list in which many have it is walked: this tells them apart in a fraction of the time that all letters take
    has_it = func.strpos(func.lower(searched), _folded(q)) > 0
    return and_(has_it, letters.op("@>")(array([_folded(part) for part in sorted(parts)])))


def _folded(part: str) -> ColumnElement[str]:
    return func.lower(literal(part, String, literal_execute=True))
