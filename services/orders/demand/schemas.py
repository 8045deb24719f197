"""Demand over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.orders.definitions.schemas import In
from services.orders.work_orders.domain.states import WorkOrderState
from services.orders.work_orders.schemas import OverPct, UnderPct, WorkOrderOut
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.quantities import Amount, QuantityOut
from shared.kit.units import GivenUnit


class DemandIn(In):
    """A demand for an item at a date; without tolerances in percent the shop's hold."""

    item: Code
    quantity: Amount
    unit: GivenUnit = None
    due_at: Moment
    priority: Annotated[int, Field(ge=0, le=100, description="0 is the most urgent")] = 50
    customer: Annotated[str, Field(max_length=200)] | None = None
    sales_order: Annotated[str, Field(max_length=100)] | None = None
    over_tolerance_pct: OverPct | None = None
    under_tolerance_pct: UnderPct | None = None


class SelectionIn(In):
    """Some of the orders that there are."""

    work_order_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class NettedOut(BaseModel):
    """The part of a need that another order covers.

    One there is (``number``), or a new one of this plan (``key``) that makes more than its parent takes.
    """

    number: str | None
    key: str | None
    item: str
    quantity: QuantityOut
    due_at: datetime
    late: bool = Field(description="due after it is needed")


class PlannedOrderOut(BaseModel):
    """An order that would be made for ``parent``; nothing is left to make where it ``exists`` already."""

    key: str
    parent: str | None
    level: int
    item: str
    item_name: dict[str, str]
    unit: str
    gross: QuantityOut = Field(description="what of its parent's need it meets, with what is netted")
    netted: list[NettedOut]
    quantity: QuantityOut
    starts_at: datetime = Field(description="due_at less the routing's times, in the hours in which the shop works")
    due_at: datetime
    late: bool = Field(description="it should have begun already")
    exists: bool


class PlannedMaterialOut(BaseModel):
    """The quantity that all orders together take of a bought item, with what is lost."""

    item: str
    name: dict[str, str]
    gross: QuantityOut
    unit: str


class PreviewOut(BaseModel):
    """The orders that would be made, parents first, and the bought items that they take."""

    orders: list[PlannedOrderOut]
    materials: list[PlannedMaterialOut]


class PegOut(BaseModel):
    """An order that another one is made for, or that is made for another one, with how much of it.

    Of a parent that is completed, closed or cancelled ``quantity`` is what it has taken.
    """

    id: UUID
    number: str
    item: str
    state: WorkOrderState
    quantity: QuantityOut
    short: QuantityOut = Field(
        description="what the parent lacks of it: scrapped, or closed short; who is due first is served first"
    )


class PegsOut(BaseModel):
    """The orders that an order is made for, and those made for it; ``short`` is what it lacks for its parents."""

    parents: list[PegOut]
    supplies: list[PegOut]
    short: QuantityOut


class DemandOut(BaseModel):
    """The orders that were made, parents first."""

    orders: list[WorkOrderOut]
