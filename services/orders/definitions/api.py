"""Routes of master data."""

from typing import Annotated, Any

from fastapi import Query, Response

from services.orders.definitions import commands, queries
from services.orders.definitions.schemas import (
    AreaIn,
    AreaOut,
    CalendarIn,
    CalendarOut,
    ItemIn,
    ItemOut,
    MachineIn,
    MachineOut,
    PersonSkillsIn,
    PersonSkillsOut,
    ReasonIn,
    ReasonOut,
    ShiftIn,
    ShiftOut,
    SkillIn,
    SkillOut,
    ToolIn,
    ToolOut,
    UnitIn,
    UnitOut,
    WorkCenterIn,
    WorkCenterOut,
)
from services.orders.definitions.tables import (
    Area,
    Calendar,
    Definition,
    Item,
    Machine,
    Reason,
    Shift,
    Skill,
    Tool,
    Unit,
    WorkCenter,
)
from services.orders.permissions import CanDefine, CanRateSkills, CanRead, CanReadOrders, CanReadSkills
from shared.kit.idempotency import Db
from shared.kit.names import Code
from shared.kit.paging import Cursor, IfMatch, Limit, Page, etag
from shared.kit.routing import api_router

router = api_router("orders", "definitions")
Search = Annotated[str | None, Query(max_length=100, description="looked for in code and name")]


def _add_kind(
    path: str,
    noun: str,
    table: type[Definition],
    body: Any,
    out: Any,
    put: Any,
    get: Any = None,
    reader: Any = CanRead,
) -> None:
    """The three routes that every kind of master data has: list, read, create-or-replace by code.

    ``get`` reads an entry where that is more than to look for its code; ``reader`` is the right to read them.
    """

    @router.get(
        f"/{path}",
        name=f"List {noun}s",
        response_model=Page[out],
        description=f"The {noun}s in use and former ones, by code.",
    )
    async def list_definitions(
        actor: reader, db: Db, q: Search = None, cursor: Cursor = None, limit: Limit = 50
    ) -> Any:
        async with db.reading() as session:
            page = await queries.list_definitions(session, table, q, cursor, limit)
        return {"items": page.items, "next_cursor": page.next_cursor}

    @router.get(f"/{path}/{{code}}", name=f"Get {noun}", response_model=out, description=f"One {noun}, with its ETag.")
    async def get_definition(code: str, actor: reader, db: Db, response: Response) -> Any:
        async with db.reading() as session:
            row = await (get(session, code) if get else queries.get_definition(session, table, code))
        response.headers["ETag"] = etag(row.version)
        return row

    @router.put(
        f"/{path}/{{code}}",
        name=f"Put {noun}",
        response_model=out,
        description=f"Create or replace one {noun}; with If-Match only when nobody changed it meanwhile (412).",
    )
    async def put_definition(
        code: Code, body: body, actor: CanDefine, db: Db, response: Response, if_match: IfMatch
    ) -> Any:
        verdict = await db.run(lambda tx: put(tx, code, body, if_match), actor)
        async with db.reading() as session:
            row = await queries.get_definition(session, table, code)
        response.status_code = 201 if verdict == "created" else 200
        response.headers["ETag"] = etag(row.version)
        return row


_add_kind("units", "unit", Unit, UnitIn, UnitOut, commands.put_unit, queries.get_unit, CanReadOrders)


_add_kind("items", "item", Item, ItemIn, ItemOut, commands.put_item, reader=CanReadOrders)


_add_kind("work-centers", "work center", WorkCenter, WorkCenterIn, WorkCenterOut, commands.put_work_center)


_add_kind("machines", "machine", Machine, MachineIn, MachineOut, commands.put_machine)


_add_kind("reasons", "reason", Reason, ReasonIn, ReasonOut, commands.put_reason)


_add_kind("shifts", "shift", Shift, ShiftIn, ShiftOut, commands.put_shift)


_add_kind("areas", "area", Area, AreaIn, AreaOut, commands.put_area)


_add_kind("tools", "tool", Tool, ToolIn, ToolOut, commands.put_tool)


_add_kind("skills", "skill", Skill, SkillIn, SkillOut, commands.put_skill)


_add_kind("calendars", "calendar", Calendar, CalendarIn, CalendarOut, commands.put_calendar)


@router.get("/person-skills")
async def list_person_skills(
    actor: CanReadSkills, db: Db, cursor: Cursor = None, limit: Limit = 50
) -> Page[PersonSkillsOut]:
    """People's skills, by person."""
    async with db.reading() as session:
        page = await queries.list_person_skills(session, cursor, limit)
    return Page(items=[PersonSkillsOut.model_validate(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/person-skills/{person}")
async def get_person_skills(person: str, actor: CanReadSkills, db: Db, response: Response) -> PersonSkillsOut:
    """A person's skills, with their ETag."""
    async with db.reading() as session:
        row = await queries.get_person_skills(session, person)
    response.headers["ETag"] = etag(row.version)
    return PersonSkillsOut.model_validate(row)


@router.put("/person-skills/{person}")
async def put_person_skills(
    person: Code, body: PersonSkillsIn, actor: CanRateSkills, db: Db, response: Response, if_match: IfMatch
) -> PersonSkillsOut:
    """Create or replace a person's skills."""
    verdict = await db.run(lambda tx: commands.put_person_skills(tx, person, body, if_match), actor)
    async with db.reading() as session:
        row = await queries.get_person_skills(session, person)
    response.status_code = 201 if verdict == "created" else 200
    response.headers["ETag"] = etag(row.version)
    return PersonSkillsOut.model_validate(row)
