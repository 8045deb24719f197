"""The event of unassigned production."""

from services.production.unassigned.tables import Unassigned
from shared.contracts.production.results import ScrapQuantity
from shared.contracts.production.unassigned import UnassignedChanged
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.republish import republish_with_people

FIELDS = {"machine", "item", "good", "at", "state"}


def unassigned_changed(row: Unassigned, people: Pseudonyms) -> UnassignedChanged:
    """Pieces made without an order, as they stand now."""
    scrap = [ScrapQuantity.model_validate(entry) for entry in row.scrap_by_defect]
    return UnassignedChanged(
        unassigned_id=row.id,
        job_id=row.job,
        result_id=row.result,
        person_id=people.id_of(row.person),
        resolved_by_id=people.id_of(row.resolved_by),
        scrap=scrap,
        **row.model_dump(include=FIELDS),
    )


REPUBLISHES = [republish_with_people("unassigned", Unassigned, unassigned_changed)]
