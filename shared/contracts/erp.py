"""Events of the ERP bridge."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Quantity


class OrderReceived(Event):
    """The ERP ordered a quantity of an item. ``external_id`` is its document number and line."""

    TYPE: ClassVar[str] = "erp.order.received.v1"
    TOPIC: ClassVar[str] = "erp"

    external_id: str
    item: str
    quantity: Quantity
    due_at: datetime
    priority: int
    customer: str | None
    sales_order: str | None
    note: str | None


class OrderChanged(Event):
    """The ERP changed an order; the body is its whole new state. Once the order is released the shop decides whether to follow."""

    TYPE: ClassVar[str] = "erp.order.changed.v1"
    TOPIC: ClassVar[str] = "erp"

    external_id: str
    item: str
    quantity: Quantity
    due_at: datetime
    priority: int
    customer: str | None
    sales_order: str | None
    note: str | None


class DeliveryChanged(Event):
    """A confirmation's delivery to a webhook succeeded or was parked."""

    TYPE: ClassVar[str] = "erp.delivery.changed.v1"
    TOPIC: ClassVar[str] = "erp"

    delivery: UUID
    external_id: str
    op: int | None
    state: str
    attempts: int
    error: str | None
