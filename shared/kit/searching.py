"""Searching a list for a part of a text, whatever its case, by indexes that say at once when nothing has it.

Three letters and more are looked up in an index of trigrams over the text, one or two in one of ``search_letters``:
all letters of the text and all pairs of neighbours, which is more than enough for a word like 금형.
"""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, String, and_, func, literal_column
from sqlalchemy.dialects.postgresql import array

PAIR = 2
SOON_MERGED = {"gin_pending_list_limit": 64}
"""The storage of both indexes, in kB: what was written and has no place in the index yet is read whole by each search.

By PostgreSQL's default that is 4 MB, a hundred times as much as a search that finds nothing has to read.
"""


def letters_of(text: str) -> str:
    """The letters and pairs of a text, as SQL, for the index and for those who search by it."""
    return f"search_letters({text})"


def contains(text: str, q: str) -> ColumnElement[bool]:
    """The condition that ``text``, an expression in SQL that is indexed both ways, has ``q`` in it."""
    searched: ColumnElement[str] = literal_column(text, String)
    if len(q) > PAIR:
        return searched.icontains(q, autoescape=True)
    letters: ColumnElement[Any] = literal_column(letters_of(text), ARRAY(String))
    # a list in which many have it is walked: this tells them apart in a fraction of the time that all letters take
    has_it = func.strpos(func.lower(searched), func.lower(q)) > 0
    return and_(has_it, letters.op("@>")(array([func.lower(q)])))
