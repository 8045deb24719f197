"""The events of an ERP's orders."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.erp_bridge.inbound.tables import ErpOrder
from shared.contracts.erp.inbound import OrderCancelled, OrderChanged, OrderReceived


def order_received(order: ErpOrder) -> OrderReceived:
    """A new order."""
    return OrderReceived.model_validate(order, from_attributes=True)


def order_cancelled(external_id: str, change_id: UUID, reason: str | None) -> OrderCancelled:
    """The ERP does not want the order any more; of a released order it is a request."""
    return OrderCancelled(external_id=external_id, change_id=change_id, reason=reason)


def order_changed(external_id: str, content: Mapping[str, Any]) -> OrderChanged:
    """The content that the ERP asks for now; of a released order it is a request."""
    return OrderChanged(external_id=external_id, **content)
