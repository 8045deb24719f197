"""Routes of the ERP's orders."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from services.erp_bridge.inbound import commands, queries
from services.erp_bridge.inbound.domain import Source
from services.erp_bridge.inbound.importing import NAME, erp_orders
from services.erp_bridge.inbound.schemas import ErpOrderIn, ErpOrderOut
from shared.kit.auth import EVERYBODY, Actor, allow
from shared.kit.idempotency import Db
from shared.kit.importing import FILE_LIMIT, ImportReport, Upload, read_upload, run_import
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.problem import Problem, unprocessable

router = APIRouter(tags=["orders from the ERP"])
Reader = Annotated[Actor, Depends(allow(*EVERYBODY))]
Sender = Annotated[Actor, Depends(allow("planner", "admin", "erp"))]
PATIENCE_S = 1.0
"""How long an unknown item is waited for: its event may be on its way."""


@router.post(
    "/orders",
    responses={201: {"description": "taken in"}, 409: {"description": "changed after its release: a planner decides"}},
)
async def receive_order(body: ErpOrderIn, actor: Sender, db: Db, response: Response) -> ErpOrderOut:
    """Take an order in, once for its ``external_id``: 201 the first time, 200 the same again or changed before its release.

    Changed after its release: 409 with the difference, which becomes a change request that a planner applies or refuses.
    """

    async def look() -> bool:
        async with db.reading() as session:
            return await queries.is_item_known(session, body.item)

    await queries.wait_until(look, PATIENCE_S)
    try:
        verdict, order = await db.run(lambda tx: commands.receive_order(tx, body, Source.HTTP), actor)
    except Problem as problem:
        if problem.code == "order_released":
            await db.run(lambda tx: commands.ask_for_change(tx, body), actor)
        raise
    response.status_code = 201 if verdict == "created" else 200
    async with db.reading() as session:
        return (await queries.describe_orders(session, [order]))[0]


@router.get("/orders")
async def list_orders(
    actor: Reader,
    db: Db,
    state: Annotated[str | None, Query(description="one state or several, separated by commas")] = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ErpOrderOut]:
    """Orders, the last received first."""
    async with db.reading() as session:
        return await queries.list_orders(session, state, q, cursor, limit)


@router.post("/imports", max_body_size=FILE_LIMIT)
async def import_orders(
    request: Request,
    actor: Sender,
    db: Db,
    upload: Annotated[Upload, Depends(read_upload)],
    kind: Annotated[str, Form()] = NAME,
) -> ImportReport:
    """Import the ERP's export, CSV or XLSX: a verdict for each row; good rows are taken in, the others say why not."""
    if kind != NAME:
        raise unprocessable("kind", "choice_invalid", expected=NAME)
    late: list[ErpOrderIn] = []
    kind_of_rows = erp_orders(ZoneInfo(request.app.state.settings.time_zone), PATIENCE_S, late)
    report = await run_import(request, kind_of_rows, upload)
    for order in [] if upload.dry_run else late:
        await db.run(lambda tx, wanted=order: commands.ask_for_change(tx, wanted), actor)  # type: ignore[misc]
    return report
