"""Stores the pictures that come along with an archive."""

import asyncio
from collections.abc import Sequence

from services.orders.exchange.adapters.archive import Pictures
from services.orders.exchange.domain.documents import Document
from services.orders.exchange.domain.pictures import PICTURE_FIELDS, media_id, pictures_of
from shared.kit.database import Transaction
from shared.kit.media.commands import restore_media
from shared.kit.media.queries import unknown_media


async def store_pictures(tx: Transaction, pictures: Pictures, documents: Sequence[Document]) -> list[str]:
    """Store the pictures that came along; an item whose picture is nowhere comes in without it.

    The names of those that are nowhere.
    """
    named = set(pictures_of(documents))
    missing = await unknown_media(tx.session, named)
    for id_ in sorted(missing & pictures.members.keys()):
        content = await asyncio.to_thread(pictures.read, id_)
        if await restore_media(tx, id_, content, pictures.names.get(str(id_), "")):
            missing.remove(id_)
    for document in documents:
        for name in PICTURE_FIELDS:
            if media_id(document.get(name)) in missing:
                del document[name]
    return sorted(pictures.names.get(str(id_)) or str(id_) for id_ in missing)
