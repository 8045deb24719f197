"""Events of what is delivered to the ERP."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class DeliveryChanged(Event):
    """A confirmation's delivery to a webhook succeeded or was parked."""

    TYPE: ClassVar[str] = "erp.delivery.changed.v2"
    TOPIC: ClassVar[str] = "erp"

    delivery_id: UUID
    external_id: str
    op: int | None
    state: str
    attempts: int
    error: str | None
