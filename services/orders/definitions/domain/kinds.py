"""The kinds of items, reasons and tools."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What an item is to the shop."""

    RAW = "raw"
    PURCHASED = "purchased"
    SEMI = "semi"
    FINISHED = "finished"


class SupplyKind(StrEnum):
    """Where an item comes from: made by an order of our own, or bought."""

    MAKE = "make"
    BUY = "buy"


class ReasonKind(StrEnum):
    """What a reason explains. Planned stops leave the planned busy time, unplanned ones count against availability (ISO 22400-2)."""

    PLANNED = "planned"
    SETUP = "setup"
    UNPLANNED = "unplanned"
    HOLD = "hold"
    CORRECTION = "correction"


class ToolKind(StrEnum):
    """What a tool is."""

    DIE = "die"
    MOULD = "mould"
    JIG = "jig"
    GAUGE = "gauge"
    OTHER = "other"


def usual_supply(kind: ItemKind) -> SupplyKind:
    """How an item of this kind is come by, unless told otherwise."""
    return SupplyKind.MAKE if kind in (ItemKind.SEMI, ItemKind.FINISHED) else SupplyKind.BUY
