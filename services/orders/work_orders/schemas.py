"""Work orders over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from services.orders.definitions.schemas import In
from services.orders.work_orders.domain.states import Standing, WorkOrderState
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.quantities import Amount, ExactOut, QuantityOut
from shared.kit.readers import AnyPersonIdOut, AnyPersonOut, PersonOut
from shared.kit.references import refers_to
from shared.kit.units import GivenUnit

Note = Annotated[str, Field(min_length=1, max_length=500)]
Priority = Annotated[int, Field(ge=0, le=100, description="0 is the most urgent")]
Customer = Annotated[str, Field(max_length=200)]
SalesOrder = Annotated[str, Field(max_length=100)]
OverPct = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=3)]
UnderPct = Annotated[Decimal, Field(ge=0, le=100, decimal_places=3)]


class WorkOrderIn(In):
    """A new order.

    Without ``number`` it gets the next one of the month, without tolerances in percent the shop's hold.
    """

    item: Code
    quantity: Amount
    unit: GivenUnit = None
    due_at: Moment
    priority: Priority = 50
    number: Annotated[str, Field(pattern=r"^\w[\w.+#-]*$", max_length=40)] | None = None
    external_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    customer: Customer | None = None
    sales_order: SalesOrder | None = None
    note: Note | None = None
    over_tolerance_pct: OverPct | None = None
    under_tolerance_pct: UnderPct | None = None


class WorkOrderPatch(In):
    """New values; a field that is not there stays as it is."""

    quantity: Amount | None = None
    unit: GivenUnit = None
    due_at: Moment | None = None
    priority: Priority | None = None
    customer: Customer | None = None
    sales_order: SalesOrder | None = None
    note: Note | None = None

    @field_validator("quantity", "due_at", "priority")
    @classmethod
    def _never_empty(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("missing", "never empty")
        return value


class DraftPatch(WorkOrderPatch):
    """New values of an order that is not released."""

    over_tolerance_pct: OverPct | None = None
    under_tolerance_pct: UnderPct | None = None


class SplitIn(In):
    """The quantities of the parts; the first stays with the order, and their sum is its quantity."""

    quantities: Annotated[list[Amount], Field(min_length=2, max_length=50)]
    unit: GivenUnit = None
    reason: Note | None = None


class MergeIn(In):
    """Orders to be made one; the first one stays, an order rather than a part of it."""

    work_order_ids: list[UUID] = Field(
        validation_alias=AliasChoices("work_order_ids", "work_orders"), min_length=2, max_length=50
    )
    reason: Note | None = None


class CommandIn(In):
    """The reason, required for hold, cancel and reopen."""

    reason: Note | None = None


class WorkOrderOperationOut(BaseModel):
    """One operation and its counts."""

    model_config = ConfigDict(from_attributes=True)

    op: int
    name: dict[str, str]
    work_center: str | None
    machine: str | None
    tool: str | None
    predecessors: list[int]
    state: str
    skip: bool
    setup_s: QuantityOut
    piece_s: QuantityOut
    """Standard seconds for a piece."""
    lead_time_d: QuantityOut | None
    """Days that it takes beside the work: a subcontractor's."""
    planned: QuantityOut
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut
    rework_in: QuantityOut = Decimal(0)
    """Pieces that wait to be reworked there."""
    instruction: str | None
    instruction_revision: int | None


class ChildOut(BaseModel):
    """An order that is made for another one."""

    id: UUID
    number: str
    item: str
    state: WorkOrderState


class StandingOut(BaseModel):
    """How an open order stands now.

    ``late_s`` is the time from the due date to ``expected_at``, when what is left is there by standard times in the
    shop's hours; below zero it is what is to spare. Without standards there is no ``expected_at``: an order that is
    past its due date is late by the time since, of another one nobody knows (null).
    """

    id: UUID
    number: str
    state: WorkOrderState
    item: str
    item_name: dict[str, str]
    customer: str | None
    due_at: datetime
    begin_by: datetime | None
    standing: Standing
    expected_at: datetime | None
    late_s: int | None


class WorkOrderOut(BaseModel):
    """An order with its counts: good of the last operation, scrap and rework of all.

    The revisions and tolerances are those that its release froze.
    """

    id: UUID
    number: str
    external_id: str | None
    split_from_id: UUID | None = refers_to("split_from")
    item: str
    item_name: dict[str, str]
    unit: str
    quantity: QuantityOut
    due_at: datetime
    priority: int
    state: WorkOrderState
    reason: str | None
    customer: str | None
    sales_order: str | None
    note: str | None
    over_tolerance_pct: QuantityOut | None
    under_tolerance_pct: QuantityOut | None
    changes_open: int
    parent_id: UUID | None = refers_to("parent")
    children: list[ChildOut]
    routing_revision: int | None
    bom_revision: int | None
    begin_by: datetime | None = Field(
        description="when what is left must be begun to be there by due_at: standard times, one operation after the"
        " other, in the hours in which the shop works"
    )
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut
    created_at: datetime
    released_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    version: int
    operations: list[WorkOrderOperationOut]


class TolerancesOut(BaseModel):
    """The shop's tolerances for orders without their own, in percent.

    ``counted_units`` are all names of the units of which only whole pieces are taken.
    """

    over_tolerance_pct: QuantityOut
    under_tolerance_pct: QuantityOut
    counted_units: list[str]


class OrdersOut(BaseModel):
    """The orders that a split left, the one that was split first."""

    orders: list[WorkOrderOut]


class HistoryOut(BaseModel):
    """One entry of an order's history: an action on the order or a change of it, or an operation's milestone.

    ``person_id`` is the person's pseudonymous id; ``person`` is their code, null in milestones, which events have
    brought.
    """

    at: datetime
    person: AnyPersonOut
    person_id: AnyPersonIdOut
    device_id: str | None = refers_to("device")
    kind: Literal["order", "change", "operation"]
    action: str
    op: int | None
    machine: str | None
    changes: list[dict[str, Any]]
    reason: str | None


class BalanceOut(BaseModel):
    """The balance of an operation's pieces; a skipped one is there when something was reported on it all the same."""

    op: int
    name: dict[str, str]
    state: str
    planned: QuantityOut
    received: QuantityOut
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut
    not_begun: QuantityOut
    in_process: QuantityOut
    unreported: QuantityOut = Field(
        default=Decimal(0), description="reported here beyond what came in: a report before it is missing"
    )


class MaterialOut(BaseModel):
    """A component as the BOM said at release.

    ``quantity`` is for one, ``planned`` for the whole order with what is lost, ``standard`` for the pieces begun.
    """

    component: str
    name: dict[str, str]
    unit: str
    op: int | None
    quantity: ExactOut
    scrap_pct: QuantityOut
    planned: QuantityOut
    standard: QuantityOut


class ReconciliationRevisionOut(BaseModel):
    """A balance that was stored: by the close, or anew (``after_close``) for what was reported after it."""

    revision: int
    at: datetime
    person: PersonOut
    reason: str | None
    quantity: QuantityOut
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut
    difference: QuantityOut


class ReconciliationOut(BaseModel):
    """The balance of an order's pieces; of a closed order as it was stored last, and by whom and when it was closed.

    ``revisions`` are all that were stored, the last one first; ``revision`` is that of a closed order.
    """

    work_order_id: UUID = refers_to("work_order")
    number: str
    item: str
    unit: str
    quantity: QuantityOut
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut
    difference: QuantityOut
    """Good pieces more (or, negative, fewer) than were ordered."""
    operations: list[BalanceOut]
    materials: list[MaterialOut]
    closed_at: datetime | None = None
    closed_by: AnyPersonOut = None
    revision: int | None = None
    reason: str | None = None
    revisions: list[ReconciliationRevisionOut] = []


class TravellerStep(WorkOrderOperationOut):
    """An operation with its QR code."""

    qr_text: str
    qr_svg: str


class TravellerOut(BaseModel):
    """Everything that the traveller of an order shows.

    The codes say ``DURE:WO:<number>`` and ``DURE:OP:<number>:<op>``.
    """

    order: WorkOrderOut
    qr_text: str
    qr_svg: str
    operations: list[TravellerStep]
    materials: list[MaterialOut]


class InstructionOperation(BaseModel):
    """An operation whose routing names the instruction."""

    item: str
    item_name: dict[str, str]
    op: int
    op_name: dict[str, str]


class InstructionOrder(BaseModel):
    """An open order that was released with a revision of it."""

    work_order_id: UUID = refers_to("work_order")
    number: str
    item: str
    op: int
    revision: int
    state: str


class InstructionUsesOut(BaseModel):
    """The uses of an instruction."""

    operations: list[InstructionOperation]
    orders: list[InstructionOrder]
