"""Operations of an order as the rules of orders look at them."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Step:
    """An operation of an order."""

    op: int
    planned: Decimal
    predecessors: list[int] = field(default_factory=list)
    ratio: Decimal = Decimal(1)
    skip: bool = False
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)
    rework_in: Decimal = Decimal(0)
    sent: Decimal = Decimal(0)
    state: str = "ready"


def chain(planned: Decimal, *more: dict[str, object]) -> list[Step]:
    """Operations 10, 20, ... one after the other."""
    ops = [10 * place for place in range(1, len(more) + 1)]
    before = [[], *([op] for op in ops)]
    return [
        Step(op, planned, previous, **values)  # type: ignore[arg-type]
        for op, previous, values in zip(ops, before, more, strict=False)
    ]
