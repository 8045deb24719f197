"""Events of what the ERP ordered."""

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


class OrderCancelled(Event):
    """The ERP cancelled an order.

    Once the order is released the shop decides whether to follow, by the change request ``change_id``.
    """

    TYPE: ClassVar[str] = "erp.order.cancelled.v1"
    TOPIC: ClassVar[str] = "erp"

    external_id: str
    change_id: UUID
    reason: str | None


class OrderChanged(Event):
    """The ERP changed an order; the body is its whole new state.

    Once the order is released the shop decides whether to follow.
    """

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
