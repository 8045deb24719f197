"""The events of deliveries."""

from uuid import UUID

from services.erp_bridge.outbound.domain.delivery import DeliveryState
from services.erp_bridge.outbound.tables import Confirmation
from shared.contracts.erp.outbound import DeliveryChanged


def delivery_changed(
    delivery: UUID, confirmation: Confirmation, state: DeliveryState, attempts: int, error: str | None = None
) -> DeliveryChanged:
    """A delivery that has arrived or was parked."""
    return DeliveryChanged(
        delivery_id=delivery,
        external_id=confirmation.external_id,
        op=confirmation.op,
        state=state.value,
        attempts=attempts,
        error=error,
    )
