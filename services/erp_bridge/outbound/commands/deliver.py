"""Deliveries of confirmations to webhooks: what became of them, and another try."""

import random
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.erp_bridge.outbound.domain.delivery import (
    DeliveryOutcome,
    DeliveryState,
    is_given_up,
    rest_after_refusal,
    wait_after,
)
from services.erp_bridge.outbound.events import delivery_changed
from services.erp_bridge.outbound.queries import describe_delivery
from services.erp_bridge.outbound.schemas import DeliveryOut
from services.erp_bridge.outbound.tables import Confirmation, Delivery, Webhook
from shared.kit.database import Transaction
from shared.kit.problem import Problem
from shared.kit.tracing import traced

MARK_DELIVERED = text("""
    UPDATE delivery
    SET state = 'delivered', attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, :now),
        delivered_at = :now, next_attempt_at = NULL, last_error = NULL, version = version + 1
    WHERE id = ANY(CAST(:ids AS uuid[])) AND state <> 'delivered'
    RETURNING id, position, attempts, version
""")
COUNT_DELIVERED = text(
    "UPDATE webhook SET delivered = delivered + :count, failures = 0, rests_until = NULL WHERE id = :webhook"
)


async def replay_delivery(tx: Transaction, delivery: UUID) -> DeliveryOut:
    """Send a parked delivery again, before those behind it; 409 when it is not parked or its webhook was removed."""
    found = await tx.session.get(Delivery, delivery)
    if found is None:
        raise Problem(404, "not_found")
    webhook = await lock_webhook(tx, found.webhook)
    row = await tx.session.get_one(Delivery, delivery, with_for_update=True, populate_existing=True)
    if row.state != DeliveryState.PARKED.value:
        raise Problem(409, "wrong_state", state=row.state)
    if webhook is None or webhook.removed_at is not None:
        raise Problem(409, "webhook_removed")
    row.sqlmodel_update(
        {"state": DeliveryState.PENDING.value, "attempts": 0, "first_attempt_at": None, "last_error": None}
    )
    webhook.failures, webhook.rests_until = 0, None
    await tx.session.flush()
    return await describe_delivery(tx.session, delivery)


async def record_delivered(tx: Transaction, webhook: UUID, deliveries: Sequence[UUID]) -> None:
    """Record that the receiver has these."""
    await lock_webhook(tx, webhook)
    rows = (await tx.session.execute(MARK_DELIVERED, {"ids": list(deliveries), "now": tx.now})).all()
    await tx.session.execute(COUNT_DELIVERED, {"webhook": webhook, "count": len(rows)})
    confirmed = await _confirmations(tx, [row.position for row in rows])
    for row in sorted(rows, key=lambda row: row.position):
        confirmation = confirmed[row.position]
        event = delivery_changed(row.id, confirmation, DeliveryState.DELIVERED, row.attempts)
        with traced(confirmation.traceparent):
            tx.record(event, aggregate=f"delivery/{row.id}", version=row.version)


async def record_failed(tx: Transaction, webhook: UUID, delivery: UUID, outcome: DeliveryOutcome) -> None:
    """Record that the receiver does not have it: it is tried again later, or parked. Its webhook rests meanwhile."""
    endpoint = await lock_webhook(tx, webhook)
    row = await tx.session.get(Delivery, delivery, with_for_update=True)
    if endpoint is None or row is None or row.state != DeliveryState.PENDING.value:
        return
    endpoint.failures += 1
    row.attempts += 1
    row.first_attempt_at = row.first_attempt_at or tx.now
    reason = outcome.reason or "not delivered"
    chance = random.random()  # noqa: S311  jitter is no secret
    if outcome.is_final:
        rest = rest_after_refusal(endpoint.failures, chance)
        endpoint.rests_until = tx.now + rest if rest else None
        await park(tx, row, reason)
        return
    following = tx.now + wait_after(row.attempts, chance, outcome.wait)
    endpoint.rests_until = following
    if is_given_up(row.first_attempt_at, following):
        await park(tx, row, reason)
    else:
        row.next_attempt_at, row.last_error = following, reason


async def lock_webhook(tx: Transaction, webhook: UUID) -> Webhook | None:
    """The webhook, locked before its deliveries by everyone; new deliveries may still refer to it."""
    return await tx.session.get(Webhook, webhook, with_for_update={"key_share": True})


async def park(tx: Transaction, row: Delivery, reason: str) -> None:
    """Set a delivery aside until a person replays it."""
    row.sqlmodel_update(
        {
            "state": DeliveryState.PARKED.value,
            "next_attempt_at": None,
            "last_error": reason,
            "version": row.version + 1,
        }
    )
    await tx.session.flush()
    confirmation = (await _confirmations(tx, [row.position]))[row.position]
    event = delivery_changed(row.id, confirmation, DeliveryState.PARKED, row.attempts, reason)
    with traced(confirmation.traceparent):
        tx.record(event, aggregate=f"delivery/{row.id}", version=row.version)


async def _confirmations(tx: Transaction, positions: Sequence[int]) -> dict[int, Confirmation]:
    rows = await tx.session.scalars(select(Confirmation).where(col(Confirmation.position).in_(positions)))
    return {row.position: row for row in rows}
