"""Everything as it goes out: one JSON document, or an archive of it and of the pictures that it names."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import IO
from uuid import UUID

from services.orders.exchange.adapters.archive import write_archive
from services.orders.exchange.adapters.reading import FORMAT
from services.orders.exchange.commands.kinds.kind import ExchangeKind
from services.orders.exchange.commands.kinds.registry import KINDS
from services.orders.exchange.domain.documents import Document
from services.orders.exchange.domain.pictures import pictures_of
from shared.kit.database import Transaction
from shared.kit.media.queries import names_of_media, read_media

Documents = tuple[ExchangeKind, dict[str, Document]]
"""A kind and its documents by key."""


async def export_json(tx: Transaction, site: str) -> tuple[bytes, list[UUID]]:
    """All documents and their past as JSON, and the pictures that they name."""
    found = await read_everything(tx, KINDS.values())
    kinds = {
        kind.name: [{kind.key: key, **document} for key, document in documents.items()] for kind, documents in found
    }
    named = sorted({id_ for documents in kinds.values() for id_ in pictures_of(documents)})
    names = await names_of_media(tx.session, named)
    export = {
        "format": FORMAT,
        "site": site,
        "exported_at": tx.now.isoformat(),
        "kinds": kinds,
        "media": {str(id_): names[id_] for id_ in named},
    }
    return await asyncio.to_thread(_as_json, export), named


def _as_json(export: object) -> bytes:
    return json.dumps(export, ensure_ascii=False, indent=1).encode()


async def export_archive(tx: Transaction, site: str) -> IO[bytes]:
    """The archive as a temporary file, at its beginning; one picture at a time is in memory."""
    data, pictures = await export_json(tx, site)

    async def members() -> AsyncIterator[tuple[UUID, str, bytes]]:
        for id_ in pictures:
            media = await read_media(tx.session, id_)
            yield id_, media.type, media.content

    return await write_archive(data, members())


async def read_everything(tx: Transaction, kinds: Iterable[ExchangeKind]) -> list[Documents]:
    """Every document of these kinds."""
    return [(kind, await kind.store.read(tx)) for kind in kinds]
