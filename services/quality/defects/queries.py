"""Reads of defects."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.quality.defects.domain import ZERO, By, Period, pareto, ppm, split_period
from services.quality.defects.schemas import BarOut, ParetoOut
from services.quality.defects.tables import (
    Defect,
    DefectCount,
    DefectMonth,
    KnownItem,
    KnownMachine,
    OutputCount,
    OutputMonth,
)
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import Problem

MOST_BARS = 200
NAMED: dict[By, type[Defect | KnownItem | KnownMachine]] = {
    By.DEFECT: Defect,
    By.ITEM: KnownItem,
    By.MACHINE: KnownMachine,
}


async def get_defect(session: AsyncSession, code: str) -> Defect:
    """The defect with this code, or a 404 problem."""
    row = await session.get(Defect, code)
    if row is None:
        raise Problem(404, "not_found")
    return row


async def picture_of(session: AsyncSession, code: str) -> UUID | None:
    """The picture of the defect with this code, if there is one."""
    return await session.scalar(select(Defect.picture_id).where(Defect.code == code))


async def list_defects(session: AsyncSession, cursor: str | None, limit: int) -> Page[Defect]:
    """The catalogue by code."""
    statement = select(Defect).order_by(col(Defect.code)).limit(limit + 1)
    if key := read_cursor(cursor, str):
        statement = statement.where(col(Defect.code) > key[0])
    return page_of((await session.scalars(statement)).all(), limit, lambda row: (row.code,))


async def draw_pareto(session: AsyncSession, by: By, from_: date | None, to: date | None) -> ParetoOut:
    """Scrapped pieces of the business dates ``from_`` … ``to``, both included, by defect, item or machine."""
    period = split_period(from_, to)
    key = "machine" if by is By.MACHINE else "item"
    output = _sums(period, OutputCount, OutputMonth, key, "good", "scrap")
    rows = (await session.execute(output)).all()
    scrapped = sum((scrap for _, _, scrap in rows), ZERO)
    processed = sum((good + scrap for _, good, scrap in rows), ZERO)
    if by is By.DEFECT:
        by_defect = _sums(period, DefectCount, DefectMonth, "defect", "quantity")
        bars = pareto((await session.execute(by_defect)), processed)
    else:
        bars = pareto(((key, scrap) for key, _, scrap in rows), {key: good + scrap for key, good, scrap in rows})
    shown = bars[:MOST_BARS]
    keys = [bar.key for bar in shown]
    names = await _names(session, by, keys)
    pictures = await _pictures(session, keys) if by is By.DEFECT else {}
    return ParetoOut(
        by=by,
        from_=from_,
        to=to,
        total=scrapped,
        processed=processed,
        ppm=ppm(scrapped, processed),
        items=[BarOut(name=names.get(bar.key), picture_id=pictures.get(bar.key), **vars(bar)) for bar in shown],
    )


def _sums(
    period: Period,
    days: type[DefectCount | OutputCount],
    months: type[DefectMonth | OutputMonth],
    key: str,
    *counts: str,
) -> Select[Any]:
    """The counts of a period by ``key``: whole months by their sums, the days before and after them by their own."""
    by_day, by_month = ([getattr(table, name) for name in (key, *counts)] for table in (days, months))
    parts = [select(*by_day).where(col(days.business_date).between(*span)) for span in period.days]
    parts += [select(*by_month).where(col(months.month).between(*span)) for span in period.months]
    rows = union_all(*parts).subquery()
    return select(rows.c[key], *(func.sum(rows.c[count]) for count in counts)).group_by(rows.c[key])


async def _names(session: AsyncSession, by: By, keys: Sequence[str]) -> dict[str, dict[str, str]]:
    table = NAMED[by]
    found = await session.execute(select(table.code, table.name).where(col(table.code).in_(keys)))
    return dict(found.all())


async def _pictures(session: AsyncSession, keys: Sequence[str]) -> dict[str, UUID | None]:
    found = await session.execute(select(Defect.code, Defect.picture_id).where(col(Defect.code).in_(keys)))
    return dict(found.all())
