"""The addresses that confirmations are sent to."""

import base64
import secrets
from uuid import UUID

from sqlmodel import select

from services.erp_bridge.outbound.commands.deliver import lock_webhook, park
from services.erp_bridge.outbound.domain.delivery import DeliveryState
from services.erp_bridge.outbound.schemas import NewWebhookOut, WebhookIn, WebhookOut
from services.erp_bridge.outbound.tables import Delivery, Webhook
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


async def create_webhook(tx: Transaction, body: WebhookIn) -> NewWebhookOut:
    """Begin to send what is confirmed from now on to an address that was checked; its secret is shown this once."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook(id=new_id(), url=body.url, secret=secret, events=list(body.events), created_at=tx.now)
    tx.session.add(webhook)
    await tx.session.flush()
    return NewWebhookOut.model_validate(webhook)


async def remove_webhook(tx: Transaction, webhook: UUID) -> WebhookOut:
    """Send no more to an address; what still waited for it is parked."""
    row = await lock_webhook(tx, webhook)
    if row is None or row.removed_at is not None:
        raise Problem(404, "not_found")
    row.removed_at = tx.now
    waiting = select(Delivery).where(Delivery.webhook == webhook, Delivery.state == DeliveryState.PENDING.value)
    for delivery in await tx.session.scalars(waiting.with_for_update()):
        await park(tx, delivery, "webhook removed")
    return WebhookOut.model_validate(row)
