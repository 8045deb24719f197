"""Reads of master data."""

from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.orders.definitions.domain.validity import CalendarDays
from services.orders.definitions.domain.working_time import WorkingTime
from services.orders.definitions.tables import Calendar, Definition, PersonSkills, Shift, Unit
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import LANGUAGES, Problem
from shared.kit.shop_calendar import ShiftPattern, ShopCalendar, read_earlier
from shared.kit.units import DefinedUnit, Units

D = TypeVar("D", bound=Definition)


async def get_definition(session: AsyncSession, table: type[D], code: str) -> D:
    """The entry with this code, or a 404 problem."""
    row = await session.get(table, code)
    if row is None:
        raise Problem(404, "not_found")
    return row


async def load_units(session: AsyncSession) -> Units:
    """All units; what is in use comes before what was."""
    rows = await session.scalars(select(Unit).order_by(col(Unit.active), col(Unit.code)))
    return Units(DefinedUnit(row.code, row.decimals, tuple(row.aliases)) for row in rows)


async def get_unit(session: AsyncSession, name: str) -> Unit:
    """The unit with this code or alias, or a 404 problem."""
    known = (await load_units(session)).find(name)
    return await get_definition(session, Unit, known.code if known else name)


async def list_all(session: AsyncSession, table: type[D]) -> list[D]:
    """Every entry, by code."""
    return list(await session.scalars(select(table).order_by(col(table.code))))


async def list_definitions(
    session: AsyncSession, table: type[D], q: str | None, cursor: str | None, limit: int
) -> Page[D]:
    """Entries by code; ``q`` is looked for in code and names."""
    statement = select(table).order_by(col(table.code)).limit(limit + 1)
    if q:
        columns = (col(table.code), *(col(table.name)[language].as_string() for language in LANGUAGES))
        statement = statement.where(or_(*(column.icontains(q, autoescape=True) for column in columns)))
    if key := read_cursor(cursor, str):
        statement = statement.where(col(table.code) > key[0])
    return page_of((await session.scalars(statement)).all(), limit, lambda row: (row.code,))


async def list_all_person_skills(session: AsyncSession) -> list[PersonSkills]:
    """Everybody's skills, by person."""
    return list(await session.scalars(select(PersonSkills).order_by(col(PersonSkills.person))))


async def list_person_skills(session: AsyncSession, cursor: str | None, limit: int) -> Page[PersonSkills]:
    """A page of people's skills, by person."""
    statement = select(PersonSkills).order_by(col(PersonSkills.person)).limit(limit + 1)
    if key := read_cursor(cursor, str):
        statement = statement.where(col(PersonSkills.person) > key[0])
    return page_of((await session.scalars(statement)).all(), limit, lambda row: (row.person,))


async def get_person_skills(session: AsyncSession, person: str) -> PersonSkills:
    """A person's skills, or a 404 problem."""
    row = await session.get(PersonSkills, person)
    if row is None:
        raise Problem(404, "not_found")
    return row


async def load_calendar(session: AsyncSession, zone: ZoneInfo) -> ShopCalendar:
    """The shop's calendar, by its shifts and what its calendars say."""
    shifts = await session.scalars(select(Shift).order_by(col(Shift.code)))
    calendars = [days_of(calendar) for calendar in await session.scalars(select(Calendar).order_by(col(Calendar.code)))]
    return ShopCalendar(
        [pattern_of(shift) for shift in shifts],
        {day for calendar in calendars for day in calendar.days_off},
        {key: ends for calendar in calendars for key, ends in calendar.overtime.items()},
        zone,
    )


async def load_working_time(session: AsyncSession, zone: ZoneInfo) -> WorkingTime:
    """The hours in which the shop works, by its calendar."""
    return WorkingTime(await load_calendar(session, zone))


def pattern_of(shift: Shift) -> ShiftPattern:
    """The times of a shift, now and earlier."""
    return ShiftPattern(shift.code, shift.starts, shift.ends, shift.active, read_earlier(shift.earlier))


def days_of(calendar: Calendar) -> CalendarDays:
    """What counts of a calendar."""
    return CalendarDays.counting(**calendar.model_dump(include={"days_off", "overtime", "active", "closed"}))
