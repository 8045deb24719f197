"""Routes of demand."""

from services.orders.demand import commands, queries
from services.orders.demand.schemas import DemandIn, DemandOut, PegsOut, PreviewOut
from services.orders.permissions import CanPlan, CanRead
from shared.kit.idempotency import Db, Once
from shared.kit.routing import api_router

router = api_router("orders", "demand", "/demand")


@router.post("/preview")
async def preview_demand(body: DemandIn, actor: CanPlan, db: Db) -> PreviewOut:
    """The orders that would be made for a demand, what is on order already, and what is bought; nothing is changed."""
    now = db.clock()
    async with db.reading() as session:
        return queries.show_plan(await queries.make_plan(session, body, now, db.zone), now)


@router.get("/orders/{work_order}")
async def get_pegs(work_order: str, actor: CanRead, db: Db) -> PegsOut:
    """The orders that an order is made for, those made for it, and what they lack."""
    async with db.reading() as session:
        return await queries.get_pegs(session, work_order)


@router.post("", status_code=201)
async def create_orders(body: DemandIn, once: Once, actor: CanPlan) -> DemandOut:
    """Make the orders that the preview shows: a parent, and the orders that its made parts still need."""
    return await once.run(DemandOut, body, lambda tx: commands.create_orders(tx, body))
