"""The states of unassigned production."""

from enum import StrEnum


class State(StrEnum):
    """Whether somebody has said where the pieces belong."""

    OPEN = "open"
    ASSIGNED = "assigned"
    DISMISSED = "dismissed"


ASSIGNED_LATER = "assigned_later"
"""The flag of a result whose pieces were made without an order."""
