"""The states of unassigned production."""

from enum import StrEnum


class UnassignedState(StrEnum):
    """The states of pieces made without an order."""

    OPEN = "open"
    ASSIGNED = "assigned"
    DISMISSED = "dismissed"


ASSIGNED_LATER = "assigned_later"
"""The flag of a result whose pieces were made without an order."""
