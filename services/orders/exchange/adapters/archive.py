"""ZIP archives: everything as JSON, and beside it the pictures and PDFs that it names."""

import asyncio
import io
import re
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from uuid import UUID

from shared.kit.media.domain import JPEG, LIMIT_BYTES, PDF, PNG, WEBP
from shared.kit.tabular import MAX_UNPACKED_BYTES, ODD_ARCHIVE, TableError

DATA = "master-data.json"
EXTENSIONS = {PNG: "png", JPEG: "jpg", WEBP: "webp", PDF: "pdf"}
CHUNK_BYTES = 256 * 1024
MEMBER = re.compile(r"media/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]{3,4}")
BROKEN = (*ODD_ARCHIVE, zipfile.BadZipFile, OSError)


@dataclass(frozen=True)
class Pictures:
    """The pictures and PDFs of an archive that came in."""

    content: bytes = b""
    members: Mapping[UUID, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Their file names, by id."""

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


async def write_archive(data: bytes, pictures: AsyncIterator[tuple[UUID, str, bytes]]) -> IO[bytes]:
    """A temporary file, at its beginning, with the JSON and these pictures (id, media type, content).

    One picture at a time is in memory.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed when it is sent
    with zipfile.ZipFile(file, "w") as archive:
        await asyncio.to_thread(archive.writestr, DATA, data, zipfile.ZIP_DEFLATED)
        async for id_, media_type, content in pictures:
            name = f"media/{id_}.{EXTENSIONS[media_type]}"
            await asyncio.to_thread(archive.writestr, name, content, zipfile.ZIP_STORED)
    file.seek(0)
    return file


def stream_file(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a temporary file, which is gone afterwards."""
    with file:
        while part := file.read(CHUNK_BYTES):
            yield part
