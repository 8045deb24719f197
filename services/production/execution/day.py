"""What the floor did on one day: the ledger added up, and who worked on what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_

from services.production.execution.tables import CrewTime, Result


@dataclass(frozen=True)
class LedgerSum:
    """The results of a shift on a machine and a job, reversals taken off; ``reversals`` counts these, a flag is there as often as it was raised."""

    shift: str | None
    machine: str | None
    job: UUID
    good: Decimal
    scrap: Decimal
    rework: Decimal
    reversals: int
    people: Sequence[str]
    flags: Sequence[str]


async def ledger_of(
    session: AsyncSession, business_date: date, shift: str | None, machine: str | None, person: str | None
) -> list[LedgerSum]:
    """The ledger of a business date added up; a filter that is None takes all."""
    told = func.nullif(func.array_to_string(col(Result.flags), ","), "")
    keys = (col(Result.shift), col(Result.machine), col(Result.job))
    wanted = (
        select(
            *keys,
            *(func.sum(col(count)) for count in (Result.good, Result.scrap, Result.rework)),
            func.count(col(Result.reverses)),
            func.array_remove(func.array_agg(func.distinct(col(Result.person))), None),
            func.string_to_array(func.coalesce(func.string_agg(told, ","), ""), ","),
        )
        .where(col(Result.business_date) == business_date)
        .group_by(*keys)
    )
    for column, value in ((Result.shift, shift), (Result.machine, machine), (Result.person, person)):
        if value is not None:
            wanted = wanted.where(col(column) == value)
    rows: Sequence[Any] = (await session.execute(wanted)).all()
    return [LedgerSum(*row) for row in rows]


async def attendance_between(session: AsyncSession, begins: datetime, ends: datetime) -> list[CrewTime]:
    """Who worked on which job within a window, in order."""
    wanted = (
        select(CrewTime)
        .where(col(CrewTime.begins) < ends, or_(col(CrewTime.ends).is_(None), col(CrewTime.ends) > begins))
        .order_by(col(CrewTime.begins), col(CrewTime.id))
    )
    return list(await session.scalars(wanted))
