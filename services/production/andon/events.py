"""The event of calls."""

from services.production.andon.tables import AndonCall
from shared.contracts.production.andon import AndonCallChanged
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.republish import republish_with_people

PERSONS = ("person", "acknowledged_by", "resolved_by")


def call_changed(call: AndonCall, people: Pseudonyms) -> AndonCallChanged:
    """A call as it is now."""
    return AndonCallChanged(
        call_id=call.id,
        **{f"{name}_id": people.id_of(getattr(call, name)) for name in PERSONS},
        **call.model_dump(exclude={"id", "device", "recorded_at", "flags", "version", *PERSONS}),
    )


REPUBLISHES = [republish_with_people("andon", AndonCall, call_changed)]
