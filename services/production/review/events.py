"""The event of reviews."""

from services.production.review.tables import Review
from shared.contracts.production.review import ReviewChanged

FIELDS = {"command", "kind", "machine", "job", "person", "device", "at", "resolution", "resolved_by"}


def review_changed(review: Review) -> ReviewChanged:
    """A review as it stands now."""
    return ReviewChanged(review=review.id, state=review.state, **review.model_dump(include=FIELDS))
