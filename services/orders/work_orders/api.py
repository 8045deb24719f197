"""Routes of work orders."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from services.orders.definitions.queries import load_units
from services.orders.permissions import (
    CanPlan,
    CanRead,
    CanReadOrders,
    CanReadReports,
    CanReadRevisions,
    CanReopenOrders,
)
from services.orders.settings import OrdersSettings
from services.orders.work_orders.commands import amend, create, move, release, split_merge
from services.orders.work_orders.domain.states import Tolerances, WorkOrderCommand
from services.orders.work_orders.queries import history, order_list, orders, reconciliation, standings, traveller
from services.orders.work_orders.queries.instruction_uses import find_instruction_uses
from services.orders.work_orders.schemas import (
    CommandIn,
    DraftPatch,
    HistoryOut,
    InstructionUsesOut,
    MergeIn,
    OrdersOut,
    ReconciliationOut,
    SplitIn,
    StandingOut,
    TolerancesOut,
    TravellerOut,
    WorkOrderIn,
    WorkOrderOut,
)
from shared.kit.idempotency import Db, Once
from shared.kit.moments import Moment
from shared.kit.openapi.refusals import refuses
from shared.kit.paging import Cursor, IfMatch, Limit, Page, Short, etag
from shared.kit.routing import api_router

router = api_router("orders", "work orders", "/work-orders")
instruction_uses = api_router("orders", "instructions", "/instructions")


def _shop_tolerances(request: Request) -> Tolerances:
    settings: OrdersSettings = request.app.state.settings
    return Tolerances(settings.over_tolerance_pct, settings.under_tolerance_pct)


ShopTolerances = Annotated[Tolerances, Depends(_shop_tolerances)]


@router.post("", status_code=201)
async def create_work_order(body: WorkOrderIn, once: Once, actor: CanPlan) -> WorkOrderOut:
    """Create a draft."""
    return await once.run(WorkOrderOut, body, lambda tx: create.create_work_order(tx, body))


@router.get("", response_model=Page[WorkOrderOut])
async def list_work_orders(
    actor: CanReadOrders,
    db: Db,
    state: Annotated[str | None, Query(description="one state or several, separated by commas")] = None,
    id: Annotated[  # noqa: A002  the field's name
        str | None, Query(max_length=8000, description="one id or several, separated by commas")
    ] = None,
    item: str | None = None,
    customer: str | None = None,
    parent: Annotated[UUID | None, Query(description="orders made for this one")] = None,
    split_from: Annotated[UUID | None, Query(description="orders split off this one")] = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
    due_before: Moment | None = None,
    late: Annotated[bool | None, Query(description="open and past the due date")] = None,
    at_risk: Annotated[bool | None, Query(description="open, not late yet, and expected after the due date")] = None,
    sort: Annotated[str, Query(max_length=20, description="a field; with - before it, the greatest first")] = "due_at",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Orders by due date, unless ``sort`` says otherwise."""
    filters = order_list.OrderFilter(state, id, item, customer, parent, split_from, q, due_before, late, at_risk, sort)
    async with db.reading() as session:
        page = await order_list.list_work_orders(session, filters, cursor, limit, db.clock(), db.zone)
    return Response(page, media_type="application/json")


@router.get("/counts")
async def count_work_orders(actor: CanRead, db: Db) -> dict[str, int]:
    """The number of orders in each state."""
    async with db.reading() as session:
        return await orders.count_work_orders(session)


@router.get("/standings")
async def list_standings(
    actor: CanReadOrders,
    db: Db,
    paging: Short,
    id: Annotated[  # noqa: A002  the field's name
        str | None, Query(max_length=8000, description="of these orders, separated by commas")
    ] = None,
) -> Page[StandingOut]:
    """The open orders that are late, or will be by standard times; with ``id`` those orders, late or not."""
    ids = None if id is None else order_list.parse_ids(id)
    async with db.reading() as session:
        return paging.page(await standings.list_standings(session, ids, db.clock(), db.zone))


@router.get("/tolerances")
async def get_tolerances(actor: CanRead, shop: ShopTolerances, db: Db) -> TolerancesOut:
    """The shop's tolerances, for orders without their own."""
    async with db.reading() as session:
        units = await load_units(session)
    return TolerancesOut(
        over_tolerance_pct=shop.over_tolerance_pct,
        under_tolerance_pct=shop.under_tolerance_pct,
        counted_units=units.counted,
    )


@router.post("/merge")
async def merge_work_orders(body: MergeIn, once: Once, actor: CanPlan) -> WorkOrderOut:
    """Make one of orders of an item that are not released; the first one stays, the others are cancelled."""
    return await once.run(WorkOrderOut, body, lambda tx: split_merge.merge_work_orders(tx, body))


@router.get("/{work_order}")
async def get_work_order(work_order: str, actor: CanReadOrders, db: Db, response: Response) -> WorkOrderOut:
    """One order by id or number."""
    async with db.reading() as session:
        order = await orders.get_work_order(session, work_order, db.zone)
    response.headers["ETag"] = etag(order.version)
    return order


@router.patch("/{work_order}", responses=refuses(409))
async def edit_work_order(
    work_order: UUID,
    body: DraftPatch,
    db: Db,
    actor: CanPlan,
    response: Response,
    if_match: IfMatch,
) -> WorkOrderOut:
    """Change an order that is not released; a released one is changed by a change request."""
    order = await db.run(lambda tx: amend.edit_work_order(tx, work_order, body, if_match), actor)
    response.headers["ETag"] = etag(order.version)
    return order


@router.get("/{work_order}/history")
async def list_history(
    work_order: str, actor: CanReadReports, db: Db, cursor: Cursor = None, limit: Limit = 50
) -> Page[HistoryOut]:
    """The changes of an order and the milestones of its operations, newest first."""
    async with db.reading() as session:
        return await history.list_history(session, db.people, work_order, cursor, limit)


@router.get("/{work_order}/reconciliation")
async def get_reconciliation(work_order: str, actor: CanReadOrders, db: Db) -> ReconciliationOut:
    """The balance of an order's pieces; of a closed order as it was stored last, with all that was stored before."""
    async with db.reading() as session:
        return await reconciliation.get_reconciliation(session, work_order)


@router.get("/{work_order}/traveller")
async def get_traveller(work_order: str, actor: CanRead, db: Db) -> TravellerOut:
    """The traveller that is printed for the floor, with QR codes of the order and of each operation."""
    async with db.reading() as session:
        return await traveller.get_traveller(session, work_order, db.zone)


@router.post("/{work_order}/split")
async def split_work_order(work_order: UUID, body: SplitIn, once: Once, actor: CanPlan) -> OrdersOut:
    """Split an open order; the first quantity and all that was reported stay with it, the others become orders."""
    return await once.run(OrdersOut, body, lambda tx: split_merge.split_work_order(tx, work_order, body))


@router.post("/{work_order}/release")
async def release_work_order(work_order: UUID, once: Once, shop: ShopTolerances, actor: CanPlan) -> WorkOrderOut:
    """Release to the floor with a frozen snapshot; 422 lists what is missing."""
    return await once.run(WorkOrderOut, None, lambda tx: release.release_work_order(tx, shop, work_order))


def _add_command(command: WorkOrderCommand, summary: str) -> None:
    @router.post(f"/{{work_order}}/{command.value}", name=f"{command.value.title()} work order", description=summary)
    async def move_work_order(
        work_order: UUID, once: Once, actor: CanPlan, body: CommandIn | None = None
    ) -> WorkOrderOut:
        reason = body.reason if body else None
        return await once.run(WorkOrderOut, body, lambda tx: move.move_work_order(tx, work_order, command, reason))


_add_command(WorkOrderCommand.PLAN, "Plan a draft.")


_add_command(WorkOrderCommand.HOLD, "Hold a released order, with a reason.")


_add_command(WorkOrderCommand.RESUME, "Resume a held order where it was.")


_add_command(WorkOrderCommand.CANCEL, "Cancel an open order, with a reason; what was made on it stays counted.")


_add_command(WorkOrderCommand.CLOSE, "Close a completed order, and store where its pieces are.")


@router.post("/{work_order}/reopen")
async def reopen_work_order(
    work_order: UUID, once: Once, actor: CanReopenOrders, body: CommandIn | None = None
) -> WorkOrderOut:
    """Take a close back, or a cancellation of a released order, with a reason.

    A closed order is completed again, and reconciled anew by its next close; a cancelled one goes back to the floor.
    """
    reopen = WorkOrderCommand.REOPEN
    reason = body.reason if body else None
    return await once.run(WorkOrderOut, body, lambda tx: move.move_work_order(tx, work_order, reopen, reason))


@instruction_uses.get("/{code}/uses")
async def find_uses(code: str, actor: CanReadRevisions, db: Db) -> InstructionUsesOut:
    """The operations that name the instruction, and the open orders that run on a revision of it."""
    async with db.reading() as session:
        return await find_instruction_uses(session, code, db.today)
