"""Routes of master data."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response

from services.orders.definitions import commands, queries
from services.orders.definitions.schemas import (
    ItemIn,
    ItemOut,
    MachineIn,
    MachineOut,
    ReasonIn,
    ReasonOut,
    RoutingIn,
    RoutingOut,
    ShiftIn,
    ShiftOut,
    WorkCenterIn,
    WorkCenterOut,
)
from services.orders.definitions.tables import Definition, Item, Machine, Reason, Shift, WorkCenter
from shared.kit.auth import EVERYBODY, Actor, allow
from shared.kit.idempotency import Db
from shared.kit.names import Code
from shared.kit.paging import Cursor, Limit, Page, etag

router = APIRouter(tags=["definitions"])
Reader = Annotated[Actor, Depends(allow(*EVERYBODY))]
Planner = Annotated[Actor, Depends(allow("planner", "admin"))]
IfMatch = Annotated[str | None, Header()]
Search = Annotated[str | None, Query(max_length=100, description="looked for in code and name")]


def _add_kind(path: str, noun: str, table: type[Definition], body: Any, out: Any, put: Any) -> None:
    """The three routes that every kind of master data has: list, read, create-or-replace by code."""

    @router.get(f"/{path}", name=f"List {noun}s", response_model=Page[out])
    async def list_definitions(
        actor: Reader, db: Db, q: Search = None, cursor: Cursor = None, limit: Limit = 50
    ) -> Any:
        """Entries by code."""
        async with db.reading() as session:
            page = await queries.list_definitions(session, table, q, cursor, limit)
        return {"items": page.items, "next_cursor": page.next_cursor}

    @router.get(f"/{path}/{{code}}", name=f"Get {noun}", response_model=out)
    async def get_definition(code: str, actor: Reader, db: Db, response: Response) -> Any:
        """One entry, with its ETag."""
        async with db.reading() as session:
            row = await queries.get_definition(session, table, code)
        response.headers["ETag"] = etag(row.version)
        return row

    @router.put(f"/{path}/{{code}}", name=f"Put {noun}", response_model=out)
    async def put_definition(
        code: Code, body: body, actor: Planner, db: Db, response: Response, if_match: IfMatch = None
    ) -> Any:
        """Create or replace; with If-Match only when nobody changed it meanwhile (412)."""
        verdict = await db.run(lambda tx: put(tx, code, body, if_match), actor)
        async with db.reading() as session:
            row = await queries.get_definition(session, table, code)
        response.status_code = 201 if verdict == "created" else 200
        response.headers["ETag"] = etag(row.version)
        return row


_add_kind("items", "item", Item, ItemIn, ItemOut, commands.put_item)
_add_kind("work-centers", "work center", WorkCenter, WorkCenterIn, WorkCenterOut, commands.put_work_center)
_add_kind("machines", "machine", Machine, MachineIn, MachineOut, commands.put_machine)
_add_kind("reasons", "reason", Reason, ReasonIn, ReasonOut, commands.put_reason)
_add_kind("shifts", "shift", Shift, ShiftIn, ShiftOut, commands.put_shift)


@router.get("/routings/{item}")
async def get_routing(item: str, actor: Reader, db: Db, response: Response) -> RoutingOut:
    """The routing of an item, with its ETag."""
    async with db.reading() as session:
        routing = await queries.get_routing(session, item)
    response.headers["ETag"] = etag(routing.version)
    return routing


@router.put("/routings/{item}")
async def put_routing(
    item: Code, body: RoutingIn, actor: Planner, db: Db, response: Response, if_match: IfMatch = None
) -> RoutingOut:
    """Create or replace the routing of an item; released orders keep the one they were released with."""
    verdict = await db.run(lambda tx: commands.put_routing(tx, item, body, if_match), actor)
    async with db.reading() as session:
        routing = await queries.get_routing(session, item)
    response.status_code = 201 if verdict == "created" else 200
    response.headers["ETag"] = etag(routing.version)
    return routing
