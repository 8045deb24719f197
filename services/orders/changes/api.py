"""Routes of change requests."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.orders.changes import queries
from services.orders.changes.commands import requests
from services.orders.changes.schemas import ApplyIn, ChangeIn, ChangeOut, RefuseIn
from services.orders.permissions import CanDecideChanges, CanProposeChanges, CanRead
from services.orders.work_orders.api import ShopTolerances
from shared.kit.clock import utc_now
from shared.kit.idempotency import Db, Once
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.routing import api_router

router = api_router("orders", "change requests")


@router.post("/work-orders/{work_order}/changes", status_code=201)
async def ask_for_change(
    work_order: UUID, body: ChangeIn, once: Once, shop: ShopTolerances, actor: CanProposeChanges
) -> ChangeOut:
    """Propose a change of a released order; nothing changes until a planner applies it."""
    return await once.run(ChangeOut, body, lambda tx: requests.propose_change(tx, shop, work_order, body))


@router.get("/work-orders/{work_order}/changes")
async def list_changes_of_order(
    work_order: str, actor: CanRead, db: Db, cursor: Cursor = None, limit: Limit = 50
) -> Page[ChangeOut]:
    """The changes of one order, the newest first."""
    async with db.reading() as session:
        return await queries.list_changes(session, work_order, None, cursor, limit, utc_now())


@router.get("/changes")
async def list_changes(
    actor: CanRead,
    db: Db,
    state: Annotated[str | None, Query(description="proposed, applied or refused")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ChangeOut]:
    """The changes of all orders, the newest first."""
    async with db.reading() as session:
        return await queries.list_changes(session, None, state, cursor, limit, utc_now())


@router.get("/changes/{change}")
async def get_change(change: UUID, actor: CanRead, db: Db) -> ChangeOut:
    """One change."""
    async with db.reading() as session:
        return await queries.get_change(session, change, utc_now())


@router.post("/changes/{change}/apply")
async def apply_change(change: UUID, once: Once, actor: CanDecideChanges, body: ApplyIn | None = None) -> ChangeOut:
    """Change the order; 409 ``change_unconfirmed`` with ``warnings`` until ``confirmed`` names them all."""
    decision = body or ApplyIn()
    return await once.run(ChangeOut, decision, lambda tx: requests.apply_change(tx, change, decision))


@router.post("/changes/{change}/refuse")
async def refuse_change(change: UUID, once: Once, actor: CanDecideChanges, body: RefuseIn | None = None) -> ChangeOut:
    """Leave the order as it is; the ERP that asked gets the refusal."""
    decision = body or RefuseIn()
    return await once.run(ChangeOut, decision, lambda tx: requests.refuse_change(tx, change, decision.reason))
