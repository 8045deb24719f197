"""Reads of media."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.kit.media.domain import PDF
from shared.kit.media.schemas import MediaOut
from shared.kit.media.tables import MEDIA
from shared.kit.problem import Problem, unprocessable

DESCRIBED = [MEDIA.c[name] for name in MediaOut.model_fields]


class File(NamedTuple):
    """A picture or a PDF, and its media type."""

    type: str
    content: bytes


async def describe_media(session: AsyncSession, id_: UUID) -> MediaOut:
    """A file's attributes without its content, or a 404 problem."""
    row = (await session.execute(select(*DESCRIBED).where(MEDIA.c.id == id_))).one_or_none()
    if row is None:
        raise Problem(404, "not_found")
    return MediaOut.model_validate(row)


async def read_media(session: AsyncSession, id_: UUID) -> File:
    """A file with its content, or a 404 problem."""
    row = (await session.execute(select(MEDIA.c.type, MEDIA.c.content).where(MEDIA.c.id == id_))).one_or_none()
    if row is None:
        raise Problem(404, "not_found")
    return File(row.type, row.content)


async def names_of_media(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of the files with these ids."""
    requested = select(MEDIA.c.id, MEDIA.c.name).where(MEDIA.c.id.in_(set(ids)))
    return {row.id: row.name for row in await session.execute(requested)}


async def unknown_media(session: AsyncSession, ids: Iterable[UUID]) -> set[UUID]:
    """The ids that no file has."""
    requested = set(ids)
    return requested - set(await session.scalars(select(MEDIA.c.id).where(MEDIA.c.id.in_(requested))))


async def require_picture(session: AsyncSession, id_: UUID | None, field: str = "picture") -> None:
    """None, or the id of a picture that is stored here; otherwise a 422 problem of ``field``."""
    if id_ is None:
        return
    type_ = await session.scalar(select(MEDIA.c.type).where(MEDIA.c.id == id_))
    if type_ is None:
        raise unprocessable(field, "unknown_reference", value=str(id_))
    if type_ == PDF:
        raise unprocessable(field, "not_a_picture")
