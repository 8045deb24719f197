"""Changes of master data: create-or-replace by code, with an event when something changed."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeVar

from sqlalchemy import text

from services.orders.definitions.domain.validity import (
    CalendarDays,
    closed_days,
    first_day_of,
    first_open_day,
    revised,
    written_earlier,
)
from services.orders.definitions.events import (
    calendar_defined,
    item_defined,
    machine_defined,
    reason_defined,
    shift_defined,
    unit_defined,
    work_center_defined,
)
from services.orders.definitions.queries import days_of, list_all, load_calendar, load_units, pattern_of
from services.orders.definitions.schemas import (
    AreaIn,
    CalendarIn,
    ItemIn,
    MachineIn,
    PersonSkillsIn,
    ReasonIn,
    ShiftIn,
    SkillIn,
    ToolIn,
    UnitIn,
    WorkCenterIn,
)
from services.orders.definitions.tables import (
    Area,
    Calendar,
    Definition,
    Item,
    Machine,
    PersonSkills,
    Reason,
    Shift,
    Skill,
    Tool,
    Unit,
    WorkCenter,
)
from shared.contracts.event import Event
from shared.kit.audit import differences, first_entry_at
from shared.kit.database import Transaction
from shared.kit.media.queries import require_picture
from shared.kit.paging import Precondition, check_etag
from shared.kit.problem import unprocessable
from shared.kit.shop_calendar import ShiftTimes, ShopCalendar
from shared.kit.units import DefinedUnit, Units, fits
from shared.kit.units_given import no_such_parts, require_quantity

D = TypeVar("D", bound=Definition)
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(1970170228)")
"""Two units that are put at the same time could take one name."""
PutOutcome = Literal["created", "updated", "unchanged"]
ACTIONS: Mapping[PutOutcome, str] = {"created": "create", "updated": "update"}
"""The action in the audit trail."""


async def put_unit(tx: Transaction, code: str, body: UnitIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace a unit; 422 when one of its names is another unit's that is in use."""
    await tx.session.execute(ONE_AT_A_TIME)
    others = Units(
        DefinedUnit(row.code, row.decimals, tuple(row.aliases))
        for row in await list_all(tx.session, Unit)
        if row.active and row.code != code
    )
    for field, name in (("code", code), *((f"aliases.{index}", alias) for index, alias in enumerate(body.aliases))):
        if body.active and (other := others.find(name)):
            raise unprocessable(field, "unit_taken", value=name, unit=other.code)
    outcome = await _put(tx, Unit, code, body.model_dump(), if_match, unit_defined)
    await tx.flush()
    tx.known.pop((Units, None), None)
    return outcome


async def present_units(tx: Transaction) -> Units:
    """All units, read once in a transaction."""
    if (Units, None) not in tx.known:
        tx.known[Units, None] = await load_units(tx.session)
    known: Units = tx.known[Units, None]
    return known


async def item_quantity(
    tx: Transaction,
    item: Item,
    quantity: Decimal | Fraction,
    unit: str | None = None,
    field: str = "quantity",
    unit_field: str = "unit",
) -> Decimal:
    """The quantity in the item's stock unit; a 422 problem when that has no such parts or does not convert."""
    return require_quantity(await present_units(tx), item.stock_unit, quantity, unit, field, unit_field)


async def put_item(tx: Transaction, code: str, body: ItemIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace an item; its picture must be known, and its quantities such as its unit has."""
    await require_picture(tx.session, body.picture_id)
    check_item_units(await present_units(tx), body)
    return await _put(
        tx,
        Item,
        code,
        body.model_dump() | {"kind": body.kind.value, "supply": body.supply and body.supply.value},
        if_match,
        item_defined,
    )


def check_item_units(known: Units, body: ItemIn) -> None:
    """A 422 problem for a unit converted twice under two names, or a quantity of which its unit has no such parts."""
    names = [body.unit, *(conversion.unit for conversion in body.unit_conversions)]
    for index, name in enumerate(names):
        if any(known.same(name, other) for other in names[:index]):
            raise unprocessable(f"unit_conversions.{index - 1}.unit", "unit_twice")
    decimals = known.decimals(body.unit)
    sizes = body.lot_size.model_dump() if body.lot_size else {}
    for field, quantity in (("box_quantity", body.box_quantity), *((f"lot_size.{k}", v) for k, v in sizes.items())):
        if quantity is not None and not fits(Decimal(quantity), decimals):
            raise no_such_parts(field, Decimal(quantity), body.unit, decimals)


async def put_work_center(
    tx: Transaction, code: str, body: WorkCenterIn, if_match: Precondition | None = None
) -> PutOutcome:
    """Create or replace a work center; its area must be known."""
    if body.area is not None:
        await require(tx, Area, body.area, "area")
    return await _put(
        tx,
        WorkCenter,
        code,
        body.model_dump(),
        if_match,
        work_center_defined,
    )


async def put_machine(tx: Transaction, code: str, body: MachineIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace a machine; its work center must be known."""
    await require(tx, WorkCenter, body.work_center, "work_center")
    return await _put(
        tx,
        Machine,
        code,
        body.model_dump(),
        if_match,
        machine_defined,
    )


async def put_reason(tx: Transaction, code: str, body: ReasonIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace a reason."""
    return await _put(
        tx,
        Reason,
        code,
        body.model_dump() | {"kind": body.kind.value},
        if_match,
        reason_defined,
    )


async def put_shift(tx: Transaction, code: str, body: ShiftIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace a shift; new times are valid from a day on, and what is closed stays as it is.

    A 422 problem for a day that is closed.
    """
    values = body.model_dump(exclude={"valid_from"})
    times = ShiftTimes(body.starts, body.ends, body.active)
    row = await tx.lock(Shift, code)
    before = pattern_of(row) if row else None
    if before is None or body.valid_from or times != ShiftTimes(before.starts, before.ends, before.active):
        calendar = await load_calendar(tx.session, tx.zone)
        first_open = await _first_open_day(tx, calendar)
        if body.valid_from and first_open and body.valid_from < first_open:
            raise unprocessable("valid_from", "day_closed", day=first_open.isoformat())
        valid_from = body.valid_from
        if valid_from is None and (before or first_open):
            valid_from = first_day_of(calendar, code, times, tx.now)
        values["earlier"] = written_earlier(revised(before, code, times, valid_from))
    return await _put(tx, Shift, code, values, if_match, shift_defined)


async def _first_open_day(tx: Transaction, calendar: ShopCalendar) -> date | None:
    return first_open_day(calendar, tx.now, await first_entry_at(tx.session))


async def _put(
    tx: Transaction,
    table: type[D],
    code: str,
    values: dict[str, Any],
    if_match: Precondition | None,
    event: Callable[[D], Event] | None = None,
) -> PutOutcome:
    row = await tx.lock(table, code)
    check_etag(if_match, row.version if row else 0)
    changes = differences({name: getattr(row, name) for name in values} if row else {}, values)
    outcome: PutOutcome = "updated"
    if row is None:
        row = table(code=code, version=1, updated_at=tx.now, **values)
        tx.add(row, code)
        outcome = "created"
    elif not changes:
        return "unchanged"
    else:
        changed = {name: after for name, _, after in changes}
        row.sqlmodel_update(changed | {"version": row.version + 1, "updated_at": tx.now})
    if event:
        tx.record(event(row), aggregate=table.subject_of(code), version=row.version)
    tx.audit(ACTIONS[outcome], table.subject_of(code), changes)
    return outcome


async def put_area(tx: Transaction, code: str, body: AreaIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace an area."""
    return await _put(tx, Area, code, body.model_dump(), if_match)


async def put_tool(tx: Transaction, code: str, body: ToolIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace a tool."""
    return await _put(tx, Tool, code, body.model_dump() | {"kind": body.kind.value}, if_match)


async def put_skill(tx: Transaction, code: str, body: SkillIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace a skill."""
    return await _put(tx, Skill, code, body.model_dump(), if_match)


async def put_calendar(
    tx: Transaction, code: str, body: CalendarIn, if_match: Precondition | None = None
) -> PutOutcome:
    """Create or replace a calendar; a day is off once, and a shift's overtime is there once a day.

    Days that are closed stay as they are.
    """
    days, shifts = set(), set()
    for index, day in enumerate(body.days_off):
        if day.date in days:
            raise unprocessable(f"days_off.{index}.date", "date_twice")
        days.add(day.date)
    for index, overtime in enumerate(body.overtime):
        if (overtime.date, overtime.shift) in shifts:
            raise unprocessable(f"overtime.{index}.date", "date_twice")
        shifts.add((overtime.date, overtime.shift))
        await require(tx, Shift, overtime.shift, f"overtime.{index}.shift")
    values = body.model_dump(mode="json")
    row = await tx.lock(Calendar, code)
    if row is None or any(getattr(row, name) != value for name, value in values.items()):
        before = days_of(row) if row else CalendarDays()
        after = CalendarDays.read(values["days_off"], values["overtime"]) if body.active else CalendarDays()
        first_open = await _first_open_day(tx, await load_calendar(tx.session, tx.zone))
        values["closed"] = closed_days(before, after, first_open)
    return await _put(tx, Calendar, code, values, if_match, calendar_defined)


async def put_person_skills(
    tx: Transaction, person: str, body: PersonSkillsIn, if_match: Precondition | None = None
) -> PutOutcome:
    """Create or replace a person's skills; each skill must be known, and is there once."""
    seen = set()
    for index, rated in enumerate(body.skills):
        if rated.skill in seen:
            raise unprocessable(f"skills.{index}.skill", "skill_twice")
        seen.add(rated.skill)
        await require(tx, Skill, rated.skill, f"skills.{index}.skill")
    row = await tx.session.get(PersonSkills, person, with_for_update=True)
    check_etag(if_match, row.version if row else 0)
    before = {entry["skill"]: entry["level"] for entry in row.skills} if row else {}
    changes = differences(before, {rated.skill: rated.level for rated in body.skills})
    outcome: PutOutcome = "updated" if row else "created"
    if row and not changes:
        return "unchanged"
    skills = [rated.model_dump() for rated in body.skills]
    if row is None:
        tx.session.add(PersonSkills(person=person, skills=skills, updated_at=tx.now))
    else:
        row.sqlmodel_update({"skills": skills, "version": row.version + 1, "updated_at": tx.now})
    await tx.session.flush()
    tx.audit(ACTIONS[outcome], PersonSkills.subject_of(person), changes)
    return outcome


async def require(tx: Transaction, table: type[D], code: str, field: str) -> D:
    """The entry with this code; a 422 problem about ``field`` when it is unknown or no longer active."""
    row = await tx.find(table, code)
    if row is None or not row.active:
        raise unprocessable(field, "unknown_reference", value=code)
    return row
