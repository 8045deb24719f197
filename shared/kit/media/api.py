"""Routes of media. A file's address is the hash of its content, so whoever has it once need not ask again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Header, Response, UploadFile

from shared.contracts.requests import MEDIA_BYTES
from shared.kit.idempotency import Db, Once
from shared.kit.media import commands, queries
from shared.kit.media.domain import TYPES
from shared.kit.media.schemas import MediaOut
from shared.kit.openapi.refusals import header_reference
from shared.kit.paging import is_known
from shared.kit.permissions import CanAddPictures, CanReadPictures
from shared.kit.routing import api_router

CONTENT = {type_: {"schema": {"type": "string", "format": "binary"}} for type_ in TYPES}


def media_router(publisher: str) -> APIRouter:
    """The routes by which ``publisher``'s pictures and drawings come in and are shown."""
    router = api_router(publisher, "media", "/media")

    @router.post("", status_code=201, max_body_size=MEDIA_BYTES)
    async def add_media(
        file: Annotated[UploadFile, File(description="PNG, JPEG, WebP or PDF, at most 5 MiB")],
        once: Once,
        actor: CanAddPictures,
    ) -> MediaOut:
        """Keep a picture or a PDF; the same content has the same id."""
        content = await file.read()
        name = file.filename or ""
        drawn = await commands.redrawn(content)
        return await once.run(MediaOut, content, lambda tx: commands.store_media(tx, drawn, name))

    @router.get(
        "/{media}",
        response_class=Response,
        responses={
            200: {"content": CONTENT, "headers": {"ETag": header_reference("ETag")}},
            304: {"description": "The reader has it."},
        },
    )
    async def get_media(
        media: UUID, actor: CanReadPictures, db: Db, if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        """The file; it never changes, so a browser may cache it for ever."""
        mark = f'"{media}"'
        headers = {"ETag": mark, "Cache-Control": "private, max-age=31536000, immutable"}
        if is_known(if_none_match, mark):
            return Response(status_code=304, headers=headers)
        async with db.reading() as session:
            file = await queries.read_media(session, media)
        return Response(file.content, media_type=file.type, headers=headers)

    return router
