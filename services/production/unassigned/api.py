"""Routes of unassigned production."""

from uuid import UUID

from services.production.permissions import CanAssignProduction, CanRead, CanReportUnassigned
from services.production.unassigned import commands, queries
from services.production.unassigned.domain import UnassignedState
from services.production.unassigned.schemas import (
    AssignUnassignedIn,
    DismissUnassignedIn,
    UnassignedIn,
    UnassignedOut,
)
from shared.kit.idempotency import Db, Once
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.routing import api_router

router = api_router("production", "unassigned production")


@router.post("/machines/{machine}/unassigned", status_code=201)
async def report_unassigned(machine: str, body: UnassignedIn, once: Once, actor: CanReportUnassigned) -> UnassignedOut:
    """Report pieces that were made without an order: a leader assigns them later."""
    return await once.run(UnassignedOut, body, lambda tx: commands.report_unassigned(tx, machine, body))


@router.get("/unassigned")
async def list_unassigned(
    actor: CanRead,
    db: Db,
    state: UnassignedState | None = None,
    machine: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[UnassignedOut]:
    """Pieces made without an order: open ones in the order in which they came, otherwise the newest first."""
    async with db.reading() as session:
        return await queries.list_unassigned(session, state, machine, cursor, limit)


@router.post("/unassigned/{unassigned}/assign")
async def assign_unassigned(
    unassigned: UUID, body: AssignUnassignedIn, once: Once, actor: CanAssignProduction
) -> UnassignedOut:
    """Assign the pieces to a job: they become a result with the time at which they were made."""
    return await once.run(UnassignedOut, body, lambda tx: commands.assign_unassigned(tx, unassigned, body.job_id))


@router.post("/unassigned/{unassigned}/dismiss")
async def dismiss_unassigned(
    unassigned: UUID, body: DismissUnassignedIn, once: Once, actor: CanAssignProduction
) -> UnassignedOut:
    """Dismiss the pieces: they belong to no order."""
    return await once.run(UnassignedOut, body, lambda tx: commands.dismiss_unassigned(tx, unassigned, body.reason))
