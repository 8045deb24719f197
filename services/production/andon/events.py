"""The event of calls."""

from services.production.andon.tables import AndonCall
from shared.contracts.production.andon import AndonCallChanged


def call_changed(call: AndonCall) -> AndonCallChanged:
    """A call as it is now."""
    return AndonCallChanged(call=call.id, **call.model_dump(exclude={"id", "device", "recorded_at", "version"}))
