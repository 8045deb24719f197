"""Everything as it goes out: one JSON document, or an archive of it and of the pictures that it names."""

import asyncio
import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from services.orders.exchange.archive import DATA, pictures_of
from services.orders.exchange.incoming import FORMAT
from services.orders.exchange.kinds import KINDS
from services.orders.exchange.queries import read_everything
from shared.kit.database import Transaction
from shared.kit.media.domain import JPEG, PDF, PNG, WEBP
from shared.kit.media.queries import names_of_media, read_media

ENDINGS = {PNG: "png", JPEG: "jpg", WEBP: "webp", PDF: "pdf"}
SENT_AT_ONCE = 256 * 1024


async def tell_everything(tx: Transaction, site: str) -> tuple[bytes, list[UUID]]:
    """All documents and their past as JSON, and the pictures that they name."""
    found = await read_everything(tx, KINDS.values())
    kinds = {
        kind.name: [{kind.key: key, **document} for key, document in documents.items()] for kind, documents in found
    }
    named = sorted({id_ for documents in kinds.values() for id_ in pictures_of(documents)})
    names = await names_of_media(tx.session, named)
    told = {
        "format": FORMAT,
        "site": site,
        "exported_at": tx.now.isoformat(),
        "kinds": kinds,
        "media": {str(id_): names[id_] for id_ in named},
    }
    return await asyncio.to_thread(_as_json, told), named


def _as_json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


async def write_archive(tx: Transaction, site: str) -> IO[bytes]:
    """The archive as a temporary file, at its beginning; one picture at a time is in memory."""
    data, pictures = await tell_everything(tx, site)
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed when it is sent
    with zipfile.ZipFile(file, "w") as archive:
        await asyncio.to_thread(archive.writestr, DATA, data, zipfile.ZIP_DEFLATED)
        for id_ in pictures:
            media = await read_media(tx.session, id_)
            name = f"media/{id_}.{ENDINGS[media.type]}"
            await asyncio.to_thread(archive.writestr, name, media.content, zipfile.ZIP_STORED)
    file.seek(0)
    return file


def sent(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a temporary file, which is gone afterwards."""
    with file:
        while part := file.read(SENT_AT_ONCE):
            yield part
