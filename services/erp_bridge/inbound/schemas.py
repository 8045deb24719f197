"""An ERP's orders over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.erp_bridge.inbound.domain import OrderState, Source
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.quantities import Amount, QuantityOut
from shared.kit.readers import AnyPersonOut
from shared.kit.references import refers_to
from shared.kit.units import GivenUnit

ExternalId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Absent = BeforeValidator(lambda value: None if isinstance(value, str) and not value.strip() else value)
"""ERPs send an empty text where they have nothing to say."""


class ErpOrderIn(BaseModel):
    """An order; ``external_id`` is the ERP's document number and line."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    external_id: ExternalId
    item: Code
    quantity: Amount
    unit: Annotated[GivenUnit, Absent] = None
    due_at: Moment
    priority: Annotated[int, Field(ge=0, le=100, description="0 is the most urgent")] = 50
    customer: Annotated[Annotated[str, Field(max_length=200)] | None, Absent] = None
    sales_order: Annotated[Annotated[str, Field(max_length=100)] | None, Absent] = None
    note: Annotated[Annotated[str, Field(max_length=500)] | None, Absent] = None


class CancelIn(BaseModel):
    """Why an order is cancelled."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Annotated[Annotated[str, Field(max_length=500)] | None, Absent] = None


class CancelOut(BaseModel):
    """What became of a cancellation: ``cancelled``, or a planner decides on the change request ``change_id``."""

    external_id: str
    state: OrderState
    change_id: UUID | None = None


class ImportRunOut(BaseModel):
    """A file of orders that was imported; ``requested`` of its ``error`` rows wait for a planner's decision."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    file: str
    at: datetime
    person: AnyPersonOut
    summary: dict[str, int]


class PartOut(BaseModel):
    """A work order of the order; there are several when it was split."""

    model_config = ConfigDict(from_attributes=True)

    work_order: UUID
    work_order_id: UUID = refers_to("work_order")
    number: str
    quantity: QuantityOut
    state: str


class RequestedChangeOut(BaseModel):
    """One field that the ERP asks to change."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    before: str | None
    after: str | None


class ErpOrderOut(BaseModel):
    """An order, what the shop said to it, and its work orders with what they are to make now.

    ``unit`` is the item's own, in which its quantities are; null while that is not known yet.

    ``asked`` is what the ERP asks to change of a released order: a planner decides, or refused it with ``reason``.
    ``cancel_change_id`` is the change request by which the ERP has it cancelled.
    """

    model_config = ConfigDict(from_attributes=True)

    external_id: str
    item: str
    quantity: QuantityOut
    unit: str | None
    due_at: datetime
    priority: int
    customer: str | None
    sales_order: str | None
    note: str | None
    source: Source
    received_at: datetime
    state: OrderState
    reason: str | None
    work_order: UUID | None
    work_order_id: UUID | None = refers_to("work_order")
    number: str | None
    work_order_state: str | None
    work_order_quantity: QuantityOut | None
    parts: list[PartOut]
    asked: list[RequestedChangeOut]
    cancel_change_id: UUID | None = Field(default=None, validation_alias="cancel")
