"""Routes of demand."""

from uuid import UUID

from services.orders.demand import commands
from services.orders.demand.queries import pegs, plans
from services.orders.demand.schemas import DemandIn, DemandOut, PegsOut, PreviewOut, SelectionIn
from services.orders.permissions import CanPlan, CanRead
from services.orders.work_orders.queries.orders import find_work_order
from shared.kit.idempotency import Db, Once
from shared.kit.openapi.refusals import refuses
from shared.kit.routing import api_router

router = api_router("orders", "demand", "/demand")


@router.post("/preview")
async def preview_demand(body: DemandIn, actor: CanPlan, db: Db) -> PreviewOut:
    """The orders that would be made for a demand, what is on order already, and what is bought; nothing is changed."""
    now = db.clock()
    async with db.reading() as session:
        return plans.show_plan(await plans.make_plan(session, body, now, db.zone), now)


@router.post("/parts/preview", responses=refuses(404, 409))
async def preview_parts(body: SelectionIn, actor: CanPlan, db: Db) -> PreviewOut:
    """What some orders take together: the orders that would be made for the parts that nobody makes for them yet, by
    their ``parent``, and the sum of what is bought; nothing is changed.
    """
    now = db.clock()
    async with db.reading() as session:
        orders = await plans.find_orders(session, body.work_order_ids)
        return plans.show_plan(await plans.plan_parts(session, orders, now, db.zone), now)


@router.post("/orders/{work_order}/parts", status_code=201, responses=refuses(409))
async def make_parts(work_order: UUID, once: Once, actor: CanPlan) -> DemandOut:
    """Make the orders for the parts of an order that nobody makes for it yet, as of one that came from the ERP."""
    return await once.run(DemandOut, None, lambda tx: commands.make_parts(tx, work_order))


@router.get("/orders/{work_order}")
async def get_pegs(work_order: str, actor: CanRead, db: Db) -> PegsOut:
    """The orders that an order is made for, those made for it, and what they lack."""
    async with db.reading() as session:
        return await pegs.get_pegs(session, work_order)


@router.get("/orders/{work_order}/missing", responses=refuses(409, 422))
async def preview_missing(work_order: str, actor: CanPlan, db: Db) -> PreviewOut:
    """The orders that would be made for what an order lacks of its parts; nothing is changed."""
    now = db.clock()
    async with db.reading() as session:
        order = await find_work_order(session, work_order)
        return plans.show_plan(await plans.plan_missing(session, order, now, db.zone), now)


@router.post("/orders/{work_order}/missing", status_code=201, responses=refuses(409))
async def cover_missing(work_order: UUID, once: Once, actor: CanPlan) -> DemandOut:
    """Make orders for what an order lacks of its parts: scrapped, closed short or cancelled."""
    return await once.run(DemandOut, None, lambda tx: commands.cover_missing(tx, work_order))


@router.post("", status_code=201)
async def create_orders(body: DemandIn, once: Once, actor: CanPlan) -> DemandOut:
    """Make the orders that the preview shows: a parent, and the orders that its made parts still need."""
    return await once.run(DemandOut, body, lambda tx: commands.create_orders(tx, body))
