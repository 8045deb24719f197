"""Media are added; nothing changes or removes them."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from shared.kit.database import Transaction
from shared.kit.media.domain import LIMIT_BYTES, LIMIT_PIXELS, Kind, digest_of, id_of, recognise
from shared.kit.media.queries import describe_media
from shared.kit.media.schemas import MediaOut
from shared.kit.media.tables import MEDIA
from shared.kit.problem import Problem, unprocessable


def recognised(content: bytes) -> Kind:
    """The file's type; a 422 problem when it is none that is accepted, or too large."""
    if len(content) > LIMIT_BYTES:
        raise unprocessable("file", "file_too_large", max_mib=LIMIT_BYTES // 1024**2)
    kind = recognise(content)
    if kind is None:
        raise unprocessable("file", "media_unknown")
    if kind.pixels > LIMIT_PIXELS:
        raise unprocessable("file", "media_too_many_pixels", limit=LIMIT_PIXELS // 1_000_000)
    return kind


async def redrawn(content: bytes) -> bytes:
    """A file as it is kept, a picture drawn anew; 422 for what cannot be read.

    Pictures wait for one another, so this is done before a transaction begins.
    """
    from shared.kit.media.redrawing import in_turn, redraw  # Pillow takes 2 MiB, for a picture now and then

    kind = recognised(content)
    try:
        drawn = await in_turn(redraw, content, kind)
    except ValueError as error:
        raise unprocessable("file", str(error)) from error
    recognised(drawn)
    return drawn


async def store_media(tx: Transaction, drawn: bytes, name: str) -> MediaOut:
    """Keep a file that was drawn anew; one that is there already stays as it is."""
    return await _store(tx, drawn, recognised(drawn), name)


async def restore_media(tx: Transaction, id_: UUID, content: bytes, name: str) -> bool:
    """Store a file that was exported, byte for byte.

    False when it is not what was exported under this id, drawn by this product.
    """
    from shared.kit.media.redrawing import in_turn, is_redrawn

    try:
        kind = recognised(content)
    except Problem:
        return False
    if id_of(digest_of(content)) != id_ or not await in_turn(is_redrawn, content, kind):
        return False
    await _store(tx, content, kind, name)
    return True


async def _store(tx: Transaction, content: bytes, kind: Kind, name: str) -> MediaOut:
    digest = digest_of(content)
    requested = {
        "id": id_of(digest),
        "sha256": digest,
        "type": kind.type,
        "size": len(content),
        "width": kind.width,
        "height": kind.height,
        "name": name[:200],
        "content": content,
        "added_at": tx.now,
        "added_by": tx.actor.person,
    }
    is_new = await tx.session.scalar(insert(MEDIA).values(requested).on_conflict_do_nothing().returning(MEDIA.c.id))
    described = await describe_media(tx.session, id_of(digest))
    if is_new:
        tx.audit("created", f"media/{described.id}", [("name", None, described.name), ("size", None, described.size)])
    return described
