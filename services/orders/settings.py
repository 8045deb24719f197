"""Settings of the orders service."""

from decimal import Decimal

from shared.kit.settings import Settings


class OrdersSettings(Settings):
    """The kit's settings, and the shop's tolerances for work orders."""

    over_tolerance_pct: Decimal = Decimal(5)
    """Good pieces beyond the ordered quantity that need no review, in percent."""
    under_tolerance_pct: Decimal = Decimal(5)
    """Good pieces short of the planned quantity that need no review, in percent.

    For orders that say nothing of their own, as above.
    """
