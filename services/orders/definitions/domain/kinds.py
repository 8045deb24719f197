"""The kinds of items, reasons and tools."""

from enum import StrEnum


class ItemKind(StrEnum):
    """The kinds of items."""

    RAW = "raw"
    PURCHASED = "purchased"
    SEMI = "semi"
    FINISHED = "finished"


class SupplyKind(StrEnum):
    """The supply of an item: made by an order of our own, or bought."""

    MAKE = "make"
    BUY = "buy"


class ReasonKind(StrEnum):
    """The kinds of reasons.

    Planned stops leave the planned busy time, unplanned ones count against availability (ISO 22400-2).
    """

    PLANNED = "planned"
    SETUP = "setup"
    UNPLANNED = "unplanned"
    HOLD = "hold"
    CORRECTION = "correction"


class ToolKind(StrEnum):
    """The kinds of tools."""

    DIE = "die"
    MOULD = "mould"
    JIG = "jig"
    GAUGE = "gauge"
    OTHER = "other"


def usual_supply(kind: ItemKind) -> SupplyKind:
    """The supply of an item of this kind, unless another one is given."""
    return SupplyKind.MAKE if kind in (ItemKind.SEMI, ItemKind.FINISHED) else SupplyKind.BUY
