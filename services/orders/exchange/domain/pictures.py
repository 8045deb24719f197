"""The pictures and PDFs that documents name."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from services.orders.exchange.domain.documents import Document

PICTURE_FIELDS = ("picture_id", "picture")
PAGE_FIELDS = ("media_id", "media")
"""The fields that name a picture: by their present names, and by those in archives of the first release."""


def pictures_of(documents: Iterable[Document]) -> Iterator[UUID]:
    """The pictures and PDFs that items and instructions name; a document with another value there will be refused."""
    for document in documents:
        pages = [page for revision in _parts(document, "revisions") for page in _parts(revision, "pages")]
        named = [document.get(name) for name in PICTURE_FIELDS]
        for value in (*named, *(page.get(name) for page in pages for name in PAGE_FIELDS)):
            if (id_ := media_id(value)) is not None:
                yield id_


def _parts(document: Document, name: str) -> list[Document]:
    found = document.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def media_id(value: object) -> UUID | None:
    """The id of a picture or PDF, or None for another value."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
