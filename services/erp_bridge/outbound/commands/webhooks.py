"""The addresses that confirmations are sent to."""

import base64
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.erp_bridge.outbound.commands.deliver import lock_webhook, park
from services.erp_bridge.outbound.domain.delivery import DeliveryState
from services.erp_bridge.outbound.domain.target import same_target
from services.erp_bridge.outbound.schemas import NewWebhookOut, SecretOut, WebhookIn, WebhookOut
from services.erp_bridge.outbound.tables import Delivery, Webhook
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem

GRACE = timedelta(hours=24)
"""So long a replaced secret signs too: its receiver takes the new one when it can."""
LOCK = text("SELECT pg_advisory_xact_lock(hashtext('webhook'))")
"""Two requests with one address at once are one after the other."""


async def create_webhook(tx: Transaction, body: WebhookIn) -> NewWebhookOut:
    """Begin to send what is confirmed from now on to an address that was checked; its secret is shown this once.

    409 for an address that is in use already: it would get each confirmation twice.
    """
    await tx.session.execute(LOCK)
    in_use = await tx.session.scalars(select(Webhook).where(col(Webhook.removed_at).is_(None)))
    for known in in_use:
        if same_target(known.url, body.url):
            raise Problem(409, "webhook_exists", webhook_id=str(known.id))
    webhook = Webhook(id=new_id(), url=body.url, secret=_new_secret(), events=list(body.events), created_at=tx.now)
    tx.session.add(webhook)
    await tx.session.flush()
    return NewWebhookOut.model_validate(webhook)


async def rotate_secret(tx: Transaction, webhook: UUID) -> SecretOut:
    """Give a webhook a new secret, shown this once; for a day both sign, so that no message is lost by the change.

    One that was replaced within that day ends at once.
    """
    row = await lock_webhook(tx, webhook)
    if row is None or row.removed_at is not None:
        raise Problem(404, "not_found")
    row.former_secret, row.former_until = row.secret, tx.now + GRACE
    row.secret = _new_secret()
    tx.audit("rotate", f"webhook/{webhook}")
    return SecretOut(secret=row.secret, former_until=row.former_until)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


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
