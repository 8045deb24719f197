"""Lots over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.production.genealogy.domain.lots import LotState, Move, Origin
from services.production.jobs.schemas import In, Note
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.quantities import Amount, Change, QuantityOut, Remainder
from shared.kit.readers import PersonOut
from shared.kit.references import refers_to
from shared.kit.units import GivenUnit

ShortText = Annotated[str, Field(min_length=1, max_length=100)]
Serials = Annotated[list[Code], Field(max_length=10_000)]


class ReceiveIn(In):
    """A lot that came in, at ``at`` or now.

    Without ``lot`` it is numbered by its item's rule, without ``expires_on`` it lives as long as the item's shelf life
    says. With the number of a lot that was received before it is more of that lot.
    """

    item: Code
    quantity: Amount
    unit: GivenUnit = None
    lot: Code | None = None
    supplier_lot: ShortText | None = None
    supplier: ShortText | None = None
    produced_on: date | None = None
    expires_on: date | None = None
    location: ShortText | None = None
    at: Moment | None = None


class SplitIn(In):
    """A quantity that goes into a lot of its own, with these of its numbered pieces, or the last ones."""

    quantity: Amount
    unit: GivenUnit = None
    lot: Code | None = None
    serials: Serials = Field(default_factory=list)


class MergeIn(In):
    """Lots of one item that become one; all that is left of each."""

    lots: Annotated[list[Code], Field(min_length=2, max_length=100)]
    lot: Code | None = None


class ReasonIn(In):
    """A reason."""

    reason: Note


class CountIn(In):
    """The quantity that is really there, and why it was counted.

    ``serials`` are the numbered pieces that were seen; they are needed when there are fewer than there were.
    """

    quantity: Remainder
    unit: GivenUnit = None
    reason: Note
    serials: Serials = Field(default_factory=list)


class CorrectMovementIn(In):
    """The quantity that a receipt or a shipment should have had, and why it had another."""

    quantity: Amount
    unit: GivenUnit = None
    reason: Note


class ShipIn(In):
    """Goods for a customer; ``reference`` is the delivery note's number.

    ``serials`` are the numbered pieces that go; they are needed when not all of the lot's go.
    """

    customer: ShortText
    quantity: Amount
    unit: GivenUnit = None
    reference: ShortText | None = None
    serials: Serials = Field(default_factory=list)


class ConsumeIn(In):
    """A lot for a job, by what a scanner reads.

    Without ``quantity`` as much as the job still needs, at most what is left of it.

    A negative quantity was left over, and goes back.

    A job that has all that it needs takes more of it by a ``quantity`` alone.

    ``used``: it is in the machine already, so nothing keeps it out any more; what speaks against it is flagged.
    ``scanned`` is the label's text.
    """

    lot: Annotated[str, Field(min_length=1, max_length=200)]
    quantity: Change | None = None
    unit: GivenUnit = None
    at: Moment | None = None
    scanned: Annotated[str, Field(max_length=500)] | None = None
    used: bool = False
    component: Code | None = None
    """The component of the line that it serves, where it could serve several or nobody knows the lot."""


class LotOut(BaseModel):
    """A lot. ``quantity`` is what came in, ``remaining`` what is left.

    With an ``op`` it is between two operations and no stock.
    """

    lot: str
    item: str
    item_name: dict[str, str]
    unit: str
    state: LotState
    origin: Origin
    quantity: QuantityOut
    remaining: QuantityOut
    op: int | None
    number: str | None
    machine: str | None
    business_date: date | None
    shift: str | None
    supplier_lot: str | None
    supplier: str | None
    produced_on: date | None
    expires_on: date | None
    location: str | None
    hold_reason: str | None
    available_from: datetime
    created_at: datetime


class MovementOut(BaseModel):
    """A change of a lot's quantity; ``other`` is the lot on its other side."""

    id: UUID
    lot: str
    kind: Move
    quantity: QuantityOut
    other: str | None
    job_id: UUID | None = refers_to("job")
    number: str | None
    op: int | None
    result_id: UUID | None = refers_to("result")
    customer: str | None
    reference: str | None
    reason: str | None
    serials: list[str]
    flags: list[str]
    person: PersonOut
    at: datetime
    recorded_at: datetime
    reverses_id: UUID | None = refers_to("reverses")
    reversed_by_id: UUID | None = refers_to("reversed_by")


class SerialOut(BaseModel):
    """One piece with a number of its own; ``is_assumed``: consumed by calculation, nobody saw that it was this one."""

    serial: str
    item: str
    lot: str
    state: Literal["in_stock", "consumed", "shipped", "missing", "void"]
    is_assumed: bool


class LotDetailOut(LotOut):
    """A lot with its movements, the newest first (200 at most), and how many pieces of it have serial numbers."""

    movements: list[MovementOut]
    serials: int


class ConsumptionOut(BaseModel):
    """A quantity that a job was given, or that went back (negative); ``remaining`` is left of the lot."""

    id: UUID
    job_id: UUID = refers_to("job")
    lot: str
    item: str
    unit: str
    quantity: QuantityOut
    remaining: QuantityOut
    serials: list[str]
    flags: list[str]


class AdviceOut(BaseModel):
    """A lot that could be used; the first one should be."""

    lot: str
    item: str
    remaining: QuantityOut
    expires_on: date | None
    received_at: datetime
    location: str | None
    state: LotState


class SuppliedOut(BaseModel):
    """A lot that a job was given."""

    lot: str
    item: str
    quantity: QuantityOut
    since: datetime


class JobMaterialOut(BaseModel):
    """A component of a job, by the line of the bill of material.

    ``needed`` for all that is planned, ``consumed`` so far, and which lots to take next (first in or first to expire,
    first out). ``without_material`` are the pieces that were made and for which nothing of it is known.

    Quantities are in the component's unit; what was taken of an alternate is converted.
    """

    component: str
    name: dict[str, str]
    unit: str
    decimals: int
    needed: QuantityOut
    consumed: QuantityOut
    without_material: QuantityOut
    is_lot_tracked: bool
    items: list[str]
    lots: list[SuppliedOut]
    advice: list[AdviceOut]


class JobMaterialsOut(BaseModel):
    """The components of a job."""

    items: list[JobMaterialOut]


class NodeOut(BaseModel):
    """A lot in a trace; ``depth`` counts the steps from the lot that was asked for."""

    lot: str
    item: str
    item_name: dict[str, str]
    unit: str
    state: LotState
    origin: Origin
    quantity: QuantityOut
    remaining: QuantityOut
    op: int | None
    number: str | None
    machine: str | None
    business_date: date | None
    shift: str | None
    supplier: str | None
    supplier_lot: str | None
    expires_on: date | None
    shipped: QuantityOut
    depth: int


class EdgeOut(BaseModel):
    """``quantity`` of ``source`` (in its unit) is in ``target``; zero: it may be."""

    source: str
    target: str
    kind: Literal["made", "split", "merged"]
    quantity: QuantityOut


class TraceJobOut(BaseModel):
    """A job that a lot was given to, and at which it lies: what it makes is next to be reached.

    ``quantity`` was given, ``unused`` of it is in no product yet by calculation.
    """

    lot: str
    job_id: UUID = refers_to("job")
    number: str
    op: int
    item: str
    item_name: dict[str, str]
    customer: str | None
    state: str
    quantity: QuantityOut
    unused: QuantityOut


class TraceOut(BaseModel):
    """Everything that a lot was made of (backward) or went into (forward), with the jobs at which it lies.

    ``is_cut`` when there is more than was asked for.
    """

    lot: str
    direction: Literal["backward", "forward"]
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    jobs: list[TraceJobOut]
    depth: int
    is_cut: bool


class ShipmentOut(BaseModel):
    """Goods that a customer got of a lot that is concerned."""

    id: UUID
    customer: str
    lot: str
    item: str
    unit: str
    quantity: QuantityOut
    reference: str | None
    serials: list[str]
    at: datetime


class BalanceOut(BaseModel):
    """The whereabouts of what came in and of what counts have ``found`` beyond it.

    ``percent`` is what can be accounted for (null when there was nothing).
    """

    model_config = ConfigDict(from_attributes=True)

    came_in: QuantityOut
    found: QuantityOut
    remaining: QuantityOut
    shipped: QuantityOut
    used: QuantityOut
    at_jobs: QuantityOut
    unexplained: QuantityOut
    percent: QuantityOut | None


class RecallLotOut(NodeOut, BalanceOut):
    """A lot that is concerned, and where its quantity is now."""

    location: str | None


class RecallCustomerOut(BaseModel):
    """A customer who got something, and how much of which item."""

    customer: str
    item: str
    item_name: dict[str, str]
    unit: str
    quantity: QuantityOut
    lots: int
    shipments: int


class RecallItemOut(BalanceOut):
    """The lots of one item that are concerned, added up; with an ``op`` they are between operations."""

    item: str
    item_name: dict[str, str]
    unit: str
    op: int | None
    lots: int


class RecallOut(BaseModel):
    """Everybody and everything that a lot has reached; ``balance`` is the lot's own."""

    lot: LotOut
    at: datetime
    balance: BalanceOut
    customers: list[RecallCustomerOut]
    shipments: list[ShipmentOut]
    jobs: list[TraceJobOut]
    items: list[RecallItemOut]
    lots: list[RecallLotOut]
    is_cut: bool
