"""Events of a work order's life."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event, Name, Part, Quantity, is_none
from shared.contracts.orders.instructions import ReleasedInstruction


class WorkOrderCreated(Event):
    """A work order was created as a draft."""

    TYPE: ClassVar[str] = "orders.work_order.created.v2"
    TOPIC: ClassVar[str] = "work_orders"

    work_order_id: UUID
    number: str
    external_id: str | None
    item: str
    quantity: Quantity
    due_at: datetime


class WorkOrderChanged(Event):
    """A work order moved from one state to another, other than by its release."""

    TYPE: ClassVar[str] = "orders.work_order.changed.v2"
    TOPIC: ClassVar[str] = "work_orders"

    work_order_id: UUID
    number: str
    external_id: str | None
    before: str
    state: str
    reason: str | None
    item: str | None = None
    merged_into_id: UUID | None = Field(default=None, exclude_if=is_none)
    """The order that goes on with what this one was to make; this one is cancelled by that."""


class WorkOrderReconciled(Event):
    """The balance of a closed order's pieces was stored: by its close, or anew for what was reported after it."""

    TYPE: ClassVar[str] = "orders.work_order.reconciled.v1"
    TOPIC: ClassVar[str] = "work_orders"

    work_order_id: UUID
    number: str
    external_id: str | None
    revision: int
    quantity: Quantity
    good: Quantity
    scrap: Quantity
    rework: Quantity
    reason: str | None


class ReleasedOperation(Part):
    """One operation of the routing as it was frozen at release. Durations in seconds."""

    op: int
    name: Name
    work_center: str | None
    machine: str | None
    cycle_s: Quantity
    per_cycle: Quantity
    setup_s: Quantity
    crew: int
    subcontract: bool
    predecessors: list[int]
    ratio: Quantity
    """Pieces of this operation's output per piece of its predecessors' good output."""
    instruction: ReleasedInstruction | None = None
    planned: Quantity | None = None
    """The quantity that the operation must yield; the order's when it is left out."""
    machines: list[str] = Field(default_factory=list)
    """Machines that may do it, beside ``machine``."""
    tool: str | None = None
    lead_time_d: Quantity | None = None
    self_inspection: bool = False


class ReleasedAlternate(Part):
    """A substitute for a material; the quantity is for one of the item, in its stock unit."""

    component: str
    quantity: Quantity
    exact: str | None = Field(default=None, exclude_if=is_none)
    """The quantity as a fraction where no decimal of 15 places says it: ``1/30000``."""


class ReleasedMaterial(Part):
    """A component for one of the item, as it was frozen at release.

    ``scrap_pct`` percent more are taken for what is lost. Its name came with ``orders.item.defined``; older events
    bring it along.
    """

    component: str
    name: Name = Field(default_factory=dict)
    unit: str
    quantity: Quantity
    exact: str | None = Field(default=None, exclude_if=is_none)
    """The quantity as a fraction where no decimal of 15 places says it: ``1/30000``."""
    scrap_pct: Quantity
    op: int | None
    alternates: list[ReleasedAlternate]


class WorkOrderReleased(Event):
    """A work order was released to the floor; the body is the snapshot that it runs on."""

    TYPE: ClassVar[str] = "orders.work_order.released.v2"
    TOPIC: ClassVar[str] = "work_orders"

    work_order_id: UUID
    number: str
    external_id: str | None
    item: str
    item_name: Name
    unit: str
    box_quantity: Quantity | None
    quantity: Quantity
    over_tolerance_pct: Quantity
    under_tolerance_pct: Quantity | None = None
    """The shortfall in percent that is not flagged yet; nothing is flagged when it is left out."""
    due_at: datetime
    priority: int
    operations: list[ReleasedOperation]
    materials: list[ReleasedMaterial] = Field(default_factory=list)
    routing_revision: int | None = None
    bom_revision: int | None = None
    parent_id: UUID | None = None
    """The order that this one is made for."""
    customer: str | None = None


CANCEL_REFUSED = "cancel_refused"
"""The code of a refused cancellation."""


class WorkOrderRefused(Event):
    """An order that the ERP sent could not become a work order, or a change or cancellation of it was not taken."""

    TYPE: ClassVar[str] = "orders.work_order.refused.v1"
    TOPIC: ClassVar[str] = "erp"

    external_id: str
    code: str
    reason: str


class AmendedOperation(Part):
    """The part of an operation that may still change after the release."""

    op: int
    machine: str | None
    planned: Quantity
    skip: bool


class OrderedByErp(Part):
    """The ERP's order over all its parts, as the shop has now accepted it."""

    item: str
    quantity: Quantity
    due_at: datetime
    priority: int
    customer: str | None
    sales_order: str | None
    note: str | None


class WorkOrderAmended(Event):
    """A work order was changed other than in its state; the body is the whole present state of what may change.

    ``changed`` names the fields. ``operations`` is empty before the release. ``ordered`` is there when the ERP asked
    for the change.
    """

    TYPE: ClassVar[str] = "orders.work_order.amended.v2"
    TOPIC: ClassVar[str] = "work_orders"

    work_order_id: UUID
    number: str
    external_id: str | None
    item: str
    state: str
    quantity: Quantity
    due_at: datetime
    priority: int
    operations: list[AmendedOperation]
    changed: list[str]
    reason: str | None
    ordered: OrderedByErp | None
    customer: str | None = None
    over_tolerance_pct: Quantity | None = None
    under_tolerance_pct: Quantity | None = None
    """The order's own tolerances in percent; of a draft nothing when the shop's apply."""


class WorkOrderSplit(Event):
    """A work order came into being as a part of another one, ``split_from``,
    which has so much less to make from now on."""

    TYPE: ClassVar[str] = "orders.work_order.split.v2"
    TOPIC: ClassVar[str] = "work_orders"

    work_order_id: UUID
    number: str
    external_id: str | None
    split_from_id: UUID
    item: str
    state: str
    quantity: Quantity
    due_at: datetime
    priority: int
    operations: list[AmendedOperation]
    reason: str | None
