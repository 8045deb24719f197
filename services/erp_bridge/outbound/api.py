"""Routes of confirmations, webhooks and deliveries."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request

from services.erp_bridge.outbound import queries
from services.erp_bridge.outbound.adapters.addresses import Unreachable, checked_address
from services.erp_bridge.outbound.commands import deliver, webhooks
from services.erp_bridge.outbound.commands.readers import note_reader
from services.erp_bridge.outbound.domain.delivery import DeliveryState
from services.erp_bridge.outbound.schemas import (
    ConfirmationOut,
    DeliveryOut,
    NewWebhookOut,
    ReaderOut,
    SecretOut,
    SummaryOut,
    WebhookIn,
    WebhookMessage,
    WebhookOut,
)
from services.erp_bridge.permissions import (
    CanManageWebhooks,
    CanReadConfirmations,
    CanReadDeliveries,
    CanReadErp,
    CanReadWebhooks,
    CanReplayDeliveries,
)
from shared.kit.idempotency import Db, Once
from shared.kit.paging import Cursor, Limit, Page, Short
from shared.kit.problem import unprocessable
from shared.kit.routing import api_router

router = api_router("erp", "confirmations to the ERP")
sent = APIRouter(tags=["confirmations to the ERP"])
"""What webhooks get: described as if it were a route of the receiver."""
SIGNED = Header(pattern=r"^v1,\S+( v1,\S+)*$", description="signatures by each valid secret, as Standard Webhooks says")


@router.get("/confirmations")
async def list_confirmations(
    actor: CanReadConfirmations,
    db: Db,
    cursor: Annotated[
        int,
        Query(ge=0, le=2**63 - 1, description="the position behind which to read: of the last confirmation you have"),
    ] = 0,
    limit: Limit = 100,
) -> Page[ConfirmationOut]:
    """Good, scrap and rework as differences in order, none missing and none twice.

    Poll with ``cursor`` = the ``position`` of the last confirmation you have stored; ``next_cursor`` is null when there
    is no more for now.
    """
    async with db.reading() as session:
        page = await queries.list_confirmations(session, cursor, limit)
    if "erp" in actor.roles:
        given = page.items[-1].position if page.items else cursor
        await db.run(lambda tx: note_reader(tx, given), actor)
    return page


@router.get("/readers")
async def list_readers(actor: CanReadWebhooks, db: Db, paging: Short) -> Page[ReaderOut]:
    """The ERPs that poll the confirmations: how far each has come, and when it asked last."""
    async with db.reading() as session:
        return paging.page(await queries.list_readers(session))


@router.post("/webhooks", status_code=201)
async def create_webhook(body: WebhookIn, once: Once, actor: CanManageWebhooks, request: Request) -> NewWebhookOut:
    """Send what is confirmed from now on to a URL, signed as Standard Webhooks says; the secret is shown this once."""
    try:
        await checked_address(body.url, request.app.state.settings.outgoing_allowed)
    except Unreachable as error:
        raise unprocessable("url", str(error)) from error
    return await once.run(NewWebhookOut, body, lambda tx: webhooks.create_webhook(tx, body))


@router.get("/webhooks")
async def list_webhooks(actor: CanReadWebhooks, db: Db, paging: Short) -> Page[WebhookOut]:
    """The webhooks in use."""
    async with db.reading() as session:
        return paging.page(await queries.list_webhooks(session))


@router.post("/webhooks/{webhook}/rotate")
async def rotate_webhook_secret(webhook: UUID, once: Once, actor: CanManageWebhooks) -> SecretOut:
    """Give a webhook a new secret, shown this once; for a day messages are signed by both."""
    return await once.run(SecretOut, None, lambda tx: webhooks.rotate_secret(tx, webhook))


@router.post("/webhooks/{webhook}/remove")
async def remove_webhook(webhook: UUID, once: Once, actor: CanManageWebhooks) -> WebhookOut:
    """Send no more to it; what still waited is parked."""
    return await once.run(WebhookOut, None, lambda tx: webhooks.remove_webhook(tx, webhook))


@router.get("/deliveries")
async def list_deliveries(
    actor: CanReadDeliveries, db: Db, state: DeliveryState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[DeliveryOut]:
    """Deliveries to webhooks, the last confirmation first."""
    async with db.reading() as session:
        return await queries.list_deliveries(session, state, cursor, limit)


@router.post("/deliveries/{delivery}/replay")
async def replay_delivery(delivery: UUID, once: Once, actor: CanReplayDeliveries) -> DeliveryOut:
    """Send a parked delivery again."""
    return await once.run(DeliveryOut, None, lambda tx: deliver.replay_delivery(tx, delivery))


@router.get("/summary")
async def summarise(actor: CanReadErp, db: Db) -> SummaryOut:
    """Orders in, confirmations out."""
    async with db.reading() as session:
        return await queries.summarise(session)


@sent.post("confirmation", status_code=204)
async def receive_confirmation(
    message: WebhookMessage,
    webhook_id: Annotated[str, Header(description="the same when it is sent again: know it by this")],
    webhook_timestamp: Annotated[int, Header(description="seconds since 1970, of the sending")],
    webhook_signature: Annotated[str, SIGNED],
) -> None:
    """Take a confirmation, as ``GET /confirmations`` lists it.

    Any 2xx is taken; 408, 425, 429 and 5xx are tried again for 72 h; any other response parks it.
    """
