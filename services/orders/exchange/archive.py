"""An archive that comes in: everything as JSON, and beside it the pictures and PDFs that it names."""

import asyncio
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.orders.exchange.domain import Document
from shared.kit.database import Transaction
from shared.kit.media.commands import restore_media
from shared.kit.media.domain import LIMIT_BYTES
from shared.kit.media.queries import unknown_media
from shared.kit.tabular import MAX_UNPACKED_BYTES, ODD_ARCHIVE, TableError

DATA = "master-data.json"
MEMBER = re.compile(r"media/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]{3,4}")
BROKEN = (*ODD_ARCHIVE, zipfile.BadZipFile, OSError)


@dataclass(frozen=True)
class Pictures:
    """The pictures and PDFs of an archive that came in."""

    content: bytes = b""
    members: Mapping[UUID, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """What they were called, by id."""

    def read(self, id_: UUID) -> bytes:
        """A file, as far as it may be long; empty when it cannot be read."""
        try:
            return _read(self.content, self.members[id_], LIMIT_BYTES + 1)
        except BROKEN:
            return b""


NO_PICTURES = Pictures()


def open_archive(content: bytes, filename: str) -> tuple[bytes, Pictures] | None:
    """The JSON and the pictures of an archive; None for another file, like a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
        if DATA not in names:
            return None
        data = _read(content, DATA, MAX_UNPACKED_BYTES + 1)
        members = {UUID(found[1]): name for name in names if (found := MEMBER.fullmatch(name))}
    except zipfile.BadZipFile:
        return None
    except BROKEN as error:
        raise TableError("file_broken", file=filename) from error
    if len(data) > MAX_UNPACKED_BYTES:
        raise TableError("file_broken", file=filename)
    return data, Pictures(content, members)


def _read(content: bytes, name: str, limit: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(name) as member:
        return member.read(limit)


def pictures_of(documents: Iterable[Document]) -> Iterator[UUID]:
    """The pictures and PDFs that items and instructions name; what a file has in their place and is no id, its document will be refused for."""
    for document in documents:
        pages = [page for revision in _parts(document, "revisions") for page in _parts(revision, "pages")]
        for named in (document.get("picture"), *(page.get("media") for page in pages)):
            if (id_ := _id_of(named)) is not None:
                yield id_


def _parts(document: Document, name: str) -> list[Document]:
    found = document.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _id_of(named: object) -> UUID | None:
    try:
        return UUID(named) if isinstance(named, str) else None
    except ValueError:
        return None


async def take_pictures(tx: Transaction, pictures: Pictures, documents: Sequence[Document]) -> list[str]:
    """Keep the pictures that came along; an item whose picture is nowhere comes in without it. The names of what was left out."""
    named = set(pictures_of(documents))
    missing = await unknown_media(tx.session, named)
    for id_ in sorted(missing & pictures.members.keys()):
        content = await asyncio.to_thread(pictures.read, id_)
        if await restore_media(tx, id_, content, pictures.names.get(str(id_), "")):
            missing.remove(id_)
    for document in documents:
        if _id_of(document.get("picture")) in missing:
            del document["picture"]
    return sorted(pictures.names.get(str(id_)) or str(id_) for id_ in missing)
