"""Routes of the ERP's orders."""

import asyncio
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Form, Query, Request, Response

from services.erp_bridge.inbound import queries
from services.erp_bridge.inbound.adapters.template import write_template
from services.erp_bridge.inbound.commands import cancel, receive
from services.erp_bridge.inbound.commands.import_file import NAME, NEEDED, erp_orders
from services.erp_bridge.inbound.domain import Source
from services.erp_bridge.inbound.schemas import CancelIn, CancelOut, ErpOrderIn, ErpOrderOut, ImportRunOut
from services.erp_bridge.permissions import CanReadErp, CanSendOrders
from shared.contracts.requests import FILE_BYTES
from shared.kit.arrival import wait_until
from shared.kit.idempotency import Db
from shared.kit.importing import ImportReport, RowVerdict, Upload, Verdict, describe_row, read_upload, run_import
from shared.kit.openapi.refusals import refuses
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.problem import Messages, language_of, unprocessable
from shared.kit.routing import api_router
from shared.kit.workbook import WorkbookResponse

router = api_router("erp", "orders from the ERP")


@router.post("/orders", responses={201: {}, **refuses(409)})
async def receive_order(body: ErpOrderIn, actor: CanSendOrders, db: Db, response: Response) -> ErpOrderOut:
    """Take an order in, once for its ``external_id``: 201 the first time, 200 the same again or changed before its
    release.

    Changed after its release: 409 with the difference, which becomes a change request that a planner applies or
    refuses.
    """

    async def look() -> bool:
        async with db.reading() as session:
            return await queries.is_item_known(session, body.item, body.unit)

    await wait_until(look)
    receipt = await db.run(lambda tx: receive.receive_order(tx, body, Source.HTTP), actor)
    if receipt.problem is not None:
        raise receipt.problem
    response.status_code = 201 if receipt.outcome == "created" else 200
    async with db.reading() as session:
        return (await queries.describe_orders(session, [receipt.order]))[0]


@router.post(
    "/orders/{external_id:path}/cancel",
    responses={
        202: {"model": CancelOut, "description": "after its release: a planner decides on the change request"},
        **refuses(409),
    },
)
async def cancel_order(
    external_id: str, actor: CanSendOrders, db: Db, response: Response, body: CancelIn | None = None
) -> CancelOut:
    """Cancel an order: 200 before its release, 202 with the change request after it; the same again changes nothing.

    A cancelled order is not sent again: 409 ``cancelled``, unless the shop has refused the cancellation.
    """
    reason = body.reason if body else None
    answer = await db.run(lambda tx: cancel.cancel_order(tx, external_id, reason), actor)
    response.status_code = 200 if answer.change_id is None else 202
    return answer


@router.get("/orders")
async def list_orders(
    actor: CanReadErp,
    db: Db,
    state: Annotated[str | None, Query(description="one state or several, separated by commas")] = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ErpOrderOut]:
    """Orders, the last received first."""
    async with db.reading() as session:
        return await queries.list_orders(session, state, q, cursor, limit)


@router.post("/imports", max_body_size=FILE_BYTES)
async def import_orders(
    request: Request,
    actor: CanSendOrders,
    upload: Annotated[Upload, Depends(read_upload)],
    kind: Annotated[str, Form()] = NAME,
) -> ImportReport:
    """Import the ERP's export, CSV or XLSX: a verdict for each row; good rows are taken in, the others say why not."""
    if kind != NAME:
        raise unprocessable("kind", "choice_invalid", expected=NAME)
    return await run_import(request, erp_orders(ZoneInfo(request.app.state.settings.time_zone)), upload)


@router.get("/imports/template.xlsx", response_class=WorkbookResponse)
async def get_template(request: Request, actor: CanSendOrders) -> Response:
    """An empty workbook for orders, with headings in the reader's language."""
    language = language_of(request.headers.get("accept-language"))
    content = await asyncio.to_thread(write_template, NEEDED, language)
    return WorkbookResponse(content, "orders.xlsx")


@router.get("/imports")
async def list_imports(actor: CanSendOrders, db: Db, cursor: Cursor = None, limit: Limit = 50) -> Page[ImportRunOut]:
    """The files that were imported, newest first."""
    async with db.reading() as session:
        return await queries.list_imports(session, cursor, limit)


@router.get("/imports/{run}/rows")
async def list_import_rows(
    run: UUID,
    request: Request,
    actor: CanSendOrders,
    db: Db,
    verdict: Verdict | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[RowVerdict]:
    """What became of the rows of a file, with the cells of those that were not taken; what changed nothing is left
    out.
    """
    messages: Messages = request.app.state.messages
    language = language_of(request.headers.get("accept-language"))
    async with db.reading() as session:
        page = await queries.list_import_rows(session, run, verdict, cursor, limit)
    rows = [describe_row(row, messages, language) for row in page.items]
    return Page(items=rows, next_cursor=page.next_cursor)
