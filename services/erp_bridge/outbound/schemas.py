"""Confirmations, webhooks and deliveries over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.erp_bridge.outbound.domain.delivery import DeliveryState
from services.erp_bridge.outbound.tables import Confirmation
from shared.kit.quantities import QuantityOut
from shared.kit.references import refers_to

WebhookEvent = Literal["confirmation"]


class ScrapOut(BaseModel):
    """Pieces scrapped for one defect."""

    defect: str
    quantity: QuantityOut


class TotalsOut(BaseModel):
    """The sums of an operation so far."""

    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut


class ConfirmationOut(BaseModel):
    """A difference on an operation: add it up, or take ``totals``; the ``final`` one has no difference.

    One that ``reopens`` a final one has none either: the operation goes on after all, and will be final again.

    One without ``op`` says that the order's quantity was changed: ``order_quantity`` is to be made now; there are no
    ``totals``. Of a split order each part has its ``work_order`` and ``number``; ``totals``, ``final`` and
    ``order_quantity`` are of all parts together.
    """

    position: int
    id: UUID
    external_id: str
    work_order: UUID
    work_order_id: UUID = refers_to("work_order")
    number: str
    op: int | None
    item: str
    good: QuantityOut
    scrap: list[ScrapOut]
    rework: QuantityOut
    started_at: datetime | None
    finished_at: datetime | None
    final: bool
    reopens: UUID | None = None
    totals: TotalsOut | None
    order_quantity: QuantityOut | None
    recorded_at: datetime


class WebhookMessage(BaseModel):
    """The message that a webhook gets."""

    type: WebhookEvent
    timestamp: datetime
    data: ConfirmationOut


class WebhookIn(BaseModel):
    """An address to send to."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    url: Annotated[str, Field(max_length=2000)]
    events: Annotated[list[WebhookEvent], Field(min_length=1, max_length=1)] = ["confirmation"]


class WebhookOut(BaseModel):
    """A webhook; while ``rests_until`` is ahead nothing is sent to it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    url: str
    events: list[WebhookEvent]
    created_at: datetime
    failures: int
    rests_until: datetime | None
    delivered: int


class NewWebhookOut(WebhookOut):
    """The one answer that shows the secret."""

    secret: str


class SecretOut(BaseModel):
    """A webhook's new secret, shown this once; the one before it signs too until ``former_until``."""

    secret: str
    former_until: datetime


class DeliveryOut(BaseModel):
    """One confirmation on its way to one webhook."""

    id: UUID
    webhook: UUID
    webhook_id: UUID = refers_to("webhook")
    url: str
    confirmation: UUID
    confirmation_id: UUID = refers_to("confirmation")
    position: int
    external_id: str
    number: str
    op: int | None
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    last_error: str | None
    delivered_at: datetime | None


class ReaderOut(BaseModel):
    """An ERP that polls: what it was given last, and what has waited for it since then."""

    reader: str
    position: int
    read_at: datetime
    behind: int = Field(description="confirmations that it was not given yet")
    waits_since: datetime | None = Field(description="when the oldest of them was recorded")


class SummaryOut(BaseModel):
    """The ERP monitor's figures: orders in, confirmations out."""

    received: int
    accepted: int
    refused: int
    confirmed: int
    pending: int
    delivered: int
    parked: int


def describe_confirmation(row: Confirmation) -> ConfirmationOut:
    """The ledger's row as it is shown and sent."""
    totals = {"good": row.total_good, "scrap": row.total_scrap, "rework": row.total_rework}
    return ConfirmationOut.model_validate(row.model_dump() | {"totals": None if row.op is None else totals})
