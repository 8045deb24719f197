"""The event of unassigned production."""

from services.production.unassigned.tables import Unassigned
from shared.contracts.production.results import ScrapQuantity
from shared.contracts.production.unassigned import UnassignedChanged

FIELDS = {"machine", "item", "good", "person", "at", "state", "job", "result", "resolved_by"}


def unassigned_changed(row: Unassigned) -> UnassignedChanged:
    """Pieces made without an order, as they stand now."""
    scrap = [ScrapQuantity.model_validate(entry) for entry in row.scrap_by_defect]
    return UnassignedChanged(unassigned=row.id, scrap=scrap, **row.model_dump(include=FIELDS))
