"""The rules of an item: unit factors, lot sizes, lot numbers."""

import re
from decimal import Decimal
from fractions import Fraction

ENDLESS = re.compile(r"e[+-]?\d{3}", re.IGNORECASE)
"""An exponent whose number would take more memory than there is."""


def exact_factor(written: str) -> str:
    """A factor as people write it (``0.5``, ``1/3``) in its one exact form; raises ValueError("factor_invalid")."""
    if ENDLESS.search(written):
        raise ValueError("factor_invalid")
    try:
        factor = Fraction(written.replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        raise ValueError("factor_invalid") from None
    if factor <= 0 or max(factor.numerator, factor.denominator) >= 10**18:
        raise ValueError("factor_invalid")
    rest = factor.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest > 1 or 10**6 % factor.denominator:
        return str(factor)
    return format((Decimal(factor.numerator) / factor.denominator).normalize(), "f")


def lot_size_fault(minimum: Decimal | None, multiple: Decimal | None, maximum: Decimal | None) -> str | None:
    """The fault of a lot size that no order can have: nothing between ``minimum`` and ``maximum`` is a ``multiple``."""
    if maximum is None:
        return None
    step = Fraction(multiple) if multiple else None
    least, most = Fraction(minimum or 0), Fraction(maximum)
    if step:
        least, most = -(-least // step) * step, most // step * step
    return "lot_size_impossible" if most <= 0 or least > most else None


LOT_RULE = re.compile(r"(?:\{(?:item|order|machine|shift|yyyymmdd|yymmdd|yymm|yy|mm|dd|n{1,6})\}|[\w.+#-])+")


def checked_lot_rule(rule: str) -> str:
    """A rule of known placeholders and characters of a code, with one running number.

    Raises ValueError("lot_rule_invalid").
    """
    if not LOT_RULE.fullmatch(rule) or len(re.findall(r"\{n+\}", rule)) != 1 or rule[0] in ".+#-":
        raise ValueError("lot_rule_invalid")
    return rule
