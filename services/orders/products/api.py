"""Routes of BOMs and routings."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.orders.permissions import CanDefine, CanRead
from services.orders.products.commands import revise_bom, revise_routing
from services.orders.products.queries import boms, revisions, routings
from services.orders.products.schemas import (
    BomIn,
    BomNodeOut,
    BomOut,
    RevisionsOut,
    RoutingIn,
    RoutingOut,
    WhereUsedOut,
)
from services.orders.products.tables import BomRevision, RoutingRevision
from shared.kit.idempotency import Db
from shared.kit.names import Code
from shared.kit.paging import IfMatch, etag
from shared.kit.routing import api_router

router = api_router("orders", "products")
On = Annotated[date | None, Query(description="the day as of which; today when left out")]
Number = Annotated[int | None, Query(ge=1, le=10**6, description="a revision, whenever it is or was in force")]


@router.get("/boms/{item}")
async def get_bom(
    item: str, actor: CanRead, db: Db, response: Response, on: On = None, revision: Number = None
) -> BomOut:
    """The BOM of an item as of a day, or in one revision, with the ETag of the whole BOM."""
    async with db.reading() as session:
        bom = await boms.get_bom(session, item, on or db.today, revision)
    response.headers["ETag"] = etag(bom.version)
    return bom


@router.put("/boms/{item}")
async def put_bom(item: Code, body: BomIn, actor: CanDefine, db: Db, response: Response, if_match: IfMatch) -> BomOut:
    """Create the BOM of an item or, when something changed, its next revision; the one before ends the day before."""
    verdict = await db.run(lambda tx: revise_bom.put_bom(tx, item, body, if_match), actor)
    async with db.reading() as session:
        bom = await boms.get_bom(session, item, body.effective_from or db.today)
    response.status_code = 201 if verdict == "created" else 200
    response.headers["ETag"] = etag(bom.version)
    return bom


@router.get("/boms/{item}/revisions")
async def list_bom_revisions(item: str, actor: CanRead, db: Db) -> RevisionsOut:
    """All revisions of an item's BOM, newest first."""
    async with db.reading() as session:
        return RevisionsOut(items=await revisions.list_revisions(session, BomRevision, item))


@router.get("/boms/{item}/tree")
async def get_bom_tree(item: str, actor: CanRead, db: Db, on: On = None) -> BomNodeOut:
    """An item and all that is in it, at any depth."""
    async with db.reading() as session:
        return await boms.get_tree(session, item, on or db.today)


@router.get("/items/{item}/where-used")
async def list_uses(item: str, actor: CanRead, db: Db, on: On = None) -> WhereUsedOut:
    """All items that a part goes into, nearest first."""
    async with db.reading() as session:
        return WhereUsedOut(items=await boms.list_uses(session, item, on or db.today))


@router.get("/routings/{item}")
async def get_routing(
    item: str, actor: CanRead, db: Db, response: Response, on: On = None, revision: Number = None
) -> RoutingOut:
    """The routing of an item as of a day, or in one revision, with the ETag of the whole routing."""
    async with db.reading() as session:
        routing = await routings.get_routing(session, item, on or db.today, revision)
    response.headers["ETag"] = etag(routing.version)
    return routing


@router.put("/routings/{item}")
async def put_routing(
    item: Code, body: RoutingIn, actor: CanDefine, db: Db, response: Response, if_match: IfMatch
) -> RoutingOut:
    """Create the routing of an item or its next revision; released orders keep the one they were released with."""
    verdict = await db.run(lambda tx: revise_routing.put_routing(tx, item, body, if_match), actor)
    async with db.reading() as session:
        routing = await routings.get_routing(session, item, body.effective_from or db.today)
    response.status_code = 201 if verdict == "created" else 200
    response.headers["ETag"] = etag(routing.version)
    return routing


@router.get("/routings/{item}/revisions")
async def list_routing_revisions(item: str, actor: CanRead, db: Db) -> RevisionsOut:
    """All revisions of an item's routing, newest first."""
    async with db.reading() as session:
        return RevisionsOut(items=await revisions.list_revisions(session, RoutingRevision, item))
