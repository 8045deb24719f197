"""Which of the numbered pieces of a lot go with a quantity that leaves it."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal


def chosen(
    codes: Sequence[str],
    remaining: Decimal,
    quantity: Decimal,
    named: Sequence[str],
    *,
    last_by_default: bool = False,
) -> list[str] | None:
    """The numbers that go, of the ``codes`` in the lot, in order; None when somebody has to say which.

    A lot may have pieces without a number; they go first. So at least as many numbers leave as it takes for those that
    stay to be no more than what is left, and never more than the quantity.
    """
    whole = quantity.to_integral_value(ROUND_CEILING)
    least = max(0, len(codes) - int(max(remaining - quantity, Decimal(0))))
    if named:
        return list(dict.fromkeys(named)) if least <= len(set(named)) <= whole else None
    if least == len(codes) or least == 0:
        return list(codes[:least])
    return list(codes[len(codes) - least :]) if last_by_default else None
