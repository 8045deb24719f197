"""Reads of handover notes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select, tuple_

from services.production.handover.schemas import HandoverOut, HandoverReaderOut
from services.production.handover.tables import Handover, HandoverReader
from services.production.machines.queries import get_machine
from shared.kit.moments import MOMENT
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import Problem

NEWS = timedelta(days=30)
"""A note that is older is no news to anybody: who is new in the shop has not those of years to read."""


@dataclass(frozen=True)
class HandoverFilter:
    """Notes at one machine or at all, and news alone that somebody has neither read nor written."""

    machine: str | None = None
    unread_by: str | None = None


async def list_handovers(
    session: AsyncSession, chosen: HandoverFilter, cursor: str | None, limit: int, now: datetime
) -> Page[HandoverOut]:
    """Notes, the newest first. 404 for a machine that nobody knows."""
    notes = select(Handover).order_by(col(Handover.at).desc(), col(Handover.id).desc()).limit(limit + 1)
    if chosen.machine:
        machine = await get_machine(session, chosen.machine)
        notes = notes.where(Handover.machine == machine.code)
    if chosen.unread_by:
        read = exists().where(
            col(HandoverReader.handover) == Handover.id, col(HandoverReader.person) == chosen.unread_by
        )
        notes = notes.where(Handover.person != chosen.unread_by, ~read, Handover.at > now - NEWS)
    if key := read_cursor(cursor, MOMENT.validate_python, UUID):
        notes = notes.where(tuple_(col(Handover.at), col(Handover.id)) < tuple_(*key))
    page = page_of((await session.scalars(notes)).all(), limit, lambda note: (note.at, note.id))
    return Page(items=await _with_readers(session, page.items), next_cursor=page.next_cursor)


async def get_handover(session: AsyncSession, id_: UUID) -> HandoverOut:
    """One note, or a 404 problem."""
    note = await session.get(Handover, id_)
    if note is None:
        raise Problem(404, "not_found")
    return (await _with_readers(session, [note]))[0]


async def _with_readers(session: AsyncSession, notes: Sequence[Handover]) -> list[HandoverOut]:
    readers: defaultdict[UUID, list[HandoverReaderOut]] = defaultdict(list)
    statement = select(HandoverReader).where(col(HandoverReader.handover).in_([note.id for note in notes]))
    for reader in await session.scalars(statement.order_by(col(HandoverReader.at), col(HandoverReader.person))):
        readers[reader.handover].append(HandoverReaderOut(person=reader.person, at=reader.at))
    return [HandoverOut(**note.model_dump(), read_by=readers[note.id]) for note in notes]
