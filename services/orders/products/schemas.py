"""BOMs and routings over HTTP.

Quantities of components are for one of the item, in their stock unit unless they name another; durations in seconds.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.orders.definitions.schemas import Factor, In, Out, UnitName
from shared.kit.names import Code, Name
from shared.kit.quantities import ExactOut, ForOne, NotNegative, Positive, QuantityOut

Op = Annotated[int, Field(gt=0, le=9999)]


class AlternateIn(In):
    """An alternate of a component."""

    component: Code
    quantity: ForOne
    unit: Annotated[UnitName, Field(pattern=r'^[^,;="\n]+$')] | None = None


class BomLineIn(In):
    """A component; ``scrap_pct`` percent more of it are taken for what is lost.

    ``unit``: another one than its stock unit, which it converts to.
    """

    component: Code
    quantity: ForOne
    unit: UnitName | None = None
    scrap_pct: Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4)] = Decimal(0)
    op: Op | None = None
    alternates: Annotated[list[AlternateIn], Field(max_length=20, default_factory=list)]


class BomIn(In):
    """The components of an item, from a day on; from today when no day is given."""

    lines: Annotated[list[BomLineIn], Field(max_length=500)]
    effective_from: date | None = None


class RoutingOperationIn(In):
    """One operation of a routing; ``predecessors`` null is the operation before it, an empty list makes it a start."""

    op: Op
    name: Name
    work_center: Code | None = None
    machine: Code | None = None
    machines: Annotated[list[Code], Field(max_length=50, default_factory=list)]
    tool: Code | None = None
    cycle_s: NotNegative = Decimal(0)
    per_cycle: Positive = Decimal(1)
    run_s_per_batch: NotNegative | None = None
    batch_size: Positive | None = None
    setup_s: NotNegative = Decimal(0)
    crew: Annotated[int, Field(gt=0, le=100)] = 1
    subcontract: bool = False
    lead_time_d: Annotated[Decimal, Field(ge=0, le=3650, decimal_places=6)] | None = None
    predecessors: Annotated[list[Op], Field(max_length=99)] | None = None
    ratio: Positive = Decimal(1)
    instruction: Code | None = None
    self_inspection: bool = False


class RoutingIn(In):
    """The operations of an item, from a day on; from today when no day is given."""

    operations: Annotated[list[RoutingOperationIn], Field(min_length=1, max_length=99)]
    effective_from: date | None = None


class PastIn(In):
    """A revision as it was; ``effective_to`` is its last day."""

    model_config = ConfigDict(from_attributes=True)

    revision: Annotated[int, Field(gt=0, le=1_000_000)]
    effective_from: date
    effective_to: date | None
    created_at: AwareDatetime


class PastAlternate(AlternateIn):
    """An alternate as it was; ``factor`` are the stock units of one ``unit`` then."""

    factor: Factor | None = None


class PastBomLine(BomLineIn):
    """A component as it was; ``factor`` are the stock units of one ``unit`` then."""

    factor: Factor | None = None
    alternates: Annotated[list[PastAlternate], Field(max_length=20, default_factory=list)]  # type: ignore[assignment]


class PastBom(PastIn):
    """A revision of a BOM as it was."""

    lines: Annotated[list[PastBomLine], Field(max_length=500)]


class PastRouting(PastIn):
    """A revision of a routing as it was."""

    operations: Annotated[list[RoutingOperationIn], Field(min_length=1, max_length=99)]


class BomHistory(In):
    """All revisions of an item's BOM."""

    revisions: Annotated[list[PastBom], Field(min_length=1, max_length=10_000)]


class RoutingHistory(In):
    """All revisions of an item's routing."""

    revisions: Annotated[list[PastRouting], Field(min_length=1, max_length=10_000)]


class RevisionOut(Out):
    """A revision and its time in force; ``effective_to`` is its last day."""

    item: str
    revision: int
    effective_from: date
    effective_to: date | None
    created_at: datetime


class RevisionsOut(BaseModel):
    """All revisions, newest first."""

    items: list[RevisionOut]


class AlternateOut(Out):
    """An alternate of a component, as it was written."""

    component: str
    quantity: str
    unit: str
    stock_quantity: ExactOut


class BomLineOut(Out):
    """A component: ``quantity`` of ``unit`` as it was written, ``stock_quantity`` exactly in its stock unit."""

    component: str
    name: dict[str, str]
    unit: str
    quantity: str
    stock_unit: str
    stock_quantity: ExactOut
    scrap_pct: QuantityOut
    op: int | None
    alternates: list[AlternateOut]


class BomOut(RevisionOut):
    """One revision of a BOM."""

    version: int
    updated_at: datetime
    lines: list[BomLineOut]


class BomNodeOut(BaseModel):
    """A part in the tree.

    ``quantity`` is for one of what it goes into, ``total`` for one of the item at the top, both with what is lost, both
    exactly, in its stock unit.
    """

    item: str
    name: dict[str, str]
    kind: str
    unit: str
    quantity: ExactOut
    total: ExactOut
    scrap_pct: QuantityOut
    op: int | None
    alternates: list[AlternateOut]
    revision: int | None
    children: list["BomNodeOut"]


class WhereUsedLine(BaseModel):
    """An item that the part goes into, ``levels`` up at the nearest.

    ``quantity`` is for one of it, without what is lost.
    """

    item: str
    name: dict[str, str]
    quantity: ExactOut
    levels: int


class WhereUsedOut(BaseModel):
    """The items that a part goes into, nearest first."""

    items: list[WhereUsedLine]


class RoutingOperationOut(Out):
    """One operation of a routing."""

    op: int
    name: dict[str, str]
    work_center: str | None
    machine: str | None
    machines: list[str]
    tool: str | None
    cycle_s: QuantityOut
    per_cycle: QuantityOut
    run_s_per_batch: QuantityOut | None
    batch_size: QuantityOut | None
    setup_s: QuantityOut
    crew: int
    subcontract: bool
    lead_time_d: QuantityOut | None
    predecessors: list[int] | None
    ratio: QuantityOut
    instruction: str | None
    self_inspection: bool


class RoutingOut(RevisionOut):
    """One revision of a routing."""

    version: int
    updated_at: datetime
    operations: list[RoutingOperationOut]
