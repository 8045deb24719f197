"""Reads of the ledger, of webhooks and of deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select, tuple_

from services.erp_bridge.inbound.domain import OrderState
from services.erp_bridge.inbound.queries import count_orders
from services.erp_bridge.outbound.domain.delivery import DeliveryState
from services.erp_bridge.outbound.schemas import (
    ConfirmationOut,
    DeliveryOut,
    ReaderOut,
    SummaryOut,
    WebhookOut,
    describe_confirmation,
)
from services.erp_bridge.outbound.tables import Confirmation, ConfirmationReader, Delivery, Ledger, Webhook
from shared.kit.paging import BIGINT, Page, page_of, read_cursor


async def list_confirmations(session: AsyncSession, after: int, limit: int) -> Page[ConfirmationOut]:
    """The ledger behind position ``after``, in order; ``next_cursor`` is the last position while there is more."""
    statement = (
        select(Confirmation)
        .where(col(Confirmation.position) > after)
        .order_by(col(Confirmation.position))
        .limit(limit + 1)
    )
    rows = list(await session.scalars(statement))
    page = rows[:limit]
    return Page(
        items=[describe_confirmation(row) for row in page],
        next_cursor=str(page[-1].position) if len(rows) > limit else None,
    )


async def list_readers(session: AsyncSession) -> list[ReaderOut]:
    """The ERPs that poll, who came last first, each with what it has not been given yet."""
    last = await session.scalar(select(Ledger.last)) or 0
    statement = (
        select(ConfirmationReader, col(Confirmation.recorded_at))
        .outerjoin(Confirmation, col(Confirmation.position) == col(ConfirmationReader.position) + 1)
        .order_by(col(ConfirmationReader.read_at).desc(), ConfirmationReader.reader)
    )
    return [
        ReaderOut(**row.model_dump(), behind=max(last - row.position, 0), waits_since=since)
        for row, since in await session.execute(statement)
    ]


async def list_webhooks(session: AsyncSession) -> list[WebhookOut]:
    """The webhooks in use, the oldest first."""
    statement = select(Webhook).where(col(Webhook.removed_at).is_(None)).order_by(col(Webhook.created_at))
    return [WebhookOut.model_validate(row) for row in await session.scalars(statement)]


async def list_deliveries(
    session: AsyncSession, state: DeliveryState | None, cursor: str | None, limit: int
) -> Page[DeliveryOut]:
    """Deliveries, the last confirmation first."""
    statement = (
        select(Delivery, Confirmation, Webhook.url)
        .join(Confirmation, col(Confirmation.position) == col(Delivery.position))
        .join(Webhook, col(Webhook.id) == col(Delivery.webhook))
        .order_by(col(Delivery.position).desc(), col(Delivery.id).desc())
        .limit(limit + 1)
    )
    if state is not None:
        statement = statement.where(Delivery.state == state.value)
    if key := read_cursor(cursor, BIGINT, UUID):
        statement = statement.where(tuple_(col(Delivery.position), col(Delivery.id)) < tuple_(*key))
    items = [_describe(*row) for row in await session.execute(statement)]
    return page_of(items, limit, lambda delivery: (delivery.position, delivery.id))


async def describe_delivery(session: AsyncSession, delivery: UUID) -> DeliveryOut:
    """One delivery that exists."""
    statement = (
        select(Delivery, Confirmation, Webhook.url)
        .join(Confirmation, col(Confirmation.position) == col(Delivery.position))
        .join(Webhook, col(Webhook.id) == col(Delivery.webhook))
        .where(Delivery.id == delivery)
    )
    return _describe(*(await session.execute(statement)).one())


def _describe(delivery: Delivery, confirmation: Confirmation, url: str) -> DeliveryOut:
    return DeliveryOut.model_validate(
        delivery.model_dump()
        | {
            "url": url,
            "confirmation": confirmation.id,
            "external_id": confirmation.external_id,
            "number": confirmation.number,
            "op": confirmation.op,
        }
    )


async def next_deliveries(
    session: AsyncSession, webhook: UUID, limit: int
) -> Sequence[tuple[UUID, ConfirmationOut, str | None]]:
    """The confirmations that wait for a webhook, in the ledger's order, each with its delivery and its trace."""
    statement = (
        select(Delivery.id, Confirmation)
        .join(Confirmation, col(Confirmation.position) == col(Delivery.position))
        .where(Delivery.webhook == webhook, Delivery.state == DeliveryState.PENDING.value)
        .order_by(col(Delivery.position))
        .limit(limit)
    )
    return [(id_, describe_confirmation(row), row.traceparent) for id_, row in (await session.execute(statement))]


async def summarise(session: AsyncSession) -> SummaryOut:
    """Orders in and confirmations out; delivered ones are counted as they happen, the open ones by their index."""
    orders = await count_orders(session)
    pending, parked = [
        await session.scalar(select(func.count()).where(Delivery.state == state.value)) or 0
        for state in (DeliveryState.PENDING, DeliveryState.PARKED)
    ]
    return SummaryOut(
        received=sum(orders.values()),
        accepted=orders[OrderState.ACCEPTED],
        refused=orders[OrderState.REFUSED],
        confirmed=await session.scalar(select(Ledger.last)) or 0,
        pending=pending,
        delivered=await session.scalar(select(func.coalesce(func.sum(Webhook.delivered), 0))) or 0,
        parked=parked,
    )


async def valid_secrets(session: AsyncSession, webhook: UUID, now: datetime) -> list[str]:
    """The secrets by which messages to a webhook are signed now: after a rotation both for a while."""
    row = await session.get_one(Webhook, webhook)
    is_valid = row.former_until is not None and now < row.former_until
    return [row.secret, row.former_secret] if is_valid and row.former_secret else [row.secret]
