"""Changes of master data: create-or-replace by code, with an event when something changed."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from services.orders.definitions.events import (
    item_defined,
    machine_defined,
    reason_defined,
    shift_defined,
    work_center_defined,
)
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
    WorkCenter,
)
from shared.contracts.event import Event
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.media.queries import require_picture
from shared.kit.paging import Precondition, check_etag
from shared.kit.problem import unprocessable

D = TypeVar("D", bound=Definition)
PutOutcome = Literal["created", "updated", "unchanged"]
ACTIONS: Mapping[PutOutcome, str] = {"created": "create", "updated": "update"}
"""The action in the audit trail."""


async def put_item(tx: Transaction, code: str, body: ItemIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create or replace an item; its picture must be known."""
    await require_picture(tx.session, body.picture_id)
    return await _put(
        tx,
        Item,
        code,
        body.model_dump() | {"kind": body.kind.value, "supply": body.supply and body.supply.value},
        if_match,
        item_defined,
    )


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
    """Create or replace a shift."""
    return await _put(tx, Shift, code, body.model_dump(), if_match, shift_defined)


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
    """Create or replace a calendar; a day is off once, and a shift's overtime is there once a day."""
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
    return await _put(tx, Calendar, code, body.model_dump(mode="json"), if_match)


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
