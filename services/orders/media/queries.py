"""Reads of media."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col, select

from services.orders.media.schemas import MediaOut
from services.orders.media.tables import Media
from shared.kit.problem import Problem


async def describe_media(session: AsyncSession, id_: UUID) -> MediaOut:
    """What is known of a file, without its content; or a 404 problem."""
    described = select(Media).where(Media.id == id_).options(defer(Media.content))  # type: ignore[arg-type]  # a column here
    media = await session.scalar(described)
    if media is None:
        raise Problem(404, "not_found")
    return MediaOut.model_validate(media)


async def read_media(session: AsyncSession, id_: UUID) -> Media:
    """A file with its content, or a 404 problem."""
    media = await session.get(Media, id_)
    if media is None:
        raise Problem(404, "not_found")
    return media


async def names_of_media(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What the files with these ids were called."""
    wanted = select(Media.id, Media.name).where(col(Media.id).in_(set(ids)))
    return {row.id: row.name for row in await session.execute(wanted)}


async def unknown_media(session: AsyncSession, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids that no file has."""
    wanted = set(ids)
    return wanted - set(await session.scalars(select(Media.id).where(col(Media.id).in_(wanted))))
