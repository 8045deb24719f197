"""Reads of handover notes."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.handover.schemas import HandoverOut, ReaderOut
from services.production.handover.tables import Handover, HandoverReader
from services.production.machines.queries import get_machine
from shared.kit.problem import Problem


async def list_handovers(session: AsyncSession, code: str, limit: int) -> list[HandoverOut]:
    """The last notes at a machine, the newest first."""
    machine = await get_machine(session, code)
    wanted = select(Handover).where(Handover.machine == machine.code)
    newest = wanted.order_by(col(Handover.at).desc(), col(Handover.id).desc()).limit(limit)
    return await _told(session, list(await session.scalars(newest)))


async def get_handover(session: AsyncSession, id_: UUID) -> HandoverOut:
    """One note, or a 404 problem."""
    note = await session.get(Handover, id_)
    if note is None:
        raise Problem(404, "not_found")
    return (await _told(session, [note]))[0]


async def _told(session: AsyncSession, notes: Sequence[Handover]) -> list[HandoverOut]:
    readers: defaultdict[UUID, list[ReaderOut]] = defaultdict(list)
    wanted = select(HandoverReader).where(col(HandoverReader.handover).in_([note.id for note in notes]))
    for reader in await session.scalars(wanted.order_by(col(HandoverReader.at), col(HandoverReader.person))):
        readers[reader.handover].append(ReaderOut(person=reader.person, at=reader.at))
    return [HandoverOut(**note.model_dump(), read_by=readers[note.id]) for note in notes]
