"""Reads of units, items, reasons, shifts and defects."""

from collections.abc import Iterable
from datetime import date, time
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, exists, or_, select

from services.production.definitions.schemas import ReasonOut
from services.production.definitions.tables import Calendar, Defect, Item, Reason, Shift, Unit
from shared.kit.shop_calendar import ShiftPattern, ShopCalendar, read_earlier
from shared.kit.units import DefinedUnit, Units

STOPS = ("planned", "setup", "unplanned")
"""Kinds of reasons for which a machine stops or is set up."""


async def load_units(session: AsyncSession) -> Units:
    """All units; what is in use comes before what was."""
    rows = await session.scalars(select(Unit).order_by(col(Unit.active), Unit.code))
    return Units(DefinedUnit(row.code, row.decimals, tuple(row.aliases)) for row in rows)


async def find_item(session: AsyncSession, code: str) -> Item | None:
    """The item, if it is known here."""
    return await session.get(Item, code)


async def can_receive(session: AsyncSession, code: str, unit: str | None) -> bool:
    """True when the item is known here, and converts from that unit."""
    item = await find_item(session, code)
    if item is None or unit is None:
        return item is not None
    return (await load_units(session)).factor(unit, item.stock_unit) is not None


async def items_by_code(session: AsyncSession, codes: Iterable[str]) -> dict[str, Item]:
    """The items by code."""
    return {item.code: item for item in await session.scalars(select(Item).where(col(Item.code).in_(set(codes))))}


async def is_any_tracked(session: AsyncSession, codes: Iterable[str]) -> bool:
    """True when lots or serial numbers of any of the items are followed."""
    tracked = or_(col(Item.lot_tracked), col(Item.serial_tracked))
    return bool(await session.scalar(select(exists().where(col(Item.code).in_(set(codes)), tracked))))


async def list_reasons(session: AsyncSession) -> list[ReasonOut]:
    """Reasons for a stop or a set-up, by kind and code."""
    statement = select(Reason).where(Reason.active, col(Reason.kind).in_(STOPS)).order_by(Reason.kind, Reason.code)
    return [_reason_out(reason) for reason in await session.scalars(statement)]


async def reasons_by_code(session: AsyncSession) -> dict[str, ReasonOut]:
    """All reasons that there are or were."""
    return {reason.code: _reason_out(reason) for reason in await session.scalars(select(Reason))}


def _reason_out(reason: Reason) -> ReasonOut:
    return ReasonOut(code=reason.code, name=reason.name, kind=reason.kind)


async def shop_calendar(session: AsyncSession, zone: ZoneInfo) -> ShopCalendar:
    """The shop's calendar: its shifts, days off and overtime."""
    shifts = await session.scalars(select(Shift).order_by(Shift.code))
    calendars = (await session.scalars(select(Calendar).order_by(Calendar.code))).all()
    return ShopCalendar(
        [ShiftPattern(one.code, one.starts, one.ends, one.active, read_earlier(one.earlier)) for one in shifts],
        {date.fromisoformat(day) for calendar in calendars for day in calendar.days_off},
        {
            (date.fromisoformat(entry["date"]), entry["shift"]): time.fromisoformat(entry["ends"])
            for calendar in calendars
            for entry in calendar.overtime
        },
        zone,
    )


async def shift_names(session: AsyncSession) -> dict[str, dict[str, str]]:
    """The names of all shifts that there are or were, by code."""
    return dict((await session.execute(select(Shift.code, Shift.name))).all())


async def known_defects(session: AsyncSession, codes: Iterable[str]) -> set[str]:
    """Those of the codes that a defect has or had."""
    return set(await session.scalars(select(Defect.code).where(col(Defect.code).in_(set(codes)))))
