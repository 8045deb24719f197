"""The event of reviews."""

from services.production.review.tables import Review
from shared.contracts.production.review import ReviewChanged
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.republish import republish_with_people

FIELDS = {"kind", "machine", "at", "state", "resolution"}


def review_changed(review: Review, people: Pseudonyms) -> ReviewChanged:
    """A review as it stands now."""
    return ReviewChanged(
        review_id=review.id,
        command_id=review.command,
        job_id=review.job,
        device_id=review.device,
        person_id=people.id_of(review.person),
        resolved_by_id=people.id_of(review.resolved_by),
        state=review.state,
        **review.model_dump(include=FIELDS),
    )


REPUBLISHES = [republish_with_people("review", Review, review_changed)]
