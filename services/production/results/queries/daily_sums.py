"""The ledger added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from services.production.jobs.queries.graph import is_last
from services.production.results.tables import Result


@dataclass(frozen=True)
class LedgerSum:
    """The results of a shift on a machine and a job, reversals taken off.

    ``reversals`` counts these, a flag is there as often as it was raised by what was not taken back. ``people`` are
    those who made the pieces; whoever takes a result of theirs back takes it off theirs.
    """

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
    back = aliased(Result)
    stands = ~exists().where(col(back.reverses) == col(Result.id))
    taken_back = aliased(Result)
    maker = case(
        (col(Result.reverses).is_(None), col(Result.person)),
        else_=select(col(taken_back.person)).where(col(taken_back.id) == col(Result.reverses)).scalar_subquery(),
    )
    flags = case((stands, func.nullif(func.array_to_string(col(Result.flags), ","), "")))
    keys = (col(Result.shift), col(Result.machine), col(Result.job))
    statement = (
        select(
            *keys,
            *(func.sum(col(count)) for count in (Result.good, Result.scrap, Result.rework)),
            func.count(col(Result.reverses)),
            func.array_remove(func.array_agg(func.distinct(maker)), None),
            func.string_to_array(func.coalesce(func.string_agg(flags, ","), ""), ","),
        )
        .where(col(Result.business_date) == business_date)
        .group_by(*keys)
    )
    for column, value in ((col(Result.shift), shift), (col(Result.machine), machine), (maker, person)):
        if value is not None:
            statement = statement.where(column == value)
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return [LedgerSum(*row) for row in rows]


@dataclass(frozen=True)
class Output:
    """The output of a shift: ``finished`` left its last operation, ``processed`` any, so that a piece of three
    operations is there three times. ``processed`` are good and scrap.
    """

    finished: Decimal
    processed: Decimal
    scrap: Decimal


async def shift_output(session: AsyncSession, business_date: date, shift: str | None) -> Output:
    """The output of one shift, made by hand or on machines."""
    nothing = Decimal(0)
    good, scrap = col(Result.good), col(Result.scrap)
    statement = select(
        func.coalesce(func.sum(good).filter(is_last(col(Result.job))), nothing),
        func.coalesce(func.sum(good + scrap), nothing),
        func.coalesce(func.sum(scrap), nothing),
    ).where(col(Result.business_date) == business_date, col(Result.shift).is_not_distinct_from(shift))
    return Output(*(await session.execute(statement)).one())


async def shift_counts(
    session: AsyncSession, machines: Sequence[str], business_date: date, shift: str | None
) -> dict[str, tuple[Decimal, Decimal]]:
    """Good and scrap of each machine in one shift."""
    counted = (
        select(col(Result.machine), func.sum(col(Result.good)), func.sum(col(Result.scrap)))
        .where(
            col(Result.machine).in_(machines),
            col(Result.business_date) == business_date,
            col(Result.shift).is_not_distinct_from(shift),
        )
        .group_by(col(Result.machine))
    )
    return {machine: (good, scrap) for machine, good, scrap in (await session.execute(counted)) if machine is not None}
