"""Every kind that can be imported and exported, in the order in which they build on each other."""

from services.orders.exchange.commands.kinds.definitions import (
    AREAS,
    CALENDARS,
    ITEMS,
    MACHINES,
    PERSON_SKILLS,
    REASONS,
    SHIFTS,
    SKILLS,
    TOOLS,
    UNITS,
    WORK_CENTERS,
)
from services.orders.exchange.commands.kinds.histories import BOM_HISTORY, INSTRUCTIONS, ROUTING_HISTORY
from services.orders.exchange.commands.kinds.kind import ExchangeKind
from services.orders.exchange.commands.kinds.products import BOMS, ROUTINGS

IN_ORDER = (
    *(AREAS, WORK_CENTERS, MACHINES, TOOLS, SHIFTS, CALENDARS, REASONS, SKILLS, PERSON_SKILLS),
    *(UNITS, ITEMS, INSTRUCTIONS, ROUTING_HISTORY, ROUTINGS, BOM_HISTORY, BOMS),
)
"""The past of a document comes before it: what is in force then is there already."""
KINDS: dict[str, ExchangeKind] = {kind.name: kind for kind in IN_ORDER}
SHEETS: dict[str, ExchangeKind] = {name: kind for name, kind in KINDS.items() if kind.in_sheets}
EVERYTHING = "everything"
"""Not a kind: all of them in one file."""
