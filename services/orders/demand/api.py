"""Routes of demand."""

from fastapi import APIRouter, Request

from services.orders.demand import commands, queries
from services.orders.demand.schemas import DemandIn, DemandOut, PegsOut, PreviewOut
from services.orders.permissions import CanPlan, CanRead
from services.orders.work_orders.commands.release import Rules
from shared.kit.idempotency import Db, Once

router = APIRouter(tags=["demand"], prefix="/demand")


@router.post("/preview")
async def preview_demand(body: DemandIn, actor: CanPlan, db: Db) -> PreviewOut:
    """What orders would be made for a demand, what is on order already, and what is bought; nothing is changed."""
    now = db.clock()
    async with db.reading() as session:
        return queries.show_plan(await queries.make_plan(session, body, now, db.zone), now)


@router.get("/orders/{reference}")
async def get_pegs(reference: str, actor: CanRead, db: Db) -> PegsOut:
    """Whom an order is made for, what is made for it, and what is too little."""
    async with db.reading() as session:
        return await queries.get_pegs(session, reference)


@router.post("", status_code=201)
async def create_orders(body: DemandIn, request: Request, once: Once, actor: CanPlan) -> DemandOut:
    """Make the orders that the preview shows: a parent, and for each of its made parts the orders that it still needs."""
    rules = Rules(request.app.state.settings)
    return await once.run(DemandOut, body, lambda tx: commands.create_orders(tx, rules, body))
